/** The classes by which the style sheets know a theme; the colours themselves are in theme.css. */

const isDark = matchMedia("(prefers-color-scheme: dark)");

export function followTheme(): void {
  const show = () => {
    document.body.classList.toggle("vscode-dark", isDark.matches);
    document.body.classList.toggle("vscode-light", !isDark.matches);
  };
  isDark.addEventListener("change", show);
  show();
}
