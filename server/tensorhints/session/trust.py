"""Whether user code may run at all.

An editor with workspace trust sends its decision; if it does not, nothing runs. Other editors trust
everything that they open.
"""

from __future__ import annotations

# VS Code and its variants, whose users expect that nothing runs in a folder they do not trust.
EDITORS_WITH_TRUST = ("visual studio code", "vscodium", "code-server", "code - oss", "cursor")


def is_trusted(sent: object, editor: str | None, *, own_client: bool) -> bool:
    """Whether the code in a workspace may run.

    `sent` is the value of the option `trusted`, None if it was not sent, and `editor` the name that
    the client gives itself. `own_client`: it supports this server's protocol extensions, and so
    the option.
    """
    if sent is not None:
        return sent is True
    return not own_client and not is_of_vscodes_family(editor)


def is_of_vscodes_family(editor: str | None) -> bool:
    """Whether an editor is VS Code or a variant of it, by its name."""
    name = (editor or "").lower()
    return any(known in name for known in EDITORS_WITH_TRUST)
