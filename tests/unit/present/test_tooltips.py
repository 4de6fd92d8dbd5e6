"""Tooltips: all signatures, in Markdown that escapes the program's text."""

from __future__ import annotations

import re

from hypothesis import given
from hypothesis import strategies as st

from tensorhints.model.values import Mapping, Record, Sequence, TensorDetails
from tensorhints.present.markdown import code
from tensorhints.present.tooltips import tooltip
from unit.present.samples import location, observation, tensor


def test_one_signature_with_all_its_facts() -> None:
    details = TensorDetails((0, 1), False, 1536, "ExpandBackward0")
    seen = observation(tensor(4, 3, requires_grad=True), counts=(12,), details=details)
    assert tooltip(seen, "en").splitlines() == [
        "**`x`** `f32[4,3] cpu ∇` · 12 times",
        "",
        "- shape: `(4, 3)`",
        "- dtype: `torch.float32`",
        "- device: `cpu`",
        "- strides: `(0, 1)`, not contiguous",
        "- memory: 1.5 KB",
        "- requires_grad: `True`",
        "- grad_fn: `ExpandBackward0`",
    ]


def test_decimal_mark_of_portuguese() -> None:
    seen = observation(tensor(4, 3), details=TensorDetails(nbytes=1536))
    assert "memória: 1,5 KB" in tooltip(seen, "pt-BR")


def test_every_signature_with_its_count_and_which_came_first_and_last() -> None:
    lines = tooltip(observation(tensor(8), tensor(4), counts=(9, 1)), "en").splitlines()
    assert lines[0] == "**`x`** 2 different values were seen here"
    assert lines[2:4] == ["- `f32[8] cpu` · 9 times · first", "- `f32[4] cpu` · once · last"]


def test_counts_that_may_be_higher_say_so() -> None:
    seen = observation(tensor(8), counts=(1,), lower_bound=True)
    assert "≥ 1" in tooltip(seen, "en")


def test_the_items_of_a_container_are_listed_below_it() -> None:
    inner = Sequence("tuple", 2, (tensor(1), tensor(2)))
    value = Record("State", ("hidden", "extra"), (inner, Mapping("dict", 9, ("k",), (tensor(3),))))
    assert tooltip(observation(value), "en").splitlines()[2:] == [
        "- `.hidden`: `(f32[1] cpu, f32[2] cpu)`",
        "  - `[0]`: `f32[1] cpu`",
        "  - `[1]`: `f32[2] cpu`",
        "- `.extra`: `{k: f32[3] cpu, …+8}`",
        "  - `k`: `f32[3] cpu`",
        "  - and 8 more",
    ]


def test_a_guess_is_explained() -> None:
    assert "≈ depends on" in tooltip(observation(tensor(3, guessed=True)), "en")


def test_a_gradient_that_not_all_have_is_explained() -> None:
    some = observation(tensor(3), tensor(4, requires_grad=True))
    assert "∇? only some" in tooltip(some, "en")
    assert "∇? só alguns" in tooltip(some, "pt-BR")
    assert "∇?" not in tooltip(observation(tensor(3), tensor(4)), "en")


def test_backticks_of_the_program_do_not_end_the_code() -> None:
    seen = observation(tensor(3), at=location(name='d["``"]'))
    assert tooltip(seen, "en").startswith('**`d["``"]`**')


@given(st.text(alphabet="`a \n<", max_size=20))
def test_a_code_span_holds_any_text(text: str) -> None:
    span = code(text)
    fence = len(span) - len(span.lstrip("`"))
    assert "\n" not in span
    assert span.endswith("`" * fence)
    assert fence not in map(len, re.findall("`+", span[fence:-fence]))
