// Neovim with a lesson's file, and the lesson page in Chromium: actions in one appear in the other.
import { beside, check } from "./beside.mjs";

await beside(async (neovim, open) => {
  neovim.do("lens", "Quiz");
  check((await neovim.sees("lens")).title === "Quiz", "no question is answered yet");
  neovim.do("act", "Open the lesson's page in a browser");
  const { address } = await neovim.sees("opened");
  check(/^http:\/\/127\.0\.0\.1:\d+\/[\w-]{43}\/lesson\?/.test(address), "an address on this machine, with a token");

  const { page, shot, isForEverybody, isQuiet } = await open(address, { width: 900, height: 1000 });
  await page.getByRole("heading", { level: 1 }).waitFor();

  await page.getByRole("button", { name: /A 5 × 5 tensor/ }).click();
  await page.getByRole("heading", { name: /A 5 × 5 tensor/ }).waitFor();
  const choice = page.locator("label.choice").filter({ hasText: "torch.rand(5, 5)" });
  await choice.click();
  await page.getByRole("heading", { name: "Correct" }).waitFor();
  neovim.do("lens", "Quiz 1/3");
  check((await neovim.sees("lens")).title === "Quiz 1/3", "the answer of the browser in Neovim's code lens");
  await shot("quiz-light");

  await page.getByRole("button", { name: "Challenge" }).first().click();
  const task = page.locator("#task-row");
  await task.waitFor();
  neovim.do("replace", "F_new = ... => F_new = F");
  await page.locator("#task-row.incorrect").waitFor();
  check(true, "a wrong line in Neovim is judged in the browser");
  neovim.do("replace", "F_new = F => F_new = F.view(1, -1)");
  await page.locator("#task-row.correct").waitFor();
  check(true, "a right line in Neovim is judged in the browser");

  await page.locator("#task-flat vscode-button", { hasText: "Solution" }).click();
  neovim.do("lens", "✓ Step 3");
  check((await neovim.sees("lens")).title === "✓ Step 3", "the solution that the browser asked for in Neovim's file");
  await page.emulateMedia({ colorScheme: "dark" });
  await shot("challenge-dark");

  await isForEverybody();

  // The clock reports to the server every 15 seconds.
  const clock = page.locator(".clock span:not(.codicon)");
  await page.waitForFunction(() => /00:(1[6-9]|[2-5])|0[1-9]:/.test(document.querySelector(".clock").textContent));
  await page.reload();
  await page.locator("#task-row.correct").waitFor();
  check(true, "the same place after a reload");
  check((await clock.textContent()) >= "00:15", "the clock goes on where it was");
  isQuiet();

  neovim.process.stdin.end();
  check((await neovim.ended) === 0, "Neovim ended well");
  await page.getByText("This page is no longer connected to an editor.").waitFor();
  check(true, "a page whose editor is gone says so");
});
