/** The texts of the pages. The server's own texts are already in the learner's language. */

import { en, type Words } from "./words/en";
import { ptBR } from "./words/pt-BR";

export type { Words };
export type Locale = "en" | "pt-BR";

const ALL: Record<Locale, Words> = { en, "pt-BR": ptBR };

export const LOCALE_NAMES: Record<Locale, string> = { en: "English", "pt-BR": "Português" };

/** The locale closest to an editor's language tag. */
export function localeOf(tag: string): Locale {
  return tag.toLowerCase().startsWith("pt") ? "pt-BR" : "en";
}

export function wordsOf(locale: Locale): Words {
  return ALL[locale];
}
