import { expect, test } from "vitest";
import { localeOf } from "../../words";
import { en } from "../../words/en";
import { ptBR } from "../../words/pt-BR";

/** Each entry with its number of parameters: `minutes(1)` is a function of one argument. */
function entries(words: object, path = ""): [string, unknown][] {
  return Object.entries(words).flatMap(([name, value]): [string, unknown][] => {
    const at = `${path}${name}`;
    if (typeof value === "function") return [[`${at}(${value.length})`, value]];
    if (value === null) return [];
    return typeof value === "object" ? entries(value as object, `${at}.`) : [[at, value]];
  });
}

test("both languages have the same entries with the same parameters", () => {
  const names = (words: object) => entries(words).map(([name]) => name);
  expect(names(ptBR)).toEqual(names(en));
  expect(names(en).length).toBeGreaterThan(50);
});

test("no entry is empty in either language", () => {
  for (const [name, value] of [...entries(en), ...entries(ptBR)]) {
    const text: unknown =
      typeof value === "function"
        ? (value as (...given: string[]) => string)("1", "2", "3")
        : value;
    expect(text, name).toMatch(/\S/);
  }
});

test("sentences are translated", () => {
  const portuguese = new Map(entries(ptBR));
  const same = entries(en).filter(
    ([name, value]) =>
      typeof value === "string" && value.includes(" ") && portuguese.get(name) === value,
  );
  expect(same).toEqual([]);
});

test("every Portuguese tag gives Brazilian Portuguese, all others English", () => {
  expect(["pt-br", "pt", "pt-PT", "en-GB", "de"].map(localeOf)).toEqual([
    "pt-BR",
    "pt-BR",
    "pt-BR",
    "en",
    "en",
  ]);
});
