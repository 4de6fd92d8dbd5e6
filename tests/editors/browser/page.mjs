// A learner with Neovim and, beside it, the lesson's page in Chromium: what is done in one is seen in
// the other. NEOVIM is the command that starts the editor, as JSON; SHOTS a folder for pictures.
import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import fs from "node:fs/promises";
import path from "node:path";
import readline from "node:readline";
import { createRequire } from "node:module";

const fromClient = createRequire(path.resolve(import.meta.dirname, "../../../vscode-client/package.json"));
const { chromium } = fromClient("playwright-core");
const axe = await fs.readFile(fromClient.resolve("axe-core/axe.min.js"), "utf8");
const LIMIT = 60_000;

class Neovim {
  constructor([program, ...argv]) {
    this.process = spawn(program, argv, { stdio: ["pipe", "pipe", "inherit"] });
    this.seen = [];
    this.waiting = [];
    this.ended = new Promise((ended) => this.process.on("exit", ended));
    readline.createInterface(this.process.stdout).on("line", (line) => {
      if (!line.startsWith("{")) return;
      this.seen.push(JSON.parse(line));
      for (const wake of this.waiting.splice(0)) wake();
    });
  }

  do(name, argument = "") {
    this.process.stdin.write(`${name} ${argument}\n`);
  }

  /** The next thing of that kind that is seen. */
  async sees(kind) {
    const end = Date.now() + LIMIT;
    for (;;) {
      const failed = this.seen.find((each) => each.kind === "failed");
      if (failed) throw new Error(`Neovim did not see ${failed.what}`);
      const at = this.seen.findIndex((each) => each.kind === kind);
      if (at >= 0) return this.seen.splice(at, 1)[0];
      await new Promise((wake, late) => {
        const timer = setTimeout(() => late(new Error(`Neovim did not say ${kind}`)), end - Date.now());
        this.waiting.push(() => (clearTimeout(timer), wake()));
      });
    }
  }
}

function check(holds, what) {
  if (!holds) throw new Error(`not so: ${what}`);
  console.log(`seen: ${what}`);
}

const places = [process.env.CHROMIUM, "/usr/bin/chromium", "/usr/bin/chromium-browser"];
const executablePath = places.find((place) => place && existsSync(place));
if (!executablePath) throw new Error("No Chromium found: install it, or name it in the variable CHROMIUM.");

const neovim = new Neovim(JSON.parse(process.env.NEOVIM));
const browser = await chromium.launch({ executablePath, args: ["--no-sandbox"] });
try {
  neovim.do("page");
  check((await neovim.sees("lens")).title === "Quiz", "no question is answered yet");
  const { address } = await neovim.sees("opened");
  check(/^http:\/\/127\.0\.0\.1:\d+\/[\w-]{43}\/lesson\?/.test(address), "an address on this machine, with a token");

  const context = await browser.newContext({ viewport: { width: 900, height: 1000 }, colorScheme: "light" });
  const page = await context.newPage();
  page.setDefaultTimeout(LIMIT);
  const complaints = [];
  const requested = new Set();
  page.on("pageerror", (error) => complaints.push(String(error)));
  page.on("console", (message) => message.type() === "error" && complaints.push(message.text()));
  page.on("request", (request) => requested.add(new URL(request.url()).host));
  await page.goto(address);
  await page.getByRole("heading", { level: 1 }).waitFor();
  const shot = (name) => page.screenshot({ path: path.join(process.env.SHOTS, `browser-${name}.png`) });

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

  await page.evaluate(`${axe}; undefined`);
  for (const colorScheme of ["light", "dark"]) {
    await page.emulateMedia({ colorScheme });
    const found = await page.evaluate(async () =>
      (await window.axe.run(document, { resultTypes: ["violations"] })).violations.map(
        ({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(" ")}`,
      ),
    );
    check(found.length === 0, `a page for everybody, ${colorScheme} ${found.join("\n")}`);
  }

  // A quarter of a minute is what the clock tells the server at once.
  const clock = page.locator(".clock span:not(.codicon)");
  await page.waitForFunction(() => /00:(1[6-9]|[2-5])|0[1-9]:/.test(document.querySelector(".clock").textContent));
  await page.reload();
  await page.locator("#task-row.correct").waitFor();
  check(true, "the same place after a reload");
  check((await clock.textContent()) >= "00:15", "the clock goes on where it was");
  check(requested.size === 1, `nothing loaded from elsewhere: ${[...requested]}`);
  check(complaints.length === 0, `nothing that the browser complains of ${complaints.join("\n")}`);

  neovim.process.stdin.end();
  check((await neovim.ended) === 0, "Neovim ended well");
  await page.getByText("There is no editor behind this page any more.").waitFor();
  check(true, "a page whose editor is gone says so");
} finally {
  neovim.process.kill();
  await browser.close();
}
