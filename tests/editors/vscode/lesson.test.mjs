// A lesson from its first page to its last step, through the user interface only.
import assert from "node:assert/strict";
import { after, afterEach, before, test } from "node:test";
import { open } from "./workbench.mjs";

const FILE = "fundamentals.py";
const SOLUTIONS = [
  ["F_new = ...", "F_new = F.unsqueeze(0)"],
  ["output = ...", "output = F_new @ W"],
  ["F_flat = ...", "F_flat = F.view(-1)"],
];
let workbench;
let page;

before(async () => {
  workbench = await open({ settings: { "workbench.colorTheme": "Default Dark Modern" } });
  await workbench.start();
  await workbench.ready();
  await workbench.page.keyboard.press("Control+b"); // room for the page
});
afterEach((test) => workbench?.keep(test));
after(() => workbench?.close());

const goTo = async (name) => {
  await page.getByRole("button", { name, exact: false }).first().click();
};

test("opening the lesson shows its page beside its file, and the file's hints", async () => {
  await workbench.command("Tensor Hints: Open Lesson");
  page = await workbench.webview("h1");
  assert.equal(await page.locator("h1").innerText(), "Why tensors matter");
  await workbench.hint(FILE, "f32[4,32,32] cpu").waitFor();
  await workbench.screenshot("lesson-theory-dark");
  assert.deepEqual(await workbench.faults(page), []);
});

test("a wrong answer is shown immediately, proved by running it, and can be tried again", async () => {
  await goTo(/^3\. /);
  await page.getByRole("radio", { name: "torch.random(5, 5)" }).check();
  await page.getByRole("heading", { name: "Not quite" }).waitFor();
  await page.getByRole("button", { name: "Prove it" }).click();
  await page.locator(".proof .failed", { hasText: "TypeError" }).waitFor();
  await workbench.screenshot("lesson-quiz-dark");
  assert.deepEqual(await workbench.faults(page), []);
  await page.getByRole("button", { name: "Try again" }).click();
  await page.getByRole("radio", { name: "torch.rand(5, 5)" }).check();
  await page.getByRole("heading", { name: "Correct" }).waitFor();
});

test("each verdict changes as the solution is typed", async () => {
  await goTo(/^9\. /);
  const tasks = page.locator(".task");
  await tasks.locator(".not_attempted").first().waitFor();
  for (const [number, [before, solved]] of SOLUTIONS.entries()) {
    await workbench.replaceText(FILE, before, solved);
    await page.locator(`.task.correct >> nth=${number}`).waitFor();
  }
  await workbench.hint(FILE, "f32[1,5] cpu").waitFor();
  await workbench.screenshot("lesson-challenge-dark");
  assert.deepEqual(await workbench.faults(page), []);
});

test("the page is readable in a light theme", async () => {
  await workbench.toggleTheme("vscode-light", page);
  await workbench.screenshot("lesson-challenge-light");
  assert.deepEqual(await workbench.faults(page), []);
  await workbench.toggleTheme("vscode-dark", page);
});

test("the verdict on a wrong step describes the learner's own tensor", async () => {
  await workbench.replaceText(FILE, "F_new = F.unsqueeze(0)", "F_new = F.unsqueeze(1)");
  await page.locator(".task-verdict.incorrect", { hasText: "(10, 1)" }).first().waitFor();
});

test("hints are shown one by one", async () => {
  const first = page.locator(".task").first();
  await first.getByRole("button", { name: "Hint" }).click();
  await first.locator(".hints li").waitFor();
  assert.equal(await first.locator(".hints li").count(), 1);
});

test("the solution is shown as a diff, and the step is correct again", async () => {
  await page.locator(".task").first().getByRole("button", { name: /solution/i }).click();
  await workbench.page.locator(".monaco-diff-editor").waitFor();
  await page.locator(".task.correct >> nth=2").waitFor();
  await workbench.screenshot("lesson-solution-dark");
});

test("a reload restores the page", async () => {
  await workbench.page.reload();
  await workbench.ready();
  page = await workbench.webview("h1");
  await page.getByRole("heading", { name: "Challenge" }).waitFor();
  await page.locator(".task.correct >> nth=2").waitFor();
});

test("a button switches the page to Portuguese, and back to English", async () => {
  await page.getByRole("button", { name: "PT: Português" }).click();
  await page.getByRole("heading", { name: "Desafio" }).waitFor();
  await workbench.screenshot("lesson-portuguese-dark");
  await page.getByRole("button", { name: "EN: English" }).click();
  await page.getByRole("heading", { name: "Challenge" }).waitFor();
});

test("no request went to another machine", () => {
  assert.deepEqual([...workbench.strangers], []);
});
