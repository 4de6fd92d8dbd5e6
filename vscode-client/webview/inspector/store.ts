/** The state of the tensor inspector. Sends nothing and draws nothing. */

import type { Context } from "../../src/shared/messages";
import type {
  RunNotification,
  TensorAnswer,
  TensorRow,
  TensorsNotification,
} from "../../src/shared/protocol";
import type { Host } from "../host";
import { localeOf, type Words, wordsOf } from "../words";
import type { InspectorState } from "./model";
import { filtered, sorted } from "./rows";
import { type Saved, savedFrom } from "./saved";
import type { Choices } from "./slice";
import { type VisibleRows, visibleRows } from "./virtual";

export class InspectorStore implements InspectorState {
  context: Context | null = null;
  uri: string | null = null;
  tensors: TensorsNotification | null = null;
  run: RunNotification | null = null;
  readonly saved: Saved;
  rows: TensorRow[] = [];
  active = 0;
  tensor: TensorAnswer | null = null;
  choices: Choices = new Map();
  failure: string | null = null;

  /** `scroller` returns the scrolled table, or null while it is not drawn. */
  constructor(
    private readonly host: Host,
    private readonly scroller: () => HTMLElement | null,
  ) {
    this.saved = savedFrom(host.savedState());
  }

  get words(): Words {
    return wordsOf(localeOf(this.context?.locale ?? document.documentElement.lang));
  }

  get isRunning(): boolean {
    return this.run?.uri === this.uri && this.run?.phase === "running";
  }

  get isOpen(): boolean {
    return this.saved.open !== null && this.saved.open.uri === this.uri;
  }

  get visible(): VisibleRows {
    const scroller = this.scroller();
    const height = scroller?.clientHeight ?? window.innerHeight;
    return visibleRows(scroller?.scrollTop ?? 0, height, this.rows.length);
  }

  /** Whether a newer run than that of the open tensor has ended. */
  get isOutdated(): boolean {
    const hasEnded = this.tensors?.rows.every(({ alive }) => alive !== null) ?? false;
    return hasEnded && this.tensors?.run !== this.tensor?.run;
  }

  /** Change what is restored after a reload. */
  save(change: Partial<Saved>): void {
    Object.assign(this.saved, change);
    this.host.saveState(this.saved);
  }

  /** Filter and sort the rows again. */
  arrange(): void {
    const { filter, sort } = this.saved;
    this.rows = sorted(filtered(this.tensors?.rows ?? [], filter), sort);
    this.activate(this.active);
  }

  /** Make a row the active one; a number beyond the ends is the first or the last row. */
  activate(row: number): void {
    this.active = Math.min(Math.max(0, row), Math.max(0, this.rows.length - 1));
  }

  /** Forget what is shown of the open tensor. */
  clearTensor(): void {
    this.tensor = null;
    this.failure = null;
    this.choices = new Map();
  }
}
