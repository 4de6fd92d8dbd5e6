/** The lesson page: what it knows, and what follows from each click and each word of the host. */

import { render } from "lit";
import * as v from "valibot";
import { type ToPage } from "../../src/shared/messages";
import {
  type CheckAnswer,
  CheckAnswer as CheckAnswerSchema,
  HintAnswer,
  type LessonAnswer,
  type ProgressAnswer,
  type ProgressNotification,
  QuizAnswer,
} from "../../src/shared/protocol";
import { Client } from "../client";
import type { Host } from "../host";
import { Announcer } from "../page/announce";
import { plain } from "../page/inline";
import { prose } from "../page/prose";
import { type Locale, type Words, localeOf, wordsOf } from "../words";
import { Clock } from "./clock";
import { fetched } from "./fetching";
import { chosen, failed, judged, judging, OPEN, type Quiz, withProof } from "./quiz";
import { type Saved, savedFrom } from "./saved";
import { type Screen, screenOf, screensOf } from "./screens";
import { renewedCourse, renewedSteps } from "./states";
import { lessonView } from "./views/lesson";

export class LessonPage {
  context: Extract<ToPage, { type: "context" }> | null = null;
  course: ProgressAnswer | null = null;
  lesson: LessonAnswer | null = null;
  /** The steps whose pages have come, in the page's language. */
  readonly pages = new Map<string, LessonAnswer>();
  readonly verdicts = new Map<string, CheckAnswer>();
  readonly quizzes = new Map<string, Quiz>();
  readonly saved: Saved;
  showsLessons = false;
  /** The step whose reset waits for a yes. */
  resetting: string | null = null;
  /** What a step's last command had to say, by step. */
  readonly notices = new Map<string, string>();
  failure: string | null = null;
  /** The learner's file, as the editor knows it; null where it is not open. */
  fileUri: string | null = null;
  readonly clock: Clock;

  private readonly client: Client;
  private readonly announcer: Announcer;
  private readonly drawn = new Map<string, HTMLElement>();
  private wanted: { lesson: string | null; step: string | null } | null = null;
  private loading = 0;
  private isDrawing = false;
  private tellsTime = true;

  constructor(
    private readonly host: Host,
    private readonly root: HTMLElement,
  ) {
    this.saved = savedFrom(host.kept());
    this.client = new Client(host);
    this.announcer = new Announcer(document.body);
    this.clock = new Clock((seconds) => void this.tellTime(seconds));
    host.listen((message) => this.take(message));
    for (const event of ["pointerdown", "keydown", "scroll"]) {
      window.addEventListener(event, () => this.clock.stir(), { passive: true });
    }
    window.addEventListener("pagehide", () => this.clock.stop());
    setInterval(() => this.tick(), 1000);
    this.draw();
    host.post({ type: "ready" });
  }

  // ---- what the views ask

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

  get isReady(): boolean {
    return this.context?.ready === true;
  }

  quiz(step: string): Quiz {
    return this.quizzes.get(step) ?? OPEN;
  }

  /** The element for a piece of the server's HTML: the same one while the words stay. */
  prose(html: string, hasPrograms = false): HTMLElement {
    const runs = hasPrograms && this.context?.trusted === true;
    const key = `${this.locale} ${hasPrograms} ${runs} ${html}`;
    let element = this.drawn.get(key);
    if (element === undefined) {
      const actions = {
        insertLabel: this.words.insert,
        runLabel: this.words.run,
        insert: (code: string) => this.host.post({ type: "insert", code }),
        run: runs ? (code: string) => this.host.post({ type: "runCode", code }) : null,
      };
      element = prose(html, hasPrograms ? actions : null);
      this.drawn.set(key, element);
    }
    return element;
  }

  // ---- what the learner does

  go(lesson: string, step: string | null): void {
    const isOther = lesson !== this.lesson?.lesson;
    this.showsLessons = false;
    if (isOther) this.host.post({ type: "openLesson", lesson, step, locale: this.locale });
    void this.load(lesson, step, true);
  }

  move(by: number): void {
    const screen = this.screens[this.screenNumber + by];
    if (this.lesson !== null && screen?.steps[0] !== undefined) {
      this.go(this.lesson.lesson, screen.steps[0].id);
    }
  }

  get lessonAfter(): ProgressAnswer["lessons"][number] | undefined {
    return this.course?.lessons.find(({ number }) => number === (this.lesson?.number ?? 0) + 1);
  }

  speak(locale: Locale): void {
    if (locale === this.locale) return;
    this.keep({ locale });
    this.pages.clear();
    this.drawn.clear();
    this.notices.clear();
    void this.load(this.lesson?.lesson ?? null, this.saved.step, false);
    for (const [step, quiz] of this.quizzes) {
      if (quiz.answer !== null && quiz.choice !== null) void this.judge(step, quiz.choice);
    }
  }

