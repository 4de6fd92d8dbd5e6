/** The tensor inspector: connects its state, its views, the server and the host. */

import type { ToPage } from "../../src/shared/messages";
import { TensorAnswer, type TensorRow } from "../../src/shared/protocol";
import { Client } from "../client";
import type { Host } from "../host";
import { Announcer } from "../page/announce";
import type { PageElement } from "../page/element";
import { localeOf } from "../words";
import type { InspectorActions, InspectorView } from "./model";
import { type Column, nextSort } from "./rows";
import { sliceText } from "./slice";
import { InspectorStore } from "./store";
import { inspectorView } from "./views/inspector";
import { scrolledTo } from "./virtual";

export class InspectorPage implements InspectorActions, InspectorView {
  readonly state: InspectorStore;
  readonly actions = this;

  private readonly client: Client;
  private readonly announcer = new Announcer(document.body);
  private isFetching = false;
  private isFetchRequested = false;

  constructor(
    private readonly host: Host,
    private readonly element: PageElement,
  ) {
    this.state = new InspectorStore(host, () => this.scroller);
    this.client = new Client(host);
    element.template = () => inspectorView(this);
    host.onMessage((message) => this.receive(message));
    window.addEventListener("resize", () => element.requestUpdate());
    element.requestUpdate();
    host.post({ type: "ready" });
  }

  // ---- the table

  runFile(): void {
    this.host.post({ type: "runActive" });
  }

  filter(text: string): void {
    const { state } = this;
    state.save({ filter: text });
    state.active = 0;
    this.arrange();
    const all = state.tensors?.rows.length ?? 0;
    this.announcer.announce(state.words.shownOf(state.rows.length, all));
  }

  sort(column: Column): void {
    this.state.save({ sort: nextSort(this.state.saved.sort, column) });
    this.arrange();
  }

  scrolled(): void {
    this.element.requestUpdate();
  }

  activate(row: number): void {
    this.state.activate(row);
    const { scroller } = this;
    if (scroller !== null) {
      const head = scroller.querySelector<HTMLElement>(".head")?.offsetHeight ?? 0;
      const height = scroller.clientHeight - head;
      scroller.scrollTop = scrolledTo(this.state.active, scroller.scrollTop, height);
    }
    this.element.requestUpdate();
  }

  reveal(row: TensorRow | undefined): void {
    const uri = row?.uri ?? this.state.uri;
    if (row?.line == null || uri === null) return;
    const { line, character } = row;
    this.host.post({ type: "reveal", uri, line, character: character ?? 0 });
  }

  // ---- one tensor

  open(name: string): void {
    const { uri } = this.state;
    if (uri === null) return;
    this.state.save({ open: { uri, name } });
    this.state.clearTensor();
    void this.fetch();
    this.element.drawNow();
    this.element.querySelector<HTMLElement>("#back")?.focus();
  }

  close(): void {
    this.state.save({ open: null });
    this.state.tensor = null;
    this.element.drawNow();
    this.scroller?.focus();
  }

  cut(dimension: number, index: number): void {
    this.state.choices = new Map([...this.state.choices, [dimension, index]]);
    this.element.requestUpdate();
    void this.fetch();
  }

  /** Fetch the open tensor. While a slider moves, the positions in between are skipped. */
  private async fetch(): Promise<void> {
    const { state } = this;
    this.isFetchRequested = true;
    if (this.isFetching) return;
    this.isFetching = true;
    while (this.isFetchRequested && state.saved.open !== null) {
      this.isFetchRequested = false;
      const { uri, name } = state.saved.open;
      const slice = state.tensor === null ? "" : sliceText(state.tensor, state.choices);
      const isRestricted = state.tensor !== null;
      const argument = slice === "" ? { uri, name } : { uri, name, slice };
      const answer = await this.client.command("tensor", argument, TensorAnswer);
      if (state.saved.open?.name !== name || state.saved.open.uri !== uri) continue;
      state.failure = answer.ok ? null : answer.message;
      if (answer.ok) state.tensor = answer.value;
      else if (isRestricted) {
        // The tensor may have another shape now, to which the slice does not apply.
        state.tensor = null;
        state.choices = new Map();
        this.isFetchRequested = true;
      }
      this.element.requestUpdate();
    }
    this.isFetching = false;
  }

  // ---- messages of the host

  private receive(message: ToPage): void {
    const { state } = this;
    switch (message.type) {
      case "context":
        state.context = message;
        document.documentElement.lang = localeOf(message.locale);
        if (message.ready && state.isOpen && state.tensor === null) void this.fetch();
        break;
      case "tensors":
        state.uri = message.uri;
        state.tensors = message.tensors;
        if (message.uri !== null) document.title = fileOf(message.uri);
        state.arrange();
        if (state.isOpen && state.isOutdated) void this.fetch();
        break;
      case "run":
        state.run = message.run;
        break;
      case "openTensor":
        state.uri = message.uri;
        this.open(message.name);
        break;
    }
    this.element.requestUpdate();
  }

  private arrange(): void {
    this.state.arrange();
    this.element.requestUpdate();
  }

  private get scroller(): HTMLElement | null {
    return this.element.querySelector<HTMLElement>(".table");
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
