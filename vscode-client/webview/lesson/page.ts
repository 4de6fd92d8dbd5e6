/** The lesson page: connects its state, its views, the server and the host. */

import * as v from "valibot";
import type { FromPage, ToPage } from "../../src/shared/messages";
import {
  CheckAnswer,
  HintAnswer,
  type ProgressNotification,
  QuizAnswer,
} from "../../src/shared/protocol";
import { Client } from "../client";
import type { Host } from "../host";
import { Announcer } from "../page/announce";
import type { PageElement } from "../page/element";
import { plain } from "../page/inline";
import { ProseCache } from "../page/prose";
import type { Locale } from "../words";
import { Clock } from "./clock";
import { LessonLoader } from "./loader";
import type { LessonActions, LessonView } from "./model";
import { chosen, failed, judged, judging, OPEN, withProof } from "./quiz";
import { LessonStore } from "./store";
import { lessonView } from "./views/lesson";

/** Has one method for each action of `LessonActions`; the state and its changes are in the store. */
export class LessonPage implements LessonActions, LessonView {
  readonly state: LessonStore;
  readonly actions = this;

  private readonly client: Client;
  private readonly loader: LessonLoader;
  private readonly clock: Clock;
  private readonly announcer = new Announcer(document.body);
  private readonly proseCache = new ProseCache();
  /** What the host asked to show while the server was not ready. */
  private requested: { lesson: string | null; step: string | null } | null = null;
  private reportsTime = true;

  constructor(
    private readonly host: Host,
    private readonly element: PageElement,
  ) {
    this.clock = new Clock((seconds) => void this.reportTime(seconds));
    this.state = new LessonStore(host, this.clock);
    this.client = new Client(host);
    this.loader = new LessonLoader(this.client);
    element.template = () => lessonView(this);
    host.onMessage((message) => this.receive(message));
    for (const event of ["pointerdown", "keydown", "scroll"]) {
      window.addEventListener(event, () => this.clock.noteActivity(), { passive: true });
    }
    window.addEventListener("pagehide", () => this.clock.report());
    setInterval(() => this.tick(), 1000);
    element.requestUpdate();
    host.post({ type: "ready" });
  }

  prose(html: string, hasPrograms = false): HTMLElement {
    const { words, context, locale } = this.state;
    const actions = {
      insertLabel: words.insert,
      runLabel: words.run,
      insert: (code: string) => this.host.post({ type: "insert", code }),
      run:
        context?.trusted === true
          ? (code: string) => this.host.post({ type: "runCode", code })
          : null,
    };
    return this.proseCache.element(html, locale, hasPrograms ? actions : null);
  }

  // ---- moving through the course

  open(lesson: string, step: string | null): void {
    const { state } = this;
    state.showsLessons = false;
    if (lesson !== state.lesson?.lesson) {
      this.host.post({ type: "openLesson", lesson, step, locale: state.locale });
    }
    void this.load(lesson, step, true);
  }

  move(by: 1 | -1): void {
    const { lesson, screens, screenNumber } = this.state;
    const first = screens[screenNumber + by]?.steps[0];
    if (lesson !== null && first !== undefined) this.open(lesson.lesson, first.id);
  }

  setLocale(locale: Locale): void {
    const { state } = this;
    if (locale === state.locale) return;
    state.setLocale(locale);
    this.proseCache.clear();
    void this.load(state.lesson?.lesson ?? null, state.saved.step, false);
    for (const [step, quiz] of state.quizzes) {
      if (quiz.answer !== null && quiz.choice !== null) void this.judge(step, quiz.choice);
    }
  }

  toggleLessons(): void {
    this.state.showsLessons = !this.state.showsLessons;
    this.element.requestUpdate();
  }

  toggleClock(): void {
    this.state.save({ showsClock: !this.state.saved.showsClock });
    this.element.requestUpdate();
  }

  retry(): void {
    this.state.failure = null;
    void this.load(this.state.saved.lesson, this.state.saved.step, false);
  }

  // ---- questions

  choose(step: string, choice: string): void {
    this.state.quizzes.set(step, chosen(choice));
    this.element.requestUpdate();
  }

  async judge(step: string, choice: string): Promise<void> {
    const { state } = this;
    const lesson = state.lesson?.lesson;
    if (lesson === undefined) return;
    const before = state.quiz(step);
    state.quizzes.set(
      step,
      withProof(judging(choice), before.showsProof && before.choice === choice),
    );
    state.saveChoice(step, choice);
    this.element.requestUpdate();
    const answer = await this.client.command("quiz", { lesson, step, choice }, QuizAnswer);
    if (state.lesson?.lesson !== lesson) return;
    const quiz = state.quiz(step);
    state.quizzes.set(step, answer.ok ? judged(quiz, answer.value) : failed(quiz, answer.message));
    if (answer.ok) {
      state.markTried(answer.value);
      const verdict = answer.value.correct ? state.words.right : state.words.wrong;
      this.announcer.announce(`${verdict}. ${plain(answer.value.explanation)}`);
    }
    this.element.requestUpdate();
  }

  toggleProof(step: string): void {
    const quiz = this.state.quiz(step);
    this.state.quizzes.set(step, withProof(quiz, !quiz.showsProof));
    this.element.requestUpdate();
  }

