// Starts a VS Code workbench for one test: server, extension, browser, and functions to use them.
import { spawn, spawnSync } from "node:child_process";
import fs from "node:fs";
import net from "node:net";
import os from "node:os";
import path from "node:path";
import { createRequire } from "node:module";

const client = path.resolve(import.meta.dirname, "../../../vscode-client");
const fromClient = createRequire(path.join(client, "package.json"));
const { chromium } = fromClient("playwright-core");
const axe = fs.readFileSync(fromClient.resolve("axe-core/axe.min.js"), "utf8");

const { VSCODE_FOLDER, VSIX, PYTHON, SERVER_PYTHON, SHOTS } = process.env;
const ENTRY = path.join(VSCODE_FOLDER, "code-server/node_modules/code-server/out/node/entry.js");
// Long enough to start torch on a slow machine; successful tests do not wait this long.
export const LIMIT = Number(process.env.LIMIT_MS ?? 60_000);

const QUIET = {
  "telemetry.telemetryLevel": "off",
  "update.mode": "none",
  "extensions.autoCheckUpdates": false,
  "extensions.autoUpdate": false,
  "extensions.ignoreRecommendations": true,
  "workbench.startupEditor": "none",
  "workbench.tips.enabled": false,
  "workbench.welcomePage.walkthroughs.openOnInstall": false,
  "workbench.secondarySideBar.defaultVisibility": "hidden",
  "workbench.editor.useModal": "off",
  "workbench.layoutControl.enabled": false,
  "chat.disableAIFeatures": true,
  "chat.commandCenter.enabled": false,
  "window.commandCenter": false,
  "git.enabled": false,
  "editor.minimap.enabled": false,
  "editor.accessibilitySupport": "off",
  "editor.editContext": false,
  // A test cannot read text that is drawn on a canvas.
  "terminal.integrated.gpuAcceleration": "off",
};

/**
 * `files` by name; `settings` of the user, `machine` those that name programs to start;
 * `trusted: false` leaves workspace trust on.
 */
export async function open({
  files = {},
  settings = {},
  machine = {},
  trusted = true,
  locale = "en",
  payload = [],
}) {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), "tensorhints-vscode-"));
  const workspace = path.join(folder, "workspace");
  const data = path.join(folder, "data");
  fs.mkdirSync(workspace);
  fs.mkdirSync(path.join(data, "User"), { recursive: true });
  for (const [name, text] of Object.entries(files)) fs.writeFileSync(path.join(workspace, name), text);
  const chosen = {
    ...QUIET,
    "security.workspace.trust.enabled": !trusted,
    ...settings,
  };
  // Settings that decide which programs start are machine settings in a remote window.
  fs.mkdirSync(path.join(data, "Machine"));
  setMachine(data, machine);
  fs.writeFileSync(path.join(data, "User/settings.json"), JSON.stringify(chosen));
  if (locale !== "en") speak(locale, folder, data);
  fs.writeFileSync(path.join(folder, "config.yaml"), "auth: none\ncert: false\n");
  const env = { ...process.env, HOME: folder, EXTENSIONS_GALLERY: "{}" };
  for (const kind of ["DATA", "STATE", "CACHE", "CONFIG"]) {
    env[`XDG_${kind}_HOME`] = path.join(folder, kind.toLowerCase());
  }
  const common = ["--config", path.join(folder, "config.yaml"), "--user-data-dir", data];
  common.push("--extensions-dir", path.join(folder, "extensions"));
  if (payload.length === 0) install(common, env);

  const port = await freePort();
  const options = ["--bind-addr", `127.0.0.1:${port}`, "--auth", "none", "--locale", locale];
  options.push("--disable-telemetry", "--disable-update-check", "--disable-getting-started-override");
  if (trusted) options.push("--disable-workspace-trust");
  // Without it, a built VS Code does not accept a test payload.
  if (payload.length > 0) options.push("--vscode-option", "enable-smoke-test-driver");
  const server = spawn(process.execPath, [ENTRY, ...common, ...options, workspace], {
    env,
    stdio: ["ignore", "pipe", "pipe"],
  });
  let log = "";
  for (const stream of [server.stdout, server.stderr]) stream.on("data", (data) => (log += data));
  await untilHealthy(port, () => log);

  const browser = await chromium.launch({
    executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
    args: ["--no-sandbox", "--disable-dev-shm-usage"],
  });
  const context = await browser.newContext({
    viewport: { width: 1440, height: 900 },
    locale: locale === "en" ? "en-US" : "pt-BR",
    permissions: ["clipboard-read", "clipboard-write"],
  });
  const page = await context.newPage();
  page.setDefaultTimeout(LIMIT);
  const strangers = new Set();
  page.on("request", (request) => {
    const { hostname, protocol, origin } = new URL(request.url());
    // VS Code's service worker answers such addresses; they do not reach a network.
    const isLocal = hostname === "127.0.0.1" || hostname.endsWith(".vscode-resource.vscode-cdn.net");
    if (protocol.startsWith("http") && !isLocal) strangers.add(origin);
  });
  const told = payload.map(([name, value]) => [name, remote(port, value)]);
  const query = new URLSearchParams({ folder: workspace });
  if (told.length > 0) query.set("payload", JSON.stringify(told));
  const workbench = new Workbench({ page, folder, workspace, strangers, data });
  workbench.close = async () => {
    await browser.close();
    server.kill("SIGTERM");
    await new Promise((ended) => (server.exitCode === null ? server.once("exit", ended) : ended()));
    if (process.env.KEEP) console.log("kept", folder);
    else fs.rmSync(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
  };
  workbench.start = () => page.goto(`http://127.0.0.1:${port}/?${query}`);
  return workbench;
}

