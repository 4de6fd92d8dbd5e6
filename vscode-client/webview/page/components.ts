/** The components in the style of VS Code that every page uses. */

import "@vscode-elements/elements/dist/vscode-button/index.js";
