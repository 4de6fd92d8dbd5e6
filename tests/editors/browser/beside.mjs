// Runs Neovim and Chromium side by side. NEOVIM is the command of the editor as JSON, SHOTS a folder for
// screenshots.
import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import fs from "node:fs/promises";
import path from "node:path";
import readline from "node:readline";
import { createRequire } from "node:module";

const fromClient = createRequire(path.resolve(import.meta.dirname, "../../../vscode-client/package.json"));
const { chromium } = fromClient("playwright-core");
const axe = await fs.readFile(fromClient.resolve("axe-core/axe.min.js"), "utf8");
export const LIMIT = 60_000;

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

export function check(holds, what) {
  if (!holds) throw new Error(`not so: ${what}`);
  console.log(`seen: ${what}`);
}

const places = [process.env.CHROMIUM, "/usr/bin/chromium", "/usr/bin/chromium-browser"];
const executablePath = places.find((place) => place && existsSync(place));
if (!executablePath) throw new Error("No Chromium found: install it, or name it in the variable CHROMIUM.");


/** Both are there until `done` has ended, and end well; nothing that the page does is complained of. */
export async function beside(done) {
  const neovim = new Neovim(JSON.parse(process.env.NEOVIM));
  const browser = await chromium.launch({ executablePath, args: ["--no-sandbox"] });
  try {
    await done(neovim, (address, size) => open(browser, address, size));
  } finally {
    neovim.process.kill();
    await browser.close();
  }
}

async function open(browser, address, viewport) {
  const context = await browser.newContext({ viewport, colorScheme: "light" });
  const page = await context.newPage();
  page.setDefaultTimeout(LIMIT);
  const complaints = [];
  const requested = new Set();
  page.on("pageerror", (error) => complaints.push(String(error)));
  page.on("console", (message) => message.type() === "error" && complaints.push(message.text()));
  page.on("request", (request) => requested.add(new URL(request.url()).host));
  await page.goto(address);
  return {
    page,
    shot: (name) => page.screenshot({ path: path.join(process.env.SHOTS, `browser-${name}.png`) }),
    /** In both themes, by axe. */
    async isForEverybody() {
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
    },
    isQuiet() {
      check(requested.size === 1, `nothing loaded from elsewhere: ${[...requested]}`);
      check(complaints.length === 0, `nothing that the browser complains of ${complaints.join("\n")}`);
    },
  };
}
