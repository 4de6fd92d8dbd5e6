import { describe, expect, it } from "vitest";
import { linesNotification, outputNotification } from "../../src/server/notifications";
import { answerOf, fromPage } from "../../src/shared/messages";
import { SolutionAnswer } from "../../src/shared/protocol";

describe("messages from a page", () => {
  it("are accepted if they are valid", () => {
    const message = { type: "command", id: 1, command: "lesson", argument: { lesson: "tensors" } };
    expect(fromPage(message)).toEqual(message);
  });

  it.each([
    null,
    "ready",
    { type: "unknown" },
    { type: "command", id: 1, command: "setDevice", argument: {} },
    { type: "command", id: 1, command: "lesson", argument: { uri: { toString: "x" } } },
    { type: "insert", code: 3 },
    { type: "reveal", uri: "file:///a.py", line: "1", character: 0 },
  ])("are dropped if they are not valid: %j", (message) => {
    expect(fromPage(message)).toBeNull();
  });
});

describe("a message from the server", () => {
  it("is an answer, a refusal in one sentence, or invalid", () => {
    const answer = { step: "row", code: "x", before: "", after: "x", applied: true };
    expect(answerOf(SolutionAnswer, answer)).toEqual({ ok: true, value: answer });
    expect(answerOf(SolutionAnswer, { error: "No." })).toEqual({ ok: false, message: "No." });
    expect(answerOf(SolutionAnswer, { step: 1 }).ok).toBe(false);
  });

  it("is dropped if it is not a valid notification", () => {
    expect(outputNotification({ uri: "u", run: 1, stream: "stdin", text: "" })).toBeNull();
    const lines = { uri: "u", running: null, failed: 3, unreached: [[1, 2]] };
    expect(linesNotification(lines)).toEqual(lines);
    expect(linesNotification({ ...lines, unreached: [[1]] })).toBeNull();
  });
});
