"""`tensorhints serve`: the language server, on standard input and output or on a socket."""

from __future__ import annotations

from .arguments import Serve


def serve(command: Serve) -> int:
    """The exit status of the server: 0 after `shutdown` and `exit`, 1 after `exit` alone."""
    # Only here: the other commands need neither pygls nor the half second that it takes.
    from tensorhints.lsp.server import serve as serve_lsp

    return serve_lsp(command.address)
