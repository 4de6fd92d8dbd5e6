import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type OpenPage, Pages, type Theme, THEMES } from "./browser";
import { lessonHost, verdictsWhileTyping } from "./lesson_host";

let pages: Pages;
beforeAll(async () => {
  pages = await Pages.start();
});
afterAll(() => pages.stop());

const SCREENS = { theory: "structure", math: "graph", quiz: "uniform", challenge: "row" };

describe.each(Object.keys(THEMES) as Theme[])("in %s", (theme) => {
  test.each(Object.entries(SCREENS))(
    "axe finds nothing on the screen of a %s",
    async (name, step) => {
      const open = await pages.open("lesson", lessonHost({ step }), { theme });
      await open.page.locator("h2").waitFor();
      if (name === "math") await open.page.locator(".katex").first().waitFor();
      await open.screenshot(`lesson-${name}-${theme}`);
      await open.expectAccessible();
      await open.close();
    },
  );

  test("axe finds nothing on an answered question with its proof, and in the list of lessons", async () => {
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
    if (first !== undefined) await open.send(first);
    await page.locator(".task-verdict.incorrect").waitFor();
    await open.screenshot(`lesson-incorrect-${theme}`);
    await open.expectAccessible();
    await open.close();
  });
});

const commands = (open: OpenPage, name: string) =>
  open.posted.filter((message) => message.type === "command" && message.command === name);

test("a click answers a question and shows the explanation and the proof; it can be tried again", async () => {
  const open = await pages.open("lesson", lessonHost({ step: "uniform" }));
  const { page } = open;
  await page.locator("input[value=random]").click();
  await page.getByRole("heading", { name: "Not quite" }).waitFor();
  await page.getByText("Prove it").click();
  await page.getByText("TypeError: 'module' object is not callable").waitFor();
  await page.getByText("Try again").click();
  await page.getByText("Choose an answer.").waitFor();
  const tried = page.locator(".choice", { has: page.locator("input[value=random]") });
  await tried.locator(".codicon-error").waitFor();
  await page.locator("input[value=rand]").click();
  await page.locator(".verdict.right").waitFor();
  await open.close();
});

test("the arrow keys select a choice, and Enter submits it", async () => {
  const open = await pages.open("lesson", lessonHost({ step: "uniform" }));
  const { page } = open;
  await page.locator("input[type=radio]").first().focus();
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("ArrowDown");
  const chosen = page.locator("input:checked");
  await chosen.waitFor();
  expect(commands(open, "quiz")).toEqual([]);
  await page.keyboard.press("Enter");
  await page.locator(".verdict").waitFor();
  expect(commands(open, "quiz")).toMatchObject([
    { argument: { choice: await chosen.inputValue() } },
  ]);
  await open.close();
});

test("the language of the page, the lesson and the verdict changes in place", async () => {
  const open = await pages.open("lesson", lessonHost({ step: "uniform" }));
  const { page } = open;
  await page.locator("input[value=random]").click();
  await page.getByRole("heading", { name: "Not quite" }).waitFor();
  await page.getByRole("button", { name: /Português/ }).click();
  await page.getByRole("heading", { name: "Ainda não" }).waitFor();
  await page.getByText("é um módulo").waitFor();
  await page.getByText("Pergunta 1 de 3").waitFor();
  expect(await page.evaluate(() => document.documentElement.lang)).toBe("pt-BR");
  expect(await page.locator("input:checked").inputValue()).toBe("random");
  await open.screenshot("lesson-portuguese");
  await open.close();
});

test("a reloaded page restores its state and its language", async () => {
  const kept = {
    lesson: "tensors",
    step: "uniform",
    locale: "pt-BR",
    showsClock: false,
    choices: { "tensors/uniform": "random" },
  };
  const open = await pages.open("lesson", lessonHost({ lesson: null }), { kept });
  await open.page.getByRole("heading", { name: "Ainda não" }).waitFor();
  expect(await open.page.locator("input:checked").inputValue()).toBe("random");
  expect(await open.page.getByText(/^\d\d:\d\d$/).count()).toBe(0);
  await open.close();
});

test("a new learner starts with the first lesson that is not done", async () => {
  const open = await pages.open("lesson", lessonHost({ lesson: null }));
  await open.page.getByRole("heading", { name: "Why tensors matter" }).waitFor();
  await open.close();
});

test("Next and Previous move through the lesson, and the heading gets the focus", async () => {
  const open = await pages.open("lesson", lessonHost({ step: "structure" }));
  const { page } = open;
  await page.locator("#next").click();
  await page.getByRole("heading", { name: "A 5 × 5 tensor" }).waitFor();
  expect(await page.evaluate(() => document.activeElement?.tagName)).toBe("H2");
  await page.locator("#previous").focus();
  await page.keyboard.press("Enter");
  await page.getByRole("heading", { name: "Shape, dtype, device" }).waitFor();
  await open.close();
});

