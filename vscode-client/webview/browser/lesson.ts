/** The lesson page in a browser. */

import { LessonPage } from "../lesson/page";
import "../page/components";
import { useIcons } from "../page/icons";
import { browserHost } from "./host";
import { followTheme } from "./theme";

followTheme();
useIcons(import.meta.url);
const root = document.createElement("main");
document.body.append(root);
new LessonPage(browserHost("lesson"), root);
