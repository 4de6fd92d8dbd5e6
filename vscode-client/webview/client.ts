/** Sends commands to the server through the host and matches the answers by number. */

import type { GenericSchema, InferOutput } from "valibot";
import { answerOf, type PageCommand } from "../src/shared/messages";
import type { Host } from "./host";

export type Answer<T> = { ok: true; value: T } | { ok: false; message: string };
type Settled = { result: unknown } | { failed: string };
type Argument = Record<string, string | number | number[] | null>;

export class Client {
  private readonly waiting = new Map<number, (settled: Settled) => void>();
  private last = 0;

  constructor(private readonly host: Host) {
    host.onMessage((message) => {
      if (message.type === "answer") this.settle(message.id, { result: message.result });
      if (message.type === "failed") this.settle(message.id, { failed: message.message });
    });
  }

  async command<S extends GenericSchema>(
    command: PageCommand,
    argument: Argument,
    schema: S,
  ): Promise<Answer<InferOutput<S>>> {
    const id = ++this.last;
    const settled = await new Promise<Settled>((settle) => {
      this.waiting.set(id, settle);
      this.host.post({ type: "command", id, command, argument });
    });
    if ("failed" in settled) return { ok: false, message: settled.failed };
    return answerOf(schema, settled.result);
  }

  private settle(id: number, settled: Settled): void {
    this.waiting.get(id)?.(settled);
    this.waiting.delete(id);
  }
}
