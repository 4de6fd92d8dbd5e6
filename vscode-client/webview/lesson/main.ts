/** The lesson page of an editor with webviews. */

import { vscodeHost } from "../host";
import "../page/components";
import { useIcons } from "../page/icons";
import { LessonPage } from "./page";

useIcons(import.meta.url);
const root = document.createElement("main");
document.body.append(root);
new LessonPage(vscodeHost(), root);
