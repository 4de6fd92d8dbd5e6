// @vitest-environment jsdom
import { render } from "lit";
import * as v from "valibot";
import { describe, expect, test, vi } from "vitest";
import type { FromPage, ToPage } from "../../../src/shared/messages";
import { Client } from "../../client";
import { type Host, vscodeHost } from "../../host";
import { inline, plain } from "../../page/inline";
import { prose } from "../../page/prose";
import { tokens } from "../../page/python";
import { safeHtml } from "../../page/safe_html";
import { recorded } from "../recorded";

function safe(html: string): string {
  const element = document.createElement("div");
  element.append(safeHtml(html));
  return element.innerHTML;
}

describe("the server's HTML", () => {
  test.each([
    ["a script", "<p>a<script>alert(1)</script></p>", "<p>a</p>"],
    ["a handler", '<img src="data:image/png;base64,AA==" onerror="x()">', "onerror"],
    ["a frame", '<iframe src="https://example.com"></iframe>', "iframe"],
    ["a form", '<form action="x"><input name="y"></form>', "input"],
    ["a style sheet", "<style>body{display:none}</style>", "style"],
    ["a script in a drawing", "<svg><script>alert(1)</script></svg>", "script"],
    [
      "foreign content in a drawing",
      "<svg><foreignObject><p>x</p></foreignObject></svg>",
      "foreign",
    ],
    ["a link out of a drawing", '<svg><use href="https://example.com/x.svg#y"></use></svg>', "use"],
    ["a picture from elsewhere", '<img src="https://example.com/x.png" alt="x">', "example.com"],
    ["a link that runs", '<a href="javascript:alert(1)">x</a>', "javascript"],
    ["a link to a command", '<a href="command:x">x</a>', "command:"],
    ["a style", '<p style="position:fixed">x</p>', "position"],
  ])("loses %s", (_, html, lost) => {
    if (lost.startsWith("<")) expect(safe(html)).toBe(lost);
    else expect(safe(html)).not.toContain(lost);
  });

  test("keeps text that looks like HTML as text", () => {
    expect(safe("<p>&lt;script&gt;alert(1)&lt;/script&gt;</p>")).toBe(
      "<p>&lt;script&gt;alert(1)&lt;/script&gt;</p>",
    );
  });

  test("keeps links to the web and the alignment of tables", () => {
    expect(safe('<a href="https://pytorch.org">x</a>')).toContain('href="https://pytorch.org"');
    expect(safe('<table><tr><td style="text-align:right">1</td></tr></table>')).toContain(
      'class="align-right"',
    );
  });

  test("keeps drawings complete, without their styles", () => {
    const html = String(recorded("step-structure.en")["html"]);
    const before = new DOMParser().parseFromString(html, "text/html");
    const after = safeHtml(html);
    const shapes = "svg rect, svg line, svg path, svg text, svg title, svg desc";
    expect(before.querySelectorAll(shapes).length).toBeGreaterThan(20);
    expect(after.querySelectorAll(shapes)).toHaveLength(before.querySelectorAll(shapes).length);
    expect(after.querySelector("style")).toBeNull();
    expect(after.querySelector("svg")?.getAttribute("viewBox")).toBe(
      before.querySelector("svg")?.getAttribute("viewBox"),
    );
  });

  test("keeps text that looks like event handlers", () => {
    const html =
      `<p title="an onload=1" lang=en>style = 1, <code>on = 2</code> &lt;b style="x"&gt;</p>` +
      `<a href="https://example.com/on?one=1 style=2">a</a>`;
    const element = document.createElement("div");
    element.append(safeHtml(html));
    expect(element.textContent).toBe('style = 1, on = 2 <b style="x">a');
    expect(element.querySelector("p")?.title).toBe("an onload=1");
    expect(element.querySelector("a")?.getAttribute("href")).toBe(
      "https://example.com/on?one=1 style=2",
    );
  });
});

