"""What the client can do, resolved once from its capabilities into flags asked for by name."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from lsprotocol import types

from tensorhints.session.trust import is_of_vscodes_family

# As eglot and lsp-mode say.
_OF_EMACS = ("Eglot", "emacs")


@dataclass(frozen=True)
class Client:
    """A flag is true only where the client said so: nothing is ever sent that it cannot take."""

    name: str = ""
    # It comes with a Python server, or is never without one.
    has_python: bool = False
    speaks_extensions: bool = False
    refreshes_hints: bool = False
    # Neovim 0.11 takes its lines for drawn where anything makes it draw the window between a
    # refresh of hints and the answer to it, and then never draws that answer.
    misses_hints: bool = False
    # Emacs draws nothing and takes no key while a command that its user chose is not answered.
    waits_for_commands: bool = False
    # Helix up to 25.01 sends the changes of fast typing in any order.
    mixes_changes: bool = False
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
        """This product's client for VS Code draws the pages itself."""
        return self.speaks_extensions and self.has_python

    @property
    def asks_for_diagnostics(self) -> bool:
        """Pull alone would leave a run's end unseen until the next edit; it needs the refresh."""
        return self.pulls_diagnostics and self.refreshes_diagnostics

    @classmethod
    def of(cls, params: types.InitializeParams) -> Client:
        def says(path: str) -> Any:
            return _at(params.capabilities, path)

        experimental = params.capabilities.experimental
        own = isinstance(experimental, dict) and experimental.get("tensorhints") is True
        resolved = says("text_document.inlay_hint.resolve_support.properties") or ()
        formats = says("text_document.hover.content_format") or ()
        info = params.client_info
        name = info.name if info is not None else ""
        version = (info.version if info is not None else None) or ""
        return cls(
            name=name,
            has_python=is_of_vscodes_family(name),
            speaks_extensions=own,
            refreshes_hints=bool(says("workspace.inlay_hint.refresh_support")),
            misses_hints=name == "Neovim",
            waits_for_commands=name in _OF_EMACS,
            mixes_changes=name == "helix" and version < "25.07",
            refreshes_lenses=bool(says("workspace.code_lens.refresh_support")),
            resolves_tooltips="tooltip" in resolved,
            pulls_diagnostics=says("text_document.diagnostic") is not None,
            refreshes_diagnostics=bool(says("workspace.diagnostics.refresh_support")),
            takes_related_information=bool(
                says("text_document.publish_diagnostics.related_information")
                or says("text_document.diagnostic.related_information")
            ),
            takes_diagnostic_version=bool(
                says("text_document.publish_diagnostics.version_support")
            ),
            takes_code_actions=says("text_document.code_action.code_action_literal_support")
            is not None,
            shows_progress=bool(says("window.work_done_progress")),
            has_configuration=bool(says("workspace.configuration")),
            registers_configuration=bool(
                says("workspace.did_change_configuration.dynamic_registration")
            ),
            reads_markdown=types.MarkupKind.Markdown in formats,
            shows_documents=bool(says("window.show_document.support")),
            takes_edits=bool(says("workspace.apply_edit")),
            takes_versioned_edits=bool(says("workspace.workspace_edit.document_changes")),
            reads_content=says("workspace.text_document_content") is not None,
            nests_symbols=bool(
                says("text_document.document_symbol.hierarchical_document_symbol_support")
            ),
            prepares_rename=bool(says("text_document.rename.prepare_support")),
        )


def _at(value: object, path: str) -> Any:
    for name in path.split("."):
        value = getattr(value, name, None)
    return value
