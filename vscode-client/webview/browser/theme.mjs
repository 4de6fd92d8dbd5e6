/**
 * The colours in a browser: the variables that the pages use of VS Code's default themes, light or
 * dark like the reader's system.
 */

import { theme as dark } from "@vscode-elements/webview-playground/dist/themes/dark-v2.js";
import { theme as light } from "@vscode-elements/webview-playground/dist/themes/light-v2.js";

const FONTS = [
  ["--vscode-font-family", "system-ui, -apple-system, 'Segoe UI', sans-serif"],
  ["--vscode-font-size", "14px"],
  ["--vscode-font-weight", "normal"],
  [
    "--vscode-editor-font-family",
    "ui-monospace, 'Cascadia Code', Menlo, 'DejaVu Sans Mono', monospace",
  ],
  ["--vscode-editor-font-size", "13px"],
];

export function themeOf(bundled) {
  const used = new Set(bundled.match(/--vscode-[\w-]+/g));
  const fonts = new Set(FONTS.map(([name]) => name));
  const declared = (theme) =>
    [...theme.filter(([name]) => !fonts.has(name)), ...FONTS]
      .filter(([name]) => used.has(name))
      .map(([name, value]) => `${name}:${value}`)
      .join(";");
  return `:root{color-scheme:light dark;${declared(light)}}
@media (prefers-color-scheme:dark){:root{${declared(dark)}}}
`;
}
