/** The choice among the languages of the product. */

import { type Locale, LOCALES } from "./protocol";

/** The locale closest to an editor's language tag: the same tag, or else the same language. */
export function localeOf(tag: string): Locale {
  const wanted = tag.toLowerCase();
  const language = (each: string) => each.split("-")[0];
  return (
    LOCALES.find((each) => each.toLowerCase() === wanted) ??
    LOCALES.find((each) => language(each) === language(wanted)) ??
    LOCALES[0]
  );
}
