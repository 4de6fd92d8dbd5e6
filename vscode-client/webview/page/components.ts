/** Of VS Code's look-alike components, those that every page uses. */

import "@vscode-elements/elements/dist/vscode-button/index.js";
