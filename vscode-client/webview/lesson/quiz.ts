/** A question's states: open, chosen with the keys, being judged, judged. */

import type { QuizAnswer } from "../../src/shared/protocol";

export interface Quiz {
  /** What the radio buttons show. */
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

/** With the arrow keys one passes over choices: they are judged when Enter or space says so. */
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
