"""`textDocument/codeLens`: run or stop, the last run, and in a lesson's file its steps."""

from __future__ import annotations

from functools import partial

from lsprotocol import types

from tensorhints.lsp.client import Client
from tensorhints.lsp.lessons import Lessons
from tensorhints.lsp.registry import Registry
from tensorhints.lsp.render.lenses import program_lenses, untrusted_lens
from tensorhints.lsp.render.lesson_marks import lesson_lenses
from tensorhints.lsp.services import Services
from tensorhints.lsp.snapshot import Snapshot


def register(registry: Registry, services: Services) -> None:
    """Handle the request."""
    handler = partial(code_lens, services.lessons)
    registry.document_request(types.TEXT_DOCUMENT_CODE_LENS, handler)


def code_lens(
    lessons: Lessons, snapshot: Snapshot, client: Client, params: types.CodeLensParams
) -> list[types.CodeLens] | None:
    """Return the lenses of a Python file; of a notebook, those of its first cell."""
    if not snapshot.is_python or not snapshot.view.contains(0):
        return None
    if not snapshot.is_trusted:
        return [untrusted_lens(client.locale)]
    lenses = program_lenses(snapshot.state(), client.locale)
    lesson = lessons.lesson_at(snapshot.path)
    if lesson is not None:
        overview = lessons.study.overview(snapshot.uri, snapshot.text, lesson)
        lenses += lesson_lenses(overview, snapshot.uri)
    return lenses
