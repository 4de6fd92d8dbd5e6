import { describe, expect, it } from "vitest";
import { RestartQueue } from "../../src/server/restartQueue";

/** Restarts that end when the test ends them. */
function stage() {
  const ends: (() => void)[] = [];
  const queue = new RestartQueue(() => new Promise((ended) => ends.push(ended)));
  return { queue, ends };
}
const settle = () => new Promise((next) => setImmediate(next));

describe("the restart queue", () => {
  it("restarts immediately if no restart is in progress", () => {
    const { queue, ends } = stage();
    void queue.request();
    expect(ends).toHaveLength(1);
  });

  it("keeps at most one restart waiting, however many are requested", async () => {
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

  it("continues after a failed restart", async () => {
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
