// Neovim with a program, and its tensors in Chromium, which are updated after each edit.
import { beside, check } from "./beside.mjs";

await beside(async (neovim, open) => {
  neovim.do("lens", "▶ Run");
  await neovim.sees("lens");
  neovim.do("run");
  neovim.do("lens", "✓ finished");
  await neovim.sees("lens");
  neovim.do("act", "Inspect the tensors in a browser");
  const { address } = await neovim.sees("opened");
  check(/\/[\w-]{43}\/inspector\?.*program\.py/.test(address), "the address of this program's tensors");

  const { page, shot, isForEverybody, isQuiet } = await open(address, { width: 900, height: 1500 });
  const row = (name) => page.locator(".body .row").filter({ hasText: name });
  await row("weights").filter({ hasText: "[24,32]" }).waitFor();
  check((await page.locator(".body .row").count()) === 3, "a row for each tensor of the program");
  check((await page.title()) === "program.py", "the tab's title says of which program");
  await shot("tensors-light");
  await isForEverybody();
  await shot("tensors-dark");

  neovim.do("replace", "weights = torch.rand(24, 32) - 0.5 => weights = torch.rand(48, 32) - 0.5");
  await row("weights").filter({ hasText: "[48,32]" }).waitFor();
  check(true, "an edit in Neovim in the row of the browser");

  await row("weights").locator(".open button").click();
  await page.locator(".statistics").waitFor();
  await page.locator("canvas").first().waitFor();
  check(true, "its statistics and its heat map");
  neovim.do("replace", "weights = torch.rand(48, 32) - 0.5 => weights = torch.full((48, 32), 7.25)");
  await page.locator(".statistics").filter({ hasText: "7.25" }).waitFor();
  check(true, "the numbers of the next run in the tensor that is open");
  neovim.do("replace", "weights = torch.full((48, 32), 7.25) => weights = torch.rand(24, 32) - 0.5");
  await page.locator(".statistics").filter({ hasNotText: "7.25" }).waitFor();
  await page.emulateMedia({ colorScheme: "light" });
  await shot("tensor-light");
  await isForEverybody();
  await shot("tensor-dark");

  isQuiet();
  neovim.process.stdin.end();
  check((await neovim.ended) === 0, "Neovim ended well");
});
