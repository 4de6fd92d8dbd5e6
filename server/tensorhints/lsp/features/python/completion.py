"""`textDocument/completion`: names by jedi, and the attributes of tensors.

After a name that held a tensor in the last run, the attributes are those of the user's own torch.
"""

from __future__ import annotations

import re
from functools import partial

from lsprotocol import types

from tensorhints.lsp.client import Client
from tensorhints.lsp.registry import Registry
from tensorhints.lsp.services import Services
from tensorhints.lsp.snapshot import Snapshot
from tensorhints.model.locations import BINDING_KINDS
from tensorhints.model.values import Tensor
from tensorhints.present.labels import LabelStyle, label
from tensorhints.session.text.documents import Position
from tensorhints.session.text.scopes import is_around, scope_at
from tensorhints.session.text.tracked_text import Hint
from tensorhints.source.questions import COMPLETE, Completion

from .jedi_request import JediRequests

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


def register(registry: Registry, services: Services) -> None:
    """Handle the request."""
    jedi = JediRequests(services.reader, services.session, services.views)
    registry.document_request(types.TEXT_DOCUMENT_COMPLETION, partial(completion, jedi))


async def completion(
    jedi: JediRequests, snapshot: Snapshot, client: Client, params: types.CompletionParams
) -> types.CompletionList:
    """Return the names that can follow at a position."""
    at = snapshot.view.from_client(params.position)
    tensor = _tensor_before_dot(snapshot, at)
    if tensor is None:
        found: list[Completion] = await jedi.ask(snapshot, COMPLETE, at)
    else:
        found = [Completion(name, kind) for name, kind in snapshot.tensor_attributes()]
    if not found:
        # jedi may still be reading a large package: the editor should ask again.
        return types.CompletionList(is_incomplete=True, items=[])
    detail = None if tensor is None else _detail(tensor, snapshot.style)
    return types.CompletionList(is_incomplete=False, items=[_item(name, detail) for name in found])


def _tensor_before_dot(snapshot: Snapshot, at: Position) -> Hint | None:
    """Return the last binding of the name before the dot, if it only ever held tensors."""
    attribute = _ATTRIBUTE.search(snapshot.text.line(at.line)[: at.column])
    if attribute is None:
        return None
    scope = scope_at(snapshot.text, at.line)
    bound = [
        hint
        for hint in snapshot.hints()
        if hint.location.kind in BINDING_KINDS
        and hint.location.name == attribute.group(1)
        and is_around(hint.location.scope, scope)
    ]
    above = [hint for hint in bound if hint.location.span.line < at.line]
    last = max(above, key=lambda hint: (len(hint.location.scope), hint.location.line), default=None)
    if last is None or not all(isinstance(value, Tensor) for value in last.observation.values):
        return None
    return last


def _detail(hint: Hint, style: LabelStyle) -> str | None:
    text = label(hint.observation, style)
    return None if text is None else hint.location.name + text


def _item(name: Completion, detail: str | None) -> types.CompletionItem:
    # Names that begin with an underscore are sorted after all others, as editors do.
    hidden = len(name.name) - len(name.name.lstrip("_"))
    return types.CompletionItem(
        label=name.name,
        kind=_KINDS.get(name.kind, types.CompletionItemKind.Text),
        sort_text=f"{min(hidden, 2)}{name.name}",
        detail=detail,
    )
