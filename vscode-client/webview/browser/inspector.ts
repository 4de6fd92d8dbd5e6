/** Entry point of the tensor inspector in a browser. */

import "@vscode-elements/elements/dist/vscode-textfield/index.js";
import { InspectorPage } from "../inspector/page";
import "../page/components";
import { pageElement } from "../page/element";
import { useIcons } from "../page/icons";
import { browserHost } from "./host";
import { followTheme } from "./theme";

followTheme();
useIcons(import.meta.url);
new InspectorPage(browserHost("inspector"), pageElement());
