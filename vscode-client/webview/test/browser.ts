/**
 * Opens the pages in a real browser, with the policy and the colours of VS Code. The test is the host:
 * it records what a page posts and sends the answers of the extension.
 */

import { existsSync } from "node:fs";
import { mkdir, readFile } from "node:fs/promises";
import { createServer, type Server } from "node:http";
import { dirname, extname, join, normalize } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import axe from "axe-core";
import { type Browser, chromium, type Page } from "playwright-core";
import { expect, vi } from "vitest";
import { type FromPage, fromPage, type ToPage } from "../../src/shared/messages";
import { BUILT } from "./built";

// A browser can take long to start; a page that never loads still fails the test.
vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 });

const HERE = dirname(fileURLToPath(import.meta.url));
const CLIENT = join(HERE, "..", "..");
const SCREENSHOTS = join(CLIENT, "..", ".cache", "screenshots", "pages");

export const THEMES = {
  light: ["light-v2", "vscode-light"],
  dark: ["dark-v2", "vscode-dark"],
  "hc-dark": ["hc-dark", "vscode-high-contrast"],
  "hc-light": ["hc-light", "vscode-high-contrast vscode-high-contrast-light"],
} as const;
export type Theme = keyof typeof THEMES;

const TYPES: Record<string, string> = {
  ".js": "text/javascript",
  ".css": "text/css",
  ".woff2": "font/woff2",
  ".ttf": "font/ttf",
};

const NONCE = "cGFnZXMtaW4tYS1icm93c2Vy";

const FONTS =
  "--vscode-font-family:system-ui,'DejaVu Sans',sans-serif;--vscode-font-size:13px;" +
  "--vscode-font-weight:normal;--vscode-editor-font-family:'DejaVu Sans Mono',monospace;";

/** A style sheet with the variables that VS Code sets by a script. */
async function themeOf(theme: Theme): Promise<string> {
  const themes = "node_modules/@vscode-elements/webview-playground/dist/themes";
  const file = join(CLIENT, themes, `${THEMES[theme][0]}.js`);
  const module: unknown = await import(pathToFileURL(file).href);
  const variables = (module as { theme: [string, string][] }).theme
    .map(([variable, value]) => `${variable}:${value}`)
    .join(";");
  return `:root{${variables};${FONTS}}
body[data-page=lesson]{background:var(--vscode-editor-background)}
body[data-page=inspector]{background:var(--vscode-sideBar-background)}`;
}

function documentOf(name: string, theme: Theme, origin: string): string {
  const policy =
    `default-src 'none'; script-src 'nonce-${NONCE}'; style-src ${origin}; ` +
    `font-src ${origin}; img-src ${origin} data:; form-action 'none'; base-uri 'none'`;
  return `<!DOCTYPE html><html lang="en"><head><meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<link rel="stylesheet" href="/themes/${theme}.css"><link rel="stylesheet" href="/${name}.css">
<link rel="icon" href="data:,"><title>Tensor Hints</title></head><body data-page="${name}" class="${THEMES[theme][1]}">
<script nonce="${NONCE}" type="module" src="/${name}.js"></script></body></html>`;
}

function serve(): Promise<Server> {
  const server = createServer((request, response) => {
    const url = new URL(request.url ?? "/", `http://${request.headers.host}`);
    void (async () => {
      const theme = /^\/themes\/(.+)\.css$/.exec(url.pathname)?.[1];
      if (url.pathname === "/page") {
        const { name, theme: wanted } = Object.fromEntries(url.searchParams) as never;
        response.setHeader("content-type", "text/html").end(documentOf(name, wanted, url.origin));
      } else if (theme !== undefined) {
        response.setHeader("content-type", "text/css").end(await themeOf(theme as Theme));
      } else {
        const path = join(BUILT, normalize(url.pathname));
        response.setHeader("content-type", TYPES[extname(path)] ?? "application/octet-stream");
        response.end(await readFile(path));
      }
    })().catch(() => response.writeHead(404).end());
  });
  return new Promise((ready) => server.listen(0, "127.0.0.1", () => ready(server)));
}

