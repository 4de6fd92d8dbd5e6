import { readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { BUILT } from "../built";

function sizes(extension: string): Map<string, number> {
  const files = readdirSync(BUILT, { recursive: true, encoding: "utf8" });
  const named = files.filter((file) => file.endsWith(extension));
  return new Map(named.map((file) => [file, statSync(join(BUILT, file)).size]));
}

const sum = (found: Map<string, number>) =>
  [...found.values()].reduce((all, size) => all + size, 0);

test("the scripts of the pages are small, and KaTeX is loaded separately", () => {
  const scripts = sizes(".js");
  const katex = [...scripts].filter(([file]) => file.includes("katex"));
  expect(katex).toHaveLength(1);
  expect(sum(scripts)).toBeLessThan(420_000);
  expect(sum(scripts) - sum(new Map(katex))).toBeLessThan(150_000);
});

test("KaTeX's fonts are included in one format", () => {
  expect(sizes(".woff2").size).toBeGreaterThan(15);
  expect([...sizes(".ttf").keys()].join()).toMatch(/codicon\.ttf$/);
  expect(sizes(".woff").size).toBe(0);
});
