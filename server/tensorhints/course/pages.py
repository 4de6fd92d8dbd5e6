"""Lessons as pages: HTML for editors that show one, Markdown for those that do not.

HTML in the Markdown is text, links lead to the web alone, and drawings are taken apart and put
together again from what a drawing needs, so that no lesson can run anything in a page.
"""

from __future__ import annotations

import base64
import html as html_text
import re
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from urllib.parse import unquote

from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.rules_inline import StateInline
from markdown_it.token import Token
from markdown_it.utils import EnvType, OptionsDict

from . import drawings, quiz
from .format import Lesson, LessonText, Step, StepText
from .states import States

_WEB = re.compile(r"https?://[^\s]+", re.IGNORECASE)
_MEDIA = re.compile(r"media/[\w.-]+\.(svg|png)")
_IMAGE = re.compile(r"(!\[[^\]]*\]\()(media/[\w.-]+)(\))")


def html(markdown: str, folder: Path | None = None) -> str:
    """A page's HTML. `folder` is the lesson's, whose drawings are then part of the page. Math
    stays as it was written, in elements of the class `math`.
    """
    return str(_renderer().render(markdown, {"folder": folder}))


def inline_html(markdown: str) -> str:
    """As `html`, without a paragraph around it."""
    return str(_renderer().renderInline(markdown, {"folder": None}))


def markdown_page(
    lesson: Lesson, text: LessonText, progress: States, step: Step | None = None
) -> str:
    """What a learner reads where there is no page: one step, or the whole lesson. Answers are not
    given away, and of the hints only those that were asked for are shown.
    """
    steps = lesson.steps if step is None else (step,)
    parts = [f"# {text.title}"]
    if step is None and text.lead:
        parts.append(text.lead)
    for each in steps:
        parts += _markdown_of_step(lesson, each, text.steps[each.id], progress)
    return _with_absolute_media("\n\n".join(parts) + "\n", lesson.folder)


def _markdown_of_step(
    lesson: Lesson, step: Step, text: StepText, progress: States
) -> Sequence[str]:
    parts = [f"## {text.title}", text.body]
    if step.choices:
        choices = quiz.order(step.choices, progress.seed, step)
        listed = [f"{n}. {_indented(text.choices[c.id])}" for n, c in enumerate(choices, 1)]
        parts.append("\n".join(listed))
    shown = text.hints[: progress.hints_shown(lesson.id, step.id)]
    if shown:
        parts.append(f"### {text.headings['hints']}")
        parts.append("\n".join(f"{n}. {_indented(hint)}" for n, hint in enumerate(shown, 1)))
    return parts


def _indented(text: str) -> str:
    return text.replace("\n", "\n   ")


def _with_absolute_media(markdown: str, folder: Path) -> str:
    return _IMAGE.sub(lambda m: f"{m[1]}{(folder / m[2]).as_uri()}{m[3]}", markdown)


# ---- the renderer --------------------------------------------------------------------------------


class _Markdown(MarkdownIt):
    def validateLink(self, url: str) -> bool:  # noqa: N802 - markdown-it's own name
        return _WEB.fullmatch(url) is not None or _MEDIA.fullmatch(unquote(url)) is not None


@cache
def _renderer() -> MarkdownIt:
    renderer = _Markdown("commonmark", {"html": False}).enable("table")
    renderer.inline.ruler.before("escape", "math", _math)
    renderer.add_render_rule("math", _math_html)
    renderer.add_render_rule("image", _image_html)
    return renderer


def _math(state: StateInline, silent: bool) -> bool:
    """`$…$` and `$$…$$`, with nothing of Markdown inside. A price is no formula: what is written
    between the signs neither begins nor ends with a space.
    """
    source, start = state.src, state.pos
    if source[start] != "$":
        return False
    sign = "$$" if source.startswith("$$", start) else "$"
    begin = start + len(sign)
    end = source.find(sign, begin)
    while end > 0 and source[end - 1] == "\\":
        end = source.find(sign, end + 1)
    formula = source[begin:end] if end > begin else ""
    if not formula.strip() or end + len(sign) > state.posMax:
        return False
    if sign == "$" and (formula != formula.strip() or source[end + 1 : end + 2].isdigit()):
        return False
    if not silent:
        token = state.push("math", "span", 0)
        token.content = formula.strip()
        token.markup = sign
    state.pos = end + len(sign)
    return True


def _math_html(
    self: RendererHTML, tokens: Sequence[Token], index: int, options: OptionsDict, env: EnvType
) -> str:
    token = tokens[index]
    name = "math display" if token.markup == "$$" else "math"
    return f'<span class="{name}">{html_text.escape(token.content)}</span>'


def _image_html(
    self: RendererHTML, tokens: Sequence[Token], index: int, options: OptionsDict, env: EnvType
) -> str:
    token = tokens[index]
    source = unquote(str(token.attrs.get("src", "")))
    alt = self.renderInlineAsText(token.children, options, env)
    folder = env.get("folder")
    if isinstance(folder, Path) and _MEDIA.fullmatch(source) and source.endswith(".svg"):
        drawing = drawings.safe(folder / source)
        if drawing is not None:
            label = html_text.escape(alt)
            return f'<span class="drawing" role="img" aria-label="{label}">{drawing}</span>'
    if isinstance(folder, Path) and _MEDIA.fullmatch(source) and source.endswith(".png"):
        source = _inside_the_page(folder / source) or source
    return f'<img src="{html_text.escape(source)}" alt="{html_text.escape(alt)}">'


def _inside_the_page(picture: Path) -> str | None:
    try:
        return f"data:image/png;base64,{base64.b64encode(picture.read_bytes()).decode('ascii')}"
    except OSError:
        return None