  toggleLessons(): void {
    this.showsLessons = !this.showsLessons;
    this.draw();
  }

  toggleClock(): void {
    this.keep({ showsClock: !this.saved.showsClock });
    this.draw();
  }

  choose(step: string, choice: string): void {
    this.quizzes.set(step, chosen(choice));
    this.draw();
  }

  async judge(step: string, choice: string): Promise<void> {
    const lesson = this.lesson?.lesson;
    if (lesson === undefined) return;
    const showsProof = this.quiz(step).showsProof && this.quiz(step).choice === choice;
    this.quizzes.set(step, withProof(judging(choice), showsProof));
    this.keep({ choices: { ...this.saved.choices, [`${lesson}/${step}`]: choice } });
    this.draw();
    const answer = await this.client.command("quiz", { lesson, step, choice }, QuizAnswer);
    if (this.lesson?.lesson !== lesson) return;
    const quiz = this.quiz(step);
    this.quizzes.set(step, answer.ok ? judged(quiz, answer.value) : failed(quiz, answer.message));
    if (answer.ok) {
      this.markTried(answer.value);
      const verdict = answer.value.correct ? this.words.right : this.words.wrong;
      this.announcer.say(`${verdict}. ${plain(answer.value.explanation)}`);
    }
    this.draw();
  }

  private markTried({ step, choice, correct }: QuizAnswer): void {
    const shown = this.pages.get(step);
    if (shown === undefined) return;
    const choices = (shown.choices ?? []).map((each) =>
      each.id === choice ? { ...each, tried: correct } : each,
    );
    this.pages.set(step, { ...shown, choices });
  }

  toggleProof(step: string): void {
    this.quizzes.set(step, withProof(this.quiz(step), !this.quiz(step).showsProof));
    this.draw();
  }

  askAgain(step: string): void {
    this.quizzes.set(step, OPEN);
    const forgotten = `${this.lesson?.lesson}/${step}`;
    const choices = Object.entries(this.saved.choices).filter(([each]) => each !== forgotten);
    this.keep({ choices: Object.fromEntries(choices) });
    this.drawNow();
    this.root.querySelector<HTMLElement>("input[type=radio]")?.focus();
  }

  async check(step: string): Promise<void> {
    const lesson = this.lesson?.lesson;
    if (lesson === undefined) return;
    const answer = await this.client.command("check", { lesson, step }, CheckAnswerSchema);
    if (answer.ok) this.verdicts.set(step, answer.value);
    this.note(step, answer.ok ? null : answer.message);
  }

  async hint(step: string): Promise<void> {
    const page = this.pages.get(step);
    if (page === undefined) return;
    const wanted = { lesson: page.lesson, step };
    const answer = await this.client.command("hint", wanted, HintAnswer);
    if (answer.ok) {
      const { number, markdown, html } = answer.value;
      const hints = [...(page.hints ?? [])];
      hints[number - 1] = { markdown, html };
      this.pages.set(step, { ...page, hints, hintsShown: hints.length });
      this.announcer.say(plain(markdown));
    }
    this.note(step, answer.ok ? null : answer.message);
  }

  solution(step: string): void {
    const lesson = this.lesson?.lesson;
    if (lesson !== undefined) this.host.post({ type: "showSolution", lesson, step });
  }

  askReset(step: string | null): void {
    const before = this.resetting;
    this.resetting = step;
    this.drawNow();
    const button = step === null ? `#reset-${before}` : `#reset-yes-${step}`;
    this.root.querySelector<HTMLElement>(button)?.focus();
  }

  async reset(step: string): Promise<void> {
    this.askReset(null);
    const lesson = this.lesson?.lesson;
    if (lesson === undefined) return;
    const answer = await this.client.command("reset", { lesson, step }, v.unknown());
    this.note(step, answer.ok ? this.words.resetDone : answer.message);
  }

  openFile(step: string | null): void {
    const lesson = this.lesson?.lesson;
    if (lesson !== undefined) {
      this.host.post({ type: "openLesson", lesson, step, locale: this.locale });
    }
  }

  reveal(uri: string, line: number): void {
    this.host.post({ type: "reveal", uri, line, character: 0 });
  }

  // ---- what the host says

  private take(message: ToPage): void {
    switch (message.type) {
      case "context": {
        const wasReady = this.isReady;
        this.context = message;
        if (message.ready && !wasReady) this.show();
        this.draw();
        break;
      }
      case "show":
        this.wanted = message;
        if (this.isReady) this.show();
        break;
      case "progress":
        this.clock.stir();
        this.takeProgress(message.progress);
        break;
      case "run":
        this.clock.stir();
        break;
    }
  }

