import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";

const root = fileURLToPath(new URL("../../", import.meta.url));
const listed = ["src", "webview"].flatMap((folder) =>
  readdirSync(join(root, folder), { recursive: true, encoding: "utf8" }).map((name) =>
    join(folder, name),
  ),
);
const files = listed.filter((name) => /(?<!\.d)\.ts$/.test(name) && !name.includes("/test/"));

test("the files and their imports are found", () => {
  expect(files.length).toBeGreaterThan(30);
  expect([...imports.values()].flat().length).toBeGreaterThan(60);
});

/** Every import counts, also of types alone. */
const imports = new Map(
  files.map((file) => {
    const source = readFileSync(join(root, file), "utf8");
    const paths = [...source.matchAll(/from "(\.[^"]+)"|import "(\.[^"]+)"/g)];
    const targets = paths.map((path) => `${join(dirname(file), path[1] ?? path[2] ?? "")}.ts`);
    return [file, targets.filter((target) => files.includes(target))] as const;
  }),
);

function circle(file: string, path: string[] = [], done = new Set<string>()): string[] | null {
  if (path.includes(file)) return [...path.slice(path.indexOf(file)), file];
  if (done.has(file)) return null;
  done.add(file);
  for (const target of imports.get(file) ?? []) {
    const found = circle(target, [...path, file], done);
    if (found !== null) return found;
  }
  return null;
}

test("no file imports itself by way of others", () => {
  expect(files.map((file) => circle(file)).filter((found) => found !== null)).toEqual([]);
});

test("the extension's folders import in one direction", () => {
  const order = ["shared", "server", "editor", "pages", ""];
  const rank = (file: string) => order.indexOf(dirname(relative("src", file)).replace(/^\.$/, ""));
  const upward = [...imports].flatMap(([file, targets]) =>
    file.startsWith("src/") ? targets.filter((target) => rank(target) > rank(file)) : [],
  );
  expect(upward).toEqual([]);
});

test("views know the page only by its model", () => {
  const views = [...imports].filter(([file]) => file.includes("/views/"));
  expect(views.length).toBeGreaterThan(5);
  expect(views.filter(([, targets]) => targets.some((each) => each.endsWith("/page.ts")))).toEqual(
    [],
  );
});
