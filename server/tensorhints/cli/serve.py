"""`tensorhints serve`: the language server, on standard input and output or on a socket."""

from __future__ import annotations

from .arguments import Serve


def serve(command: Serve) -> int:
    """Run the server and return its exit status: 0 after `shutdown` and `exit`, else 1."""
    # Importing pygls takes half a second, which no other command needs.
    from tensorhints.lsp.server import serve as serve_lsp

    return serve_lsp(command.address)
