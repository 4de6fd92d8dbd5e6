"""`textDocument/documentSymbol`: the outline of a text, by jedi."""

from __future__ import annotations

from lsprotocol import types

from tensorhints.lsp.client_text import Shown
from tensorhints.lsp.connection import Server
from tensorhints.model.locations import Span
from tensorhints.source.questions import SYMBOLS, Symbol

from .jedi_request import ask

_KINDS = {
    "class": types.SymbolKind.Class,
    "function": types.SymbolKind.Function,
    "property": types.SymbolKind.Property,
}


def register(server: Server) -> None:
    server.on(types.TEXT_DOCUMENT_DOCUMENT_SYMBOL, document_symbol)


async def document_symbol(
    server: Server, params: types.DocumentSymbolParams
) -> list[types.DocumentSymbol] | list[types.SymbolInformation] | None:
    shown = server.shown(params.text_document.uri)
    if shown is None:
        return None
    found: list[Symbol] = await ask(server, SYMBOLS, shown.document)
    found = [symbol for symbol in found if shown.holds(symbol.name_line)]
    if server.client.nests_symbols:
        return _outline(shown, found)
    return [_listed(shown, symbol) for symbol in found]


def _outline(shown: Shown, symbols: list[Symbol]) -> list[types.DocumentSymbol]:
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
            range=shown.range(_span(symbol)),
            selection_range=shown.range(name),
            children=children,
        )
        levels[-1].append(node)
        levels.append(children)
    return top


def _listed(shown: Shown, symbol: Symbol) -> types.SymbolInformation:
    where = types.Location(shown.uri, shown.range(_span(symbol)))
    return types.SymbolInformation(location=where, name=symbol.name, kind=_kind(symbol))


def _span(symbol: Symbol) -> Span:
    return Span(symbol.line, symbol.column, symbol.end_line, symbol.end_column)


def _kind(symbol: Symbol) -> types.SymbolKind:
    if symbol.kind == "function" and symbol.depth:
        return types.SymbolKind.Method
    return _KINDS.get(symbol.kind, types.SymbolKind.Variable)
