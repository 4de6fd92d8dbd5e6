"""`textDocument/documentSymbol`: the outline of a text, by jedi."""

from __future__ import annotations

from functools import partial

from lsprotocol import types

from tensorhints.lsp.client import Client
from tensorhints.lsp.document_view import DocumentView
from tensorhints.lsp.registry import Registry
from tensorhints.lsp.services import Services
from tensorhints.lsp.snapshot import Snapshot
from tensorhints.model.locations import Span
from tensorhints.source.questions import SYMBOLS, Symbol

from .jedi_request import JediRequests

_KINDS = {
    "class": types.SymbolKind.Class,
    "function": types.SymbolKind.Function,
    "property": types.SymbolKind.Property,
}


def register(registry: Registry, services: Services) -> None:
    """Handle the request."""
    jedi = JediRequests(services.reader, services.session, services.views)
    registry.document_request(types.TEXT_DOCUMENT_DOCUMENT_SYMBOL, partial(document_symbol, jedi))


async def document_symbol(
    jedi: JediRequests, snapshot: Snapshot, client: Client, params: types.DocumentSymbolParams
) -> list[types.DocumentSymbol] | list[types.SymbolInformation]:
    """Return the symbols of a document or cell, nested if the client can show that."""
    found: list[Symbol] = await jedi.ask(snapshot, SYMBOLS)
    view = snapshot.view
    found = [symbol for symbol in found if view.contains(symbol.name_line)]
    if client.capabilities.nests_symbols:
        return _outline(view, found)
    return [_listed(view, symbol) for symbol in found]


def _outline(view: DocumentView, symbols: list[Symbol]) -> list[types.DocumentSymbol]:
    top: list[types.DocumentSymbol] = []
    levels = [top]
    for symbol in symbols:
        del levels[symbol.depth + 1 :]
        children: list[types.DocumentSymbol] = []
        name = Span(
            symbol.name_line,
            symbol.name_column,
            symbol.name_line,
            symbol.name_column + len(symbol.name),
        )
        node = types.DocumentSymbol(
            name=symbol.name,
            kind=_kind(symbol),
            range=view.range(_span(symbol)),
            selection_range=view.range(name),
            children=children,
        )
        levels[-1].append(node)
        levels.append(children)
    return top


def _listed(view: DocumentView, symbol: Symbol) -> types.SymbolInformation:
    location = types.Location(view.uri, view.range(_span(symbol)))
    return types.SymbolInformation(location=location, name=symbol.name, kind=_kind(symbol))


def _span(symbol: Symbol) -> Span:
    return Span(symbol.line, symbol.column, symbol.end_line, symbol.end_column)


def _kind(symbol: Symbol) -> types.SymbolKind:
    if symbol.kind == "function" and symbol.depth:
        return types.SymbolKind.Method
    return _KINDS.get(symbol.kind, types.SymbolKind.Variable)
