import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { Pages, type Theme, THEMES } from "./browser";
import { lessonHost, verdictsWhileTyping } from "./lesson_host";

let pages: Pages;
beforeAll(async () => {
  pages = await Pages.start();
});
afterAll(() => pages.stop());

const SCREENS = { theory: "structure", math: "graph", quiz: "uniform", challenge: "row" };

describe.each(Object.keys(THEMES) as Theme[])("in %s", (theme) => {
  test.each(Object.entries(SCREENS))("axe finds nothing on the screen of a %s", async (name, step) => {
    const open = await pages.open("lesson", lessonHost({ step }), { theme });
    await open.page.locator("h2").waitFor();
    if (name === "math") await open.page.locator(".katex").first().waitFor();
    await open.screenshot(`lesson-${name}-${theme}`);
    await open.expectAccessible();
    await open.close();
  });

  test("axe finds nothing on a judged question, with its proof, and among the lessons", async () => {
    const open = await pages.open("lesson", lessonHost({ step: "uniform" }), { theme });
    const { page } = open;
    await page.locator("input[value=random]").click();
    await page.locator("vscode-button", { hasText: "Prove it" }).click();
    await page.locator(".proof").waitFor();
    await page.locator(".crumb").click();
    await open.screenshot(`lesson-wrong-${theme}`);
    await open.expectAccessible();
    await open.close();
  });

  test("axe finds nothing on a challenge with verdicts and hints", async () => {
    const open = await pages.open("lesson", lessonHost({ step: "row" }), { theme });
    const { page } = open;
    await page.locator("#task-row vscode-button", { hasText: "Hint" }).click();
    await page.locator(".hints").waitFor();
    const [first] = verdictsWhileTyping();
    if (first !== undefined) await open.tell(first);
    await page.locator(".task-verdict.incorrect").waitFor();
    await open.screenshot(`lesson-incorrect-${theme}`);
    await open.expectAccessible();
    await open.close();
  });
});

test("the verdict of a challenge turns while the learner types", async () => {
  const open = await pages.open("lesson", lessonHost({ step: "row" }));
  const task = open.page.locator("#task-row");
  await task.waitFor();
  const seen: (string | null)[] = [];
  for (const message of verdictsWhileTyping()) {
    await open.tell(message);
    await expect.poll(() => task.locator(".task-verdict").count()).toBe(1);
    seen.push(await task.locator(".task-verdict strong").textContent());
  }
  expect([...new Set(seen)]).toEqual(["Not right yet", "Error in your code", "Correct"]);
  await open.close();
});
