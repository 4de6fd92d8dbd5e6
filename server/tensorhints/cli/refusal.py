"""What the command line cannot do for the user, as data: one sentence and an exit status."""

from __future__ import annotations

BAD_USAGE = 2


class Refusal(Exception):
    """`code` names the sentence in `present.words`, `fields` fill it."""

    def __init__(self, code: str, **fields: object) -> None:
        super().__init__(code)
        self.code = code
        self.fields = fields
