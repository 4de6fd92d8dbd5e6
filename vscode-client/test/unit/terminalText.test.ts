import { describe, expect, it } from "vitest";

import { Backlog, coloured, lineEnds, links } from "../../src/terminalText";

describe("what a run prints", () => {
  it("begins each line at the left", () => {
    expect(lineEnds("a\nb\r\nc")).toBe("a\r\nb\r\nc");
  });

  it("is red on the error stream, unless it has colours of its own", () => {
    expect(coloured("stdout", "x\n")).toBe("x\r\n");
    expect(coloured("stderr", "x\n")).toBe("\u001b[31mx\r\n\u001b[39m");
    expect(coloured("stderr", "\u001b[32mx")).toBe("\u001b[32mx");
  });

  it("is kept up to a limit until the terminal is open, the newest first", () => {
    const backlog = new Backlog(10);
    backlog.add("123456");
    backlog.add("abcdef");
    expect(backlog.take()).toBe("abcdef");
    expect(backlog.take()).toBe("");
  });
});

describe("links in the output", () => {
  it("lead to the places of a traceback", () => {
    expect(links('  File "/work/my model.py", line 12, in forward')).toEqual([
      { start: 2, length: 33, path: "/work/my model.py", line: 12 },
    ]);
  });

  it("lead to file.py:12, absolute, relative and on Windows", () => {
    const places = (text: string) => links(text).map(({ path, line }) => [path, line]);
    expect(places("at /a/b.py:3")).toEqual([["/a/b.py", 3]]);
    expect(places("warning: src/net.py:40: old")).toEqual([["src/net.py", 40]]);
    expect(places("C:\\net\\a.py:7")).toEqual([["C:\\net\\a.py", 7]]);
  });

  it("are none in plain text", () => {
    expect(links("loss: 0.3, step 12")).toEqual([]);
  });
});
