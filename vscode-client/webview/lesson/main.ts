/** Entry point of the lesson page in VS Code. */

import { vscodeHost } from "../host";
import "../page/components";
import { pageElement } from "../page/element";
import { useIcons } from "../page/icons";
import { LessonPage } from "./page";

useIcons(import.meta.url);
new LessonPage(vscodeHost(), pageElement());
