/** The state of the lesson page, and how answers and notifications change it. Sends nothing. */

import type { Context } from "../../src/shared/messages";
import type {
  CheckAnswer,
  HintAnswer,
  LessonAnswer,
  LessonOverview,
  ProgressAnswer,
  ProgressNotification,
  QuizAnswer,
} from "../../src/shared/protocol";
import type { Host } from "../host";
import { type Locale, localeOf, type Words, wordsOf } from "../words";
import type { Clock } from "./clock";
import type { LoadedScreen } from "./loader";
import type { LessonState } from "./model";
import { OPEN, type Quiz } from "./quiz";
import { type Saved, savedFrom } from "./saved";
import { type Screen, screenOf, screensOf } from "./screens";
import { updatedCourse, updatedSteps } from "./states";

export class LessonStore implements LessonState {
  context: Context | null = null;
  course: ProgressAnswer | null = null;
  lesson: LessonAnswer | null = null;
  readonly pages = new Map<string, LessonAnswer>();
  readonly verdicts = new Map<string, CheckAnswer>();
  readonly messages = new Map<string, string>();
  readonly quizzes = new Map<string, Quiz>();
  readonly saved: Saved;
  showsLessons = false;
  resetting: string | null = null;
  failure: string | null = null;
  fileUri: string | null = null;

  constructor(
    private readonly host: Host,
    private readonly clock: Clock,
  ) {
    this.saved = savedFrom(host.savedState());
  }

  get isReady(): boolean {
    return this.context?.ready === true;
  }

  get locale(): Locale {
    return this.saved.locale ?? localeOf(this.context?.locale ?? document.documentElement.lang);
  }

  get words(): Words {
    return wordsOf(this.locale);
  }

  get screens(): Screen[] {
    return screensOf(this.lesson?.steps ?? []);
  }

  get screenNumber(): number {
    return screenOf(this.lesson?.steps ?? [], this.saved.step);
  }

  get screen(): Screen | undefined {
    return this.screens[this.screenNumber];
  }

  get nextLesson(): LessonOverview | undefined {
    return this.course?.lessons.find(({ number }) => number === (this.lesson?.number ?? 0) + 1);
  }

  get timeText(): string {
    return this.clock.text;
  }

  quiz(step: string): Quiz {
    return this.quizzes.get(step) ?? OPEN;
  }

  stepTitle(step: string): string {
    return this.lesson?.steps.find(({ id }) => id === step)?.title ?? step;
  }

  /** Change what is restored after a reload. */
  save(change: Partial<Saved>): void {
    Object.assign(this.saved, change);
    this.host.saveState(this.saved);
  }

  /** The last choice of a question, from before a reload. */
  savedChoice(step: string): string | undefined {
    return this.saved.choices[`${this.lesson?.lesson}/${step}`];
  }

  saveChoice(step: string, choice: string | null): void {
    const key = `${this.lesson?.lesson}/${step}`;
    const others = Object.entries(this.saved.choices).filter(([each]) => each !== key);
    const changed = choice === null ? others : [...others, [key, choice] as const];
    this.save({ choices: Object.fromEntries(changed) });
  }

  /** A screen was loaded; `step` is the one that was asked for. */
  showLoaded(loaded: LoadedScreen, step: string | null): void {
    if (loaded.lesson.lesson !== this.lesson?.lesson) this.startLesson(loaded.lesson);
    this.lesson = loaded.lesson;
    this.course = loaded.course;
    for (const page of loaded.pages) this.pages.set(page.step ?? "", page);
    this.failure = null;
    const isLoaded = loaded.pages.some((page) => page.step === step);
    this.save({
      lesson: loaded.lesson.lesson,
      step: isLoaded ? step : (loaded.pages[0]?.step ?? null),
    });
  }

  private startLesson(lesson: LessonAnswer): void {
    this.verdicts.clear();
    this.quizzes.clear();
    this.messages.clear();
    this.fileUri = null;
    this.clock.start(lesson.secondsSpent);
  }

  setLocale(locale: Locale): void {
    this.save({ locale });
    this.pages.clear();
    this.messages.clear();
  }

  /** Apply a notification, and return the verdicts that it changed. */
  applyProgress(progress: ProgressNotification): CheckAnswer[] {
    if (this.course !== null) this.course = updatedCourse(this.course, progress);
    if (this.lesson?.lesson !== progress.lesson) return [];
    this.lesson = { ...this.lesson, steps: updatedSteps(this.lesson.steps, progress.steps) };
    this.fileUri = progress.uri;
    return progress.steps.flatMap(({ id, verdict }) => this.applyVerdict(id, verdict) ?? []);
  }

  /** Set a step's verdict, and return it if it differs from an earlier one. */
  private applyVerdict(step: string, verdict: CheckAnswer | null): CheckAnswer | null {
    const before = this.verdicts.get(step);
    if (verdict === null) {
      this.verdicts.delete(step);
      return null;
    }
    this.verdicts.set(step, verdict);
    const isSame = before?.verdict === verdict.verdict && before.message === verdict.message;
    return before === undefined || isSame ? null : verdict;
  }

  /** Mark a choice as tried on the question's page. */
  markTried({ step, choice, correct }: QuizAnswer): void {
    const page = this.pages.get(step);
    if (page === undefined) return;
    const choices = (page.choices ?? []).map((each) =>
      each.id === choice ? { ...each, tried: correct } : each,
    );
    this.pages.set(step, { ...page, choices });
  }

  addHint(page: LessonAnswer, { step, number, markdown, html }: HintAnswer): void {
    const hints = [...(page.hints ?? [])];
    hints[number - 1] = { markdown, html };
    this.pages.set(step, { ...page, hints, hintsShown: hints.length });
  }

  setMessage(step: string, message: string | null): void {
    if (message === null) this.messages.delete(step);
    else this.messages.set(step, message);
  }
}
