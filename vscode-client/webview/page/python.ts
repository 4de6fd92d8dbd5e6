/** Syntax highlighting for Python, sufficient for the short programs of a lesson. */

const KEYWORDS = `False None True and as assert async await break class continue def del elif else
  except finally for from global if import in is lambda nonlocal not or pass raise return try while
  with yield`.split(/\s+/);

const TOKEN = new RegExp(
  [
    /(?<comment>#.*)/,
    /(?<string>[rbfuRBFU]{0,2}(?:"""[\s\S]*?"""|'''[\s\S]*?'''|"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'))/,
    /(?<number>\b(?:0[xob][\da-f_]+|\d[\d_]*(?:\.[\d_]*)?(?:e[+-]?\d+)?j?)\b)/,
    new RegExp(`(?<keyword>\\b(?:${KEYWORDS.join("|")})\\b)`),
    /(?<call>\b[A-Za-z_]\w*(?=\())/,
    /(?<name>\b[A-Za-z_]\w*)/,
  ]
    .map((part) => part.source)
    .join("|"),
  "g",
);

export interface Token {
  text: string;
  kind: "comment" | "string" | "number" | "keyword" | "call" | null;
}

export function tokens(code: string): Token[] {
  const found: Token[] = [];
  let end = 0;
  for (const match of code.matchAll(TOKEN)) {
    if (match.groups?.["name"] !== undefined) continue;
    const kind = Object.entries(match.groups ?? {}).find(([, text]) => text !== undefined)?.[0];
    if (match.index > end) found.push({ text: code.slice(end, match.index), kind: null });
    found.push({ text: match[0], kind: (kind ?? null) as Token["kind"] });
    end = match.index + match[0].length;
  }
  if (end < code.length) found.push({ text: code.slice(end), kind: null });
  return found;
}

export function coloured(code: string): DocumentFragment {
  const fragment = document.createDocumentFragment();
  for (const { text, kind } of tokens(code)) {
    if (kind === null) fragment.append(text);
    else {
      const span = document.createElement("span");
      span.className = `py-${kind}`;
      span.textContent = text;
      fragment.append(span);
    }
  }
  return fragment;
}
