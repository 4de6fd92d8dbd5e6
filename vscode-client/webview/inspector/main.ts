/** Entry point of the tensor inspector in VS Code. */

import "@vscode-elements/elements/dist/vscode-textfield/index.js";
import { vscodeHost } from "../host";
import "../page/components";
import { pageElement } from "../page/element";
import { useIcons } from "../page/icons";
import { InspectorPage } from "./page";

useIcons(import.meta.url);
new InspectorPage(vscodeHost(), pageElement());
