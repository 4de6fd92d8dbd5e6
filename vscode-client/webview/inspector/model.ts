/** What the views of the inspector can read and do. They know nothing else of the page. */

import type { Context } from "../../src/shared/messages";
import type {
  RunNotification,
  TensorAnswer,
  TensorRow,
  TensorsNotification,
} from "../../src/shared/protocol";
import type { Words } from "../words";
import type { Column } from "./rows";
import type { Saved } from "./saved";
import type { Choices } from "./slice";
import type { VisibleRows } from "./virtual";

export interface InspectorState {
  /** Null until the host has sent it. */
  readonly context: Context | null;
  readonly words: Words;
  readonly saved: Readonly<Saved>;
  /** The program whose tensors are shown. */
  readonly uri: string | null;
  readonly run: RunNotification | null;
  readonly isRunning: boolean;
  readonly tensors: TensorsNotification | null;

  /** The filtered rows in the order in which they are shown. */
  readonly rows: readonly TensorRow[];
  /** The number of the row that the keyboard moves. */
  readonly active: number;
  readonly visible: VisibleRows;

  /** Whether one tensor is shown instead of the table. */
  readonly isOpen: boolean;
  /** The open tensor; null until the server has answered. */
  readonly tensor: TensorAnswer | null;
  readonly choices: Choices;
  readonly failure: string | null;
}

export interface InspectorActions {
  runFile(): void;
  filter(text: string): void;
  sort(column: Column): void;
  scrolled(): void;
  activate(row: number): void;
  /** Put the cursor where a row's name is bound. */
  reveal(row: TensorRow | undefined): void;
  open(name: string): void;
  close(): void;
  /** Cut a dimension at an index, or show it from there. */
  cut(dimension: number, index: number): void;
}

export interface InspectorView {
  readonly state: InspectorState;
  readonly actions: InspectorActions;
}
