/** The tensor inspector in a browser. */

import "@vscode-elements/elements/dist/vscode-textfield/index.js";
import { InspectorPage } from "../inspector/page";
import "../page/components";
import { useIcons } from "../page/icons";
import { browserHost } from "./host";
import { followTheme } from "./theme";

followTheme();
useIcons(import.meta.url);
const root = document.createElement("main");
document.body.append(root);
new InspectorPage(browserHost("inspector"), root);
