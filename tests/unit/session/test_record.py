"""The record of a run, at any time of the run."""

from __future__ import annotations

from tensorhints.model.locations import TARGET, HintLocation, Span
from tensorhints.model.messages import (
    HintLocations,
    InstrumentedFile,
    LocationTally,
    NewSignature,
    Started,
    Tally,
)
from tensorhints.model.values import Tensor
from tensorhints.session.runs.record import OUTPUT_LIMIT, RunRecord

PLACE = HintLocation(7, "/a.py", TARGET, "x", Span(2, 0, 2, 1), 2, 1, 2, 2)
SMALL, LARGE = Tensor((2,), "float32", "cpu"), Tensor((3,), "float32", "cpu")


def record() -> RunRecord:
    new = RunRecord()
    for message in (
        Started(1, "cpu"),
        InstrumentedFile(1, "/a.py", "00"),
        HintLocations(1, (PLACE,)),
    ):
        new.on_message(message)
    return new


def test_a_location_that_was_not_reached_has_no_observation() -> None:
    assert record().observations("/a.py") == ()
    assert record().paths == ("/a.py",)


def test_counts_are_lower_bounds_until_the_tally_arrives() -> None:
    run = record()
    run.on_message(NewSignature(1, 7, SMALL, 1))
    (early,) = run.observations("/a.py")
    assert (early.values, early.counts, early.lower_bound) == ((SMALL,), (1,), True)
    run.on_message(Tally(1, (LocationTally(7, (12,), 0, False),)))
    (late,) = run.observations("/a.py")
    assert (late.counts, late.lower_bound) == ((12,), False)


def test_values_are_in_the_order_of_appearance_and_the_last_is_known() -> None:
    run = record()
    run.on_message(NewSignature(1, 7, SMALL, 1))
    run.on_message(NewSignature(1, 7, LARGE, 5))
    run.on_message(Tally(1, (LocationTally(7, (4, 1), 0, False),)))
    (observation,) = run.observations("/a.py")
    assert observation.values == (SMALL, LARGE)
    assert observation.last == 0


def test_the_same_value_from_two_processes_is_one_value() -> None:
    run = record()
    run.on_message(NewSignature(1, 7, SMALL, 1))
    run.on_message(NewSignature(1, 7, SMALL, 1))
    (observation,) = run.observations("/a.py")
    assert observation.values == (SMALL,)


def test_a_signature_at_an_unknown_location_is_ignored() -> None:
    run = record()
    run.on_message(NewSignature(1, 99, SMALL, 1))
    run.on_message(Tally(1, (LocationTally(99, (4,), 0, False),)))
    assert run.observations("/a.py") == ()


def test_output_is_kept_in_order_and_up_to_a_limit() -> None:
    run = record()
    run.on_output("stdout", "a")
    run.on_output("stderr", "b")
    run.on_output("stdout", "c" * OUTPUT_LIMIT)
    assert run.output[:2] == [("stdout", "a"), ("stderr", "b")]
