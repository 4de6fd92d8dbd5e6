/** Entry point of the lesson page in a browser. */

import { LessonPage } from "../lesson/page";
import "../page/components";
import { pageElement } from "../page/element";
import { useIcons } from "../page/icons";
import { browserHost } from "./host";
import { followTheme } from "./theme";

followTheme();
useIcons(import.meta.url);
new LessonPage(browserHost("lesson"), pageElement());
