/** The tensor inspector: what it knows, and what follows from each click and each word of the host. */

import { render } from "lit";
import { type ToPage } from "../../src/shared/messages";
import {
  type RunNotification,
  TensorAnswer,
  type TensorRow,
  type TensorsNotification,
} from "../../src/shared/protocol";
import { Client } from "../client";
import type { Host } from "../host";
import { Announcer } from "../page/announce";
import { localeOf, type Words, wordsOf } from "../words";
import { type Column, filtered, nextSort, sorted } from "./rows";
import { type Saved, savedFrom } from "./saved";
import { type Choices, sliceText } from "./slice";
import { inSight, scrolledTo, type Sight } from "./virtual";
import { inspectorView } from "./views/inspector";

export class InspectorPage {
  context: Extract<ToPage, { type: "context" }> | null = null;
  uri: string | null = null;
  tensors: TensorsNotification | null = null;
  run: RunNotification | null = null;
  readonly saved: Saved;
  /** The rows in the order in which they are shown. */
  rows: TensorRow[] = [];
  active = 0;
  tensor: TensorAnswer | null = null;
  choices: Choices = new Map();
  failure: string | null = null;

  private readonly client: Client;
  private readonly announcer: Announcer;
  private isDrawing = false;
  private isFetching = false;
  private isFetchWanted = false;

  constructor(
    private readonly host: Host,
    private readonly root: HTMLElement,
  ) {
    this.saved = savedFrom(host.kept());
    this.client = new Client(host);
    this.announcer = new Announcer(document.body);
    host.listen((message) => this.take(message));
    window.addEventListener("resize", () => this.draw());
    this.draw();
    host.post({ type: "ready" });
  }

  // ---- what the views ask

  get words(): Words {
    return wordsOf(localeOf(this.context?.locale ?? document.documentElement.lang));
  }

  get isRunning(): boolean {
    return this.run?.uri === this.uri && this.run?.phase === "running";
  }

  get isOpen(): boolean {
    return this.saved.open !== null && this.saved.open.uri === this.uri;
  }

  get sight(): Sight {
    const scroller = this.scroller;
    const height = scroller?.clientHeight ?? window.innerHeight;
    return inSight(scroller?.scrollTop ?? 0, height, this.rows.length);
  }

  // ---- what the user does

  filter(text: string): void {
    this.keep({ filter: text });
    this.active = 0;
    this.arrange();
    this.announcer.say(this.words.shownOf(this.rows.length, this.tensors?.rows.length ?? 0));
  }

  sort(column: Column): void {
    this.keep({ sort: nextSort(this.saved.sort, column) });
    this.arrange();
  }

  activate(row: number): void {
    this.active = Math.min(Math.max(0, row), Math.max(0, this.rows.length - 1));
    const scroller = this.scroller;
    if (scroller !== null) {
      const head = scroller.querySelector<HTMLElement>(".head")?.offsetHeight ?? 0;
      const height = scroller.clientHeight - head;
      scroller.scrollTop = scrolledTo(this.active, scroller.scrollTop, height);
    }
    this.draw();
  }

  reveal(row: TensorRow | undefined): void {
    if (row?.line == null || this.uri === null) return;
    const { line, character } = row;
    this.host.post({ type: "reveal", uri: row.uri ?? this.uri, line, character: character ?? 0 });
  }

  open(name: string): void {
    if (this.uri === null) return;
    this.keep({ open: { uri: this.uri, name } });
    this.tensor = null;
    this.failure = null;
    this.choices = new Map();
    void this.fetch();
    this.drawNow();
    this.root.querySelector<HTMLElement>("#back")?.focus();
  }

  close(): void {
    this.keep({ open: null });
    this.tensor = null;
    this.drawNow();
    this.scroller?.focus();
  }

  cut(dimension: number, index: number): void {
    this.choices = new Map([...this.choices, [dimension, index]]);
    this.draw();
    void this.fetch();
  }

  runFile(): void {
    this.host.post({ type: "runActive" });
  }

  draw(): void {
    if (this.isDrawing) return;
    this.isDrawing = true;
    requestAnimationFrame(() => {
      this.isDrawing = false;
      this.drawNow();
    });
  }

  // ---- what the host says

  private take(message: ToPage): void {
    switch (message.type) {
      case "context":
        this.context = message;
        document.documentElement.lang = localeOf(message.locale);
        if (message.ready && this.isOpen && this.tensor === null) void this.fetch();
        break;
      case "tensors":
        this.uri = message.uri;
        this.tensors = message.tensors;
        if (message.uri !== null) document.title = fileOf(message.uri);
        this.arrange();
        if (this.isOpen && this.isNews) void this.fetch();
        return;
      case "run":
        this.run = message.run;
        break;
      case "openTensor":
        this.uri = message.uri;
        this.open(message.name);
        break;
    }
    this.draw();
  }

  /** Whether there is a newer run than the one that the open tensor is from, and it has ended. */
  private get isNews(): boolean {
    const hasEnded = this.tensors?.rows.every(({ alive }) => alive !== null) ?? false;
    return hasEnded && this.tensors?.run !== this.tensor?.run;
  }

  private arrange(): void {
    const { filter, sort } = this.saved;
    this.rows = sorted(filtered(this.tensors?.rows ?? [], filter), sort);
    this.active = Math.min(this.active, Math.max(0, this.rows.length - 1));
    this.draw();
  }

  /** One at a time: while a slider moves, the places in between are passed over. */
  private async fetch(): Promise<void> {
    this.isFetchWanted = true;
    if (this.isFetching) return;
    this.isFetching = true;
    while (this.isFetchWanted && this.saved.open !== null) {
      this.isFetchWanted = false;
      const { uri, name } = this.saved.open;
      const slice = this.tensor === null ? null : sliceText(this.tensor, this.choices);
      const argument = slice === null || slice === "" ? { uri, name } : { uri, name, slice };
      const answer = await this.client.command("tensor", argument, TensorAnswer);
      if (this.saved.open?.name !== name || this.saved.open.uri !== uri) continue;
      this.failure = answer.ok ? null : answer.message;
      if (answer.ok) this.tensor = answer.value;
      else if (slice !== null) {
        // A tensor of another shape: what was chosen for the old one is no choice any more.
        this.tensor = null;
        this.choices = new Map();
        this.isFetchWanted = true;
      }
      this.draw();
    }
    this.isFetching = false;
  }

  // ---- memory, drawing

  private get scroller(): HTMLElement | null {
    return this.root.querySelector<HTMLElement>(".table");
  }

  private keep(change: Partial<Saved>): void {
    Object.assign(this.saved, change);
    this.host.keep(this.saved);
  }

  private drawNow(): void {
    render(inspectorView(this), this.root);
  }
}

function fileOf(uri: string): string {
  const name = uri.slice(uri.lastIndexOf("/") + 1);
  try {
    return decodeURIComponent(name);
  } catch {
    return name;
  }
}
