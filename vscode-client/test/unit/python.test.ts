import { describe, expect, it } from "vitest";
import { choosePython, type Version } from "../../src/server/python";

const versions: Record<string, Version> = {
  new: { major: 3, minor: 12 },
  oldest: { major: 3, minor: 10 },
  old: { major: 3, minor: 9 },
  two: { major: 2, minor: 7 },
};
const ask = (name: string) => Promise.resolve(versions[name] ?? null);

describe("the Python for the server", () => {
  it("is the first that is new enough", async () => {
    expect(await choosePython(["old", "oldest", "new"], ask)).toEqual({
      interpreter: "oldest",
      refused: [{ interpreter: "old", version: versions.old }],
    });
  });

  it("is null if all are too old or missing, with the list of candidates", async () => {
    expect(await choosePython(["two", "absent"], ask)).toEqual({
      interpreter: null,
      refused: [
        { interpreter: "two", version: versions.two },
        { interpreter: "absent", version: null },
      ],
    });
  });

  it("is asked once if it is named twice", async () => {
    const asked: string[] = [];
    await choosePython(["old", "old", "two"], (name) => {
      asked.push(name);
      return ask(name);
    });
    expect(asked).toEqual(["old", "two"]);
  });
});
