"""`textDocument/completion`: names by jedi; after a name that held a tensor, those that the
user's own torch gives one.
"""

from __future__ import annotations

import re

from lsprotocol import types

from tensorhints.lsp.connection import Server
from tensorhints.model.locations import BINDING_KINDS
from tensorhints.model.values import Tensor
from tensorhints.present.labels import label
from tensorhints.session.text.documents import Document, Position
from tensorhints.session.text.scopes import is_around, scope_at
from tensorhints.session.text.tracked_text import Hint
from tensorhints.source.questions import COMPLETE, Completion

from .jedi_request import ask

_ATTRIBUTE = re.compile(r"([^\W\d]\w*(?:\.[^\W\d]\w*)*)\.(\w*)$")

_KINDS = {
    "module": types.CompletionItemKind.Module,
    "class": types.CompletionItemKind.Class,
    "instance": types.CompletionItemKind.Variable,
    "function": types.CompletionItemKind.Function,
    "param": types.CompletionItemKind.Variable,
    "path": types.CompletionItemKind.File,
    "keyword": types.CompletionItemKind.Keyword,
    "property": types.CompletionItemKind.Property,
    "statement": types.CompletionItemKind.Variable,
}


def register(server: Server) -> None:
    server.on(types.TEXT_DOCUMENT_COMPLETION, completion)


async def completion(server: Server, params: types.CompletionParams) -> types.CompletionList | None:
    shown = server.shown(params.text_document.uri)
    if shown is None:
        return None
    document = shown.document
    at = shown.from_client(params.position)
    held = _held(server, document, at)
    if held is None:
        found: list[Completion] = await ask(server, COMPLETE, document, at)
    else:
        known = server.session.runs.tensor_attributes(document)
        found = [Completion(name, kind) for name, kind in known]
    if not found:
        # jedi may still be reading a large package: the editor shall ask again.
        return types.CompletionList(is_incomplete=True, items=[])
    detail = None if held is None else _detail(server, held)
    return types.CompletionList(is_incomplete=False, items=[_item(name, detail) for name in found])


def _held(server: Server, document: Document, at: Position) -> Hint | None:
    """Where what stands before the dot was last bound to a tensor, and to nothing else."""
    attribute = _ATTRIBUTE.search(document.text.line(at.line)[: at.column])
    if attribute is None:
        return None
    scope = scope_at(document.text, at.line)
    bound = [
        hint
        for hint in server.session.results.hints(document.uri)
        if hint.location.kind in BINDING_KINDS
        and hint.location.name == attribute.group(1)
        and is_around(hint.location.scope, scope)
    ]
    above = [hint for hint in bound if hint.location.span.line < at.line]
    last = max(above, key=lambda hint: (len(hint.location.scope), hint.location.line), default=None)
    if last is None or not all(isinstance(value, Tensor) for value in last.observation.values):
        return None
    return last


def _detail(server: Server, hint: Hint) -> str | None:
    text = label(hint.observation, server.style)
    return None if text is None else hint.location.name + text


def _item(name: Completion, detail: str | None) -> types.CompletionItem:
    # Names that begin with an underscore come after all others, as editors show them.
    hidden = len(name.name) - len(name.name.lstrip("_"))
    return types.CompletionItem(
        label=name.name,
        kind=_KINDS.get(name.kind, types.CompletionItemKind.Text),
        sort_text=f"{min(hidden, 2)}{name.name}",
        detail=detail,
    )
