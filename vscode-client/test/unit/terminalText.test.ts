import { describe, expect, it } from "vitest";
import { coloured, lineEnds, links, Transcripts } from "../../src/editor/terminalText";

describe("what a run prints", () => {
  it("starts each line at the left", () => {
    expect(lineEnds("a\nb\r\nc")).toBe("a\r\nb\r\nc");
  });

  it("is red on standard error, unless it has colours", () => {
    expect(coloured("stdout", "x\n")).toBe("x\r\n");
    expect(coloured("stderr", "x\n")).toBe("\u001b[31mx\u001b[39m\r\n");
    expect(coloured("stderr", "\u001b[32mx")).toBe("\u001b[32mx");
  });

  it("is kept for the last run of each program, even if others print in between", () => {
    const transcripts = new Transcripts(100);
    expect(transcripts.start("a", 1, "▶ a ")).toBe(true);
    expect(transcripts.start("b", 2, "▶ b ")).toBe(true);
    transcripts.add("b", "two");
    expect(transcripts.start("a", 1, "▶ a ")).toBe(false);
    transcripts.add("a", "one");
    expect(transcripts.of("a")).toBe("▶ a one");
    expect(transcripts.of("b")).toBe("▶ b two");
    expect(transcripts.start("a", 3, "▶ a ")).toBe(true);
    expect(transcripts.of("a")).toBe("▶ a ");
  });

  it("is limited to its last characters", () => {
    const transcripts = new Transcripts(4);
    transcripts.start("a", 1, "");
    transcripts.add("a", "123456");
    expect(transcripts.of("a")).toBe("3456");
  });
});

describe("links in the output", () => {
  it("are found in a traceback", () => {
    expect(links('  File "/code/my model.py", line 12, in forward')).toEqual([
      { start: 2, length: 33, path: "/code/my model.py", line: 12 },
    ]);
  });

  it("are found as file.py:12, absolute, relative and on Windows", () => {
    const places = (text: string) => links(text).map(({ path, line }) => [path, line]);
    expect(places("at /a/b.py:3")).toEqual([["/a/b.py", 3]]);
    expect(places("warning: src/net.py:40: old")).toEqual([["src/net.py", 40]]);
    expect(places("C:\\net\\a.py:7")).toEqual([["C:\\net\\a.py", 7]]);
  });

  it("are not found in plain text", () => {
    expect(links("loss: 0.3, step 12")).toEqual([]);
  });
});