  resetQuiz(step: string): void {
    this.state.quizzes.set(step, OPEN);
    this.state.saveChoice(step, null);
    this.drawAndFocus("input[type=radio]");
  }

  // ---- challenges

  async check(step: string): Promise<void> {
    const lesson = this.state.lesson?.lesson;
    if (lesson === undefined) return;
    const answer = await this.client.command("check", { lesson, step }, CheckAnswer);
    if (answer.ok) this.state.verdicts.set(step, answer.value);
    this.showMessage(step, answer.ok ? null : answer.message);
  }

  async showHint(step: string): Promise<void> {
    const page = this.state.pages.get(step);
    if (page === undefined) return;
    const argument = { lesson: page.lesson, step };
    const answer = await this.client.command("hint", argument, HintAnswer);
    if (answer.ok) {
      this.state.addHint(page, { ...answer.value, step });
      this.announcer.announce(plain(answer.value.markdown));
    }
    this.showMessage(step, answer.ok ? null : answer.message);
  }

  showSolution(step: string): void {
    this.postForLesson((lesson) => ({ type: "showSolution", lesson, step }));
  }

  confirmReset(step: string | null): void {
    const before = this.state.resetting;
    this.state.resetting = step;
    this.drawAndFocus(step === null ? `#reset-${before}` : `#reset-yes-${step}`);
  }

  async reset(step: string): Promise<void> {
    this.confirmReset(null);
    const lesson = this.state.lesson?.lesson;
    if (lesson === undefined) return;
    const answer = await this.client.command("reset", { lesson, step }, v.unknown());
    this.showMessage(step, answer.ok ? this.state.words.resetDone : answer.message);
  }

  openFile(step: string | null): void {
    const { locale } = this.state;
    this.postForLesson((lesson) => ({ type: "openLesson", lesson, step, locale }));
  }

  reveal(uri: string, line: number): void {
    this.host.post({ type: "reveal", uri, line, character: 0 });
  }

  // ---- messages of the host

  private receive(message: ToPage): void {
    const { state } = this;
    switch (message.type) {
      case "context": {
        const wasReady = state.isReady;
        state.context = message;
        if (message.ready && !wasReady) this.showRequested();
        this.element.requestUpdate();
        break;
      }
      case "show":
        this.requested = message;
        if (state.isReady) this.showRequested();
        break;
      case "progress":
        this.clock.noteActivity();
        this.showProgress(message.progress);
        break;
      case "run":
        this.clock.noteActivity();
        break;
    }
  }

  /** Show what the host asked for last, or else what the page showed before. */
  private showRequested(): void {
    const { lesson, step } = this.requested?.lesson == null ? this.state.saved : this.requested;
    this.requested = null;
    void this.load(lesson, step, false);
  }

  private showProgress(progress: ProgressNotification): void {
    const { state } = this;
    for (const { step, verdict, message } of state.applyProgress(progress)) {
      if (verdict === "not_attempted") continue;
      const outcome = state.words.verdicts[verdict];
      this.announcer.announce(`${state.stepTitle(step)}: ${outcome}. ${plain(message)}`);
    }
    this.element.requestUpdate();
  }

  // ---- loading, time, drawing

  private async load(
    lesson: string | null,
    step: string | null,
    takesFocus: boolean,
  ): Promise<void> {
    const { state } = this;
    const answer = await this.loader.load(lesson, step, state.locale);
    if (answer === null) return;
    if (!answer.ok) {
      state.failure = answer.message;
      this.element.requestUpdate();
      return;
    }
    state.showLoaded(answer.value, step);
    this.judgeSavedChoice();
    document.documentElement.lang = state.locale;
    document.title = answer.value.lesson.title;
    if (takesFocus) {
      this.drawAndFocus("h2", { preventScroll: true });
      window.scrollTo({ top: 0 });
    } else this.element.requestUpdate();
  }

  /** After a reload, show the answer to a question again. */
  private judgeSavedChoice(): void {
    const { screen, quizzes } = this.state;
    const step = screen?.steps[0]?.id;
    if (screen?.kind !== "quiz" || step === undefined || quizzes.has(step)) return;
    const choice = this.state.savedChoice(step);
    if (choice !== undefined) void this.judge(step, choice);
  }

  private showMessage(step: string, message: string | null): void {
    this.state.setMessage(step, message);
    if (message !== null) this.announcer.announce(message);
    this.element.requestUpdate();
  }

  private postForLesson(message: (lesson: string) => FromPage): void {
    const lesson = this.state.lesson?.lesson;
    if (lesson !== undefined) this.host.post(message(lesson));
  }

  private drawAndFocus(selector: string, options?: FocusOptions): void {
    this.element.drawNow();
    this.element.querySelector<HTMLElement>(selector)?.focus(options);
  }

  private tick(): void {
    if (this.state.lesson === null) return;
    this.clock.tick(document.visibilityState === "visible");
    if (this.state.saved.showsClock) this.element.requestUpdate();
  }

  private async reportTime(seconds: number): Promise<void> {
    const lesson = this.state.lesson?.lesson;
    if (lesson === undefined || !this.reportsTime) return;
    const answer = await this.client.command("progress", { lesson, seconds }, v.unknown());
    // A server that does not record time refuses once and is not asked again.
    this.reportsTime = answer.ok;
  }
}
