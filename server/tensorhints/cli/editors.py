"""`tensorhints doctor --editors`: the installed editors, and the configuration each needs.

The snippets are in `snippets/`, and word for word in docs/editors.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path

from rich.text import Text

from tensorhints.present.words import translate

from .drawing import DETAIL
from .run import console

_VERSION = re.compile(r"\d+(?:\.\d+)+")
_PATIENCE = 5.0
_OTHER_EMACS_FILES = ("~/.emacs.el", "~/.emacs", "$CONFIG/emacs/init.el")


@dataclass(frozen=True)
class Snippet:
    """A piece of an editor's configuration.

    `name` is a file in `snippets/`. `target` is the configuration file it belongs in, unless one of
    `others` exists, which the editor then reads instead. It applies to editor versions from `since`
    up to but excluding `before`. `package` is an extension that the user must install first.
    """

    name: str
    target: str
    since: tuple[int, ...] = ()
    before: tuple[int, ...] = (sys.maxsize,)
    others: tuple[str, ...] = ()
    package: str = ""

    @property
    def text(self) -> str:
        """The text to add, with the plugin's path filled in."""
        text = (files(__package__) / "snippets" / self.name).read_text(encoding="utf-8")
        return text.replace("PLUGIN", str(files("tensorhints") / "neovim"))


@dataclass(frozen=True)
class Editor:
    """An editor. `programs` are its commands, most likely first; `tested` by this project."""

    name: str
    programs: tuple[str, ...]
    snippets: tuple[Snippet, ...]
    tested: bool = False


EDITORS = (
    Editor("VS Code", ("code", "codium", "code-server", "cursor"), (), tested=True),
    Editor(
        "Neovim",
        ("nvim",),
        (Snippet("neovim-plugin.lua", "$CONFIG/nvim/init.lua", since=(0, 10)),),
        tested=True,
    ),
    Editor(
        "Helix",
        ("hx", "helix"),
        (
            Snippet("helix-languages.toml", "$CONFIG/helix/languages.toml"),
            Snippet("helix-config.toml", "$CONFIG/helix/config.toml"),
        ),
        tested=True,
    ),
    Editor(
        "Emacs",
        ("emacs",),
        (
            Snippet("emacs-eglot.el", "~/.emacs.d/init.el", others=_OTHER_EMACS_FILES),
            Snippet(
                "emacs-lsp-mode.el",
                "~/.emacs.d/init.el",
                others=_OTHER_EMACS_FILES,
                package="lsp-mode",
            ),
        ),
        tested=True,
    ),
    Editor(
        "Vim",
        ("vim",),
        (
            Snippet("vim-lsp.vim", "~/.vimrc", others=("~/.vim/vimrc",), package="vim-lsp"),
            Snippet("vim-coc.json", "~/.vim/coc-settings.json", package="coc.nvim"),
        ),
    ),
    Editor("Zed", ("zed", "zeditor"), (Snippet("zed.json", "$CONFIG/zed/settings.json"),)),
    Editor(
        "Sublime Text",
        ("subl",),
        (Snippet("sublime.json", "$CONFIG/sublime-text/Packages/User/LSP.sublime-settings"),),
    ),
    Editor("Kate", ("kate",), (Snippet("kate.json", "$CONFIG/kate/lspclient/settings.json"),)),
)


@dataclass(frozen=True)
class Installed:
    """An editor found on this machine. `version` is empty if unknown."""

    editor: Editor
    program: str
    version: str

    @property
    def snippets(self) -> tuple[Snippet, ...]:
        """The snippets for its version, or all if the version is unknown."""
        version = tuple(int(part) for part in self.version.split(".")) if self.version else None
        return tuple(
            snippet
            for snippet in self.editor.snippets
            if version is None or snippet.since <= version < snippet.before
        )


def editors(*, as_json: bool, locale: str) -> int:
    """Print the installed editors; return 1 if there are none, else 0."""
    found = list(installed())
    if as_json:
        sys.stdout.write(json.dumps([_plain(each) for each in found], indent=2) + "\n")
    else:
        _write(found, locale)
    return 0 if found else 1


def installed() -> Iterable[Installed]:
    """Yield each installed editor once."""
    for editor in EDITORS:
        for name in editor.programs:
            program = shutil.which(name)
            if program is not None:
                yield Installed(editor, program, _version(program))
                break


def target_of(snippet: Snippet) -> Path:
    """Return the user's configuration file for a snippet; an existing one is preferred."""
    configuration = os.environ.get("XDG_CONFIG_HOME") or "~/.config"

    def expanded(target: str) -> Path:
        return Path(target.replace("$CONFIG", configuration)).expanduser()

    usual = expanded(snippet.target)
    others = (expanded(other) for other in snippet.others)
    return usual if usual.exists() else next((o for o in others if o.exists()), usual)


def _version(program: str) -> str:
    """Return the version that the editor prints, or an empty string."""
    try:
        result = subprocess.run(
            [program, "--version"],
            capture_output=True,
            text=True,
            stdin=subprocess.DEVNULL,
            timeout=_PATIENCE,
            errors="replace",
        )
    except (OSError, subprocess.TimeoutExpired):
        return ""
    match = _VERSION.search(result.stdout)
    return match.group() if match is not None else ""


def _plain(found: Installed) -> dict[str, object]:
    return {
        "editor": found.editor.name,
        "program": found.program,
        "version": found.version or None,
        "tested": found.editor.tested,
        "snippets": [
            {
                "file": str(target_of(snippet)),
                "text": snippet.text,
                "package": snippet.package or None,
            }
            for snippet in found.snippets
        ],
    }


def _write(found: list[Installed], locale: str) -> None:
    out = console()
    if not found:
        out.print(translate("doctor.editors.none", locale), soft_wrap=True)
        return
    if shutil.which("tensorhints") is None:
        out.print(translate("doctor.editors.no-command", locale) + "\n", soft_wrap=True)
    for each in found:
        title = " ".join(filter(None, [each.editor.name, each.version]))
        out.print(Text.assemble((title, "bold"), (f"  {each.program}", DETAIL)), soft_wrap=True)
        if not each.editor.tested:
            out.print(translate("doctor.editors.untested", locale), soft_wrap=True)
        if not each.editor.snippets:
            out.print(translate("doctor.editors.extension", locale), soft_wrap=True)
        elif not each.snippets:
            oldest = min(snippet.since for snippet in each.editor.snippets)
            version = ".".join(map(str, oldest))
            out.print(translate("doctor.editors.too-old", locale, version=version), soft_wrap=True)
        for snippet in each.snippets:
            file = str(target_of(snippet))
            word = "doctor.editors.write-with" if snippet.package else "doctor.editors.write"
            instruction = translate(word, locale, file=file, package=snippet.package)
            out.print(instruction, soft_wrap=True)
            out.print(Text("\n" + snippet.text), soft_wrap=True)
        out.print()
