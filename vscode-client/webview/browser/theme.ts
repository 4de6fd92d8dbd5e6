/** Sets the class of the reader's theme; the colours are in theme.css. */

const isDark = matchMedia("(prefers-color-scheme: dark)");

/** Follow the reader's light or dark theme. */
export function followTheme(): void {
  const show = () => {
    document.body.classList.toggle("vscode-dark", isDark.matches);
    document.body.classList.toggle("vscode-light", !isDark.matches);
  };
  isDark.addEventListener("change", show);
  show();
}
