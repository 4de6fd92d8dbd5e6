import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { LOCALES } from "../../src/shared/protocol";

const root = new URL("../../", import.meta.url);
const read = (name: string) => readFileSync(new URL(name, root), "utf8");
const json = (name: string) => JSON.parse(read(name)) as Record<string, string>;

/** The sentences in the source of the extension. */
function sentences(): Set<string> {
  const sources = readdirSync(new URL("src", root), { recursive: true, encoding: "utf8" }).filter(
    (name) => name.endsWith(".ts"),
  );
  const calls = sources.flatMap((name) => [
    ...read(`src/${name}`).matchAll(/l10n\.t\(\s*("(?:[^"\\]|\\.)*")/g),
  ]);
  return new Set(calls.map(([, literal]) => JSON.parse(literal ?? '""') as string));
}
const placeholders = (text: string) => [...text.matchAll(/\{\d\}/g)].map(String).sort();

const [, ...translations] = LOCALES.map((locale) => locale.toLowerCase());

it("finds the languages and the sentences", () => {
  expect(translations).toContain("pt-br");
  expect(sentences().size).toBeGreaterThan(10);
});

describe.each(translations)("the language %s", (code) => {
  it("has an entry for each key of the manifest", () => {
    const english = json("package.nls.json");
    const translated = json(`package.nls.${code}.json`);
    const used = [...read("package.json").matchAll(/"%([^%"]+)%"/g)].map(([, key]) => key);
    expect(Object.keys(translated)).toEqual(Object.keys(english));
    expect([...new Set(used)].sort()).toEqual(Object.keys(english).sort());
  });

  it("has every sentence of the extension with the same placeholders", () => {
    const bundle = json(`l10n/bundle.l10n.${code}.json`);
    expect(Object.keys(bundle).sort()).toEqual([...sentences()].sort());
    for (const [english, translated] of Object.entries(bundle)) {
      expect(placeholders(translated)).toEqual(placeholders(english));
    }
  });
});
