/** What the views of the lesson page can read and do. They know nothing else of the page. */

import type { Context } from "../../src/shared/messages";
import type {
  CheckAnswer,
  LessonAnswer,
  LessonOverview,
  ProgressAnswer,
} from "../../src/shared/protocol";
import type { Locale, Words } from "../words";
import type { Quiz } from "./quiz";
import type { Saved } from "./saved";
import type { Screen } from "./screens";

export interface LessonState {
  /** Null until the host has sent it. */
  readonly context: Context | null;
  /** Whether the server answers commands. */
  readonly isReady: boolean;
  readonly saved: Readonly<Saved>;
  readonly locale: Locale;
  readonly words: Words;

  readonly course: ProgressAnswer | null;
  readonly lesson: LessonAnswer | null;
  readonly nextLesson: LessonOverview | undefined;
  readonly screens: readonly Screen[];
  readonly screenNumber: number;
  readonly screen: Screen | undefined;

  /** The loaded pages of steps, by step, in the page's language. */
  readonly pages: ReadonlyMap<string, LessonAnswer>;
  readonly verdicts: ReadonlyMap<string, CheckAnswer>;
  /** The message of a step's last command, by step. */
  readonly messages: ReadonlyMap<string, string>;
  /** The learner's working copy, as the editor names it; null if it is not open. */
  readonly fileUri: string | null;

  readonly showsLessons: boolean;
  /** The step whose reset waits for confirmation. */
  readonly resetting: string | null;
  readonly failure: string | null;
  /** The time spent on the lesson, as shown. */
  readonly timeText: string;

  quiz(step: string): Quiz;
}

export interface LessonActions {
  /** Show a step of a lesson; null is the step where the learner is. */
  open(lesson: string, step: string | null): void;
  /** Go to the next screen (1) or the previous one (-1). */
  move(by: 1 | -1): void;
  setLocale(locale: Locale): void;
  toggleLessons(): void;
  toggleClock(): void;
  retry(): void;

  /** Select a choice without an answer from the server. */
  choose(step: string, choice: string): void;
  judge(step: string, choice: string): Promise<void>;
  toggleProof(step: string): void;
  resetQuiz(step: string): void;

  check(step: string): Promise<void>;
  showHint(step: string): Promise<void>;
  showSolution(step: string): void;
  /** Ask for confirmation before a step is reset; null withdraws the question. */
  confirmReset(step: string | null): void;
  reset(step: string): Promise<void>;
  openFile(step: string | null): void;
  /** Put the cursor on a line (from 0) of a document. */
  reveal(uri: string, line: number): void;
}

export interface LessonView {
  readonly state: LessonState;
  readonly actions: LessonActions;
  /** Return the element for HTML of the server; programs get buttons if `hasPrograms`. */
  prose(html: string, hasPrograms?: boolean): HTMLElement;
}
