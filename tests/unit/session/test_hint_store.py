"""Hints through edits and runs: never at a wrong location, never of another text."""

from __future__ import annotations

from collections.abc import Iterator

from hypothesis import given
from hypothesis import strategies as st

from tensorhints.model.locations import TARGET, HintLocation, Span
from tensorhints.model.messages import (
    FromRun,
    HintLocations,
    InstrumentedFile,
    NewSignature,
    Started,
)
from tensorhints.model.source_text import digest
from tensorhints.model.values import Tensor
from tensorhints.session.runs.hint_store import HintStore
from tensorhints.session.runs.record import RunRecord
from tensorhints.session.text.documents import Document, Edit, Position
from tensorhints.session.text.tracked_text import TrackedText

PATH = "/a.py"
TEXT = "a = 1\nb = 2\nc = (\n  3\n)\n"
STATEMENTS = {"a": (0, 0), "b": (1, 1), "c": (2, 4)}


def document(text: str = TEXT) -> Document:
    return Document("file:///a.py", PATH, text, 1, "python")


def record_of(text: str, *names: str, run: int = 1, size: int = 1) -> RunRecord:
    record = RunRecord()
    record.on_message(Started(run, "cpu"))
    record.on_message(InstrumentedFile(run, PATH, digest(text)))
    for message in messages_of(*names, run=run, size=size):
        record.on_message(message)
    return record


def messages_of(*names: str, run: int = 1, size: int = 1) -> Iterator[FromRun]:
    for number, name in enumerate(names):
        first, last = STATEMENTS[name]
        span = Span(first, 0, first, 1)
        location = HintLocation(number, PATH, TARGET, name, span, first, 1, first, last)
        yield HintLocations(run, (location,))
        yield NewSignature(run, number, Tensor((size,), "float32", "cpu"), 1)


def shown(store: HintStore, text: Document) -> dict[str, tuple[int, object]]:
    return {
        hint.location.name: (hint.location.line, hint.observation.values[0].shape)  # type: ignore[union-attr]
        for hint in store.hints(text)
    }


def begun(text: Document, record: RunRecord) -> HintStore:
    store = HintStore()
    store.begin(record, {PATH: TrackedText(text)})
    return store


def test_hints_that_the_new_run_has_not_observed_yet_stay_until_it_ends() -> None:
    text = document()
    store = begun(text, record_of(TEXT, "a", "b"))
    store.end()
    store.begin(record_of(TEXT, "a", run=2, size=9), {PATH: TrackedText(text)})
    assert shown(store, text) == {"a": (0, (9,)), "b": (1, (1,))}
    store.end()
    assert shown(store, text) == {"a": (0, (9,))}


def test_hints_of_a_superseded_run_stay_with_those_before_it() -> None:
    text = document()
    store = begun(text, record_of(TEXT, "a", "b", "c"))
    store.end()
    store.begin(record_of(TEXT, "a", run=2, size=9), {PATH: TrackedText(text)})
    store.begin(record_of(TEXT, run=3), {PATH: TrackedText(text)})
    assert shown(store, text) == {"a": (0, (9,)), "b": (1, (1,)), "c": (2, (1,))}


def test_a_run_of_another_text_does_not_give_hints() -> None:
    text = document()
    store = begun(text, record_of("# other\n" + TEXT, "a"))
    assert store.hints(text) == ()


def test_a_change_anywhere_in_a_statement_removes_its_hint() -> None:
    text = document()
    store = begun(text, record_of(TEXT, "a", "b", "c"))
    text.edit([Edit("4", Position(3, 2), Position(3, 3))], 2)
    assert set(shown(store, text)) == {"a", "b"}


SAME_CODE = "a = 1  # one\nb = 2\n\nc = (3)\n"
LINES_OF_SAME_CODE = {"a": 0, "b": 1, "c": 3}


def test_the_same_code_keeps_the_hints_of_lines_that_changed() -> None:
    text = document()
    held = TrackedText(text)
    store = HintStore()
    store.begin(record_of(TEXT, "a", "b", "c"), {PATH: held})
    text.edit([Edit(SAME_CODE)], 2)
    assert set(shown(store, text)) == {"b"}
    held.realign(TrackedText(text))
    assert {name: line for name, (line, _) in shown(store, text).items()} == LINES_OF_SAME_CODE


def test_the_same_code_keeps_the_hints_that_come_later_and_those_of_earlier_runs() -> None:
    text = document()
    store = begun(text, record_of(TEXT, "b", size=7))
    record, held = record_of(TEXT, run=2), TrackedText(text)
    store.begin(record, {PATH: held})
    text.edit([Edit(SAME_CODE)], 3)
    held.realign(TrackedText(text))
    assert shown(store, text) == {"b": (1, (7,))}
    for message in messages_of("a", "c", run=2):
        record.on_message(message)
    assert shown(store, text) == {"a": (0, (1,)), "b": (1, (7,)), "c": (3, (1,))}


def test_edits_after_the_same_code_was_found_are_followed_as_well() -> None:
    text = document()
    held = TrackedText(text)
    store = HintStore()
    store.begin(record_of(TEXT, "a", "b", "c"), {PATH: held})
    text.edit([Edit(SAME_CODE)], 2)
    same = TrackedText(text)
    text.edit([Edit("# above\n", Position(0, 0), Position(0, 0))], 3)
    text.edit([Edit("9", Position(2, 4), Position(2, 5))], 4)
    held.realign(same)
    assert {name: line for name, (line, _) in shown(store, text).items()} == {"a": 1, "c": 4}


EDITS = st.lists(
    st.tuples(
        st.integers(0, 6), st.integers(0, 6), st.integers(0, 6), st.integers(0, 6),
        st.text(alphabet="abc= 1\n", max_size=8),
    ),
    max_size=5,
)  # fmt: skip


@given(EDITS)
def test_a_hint_is_never_shown_in_a_statement_whose_text_differs(
    edits: list[tuple[int, int, int, int, str]],
) -> None:
    text = document()
    store = begun(text, record_of(TEXT, "a", "b", "c"))
    for version, (line, column, end_line, end_column, new) in enumerate(edits):
        span = Position(line, column), Position(end_line, end_column)
        text.edit([Edit(new, *span)], version)
        for hint in store.hints(text):
            location = hint.location
            first, last = STATEMENTS[location.name]
            now = text.text.lines[location.statement_line : location.statement_end + 1]
            assert now == tuple(TEXT.split("\n")[first : last + 1])
