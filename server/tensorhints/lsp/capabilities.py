"""The capabilities of the client, resolved once into named flags."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from lsprotocol import types

from tensorhints.session.trust import is_of_vscodes_family

# The names that eglot and lsp-mode send.
_EMACS_CLIENTS = ("Eglot", "emacs")


@dataclass(frozen=True)
class Capabilities:
    """Each flag is true only if the client announced it: nothing else is ever sent."""

    name: str = ""
    has_python: bool = False
    """The editor usually has another Python language server."""
    speaks_extensions: bool = False
    """The client declares `experimental.tensorhints` (docs/protocol.md)."""
    refreshes_hints: bool = False
    misses_hints: bool = False
    """Redraws between a hint refresh and its answer make Neovim 0.11 discard that answer."""
    waits_for_commands: bool = False
    """Emacs is blocked until a command that its user chose is answered."""
    mixes_changes: bool = False
    """Helix up to 25.01 sends the changes of fast typing in any order."""
    refreshes_lenses: bool = False
    resolves_tooltips: bool = False
    pulls_diagnostics: bool = False
    refreshes_diagnostics: bool = False
    takes_related_information: bool = False
    takes_diagnostic_version: bool = False
    takes_code_actions: bool = False
    shows_progress: bool = False
    has_configuration: bool = False
    registers_configuration: bool = False
    reads_markdown: bool = False
    shows_documents: bool = False
    takes_edits: bool = False
    takes_versioned_edits: bool = False
    reads_content: bool = False
    nests_symbols: bool = False
    prepares_rename: bool = False

    @property
    def shows_web_pages(self) -> bool:
        """Whether this is the product's own client for VS Code, which has webviews."""
        return self.speaks_extensions and self.has_python

    @property
    def asks_for_diagnostics(self) -> bool:
        """Whether diagnostics are pulled.

        Without the refresh request, a client would not pull again when a run ends.
        """
        return self.pulls_diagnostics and self.refreshes_diagnostics

    @classmethod
    def of(cls, params: types.InitializeParams) -> Capabilities:
        """Resolve the capabilities that the client sent with `initialize`."""

        def flag(path: str) -> Any:
            return _at(params.capabilities, path)

        experimental = params.capabilities.experimental
        own = isinstance(experimental, dict) and experimental.get("tensorhints") is True
        resolved = flag("text_document.inlay_hint.resolve_support.properties") or ()
        formats = flag("text_document.hover.content_format") or ()
        info = params.client_info
        name = info.name if info is not None else ""
        version = (info.version if info is not None else None) or ""
        return cls(
            name=name,
            has_python=is_of_vscodes_family(name),
            speaks_extensions=own,
            refreshes_hints=bool(flag("workspace.inlay_hint.refresh_support")),
            misses_hints=name == "Neovim",
            waits_for_commands=name in _EMACS_CLIENTS,
            mixes_changes=name == "helix" and version < "25.07",
            refreshes_lenses=bool(flag("workspace.code_lens.refresh_support")),
            resolves_tooltips="tooltip" in resolved,
            pulls_diagnostics=flag("text_document.diagnostic") is not None,
            refreshes_diagnostics=bool(flag("workspace.diagnostics.refresh_support")),
            takes_related_information=bool(
                flag("text_document.publish_diagnostics.related_information")
                or flag("text_document.diagnostic.related_information")
            ),
            takes_diagnostic_version=bool(
                flag("text_document.publish_diagnostics.version_support")
            ),
            takes_code_actions=flag("text_document.code_action.code_action_literal_support")
            is not None,
            shows_progress=bool(flag("window.work_done_progress")),
            has_configuration=bool(flag("workspace.configuration")),
            registers_configuration=bool(
                flag("workspace.did_change_configuration.dynamic_registration")
            ),
            reads_markdown=types.MarkupKind.Markdown in formats,
            shows_documents=bool(flag("window.show_document.support")),
            takes_edits=bool(flag("workspace.apply_edit")),
            takes_versioned_edits=bool(flag("workspace.workspace_edit.document_changes")),
            reads_content=flag("workspace.text_document_content") is not None,
            nests_symbols=bool(
                flag("text_document.document_symbol.hierarchical_document_symbol_support")
            ),
            prepares_rename=bool(flag("text_document.rename.prepare_support")),
        )


def _at(value: object, path: str) -> Any:
    for name in path.split("."):
        value = getattr(value, name, None)
    return value