export type Answers = (message: FromPage) => ToPage | ToPage[] | null;

export class Pages {
  private constructor(
    private readonly browser: Browser,
    private readonly server: Server,
  ) {}

  static async start(): Promise<Pages> {
    const places = [process.env["CHROMIUM"], "/usr/bin/chromium", "/usr/bin/chromium-browser"];
    const executablePath = places.find((place) => place !== undefined && existsSync(place));
    if (executablePath === undefined) {
      throw new Error("No Chromium found: install it, or name it in the variable CHROMIUM.");
    }
    const browser = await chromium.launch({ executablePath, args: ["--no-sandbox"] });
    return new Pages(browser, await serve());
  }

  async stop(): Promise<void> {
    await this.browser.close();
    this.server.close();
  }

  async open(
    name: "lesson" | "inspector",
    answers: Answers,
    options: { theme?: Theme; width?: number; height?: number; kept?: unknown } = {},
  ): Promise<OpenPage> {
    const { theme = "dark", width = 720, height = 900, kept = null } = options;
    const context = await this.browser.newContext({
      viewport: { width, height },
      reducedMotion: "reduce",
    });
    const page = await context.newPage();
    const open = new OpenPage(page, answers);
    await page.exposeFunction("postToHost", (message: unknown) => open.receive(message));
    await page.addInitScript((state) => {
      const host = window as unknown as Record<string, unknown>;
      let last: unknown = state;
      host["acquireVsCodeApi"] = () => ({
        postMessage: (message: unknown) => (host["postToHost"] as (m: unknown) => void)(message),
        getState: () => last,
        setState: (next: unknown) => {
          last = structuredClone(next);
          host["keptState"] = last;
        },
      });
      document.addEventListener("securitypolicyviolation", (event) => {
        console.error(`policy: ${event.violatedDirective} ${event.blockedURI} ${event.sourceFile}`);
      });
    }, kept);
    const address = this.server.address();
    const port = typeof address === "object" && address !== null ? address.port : 0;
    await page.goto(`http://127.0.0.1:${port}/page?name=${name}&theme=${theme}`);
    return open;
  }
}

export class OpenPage {
  readonly posted: FromPage[] = [];
  /** Errors in the browser's console, including violations of the policy. */
  readonly complaints: string[] = [];

  constructor(
    readonly page: Page,
    private readonly answers: Answers,
  ) {
    page.on("pageerror", (error) => this.complaints.push(String(error)));
    page.on("console", (message) => {
      if (message.type() === "error") this.complaints.push(message.text());
    });
  }

  async receive(received: unknown): Promise<void> {
    const message = fromPage(received);
    if (message === null) {
      this.complaints.push(`not a message: ${JSON.stringify(received)}`);
      return;
    }
    this.posted.push(message);
    const answers = this.answers(message);
    for (const answer of Array.isArray(answers) ? answers : [answers]) {
      if (answer !== null) await this.send(answer);
    }
  }

  async send(message: ToPage): Promise<void> {
    await this.page.evaluate((data) => window.postMessage(data, "*"), message);
  }

  async screenshot(name: string): Promise<void> {
    await mkdir(SCREENSHOTS, { recursive: true });
    await this.page.evaluate(() => document.fonts.ready);
    await this.page.screenshot({ path: join(SCREENSHOTS, `${name}.png`), fullPage: true });
  }

  /** Check the accessibility with axe, which runs in the document but not under its policy. */
  async expectAccessible(): Promise<void> {
    await this.page.evaluate(`${axe.source}; undefined`);
    const found = await this.page.evaluate(async () => {
      const results = await (window as unknown as { axe: typeof axe }).axe.run(document, {
        resultTypes: ["violations"],
      });
      return results.violations.map(
        ({ id, nodes }) =>
          `${id}: ${nodes.map((node) => `${node.html} ${node.failureSummary}`).join("\n")}`,
      );
    });
    expect(found).toEqual([]);
  }

  async close(): Promise<void> {
    await this.page.context().close();
    expect(this.complaints).toEqual([]);
  }
}
