"""Errors of the command line as data: one sentence and an exit status."""

from __future__ import annotations

BAD_USAGE = 2


class Refusal(Exception):
    """A command that cannot be carried out. `code` names the sentence, `fields` fill it."""

    def __init__(self, code: str, **fields: object) -> None:
        super().__init__(code)
        self.code = code
        self.fields = fields