describe("a program in a lesson", () => {
  const html =
    '<pre><code class="language-python">x = 1\n</code></pre><pre><code>$ pip</code></pre>';
  const labels = { insertLabel: "Insert", runLabel: "Run" };

  test("can be inserted and run; other blocks cannot", () => {
    const insert = vi.fn();
    const run = vi.fn();
    const element = prose(html, { ...labels, insert, run });
    const buttons = [...element.querySelectorAll<HTMLElement>("vscode-button")];
    expect(buttons.map((button) => button.textContent?.trim())).toEqual(["Insert", "Run"]);
    for (const button of buttons) button.click();
    expect(insert).toHaveBeenCalledExactlyOnceWith("x = 1");
    expect(run).toHaveBeenCalledExactlyOnceWith("x = 1");
  });

  test("has no run button if nothing may run", () => {
    const element = prose(html, { ...labels, insert: vi.fn(), run: null });
    expect(element.querySelectorAll("vscode-button")).toHaveLength(1);
  });

  test("is highlighted without losing a character", () => {
    const code = 'def f(x):  # "no string"\n    return torch.rand(1e-3, "a # b") if x else None\n';
    const found = tokens(code);
    expect(found.map(({ text }) => text).join("")).toBe(code);
    const of = (kind: string) =>
      found.filter((token) => token.kind === kind).map(({ text }) => text);
    expect(of("keyword")).toEqual(["def", "return", "if", "else", "None"]);
    expect(of("call")).toEqual(["f", "rand"]);
    expect(of("number")).toEqual(["1e-3"]);
    expect(of("string")).toEqual(['"a # b"']);
    expect(of("comment")).toEqual(['# "no string"']);
  });
});

describe("inline Markdown", () => {
  function drawn(text: string): string {
    const element = document.createElement("p");
    render(inline(text), element);
    return element.innerHTML.replace(/<!--.*?-->/g, "");
  }

  test("shows code and emphasis", () => {
    expect(drawn("`F_new` is **not** a *row*")).toBe(
      "<code>F_new</code> is <strong>not</strong> a <em>row</em>",
    );
  });

  test("shows a program's HTML as text", () => {
    expect(drawn("got <img src=x onerror=y> and `<b>`")).toBe(
      "got &lt;img src=x onerror=y&gt; and <code>&lt;b&gt;</code>",
    );
  });

  test("does not change asterisks and prices", () => {
    expect(drawn("2 * 3 * 4 costs $5 or $6")).toBe("2 * 3 * 4 costs $5 or $6");
  });

  test("has no marks for screen readers", () => {
    expect(plain("`F` is **right**")).toBe("F is right");
  });
});

describe("the connection to the host", () => {
  class FakeHost implements Host {
    readonly posted: FromPage[] = [];
    private listeners: ((message: ToPage) => void)[] = [];
    post(message: FromPage): void {
      this.posted.push(message);
    }
    onMessage(listener: (message: ToPage) => void): void {
      this.listeners.push(listener);
    }
    send(message: ToPage): void {
      for (const listener of this.listeners) listener(message);
    }
    savedState(): unknown {
      return null;
    }
    saveState(): void {}
  }

  const Number = v.object({ number: v.number() });

  test("matches answers to commands in any order", async () => {
    const host = new FakeHost();
    const client = new Client(host);
    const one = client.command("lesson", {}, Number);
    const two = client.command("hint", {}, Number);
    host.send({ type: "answer", id: 2, result: { number: 2 } });
    host.send({ type: "answer", id: 1, result: { number: 1 } });
    expect(await one).toEqual({ ok: true, value: { number: 1 } });
    expect(await two).toEqual({ ok: true, value: { number: 2 } });
  });

  test("distinguishes a refusal, a failure and an unknown answer from an answer", async () => {
    const host = new FakeHost();
    const client = new Client(host);
    const refused = client.command("lesson", {}, Number);
    const broken = client.command("lesson", {}, Number);
    const strange = client.command("lesson", {}, Number);
    host.send({ type: "answer", id: 1, result: { error: "no such lesson" } });
    host.send({ type: "failed", id: 2, message: "no server" });
    host.send({ type: "answer", id: 3, result: { number: "three" } });
    expect(await refused).toEqual({ ok: false, message: "no such lesson" });
    expect(await broken).toEqual({ ok: false, message: "no server" });
    expect((await strange).ok).toBe(false);
  });

  test("drops invalid messages of the host", () => {
    const api = { postMessage: vi.fn(), getState: vi.fn(), setState: vi.fn() };
    vi.stubGlobal("acquireVsCodeApi", () => api);
    const received: ToPage[] = [];
    vscodeHost().onMessage((message) => received.push(message));
    const good: ToPage = { type: "context", locale: "en", trusted: true, ready: true };
    for (const data of [null, "x", { type: "eval", code: "1" }, { ...good, ready: 1 }, good]) {
      window.dispatchEvent(new MessageEvent("message", { data }));
    }
    expect(received).toEqual([good]);
    vi.unstubAllGlobals();
  });
});
