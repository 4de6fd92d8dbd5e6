/** The texts of the pages. The server's own texts are already in the learner's language. */

import type { Locale } from "../src/shared/protocol";
import { en, type Words } from "./words/en";
import { ptBR } from "./words/pt-BR";

export { localeOf } from "../src/shared/locales";
export type { Locale, Words };

const ALL: Record<Locale, Words> = { en, "pt-BR": ptBR };

export const LOCALE_NAMES: Record<Locale, string> = { en: "English", "pt-BR": "Português" };

export function wordsOf(locale: Locale): Words {
  return ALL[locale];
}
