"""Markdown to HTML: no raw HTML, only web links, sanitised drawings, and math as written.

Separate from `pages`, because the renderer is slow to import and many sessions never show a page.
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

from . import drawings

_WEB = re.compile(r"https?://[^\s]+", re.IGNORECASE)
_MEDIA = re.compile(r"media/[\w.-]+\.(svg|png)")


class _Markdown(MarkdownIt):
    def validateLink(self, url: str) -> bool:  # noqa: N802 - markdown-it's own name
        return _WEB.fullmatch(url) is not None or _MEDIA.fullmatch(unquote(url)) is not None


@cache
def renderer() -> MarkdownIt:
    """Return the renderer. Its `env` has the lesson's folder as `folder`."""
    markdown = _Markdown("commonmark", {"html": False}).enable("table")
    markdown.inline.ruler.before("escape", "math", _math)
    markdown.add_render_rule("math", _math_html)
    markdown.add_render_rule("image", _image_html)
    return markdown


def _math(state: StateInline, silent: bool) -> bool:
    """Parse `$…$` and `$$…$$`, without Markdown inside.

    A formula neither begins nor ends with a space, so that a price is not a formula.
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
        source = _data_url(folder / source) or source
    return f'<img src="{html_text.escape(source)}" alt="{html_text.escape(alt)}">'


def _data_url(picture: Path) -> str | None:
    try:
        return f"data:image/png;base64,{base64.b64encode(picture.read_bytes()).decode('ascii')}"
    except OSError:
        return None