function setMachine(data, more) {
  const programs = {
    "tensorhints.run.interpreter": PYTHON,
    "tensorhints.server.interpreter": SERVER_PYTHON,
    ...more,
  };
  fs.writeFileSync(path.join(data, "Machine/settings.json"), JSON.stringify(programs));
}

/** A language pack without words: VS Code itself stays English, extensions speak the language. */
function speak(locale, folder, data) {
  const words = path.join(folder, "words.json");
  fs.writeFileSync(words, JSON.stringify({ version: "1.0.0", contents: {} }));
  const owner = { extensionIdentifier: { id: `tests.${locale}` }, version: "1.0.0" };
  const pack = { hash: "0", extensions: [owner], translations: { vscode: words }, label: locale };
  fs.writeFileSync(path.join(data, "languagepacks.json"), JSON.stringify({ [locale]: pack }));
}

function install(common, env) {
  const installed = spawnSync(process.execPath, [ENTRY, ...common, "--install-extension", VSIX], {
    env,
    encoding: "utf8",
  });
  if (installed.status !== 0) throw new Error(`not installed: ${installed.stdout}${installed.stderr}`);
}

function freePort() {
  return new Promise((found) => {
    const probe = net.createServer().listen(0, "127.0.0.1", () => {
      const { port } = probe.address();
      probe.close(() => found(port));
    });
  });
}

async function untilHealthy(port, log) {
  const end = Date.now() + LIMIT;
  for (;;) {
    try {
      if ((await fetch(`http://127.0.0.1:${port}/healthz`)).ok) return;
    } catch {
      // It does not accept connections yet.
    }
    if (Date.now() > end) throw new Error(`code-server did not start\n${log()}`);
    await new Promise((next) => setTimeout(next, 100));
  }
}

const remote = (port, value) =>
  value.startsWith("/") ? `vscode-remote://127.0.0.1:${port}${value}` : value;

class Workbench {
  constructor(parts) {
    Object.assign(this, parts);
  }

  async ready() {
    await this.page.locator(".monaco-workbench").waitFor();
    await this.page.locator('.activitybar a[aria-label^="Tensor Hints"]').waitFor();
  }

  /** After each test: what a failed one had on its screen. */
  async keep(test) {
    if (test.passed) return;
    await this.screenshot(`failed ${test.name}`);
    await this.page.keyboard.press("Escape");
    await this.page.locator('[id="status.notifications"]').click({ timeout: 5000 }).catch(() => {});
    const told = await this.page.locator(".notification-list-item-message").allInnerTexts();
    console.log("notifications:", told);
    console.log(this.log());
  }

  async openFile(name) {
    await this.goTo(name);
    await this.editor(name).locator(".view-lines").waitFor();
  }

  async openNotebook(name) {
    await this.goTo(name);
    await this.page.locator(".notebookOverlay .code-cell-row .view-lines").first().waitFor();
  }

  async goTo(name) {
    await this.page.keyboard.press("Control+p");
    await this.page.locator(".quick-input-widget input.input").fill(name);
    await this.page.locator(".quick-input-list .monaco-list-row", { hasText: name }).first().waitFor();
    await this.page.keyboard.press("Enter");
  }