  /** What the host asked for last, else what the page showed before. */
  private show(): void {
    const { lesson, step } = this.wanted?.lesson == null ? this.saved : this.wanted;
    this.wanted = null;
    void this.load(lesson, step, false);
  }

  private takeProgress(told: ProgressNotification): void {
    if (this.course !== null) this.course = renewedCourse(this.course, told);
    if (this.lesson?.lesson === told.lesson) {
      this.lesson = { ...this.lesson, steps: renewedSteps(this.lesson.steps, told.steps) };
      this.fileUri = told.uri;
      for (const { id, verdict } of told.steps) this.takeVerdict(id, verdict);
    }
    this.draw();
  }

  private takeVerdict(step: string, verdict: CheckAnswer | null): void {
    const before = this.verdicts.get(step);
    if (verdict === null) {
      this.verdicts.delete(step);
      return;
    }
    this.verdicts.set(step, verdict);
    const isNews = before?.verdict !== verdict.verdict || before.message !== verdict.message;
    if (before !== undefined && isNews && verdict.verdict !== "not_attempted") {
      const said = this.words.verdicts[verdict.verdict];
      this.announcer.say(`${this.stepTitle(step)}: ${said}. ${plain(verdict.message)}`);
    }
  }

  private stepTitle(step: string): string {
    return this.lesson?.steps.find(({ id }) => id === step)?.title ?? step;
  }

  // ---- loading

  private async load(
    lesson: string | null,
    step: string | null,
    takesFocus: boolean,
  ): Promise<void> {
    const turn = ++this.loading;
    const isCurrent = () => turn === this.loading;
    const answer = await fetched(this.client, lesson, step, this.locale, isCurrent);
    if (answer === null || !isCurrent()) return;
    if (!answer.ok) return this.fail(answer.message);
    const found = answer.value;
    if (found.lesson.lesson !== this.lesson?.lesson) this.begin(found.lesson);
    this.lesson = found.lesson;
    this.course = found.course;
    for (const page of found.pages) this.pages.set(page.step ?? "", page);
    this.failure = null;
    const isThere = found.pages.some((page) => page.step === step);
    this.keep({
      lesson: found.lesson.lesson,
      step: isThere ? step : (found.pages[0]?.step ?? null),
    });
    this.recallChoice(found.screen);
    document.documentElement.lang = this.locale;
    document.title = found.lesson.title;
    this.draw(takesFocus);
  }

  private begin(lesson: LessonAnswer): void {
    this.verdicts.clear();
    this.quizzes.clear();
    this.notices.clear();
    this.fileUri = null;
    this.clock.start(lesson.secondsSpent);
  }

  /** After a reload a question that was answered right is not asked anew. */
  private recallChoice(screen: Screen | undefined): void {
    const step = screen?.steps[0];
    if (screen?.kind !== "quiz" || step === undefined || this.quizzes.has(step.id)) return;
    const choice = this.saved.choices[`${this.lesson?.lesson}/${step.id}`];
    if (choice !== undefined) void this.judge(step.id, choice);
  }

  private fail(message: string): void {
    this.failure = message;
    this.draw();
  }

  retry(): void {
    this.failure = null;
    void this.load(this.saved.lesson, this.saved.step, false);
  }

  private note(step: string, notice: string | null): void {
    if (notice === null) this.notices.delete(step);
    else {
      this.notices.set(step, notice);
      this.announcer.say(notice);
    }
    this.draw();
  }

  // ---- time, memory, drawing

  private tick(): void {
    if (this.lesson === null) return;
    this.clock.tick(document.visibilityState === "visible");
    if (this.saved.showsClock) this.draw();
  }

  private async tellTime(seconds: number): Promise<void> {
    const lesson = this.lesson?.lesson;
    if (lesson === undefined || !this.tellsTime) return;
    const told = await this.client.command("progress", { lesson, seconds }, v.unknown());
    // A server that keeps no time says so once, and is left alone.
    this.tellsTime = told.ok;
  }

  private keep(change: Partial<Saved>): void {
    Object.assign(this.saved, change);
    this.host.keep(this.saved);
  }

  private draw(takesFocus = false): void {
    if (takesFocus) {
      this.drawNow();
      window.scrollTo({ top: 0 });
      this.root.querySelector<HTMLElement>("h2")?.focus({ preventScroll: true });
      return;
    }
    if (this.isDrawing) return;
    this.isDrawing = true;
    queueMicrotask(() => {
      this.isDrawing = false;
      this.drawNow();
    });
  }

  private drawNow(): void {
    render(lessonView(this), this.root);
  }
}
