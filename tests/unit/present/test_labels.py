"""Labels, as docs/protocol.md promises them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tensorhints.model.locations import (
    CHAIN,
    COMPREHENSION,
    EXPRESSION,
    PARAMETER,
    RETURN,
    TARGET,
    LocationKind,
)
from tensorhints.model.values import (
    Array,
    Mapping,
    OtherObject,
    Record,
    Sequence,
    Tensor,
    TensorDetails,
    Value,
    holds_tensor,
)
from tensorhints.present.labels import LIMIT, LabelStyle, label, text_of
from tensorhints.present.text import utf16_length
from unit.present.samples import NONE, location, observation, tensor


def pair(*items: Value) -> Sequence:
    return Sequence("tuple", len(items), items)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (tensor(4, 32, 32), ": f32[4,32,32] cpu"),
        (tensor(), ": f32[] cpu"),
        (tensor(0, dtype="int64"), ": i64[0] cpu"),
        (tensor(2, device="cuda:0", dtype="bfloat16"), ": bf16[2] cuda:0"),
        (tensor(2, device="meta", dtype="bool"), ": bool[2] meta"),
        (tensor(2, dtype="complex128"), ": c128[2] cpu"),
        (tensor(2, dtype="float8_e4m3fn"), ": float8_e4m3fn[2] cpu"),
        (tensor(5, 10, requires_grad=True), ": f32[5,10] cpu ∇"),
        (tensor(3, guessed=True), ": ≈f32[3] cpu"),
        (tensor(3, "s0"), ": f32[3,s0] cpu"),
        (tensor(3, 3, layout="sparse_coo"), ": f32[3,3] cpu sparse_coo"),
        (Tensor(None, "float32", "cpu"), ": f32[?] cpu nested"),
        (Tensor(None, "float32", "cpu", layout="nested"), ": f32[?] cpu nested"),
        (Array((6, 2), "float64"), ": ndarray f64[6,2]"),
    ],
)
def test_the_label_has_dtype_shape_and_device(value: Value, expected: str) -> None:
    assert label(observation(value)) == expected


@pytest.mark.parametrize(
    ("kind", "annotated", "expected"),
    [
        (TARGET, False, ": f32[3] cpu"),
        (PARAMETER, False, ": f32[3] cpu"),
        (COMPREHENSION, False, ": f32[3] cpu"),
        (TARGET, True, " f32[3] cpu"),
        (PARAMETER, True, " f32[3] cpu"),
        (RETURN, False, " → f32[3] cpu"),
        (EXPRESSION, False, " → f32[3] cpu"),
        (CHAIN, False, " → f32[3] cpu"),
    ],
)
def test_beginning_depends_on_the_place(kind: LocationKind, annotated: bool, expected: str) -> None:
    assert label(observation(tensor(3), at=location(kind, annotated=annotated))) == expected


class TestValueOfATensorWithoutDimensions:
    def test_follows_the_device(self) -> None:
        details = TensorDetails(scalar="2.303")
        assert label(observation(tensor(), details=details)) == ": f32[] cpu = 2.303"

    def test_is_placed_before_the_gradient_mark(self) -> None:
        seen = observation(tensor(requires_grad=True), details=TensorDetails(scalar="2.303"))
        assert label(seen) == ": f32[] cpu = 2.303 ∇"

    def test_is_left_out_where_the_last_value_is_of_another_alternative(self) -> None:
        seen = observation(tensor(3), tensor(), details=TensorDetails(scalar="1"))
        assert label(seen) == ": f32[3] cpu | f32[] cpu"

    def test_is_left_out_off_the_cpu(self) -> None:
        seen = observation(tensor(device="cuda:0"), details=TensorDetails(scalar="1"))
        assert label(seen) == ": f32[] cuda:0"


class TestSeveralShapes:
    def test_differing_dimensions_are_listed_in_ascending_order(self) -> None:
        assert label(observation(tensor(8, 3), tensor(4, 3))) == ": f32[4|8,3] cpu"

    def test_three_sizes_are_listed(self) -> None:
        assert label(observation(tensor(8), tensor(4), tensor(2))) == ": f32[2|4|8] cpu"

    def test_more_than_three_sizes_are_a_range(self) -> None:
        seen = observation(*(tensor(size, 10) for size in range(17, 1, -1)))
        assert label(seen) == ": f32[2..17,10] cpu"

    def test_another_rank_is_an_alternative(self) -> None:
        assert label(observation(tensor(8, 3), tensor(3))) == ": f32[8,3] cpu | f32[3] cpu"

    def test_another_dtype_is_an_alternative(self) -> None:
        seen = observation(tensor(3), tensor(3, dtype="int64"))
        assert label(seen) == ": f32[3] cpu | i64[3] cpu"

    def test_another_device_is_an_alternative(self) -> None:
        seen = observation(tensor(3), tensor(3, device="cuda:0"))
        assert label(seen) == ": f32[3] cpu | f32[3] cuda:0"

    def test_a_gradient_that_not_all_have_is_marked(self) -> None:
        seen = observation(tensor(3), tensor(3, requires_grad=True))
        assert label(seen) == ": f32[3] cpu ∇?"

    def test_sizes_and_gradients_of_training_and_evaluation_are_one_label(self) -> None:
        training = [tensor(size, 32, 26, 26, requires_grad=True) for size in (64, 56)]
        seen = observation(*training, tensor(1000, 32, 26, 26))
        assert label(seen) == ": f32[56|64|1000,32,26,26] cpu ∇?"

    def test_gradients_in_a_container_are_marked_where_they_differ(self) -> None:
        training = pair(tensor(8, 3, requires_grad=True), tensor(8))
        assert label(observation(training, pair(tensor(4, 3), tensor(4)))) == (
            ": (f32[4|8,3] cpu ∇?, f32[4|8] cpu)"
        )

    @pytest.mark.parametrize(
        ("values", "expected"),
        [
            (
                [tensor(32, 1024, 512), tensor(32, 1024, 512, dtype="bfloat16")],
                ": f32|bf16[32,1024,512] cpu",
            ),
            (
                [tensor(6400, 128, 512, requires_grad=True), tensor(128, 512)],
                ": f32[6400,128,512]|[128,512] cpu ∇?",
            ),
            (
                [tensor(64, 1000, device=f"cuda:{number}") for number in range(3)],
                ": f32[64,1000] cuda:0|cuda:1|cuda:2",
            ),
            (
                [tensor(640, 1000), tensor(512, 1000, dtype="float16", device="cuda:0"), NONE],
                ": f32|f16[512|640,1000] cpu|cuda:0 | None",
            ),
            (
                [tensor(3, dtype=dtype) for dtype in ("float32", "int64", "bool", "int8")],
                ": f32|i64|bool|i8[3] cpu",
            ),
        ],
    )
    def test_everything_is_named_if_it_fits(self, values: list[Value], expected: str) -> None:
        assert label(observation(*values)) == expected

    def test_values_other_than_tensors_come_last(self) -> None:
        seen = observation(NONE, tensor(3), at=location(RETURN))
        assert label(seen) == " → f32[3] cpu | None"

    def test_three_alternatives_are_shown_and_the_rest_counted(self) -> None:
        seen = observation(*(pair(*[tensor(1)] * count) for count in range(1, 5)), pair())
        assert label(seen, LabelStyle(show_device=False)) == (": (f32[1]) | (f32[1], f32[1]) | …+3")

    def test_alternatives_that_do_not_fit_are_left_out(self) -> None:
        seen = observation(*(tensor(100, 200, 300, *[1] * rank) for rank in range(3)))
        assert label(seen) == ": f32[100,200,300] cpu | …+2"

    def test_batches_of_several_sizes_are_one_pair(self) -> None:
        full = pair(tensor(8, 3), tensor(8, dtype="int64"))
        last = pair(tensor(4, 3), tensor(4, dtype="int64"))
        assert label(observation(full, last)) == ": (f32[4|8,3] cpu, i64[4|8] cpu)"

    def test_a_guess_marks_all_it_is_merged_with(self) -> None:
        seen = observation(tensor(3), tensor(4, guessed=True))
        assert label(seen) == ": ≈f32[3|4] cpu"


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (pair(tensor(4), tensor(4, dtype="int64")), ": (f32[4] cpu, i64[4] cpu)"),
        (Sequence("list", 2, (tensor(4), tensor(5))), ": [f32[4] cpu, f32[5] cpu]"),
        (
            Sequence("list", 2, (tensor(640, 1000, requires_grad=True),) * 2),
            ": list[2] of f32[640,1000] cpu ∇",
        ),
        (pair(tensor(4), OtherObject("int", "3")), ": (f32[4] cpu, int)"),
        (Sequence("list", 12, (tensor(3, 3),) * 8, alike=True), ": list[12] of f32[3,3] cpu"),
        (Sequence("list", 12, (tensor(3, 3),) * 8), ": list[12]"),
        (Sequence("list", 5, tuple(tensor(n) for n in range(5))), ": list[5]"),
        (pair(tensor(1), pair(tensor(2), tensor(3))), ": tuple[2]"),
        (Sequence("deque", 2, (tensor(1),) * 2), ": deque[2] of f32[1] cpu"),
        (Mapping("dict", 1, ("w",), (tensor(7, 11),)), ": {w: f32[7,11] cpu}"),
        (
            Mapping("dict", 4, ("w", "b"), (tensor(70, 110), tensor(110, 12, 12))),
            ": {w: f32[70,110] cpu, …+3}",
        ),
        (Record("Batch", ("x", "n"), (tensor(4), NONE)), ": Batch(x=f32[4] cpu, n=None)"),
        (
            Record("Batch", ("size", "features"), (OtherObject("int"), tensor(4, 32, 32))),
            ": Batch(features=f32[4,32,32] cpu, …+1)",
        ),
    ],
)
def test_containers_show_their_tensors(value: Value, expected: str) -> None:
    assert label(observation(value)) == expected


@pytest.mark.parametrize(
    "value", [NONE, OtherObject("int", "3"), pair(), pair(NONE), Mapping("dict", 0, (), ())]
)
def test_other_values_have_no_label(value: Value) -> None:
    assert label(observation(value)) is None


class TestSettings:
    def test_long_dtypes(self) -> None:
        assert label(observation(tensor(3)), LabelStyle(long_dtypes=True)) == ": float32[3] cpu"

    def test_no_device(self) -> None:
        style = LabelStyle(show_device=False)
        assert label(observation(tensor(3, requires_grad=True)), style) == ": f32[3] ∇"

    def test_no_values(self) -> None:
        seen = observation(tensor(), details=TensorDetails(scalar="1"))
        assert label(seen, LabelStyle(values=False)) == ": f32[] cpu"

    @pytest.mark.parametrize(
        ("kind", "style"),
        [
            (TARGET, LabelStyle(assignments=False)),
            (PARAMETER, LabelStyle(parameters=False)),
            (COMPREHENSION, LabelStyle(comprehensions=False)),
            (RETURN, LabelStyle(returns=False)),
            (EXPRESSION, LabelStyle(expressions=False)),
            (CHAIN, LabelStyle(chains=False)),
            (TARGET, LabelStyle(enabled=False)),
        ],
    )
    def test_each_kind_can_be_turned_off(self, kind: LocationKind, style: LabelStyle) -> None:
        assert label(observation(tensor(3), at=location(kind)), style) is None
        other: LocationKind = EXPRESSION if kind != EXPRESSION else TARGET
        if style.enabled:
            assert label(observation(tensor(3), at=location(other)), style) is not None


def test_names_from_the_program_stay_on_one_line() -> None:
    value = Mapping("dict", 1, ("a\nb\u202e",), (tensor(3),))
    assert label(observation(value)) == ": {a�b�: f32[3] cpu}"


_dtypes = st.sampled_from(["float32", "int64", "bool", "float8_e4m3fn", "a_rather_long_dtype"])
_devices = st.sampled_from(["cpu", "cuda:0", "meta", "privateuseone:12"])
_sizes = st.one_of(st.integers(0, 10**12), st.sampled_from(["s0", "u1"]))
_tensors = st.builds(
    Tensor,
    st.none() | st.lists(_sizes, max_size=9).map(tuple),
    _dtypes,
    _devices,
    st.booleans(),
    st.sampled_from(["strided", "sparse_coo", "jagged"]),
    guessed=st.booleans(),
)
_leaves = st.one_of(
    _tensors,
    st.builds(Array, st.lists(st.integers(0, 99), max_size=4).map(tuple), _dtypes),
    st.builds(OtherObject, st.text(max_size=30)),
)


def _containers(values: st.SearchStrategy[Value]) -> st.SearchStrategy[Value]:
    items = st.lists(values, max_size=6).map(tuple)

    def named(kind: str) -> st.SearchStrategy[Value]:
        pairs = st.lists(st.tuples(st.text(max_size=50), values), max_size=6)
        if kind == "dict":
            return st.builds(
                lambda found, more: Mapping(
                    "dict",
                    len(found) + more,
                    tuple(key for key, _ in found),
                    tuple(value for _, value in found),
                ),
                pairs,
                st.integers(0, 1000),
            )
        return st.builds(
            lambda name, found: Record(
                name, tuple(key for key, _ in found), tuple(value for _, value in found)
            ),
            st.text(max_size=50),
            pairs,
        )

    sequences = st.builds(
        lambda name, found, more: Sequence(name, len(found) + more, found),
        st.sampled_from(["tuple", "list", "a_class_with_a_name_that_is_far_too_long_to_show"]),
        items,
        st.integers(0, 1000),
    )
    return st.one_of(sequences, named("dict"), named("record"))


_values = st.recursive(_leaves, _containers, max_leaves=12)
_styles = st.builds(LabelStyle, long_dtypes=st.booleans(), show_device=st.booleans())
_kinds = st.sampled_from([TARGET, RETURN])


@given(st.lists(_values, min_size=1, max_size=6, unique=True), _kinds, _styles)
def test_label_never_runs_past_the_limit(
    values: list[Value], kind: LocationKind, style: LabelStyle
) -> None:
    found = label(
        observation(*values, at=location(kind), details=TensorDetails(scalar="-1.234e-05")), style
    )
    assert (found is None) == (not any(map(holds_tensor, values)))
    if found is not None:
        assert utf16_length(found) <= LIMIT
        assert found.isprintable()
        assert found.startswith((": ", " → "))


@given(st.lists(st.lists(st.integers(0, 50), min_size=2, max_size=2), min_size=1, unique_by=tuple))
def test_merged_sizes_cover_each_shape_seen_and_name_only_sizes_seen(
    shapes: list[list[int]],
) -> None:
    found = label(observation(*(tensor(*shape) for shape in shapes)))
    assert found is not None
    parts = found.removeprefix(": f32[").removesuffix("] cpu").split(",")
    for dimension, part in enumerate(parts):
        seen = sorted({shape[dimension] for shape in shapes})
        if len(seen) > 3:
            assert part == f"{seen[0]}..{seen[-1]}"
        else:
            assert part == "|".join(map(str, seen))


@given(_values)
def test_text_of_one_value_is_the_label_without_its_limit(value: Value) -> None:
    found = label(observation(value))
    text = text_of(value)
    if found is not None and utf16_length(text) <= LIMIT - 2 and "…" not in found:
        assert found == f": {text}"