  /** The editor of a file, wherever it is shown. */
  editor(name) {
    return this.page.locator(`.monaco-editor[data-uri$="${name}"]`).first();
  }

  hint(name, text) {
    return this.page.locator(`.monaco-editor[data-uri$="${name}"] .view-lines span`, { hasText: text }).last();
  }

  async command(title) {
    await this.page.keyboard.press("F1");
    const input = this.page.locator(".quick-input-widget input.input");
    await input.waitFor();
    await input.fill(`>${title}`);
    const row = this.page.locator(".quick-input-list .monaco-list-row", { hasText: title }).first();
    await row.waitFor();
    await this.page.keyboard.press("Enter");
    await input.waitFor({ state: "hidden" });
  }

  /** Types over what is found, as a user who selects it first. */
  async replaceText(name, found, typed) {
    await this.editor(name).waitFor();
    const focused = this.page.locator(`.monaco-editor.focused[data-uri$="${name}"]`);
    await this.page.keyboard.press("Control+1");
    // An earlier key would go to the page that had the focus.
    await focused.waitFor();
    await this.page.keyboard.press("Control+f");
    const find = this.page.locator(".find-widget.visible textarea, .find-widget.visible .input").first();
    await find.waitFor();
    await find.fill(found);
    await this.page.keyboard.press("Enter");
    await this.page.keyboard.press("Escape");
    await find.waitFor({ state: "hidden" });
    await focused.waitFor();
    await this.page.keyboard.type(typed);
    await this.page.keyboard.press("Escape");
  }

  /** A button in the title of the editor. */
  title(label) {
    return this.page.locator(`.editor-actions a[aria-label^="${label}"]`).first();
  }

  terminalText(text) {
    return this.page.locator(".terminal-wrapper.active .xterm-rows", { hasText: text });
  }

  /** What the extension has logged. */
  log() {
    const logs = fs.globSync(path.join(this.data, "logs/*/*/tensorhints.tensorhints/*.log"));
    return logs.map((log) => fs.readFileSync(log, "utf8")).join("\n");
  }

  /** The settings of the machine as they are at first, but for these. */
  setMachine(more) {
    setMachine(this.data, more);
  }

  async until(look, what) {
    const end = Date.now() + LIMIT;
    while (!look()) {
      if (Date.now() > end) throw new Error(`never: ${what}`);
      await new Promise((next) => setTimeout(next, 100));
    }
  }

  /** The processes of this workbench's servers. */
  servers() {
    const processes = fs.readdirSync("/proc").filter((name) => /^\d+$/.test(name));
    return processes.map(Number).filter((id) => {
      try {
        const command = fs.readFileSync(`/proc/${id}/cmdline`, "utf8");
        return command.includes(`${this.folder}/extensions`) && command.includes("launch.py");
      } catch {
        return false;
      }
    });
  }

  /** The page inside of a webview that holds what `selector` says. */
  async webview(selector) {
    const end = Date.now() + LIMIT;
    for (;;) {
      for (const frame of this.page.frames().slice(1)) {
        try {
          if (await frame.locator(selector).first().isVisible()) return frame;
        } catch {
          // The frame was removed meanwhile.
        }
      }
      if (Date.now() > end) throw new Error(`no page shows ${selector}`);
      await new Promise((next) => setTimeout(next, 100));
    }
  }

  async screenshot(name) {
    if (SHOTS === undefined) return;
    fs.mkdirSync(SHOTS, { recursive: true });
    await this.page.screenshot({ path: path.join(SHOTS, `${name}.png`) });
  }

  /** From a dark theme to a light one, or back; `kind` is the class that pages know it by. */
  async toggleTheme(kind, frame) {
    await this.page.keyboard.press("Control+1");
    await this.command("Preferences: Toggle between Light/Dark Themes");
    await frame.locator(`body.${kind}`).waitFor();
    // Do not check colours during a transition.
    await frame.waitForFunction(() => document.getAnimations().length === 0);
  }

  /** What axe finds wrong on a page, as `rule: element`. */
  async faults(frame) {
    await frame.evaluate(axe);
    const { violations } = await frame.evaluate(() =>
      globalThis.axe.run(document, { resultTypes: ["violations"] }),
    );
    return violations.flatMap(({ id, nodes }) => nodes.map((node) => `${id}: ${node.html}`));
  }
}
