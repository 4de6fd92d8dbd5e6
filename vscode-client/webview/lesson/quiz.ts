/** The states of a question: open, selected with the keys, being judged, judged. */

import type { QuizAnswer } from "../../src/shared/protocol";

export interface Quiz {
  /** The selected radio button. */
  choice: string | null;
  isJudging: boolean;
  answer: QuizAnswer | null;
  showsProof: boolean;
  failure: string | null;
}

export const OPEN: Quiz = {
  choice: null,
  isJudging: false,
  answer: null,
  showsProof: false,
  failure: null,
};

/** A choice that was selected with the arrow keys is judged only after Enter or space. */
export function chosen(choice: string): Quiz {
  return { ...OPEN, choice };
}

export function judging(choice: string): Quiz {
  return { ...OPEN, choice, isJudging: true };
}

export function judged(quiz: Quiz, answer: QuizAnswer): Quiz {
  if (quiz.choice !== answer.choice) return quiz;
  return { ...quiz, isJudging: false, answer, failure: null };
}

export function failed(quiz: Quiz, failure: string): Quiz {
  return { ...quiz, isJudging: false, failure };
}

export function withProof(quiz: Quiz, showsProof: boolean): Quiz {
  return { ...quiz, showsProof };
}
