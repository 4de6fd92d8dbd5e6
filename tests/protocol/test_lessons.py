"""A lesson, from the list of them to its last step: in every editor, in both languages."""

from __future__ import annotations

import functools
import re
from pathlib import Path
from typing import Any

import pytest
from lsprotocol import types

from protocol.learner import Learner, learning
from tensorhints.course.folders import find_course
from tensorhints.course.library import Library
from tensorhints.course.loader import load

LESSONS = Library(load(find_course())[0])
TENSORS = LESSONS.lesson("tensors")
assert TENSORS is not None

QUESTIONS = {"uniform": "rand", "mixed": "error", "precision": "float32"}
WRONG = {"uniform": "randn", "mixed": "moves", "precision": "int64"}

WORDS = {
    "en": {
        "which": "Which lesson",
        "again": "Try again",
        "next": "Next question",
        "step": "Step",
        "not-started": "○ not started",
        "hint": "Hint 1 of",
    },
    "pt-BR": {
        "which": "Qual lição",
        "again": "Tentar de novo",
        "next": "Próxima pergunta",
        "step": "Etapa",
        "not-started": "○ não iniciada",
        "hint": "Dica 1 de",
    },
}


def plain(markdown: str) -> str:
    return " ".join(re.sub(r"[`*]", "", markdown).split())


def choice(step: str, id_: str, locale: str) -> str:
    assert TENSORS is not None
    return plain(TENSORS.texts[locale].steps[step].choices[id_])


def explanation(step: str, id_: str, locale: str) -> str:
    """Its first words, whatever formulas follow."""
    assert TENSORS is not None
    return plain(TENSORS.texts[locale].steps[step].explanations[id_])[:20]


def states(progress: Any, *kinds: str) -> dict[str, str]:
    lesson = next(each for each in progress["lessons"] if each["lesson"] == "tensors")
    return {s["id"]: s["state"] for s in lesson["steps"] if not kinds or s["kind"] in kinds}


async def step_lenses(me: Learner, uri: str) -> list[str]:
    marks = "✓ Step", "✗", "○", "⚠", "?", "…", "✓ Etapa"
    return [title for line, title in await me.lenses(uri) if line and title.startswith(marks)]


async def information(me: Learner, uri: str) -> list[types.Diagnostic]:
    """Wait for the verdict of a run that nobody requested."""
    severity = types.DiagnosticSeverity.Information

    def has_received(seen: int) -> bool:
        count = me.editor.client.diagnostic_refresh_count
        return bool(count > seen or me.editor.published(uri))

    while True:
        seen = me.editor.client.diagnostic_refresh_count
        found = [d for d in await me.diagnostics(uri) if d.severity == severity]
        if found:
            return found
        await me.editor.until(functools.partial(has_received, seen))


@pytest.mark.parametrize("locale", ["en", "pt-BR"])
@pytest.mark.parametrize("client", ["vscode", "neovim", "emacs", "helix"])
async def test_the_first_lesson_from_its_start_to_its_end(
    tmp_path: Path, client: str, locale: str
) -> None:
    words = WORDS[locale]
    async with learning(tmp_path, client, locale=locale) as me:
        uri = await open_from_the_list(me, words["which"])
        await answer_every_question(me, locale)
        await solve_every_step(me, uri, words)
        assert set(states(await me.command("progress")).values()) <= {"done", "done_with_help"}


async def test_a_question_comes_after_the_answer_that_an_editor_waits_for(tmp_path: Path) -> None:
    async with learning(tmp_path, "emacs") as me:
        for count, command in enumerate(("lesson", "quiz"), start=1):
            await me.command(command)
            await me.asked(count)
        assert not me.untimely


async def open_from_the_list(me: Learner, which: str) -> str:
    me.answers = ["1. "]
    answered = await me.command("lesson")
    asked = await me.asked(1)
    assert asked.message.startswith(which)
    assert len(asked.actions or ()) == len(list(LESSONS))
    path = answered["path"]
    capabilities = me.editor.client.capabilities
    assert capabilities is not None
    if capabilities.window is not None and capabilities.window.show_document is not None:
        await me.editor.until(lambda: me.shown(".py"))
        assert len(me.shown(".md")) == 1
        return me.open_what_is_shown()
    await me.message(path)
    await me.message(".md")
    return me.open(path)


async def answer_every_question(me: Learner, locale: str) -> None:
    """Answer each question wrong, then right.

    A judgement is part of the next offer's message; the last one is a message of its own.
    """
    words, before = WORDS[locale], len(me.questions)
    for step, right in QUESTIONS.items():
        me.answers += [choice(step, WRONG[step], locale), words["again"]]
        me.answers += [choice(step, right, locale), words["next"]]
    me.answers.pop()
    assert (await me.command("quiz"))["step"] == "uniform"
    judged = []
    for step, right in QUESTIONS.items():
        judged += [("✗", explanation(step, WRONG[step], locale))]
        judged += [("✓", explanation(step, right, locale))]
    verdict, why = judged.pop()
    assert (await me.message(why)).startswith(verdict)
    for (verdict, why), asked in zip(judged, me.questions[before + 1 :: 2], strict=True):
        assert asked.message.startswith(f"{verdict} {why}")
    assert set(states(await me.command("progress"), "quiz").values()) == {"done"}


async def solve_every_step(me: Learner, uri: str, words: dict[str, str]) -> None:
    step = words["step"]
    assert (await me.command("check"))["verdict"] == "not_attempted"
    assert await step_lenses(me, uri) == [words["not-started"]] * 3

    me.write(uri, "F_new = ...", "F_new = F[1:]")
    (found,) = await information(me, uri)
    line = me.editor.texts[uri].split("\n").index("F_new = F[1:]")
    assert found.range.start.line == line
    assert found.code == "row.shape"
    assert "(9,)" in found.message
    assert (await step_lenses(me, uri))[0].startswith(f"✗ {step} 1: ")

    hint = await me.command("hint")
    assert (hint["step"], hint["number"]) == ("row", 1)
    await me.message(words["hint"])

    me.write(uri, "F_new = F[1:]", "F_new = F[None]")
    assert (await me.command("check", step="row"))["verdict"] == "correct"
    assert (await step_lenses(me, uri))[0] == f"✓ {step} 1"

    before = me.editor.texts[uri]
    answered = await me.command("solution")
    assert (answered["step"], answered["applied"]) == ("product", True)
    assert "output = ..." not in me.editor.texts[uri]
    assert (await me.command("check", step="product"))["verdict"] == "correct"
    me.undo(uri)
    assert me.editor.texts[uri] == before
    me.write(uri, "output = ...", "output = torch.einsum('ij,jk->ik', F_new, W)")
    me.write(uri, "F_flat = ...", "F_flat = torch.flatten(F)")
    assert (await me.command("check", step="flat"))["verdict"] == "correct"
    assert await step_lenses(me, uri) == [f"✓ {step} {number}" for number in (1, 2, 3)]
    reached = states(await me.command("progress"), "challenge")
    assert reached == {"row": "done", "product": "done_with_help", "flat": "done"}
