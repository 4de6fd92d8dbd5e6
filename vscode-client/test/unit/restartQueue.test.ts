import { describe, expect, it } from "vitest";
import { RestartQueue } from "../../src/server/restartQueue";

/** Restarts that end when the test says so. */
function stage() {
  const ends: (() => void)[] = [];
  const queue = new RestartQueue(() => new Promise((ended) => ends.push(ended)));
  return { queue, ends };
}
const settle = () => new Promise((next) => setImmediate(next));

describe("the restart queue", () => {
  it("restarts at once where nothing is under way", () => {
    const { queue, ends } = stage();
    void queue.request();
    expect(ends).toHaveLength(1);
  });

  it("lets one wait, however many ask meanwhile", async () => {
    const { queue, ends } = stage();
    void queue.request();
    const second = queue.request();
    expect(queue.request()).toBe(second);
    expect(ends).toHaveLength(1);
    ends[0]?.();
    await settle();
    expect(ends).toHaveLength(2);
    ends[1]?.();
    await second;
    expect(ends).toHaveLength(2);
  });

  it("goes on after a restart that failed", async () => {
    let count = 0;
    const queue = new RestartQueue(() =>
      ++count === 1 ? Promise.reject(new Error("no")) : Promise.resolve(),
    );
    const first = queue.request();
    const second = queue.request();
    await expect(first).rejects.toThrow("no");
    await second;
    expect(count).toBe(2);
  });
});
