"""Whether user code may run at all: said by the client, or fail-closed where it should have been.

Editors with workspace trust tell the server; one that forgot to must not run anything. Editors
without it trust what they open.
"""

from __future__ import annotations

# VS Code's family, whose users were promised that nothing runs in a folder they did not trust.
EDITORS_WITH_TRUST = ("visual studio code", "vscodium", "code-server", "code - oss", "cursor")


def is_trusted(told: object, editor: str | None, *, own_client: bool) -> bool:
    """`told` is the option `trusted` as sent, `editor` the client's name of itself; `own_client`
    where the client speaks this server's extensions, and so knows of trust.
    """
    if told is not None:
        return told is True
    return not own_client and not is_of_vscodes_family(editor)


def is_of_vscodes_family(editor: str | None) -> bool:
    name = (editor or "").lower()
    return any(known in name for known in EDITORS_WITH_TRUST)