test("a program is inserted and run by the host", async () => {
  const open = await pages.open("lesson", lessonHost({ step: "structure" }));
  await open.page.getByText("Insert").click();
  await open.page.getByText("Run", { exact: true }).click();
  await expect.poll(() => open.posted.map(({ type }) => type)).toContain("runCode");
  const posted = open.posted.filter(({ type }) => type === "insert" || type === "runCode");
  expect(posted).toMatchObject([
    { code: expect.stringContaining("two_images = images[first_and_last]") as string },
    { code: expect.stringContaining("brightness = images.mean(dim=(1, 2))") as string },
  ]);
  await open.close();
});

test("the host shows the solution, and a reset needs confirmation", async () => {
  const open = await pages.open("lesson", lessonHost({ step: "row" }));
  const task = open.page.locator("#task-row");
  await task.getByText("Solution").click();
  await expect
    .poll(() => open.posted.at(-1))
    .toEqual({ type: "showSolution", lesson: "tensors", step: "row" });
  await task.locator("#reset-row").click();
  await task.getByText("Cancel").click();
  expect(commands(open, "reset")).toEqual([]);
  await task.locator("#reset-row").click();
  await task.getByText("Reset this step").click();
  await task.getByText("saved in a backup").waitFor();
  expect(commands(open, "reset")).toMatchObject([{ argument: { lesson: "tensors", step: "row" } }]);
  await open.close();
});

test("HTML in a lesson or a program has no effect", async () => {
  const evil = `<img src=x onerror="window.owned = 1"><script>window.owned = 1</script>`;
  const instead = (command: string, answer: unknown) => {
    const real = answer as Record<string, unknown>;
    if (command === "lesson") return { ...real, html: `<p>before</p>${evil}`, lead: evil };
    if (command !== "quiz") return answer;
    const proof = { code: evil, output: null, error: evil };
    return { ...real, explanation: evil, html: `<p>because</p>${evil}`, proof };
  };
  const open = await pages.open("lesson", lessonHost({ step: "uniform", instead }));
  const { page } = open;
  await page.locator("input[value=random]").click();
  await page.getByText("Prove it").click();
  await page.locator(".proof").waitFor();
  expect(await page.locator(".proof pre").allTextContents()).toEqual([evil, evil]);
  expect(await page.locator(".verdict p").first().textContent()).toBe("because");
  expect(await page.evaluate(() => "owned" in window)).toBe(false);
  await open.close();
});

test("in an untrusted folder nothing can be run from the page", async () => {
  const open = await pages.open("lesson", lessonHost({ step: "structure", trusted: false }));
  await open.page.getByText("Insert").waitFor();
  await open.page.getByText("Nothing runs until you trust this folder").waitFor();
  expect(await open.page.getByText("Run", { exact: true }).count()).toBe(0);
  await open.close();
});

test("a page that is opened before the server is ready waits for it", async () => {
  const open = await pages.open("lesson", lessonHost({ ready: false }));
  await open.page.getByText("Starting the Tensor Hints server").waitFor();
  expect(commands(open, "lesson")).toEqual([]);
  await open.send({ type: "context", locale: "en", trusted: true, ready: true });
  await open.page.getByRole("heading", { name: "Why tensors matter" }).waitFor();
  await open.close();
});

test("after a restart of the server the page shows the same step", async () => {
  const open = await pages.open("lesson", lessonHost({ step: "structure" }));
  const { page } = open;
  await page.locator("#next").click();
  await page.getByRole("heading", { name: "A 5 × 5 tensor" }).waitFor();
  const before = commands(open, "lesson").length;
  await open.send({ type: "context", locale: "en", trusted: true, ready: false });
  await page.getByText("Starting the Tensor Hints server").waitFor();
  await open.send({ type: "context", locale: "en", trusted: true, ready: true });
  await expect.poll(() => commands(open, "lesson").length).toBe(before + 2);
  expect(commands(open, "lesson").at(-1)).toMatchObject({ argument: { step: "uniform" } });
  await open.close();
});

test("how long the page takes to draw a step after its data", async () => {
  const open = await pages.open("lesson", lessonHost({ ready: false, step: "inner" }));
  await open.page.getByText("Starting").waitFor();
  const took = await open.page.evaluate(async () => {
    const answered = new Promise<number>((found) => {
      window.addEventListener("message", () => found(performance.now()), { capture: true });
    });
    window.postMessage({ type: "context", locale: "en", trusted: true, ready: true }, "*");
    await answered;
    let last = performance.now();
    window.addEventListener("message", () => (last = performance.now()), { capture: true });
    while (document.querySelector(".drawing") === null) {
      await new Promise((next) => requestAnimationFrame(next));
    }
    return performance.now() - last;
  });
  console.log(`a step is drawn ${took.toFixed(0)} ms after its last answer`);
  await open.close();
});

test("the verdict of a challenge changes while the learner types", async () => {
  const open = await pages.open("lesson", lessonHost({ step: "row" }));
  const task = open.page.locator("#task-row");
  await task.waitFor();
  const seen: (string | null)[] = [];
  for (const message of verdictsWhileTyping()) {
    await open.send(message);
    await expect.poll(() => task.locator(".task-verdict").count()).toBe(1);
    seen.push(await task.locator(".task-verdict strong").textContent());
  }
  expect([...new Set(seen)]).toEqual(["Not right yet", "Error in your code", "Correct"]);
  await open.close();
});
