"""Explanations: the headline is proved by the operands, or it is torch's own first line.

What real programs get stands in tests/golden/failures; here are the rules' edges.
"""

from __future__ import annotations

import dataclasses
import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tensorhints.model.failures import Failure, FailureCode, Holder, InnerCall, Operand, Operation
from tensorhints.model.locations import Span
from tensorhints.model.values import OtherObject, Sequence, Tensor, Value
from tensorhints.present.cases import case_of
from tensorhints.present.explain import explain
from tensorhints.present.rules import reason_for
from tensorhints.present.words import TABLES
from unit.present.samples import tensor


def failure(
    operation: Operation | None,
    message: str = "it failed",
    *,
    exception: str = "RuntimeError",
    inside: tuple[InnerCall, ...] = (),
    user_message: FailureCode | None = None,
    memory_of: str | None = None,
) -> Failure:
    span = Span(3, 0, 3, 5)
    return Failure(
        exception, message, "/a.py", span, (), operation, inside, user_message, memory_of
    )


def number(value: int) -> Operand:
    return Operand("argument", str(value), OtherObject("int", str(value)))


def binary(
    symbol: str, left: Value | None, right: Value | None, *, exact: bool = True
) -> Operation:
    operands = (Operand("left", "a", left, exact=exact), Operand("right", "b", right))
    return Operation("binary", symbol, f"a {symbol} b", operands)


def method(name: str, own: Value, *arguments: Operand) -> Operation:
    text = f"x.{name}({', '.join(argument.text for argument in arguments)})"
    return Operation("method", name, text, (Operand("self", "x", own), *arguments))


def call(callee: str, *arguments: Operand, name: str | None = None) -> Operation:
    called = callee if name is None else name
    text = f"{called}({', '.join(argument.text for argument in arguments)})"
    return Operation("call", called, text, (Operand("callee", called, None), *arguments), callee)


def given_tensor(name: str, value: Value) -> Operand:
    return Operand("argument", name, value)


def layer(repr_: str, received: Value, message: str = "it failed") -> Failure:
    kind = repr_.partition("(")[0]
    operation = call(f"torch.nn.{kind}", given_tensor("x", received), name="m")
    return failure(operation, message, inside=(InnerCall("", repr_, received),))


TWO_DEVICES = (
    "Expected all tensors to be on the same device, but found at least two devices, cuda:0 and cpu!"
)

REASONS = [
    (
        failure(binary("@", tensor(2, 3, device="cuda:0"), tensor(3, 2)), TWO_DEVICES),
        (
            "a: f32[2,3] cuda:0 @ b: f32[3,2] cpu: a is on cuda:0 and b on cpu, but both must be "
            "on one device"
        ),
    ),
    (
        layer("Linear(in_features=3, out_features=2, bias=True)", tensor(4, 3), TWO_DEVICES),
        "m(x: f32[4,3] cpu): the input is on cpu, but the weights of Linear are on cuda:0",
    ),
    (
        failure(binary("@", tensor(), tensor(3))),
        (
            "a: f32[] cpu @ b: f32[3] cpu: a is a single number, and a matrix product needs at "
            "least one dimension: use *"
        ),
    ),
    (
        failure(method("mm", tensor(2, 3, 4), given_tensor("b", tensor(4, 5)))),
        "(x: f32[2,3,4] cpu).mm(b: f32[4,5] cpu): mm takes a 2-D tensor here, but x is 3-D",
    ),
    (
        failure(
            call(
                "torch.nn.functional.linear",
                given_tensor("x", tensor(4, 3)),
                given_tensor("w", tensor(2, 5)),
                name="F.linear",
            )
        ),
        (
            "F.linear(x: f32[4,3] cpu, w: f32[2,5] cpu): the last dimension of the input is 3, but "
            "the weight was made for 5"
        ),
    ),
    (
        failure(method("view", tensor(6), number(-1), number(-1))),
        "(x: f32[6] cpu).view(-1, -1): only one size of [-1,-1] can be left open with -1",
    ),
    (
        failure(method("permute", tensor(2, 3), number(0), number(-2))),
        "(x: f32[2,3] cpu).permute(0, -2): dimension 0 is named twice",
    ),
    (
        failure(method("expand", tensor(2, 3), number(3))),
        "(x: f32[2,3] cpu).expand(3): each dimension needs a size: at least 2, and 1 are given",
    ),
    (
        layer("BatchNorm2d(8, eps=1e-05, momentum=0.1)", tensor(2, 3, 4, 4)),
        (
            "m(x: f32[2,3,4,4] cpu): BatchNorm2d was made for 8 features, but dimension 1 of the "
            "input is 3"
        ),
    ),
    (
        layer("LayerNorm((10,), eps=1e-05)", tensor(2, 5)),
        "m(x: f32[2,5] cpu): LayerNorm was made for inputs that end in [10], not for [2,5]",
    ),
    (
        layer("LSTM(10, 20, num_layers=2)", tensor(5, 3, 8)),
        "m(x: f32[5,3,8] cpu): LSTM was made for a last dimension of 10 (input_size), but it is 8",
    ),
    (
        layer("Embedding(10, 4)", tensor(3)),
        "m(x: f32[3] cpu): an embedding looks up whole numbers, and the input is float32",
    ),
    (
        failure(
            method("backward", tensor()),
            "element 0 of tensors does not require grad and does not have a grad_fn",
        ),
        (
            "(x: f32[] cpu).backward(): x does not require a gradient: nothing that it was made "
            "from has requires_grad=True"
        ),
    ),
    (
        failure(method("numpy", tensor(3, device="cuda:0")), exception="TypeError"),
        "(x: f32[3] cuda:0).numpy(): x is on cuda:0, and NumPy only reaches the CPU's memory",
    ),
    (
        failure(
            method("add_", tensor(3, requires_grad=True), number(1)),
            "a leaf Variable that requires grad is being used in an in-place operation.",
        ),
        "(x: f32[3] cpu ∇).add_(1): x requires a gradient and cannot be changed in place",
    ),
    (
        failure(
            Operation(
                "attribute",
                "shape",
                "x.shape",
                (Operand("self", "x", OtherObject("NoneType", "None")),),
            ),
            "'NoneType' object has no attribute 'shape'",
            exception="AttributeError",
        ),
        "the value is None, which has no attribute shape",
    ),
    (
        failure(
            Operation("attribute", "zeross", "torch.zeross", ()),
            "module 'torch' has no attribute 'zeross'",
            exception="AttributeError",
        ),
        "torch has no zeross; zeros may be meant",
    ),
    (
        failure(
            Operation("other", "Name", "nn", (Operand("argument", "nn", None),)),
            "name 'nn' is not defined",
            exception="NameError",
        ),
        "nn is not imported: begin the file with “import torch.nn as nn”",
    ),
    (
        failure(
            method("sum", tensor(2), number(1)),
            "sum() received an invalid combination of arguments - got (str), but expected one of:\n"
            " * (*, torch.dtype dtype)",
            exception="TypeError",
        ),
        "(x: f32[2] cpu).sum(1): sum does not take arguments of the types (str)",
    ),
]


@pytest.mark.parametrize(("failed", "headline"), REASONS, ids=[text for _, text in REASONS])
def test_the_headline_states_the_proven_cause(failed: Failure, headline: str) -> None:
    assert explain(failed, "en").headline == headline


class TestUnprovenCausesAreNotClaimed:
    def test_fitting_inner_dimensions(self) -> None:
        failed = failure(binary("@", tensor(2, 3), tensor(3, 4)), "something else")
        assert explain(failed, "en").headline == (
            "a: f32[2,3] cpu @ b: f32[3,4] cpu: something else"
        )

    def test_shapes_that_broadcast(self) -> None:
        failed = failure(binary("+", tensor(2, 3), tensor(3)), "something else")
        assert explain(failed, "en").headline.endswith(": something else")

    def test_an_operand_of_an_earlier_pass(self) -> None:
        failed = failure(binary("@", tensor(2, 3), tensor(2, 3), exact=False), "torch's words")
        explained = explain(failed, "en")
        assert explained.headline == "a @ b: f32[2,3] cpu: torch's words"
        assert "a was f32[2,3] cpu when it was last seen." in explained.detail

    def test_an_unknown_operand(self) -> None:
        failed = failure(binary("@", tensor(2, 3), None), "torch's words")
        assert explain(failed, "en").headline == "a: f32[2,3] cpu @ b: torch's words"

    def test_a_symbolic_size(self) -> None:
        failed = failure(binary("@", tensor(2, "s0"), tensor(3, 4)), "torch's words")
        assert explain(failed, "en").headline.endswith(": torch's words")

    def test_a_function_of_the_users_own_that_is_named_as_one_of_torch(self) -> None:
        operation = call("mm", given_tensor("a", tensor(1)), given_tensor("b", tensor(2)))
        assert explain(failure(operation, "mine"), "en").headline.endswith(": mine")

    def test_unpacked_arguments(self) -> None:
        shape = Operand("argument", "shape", Sequence("tuple", 1, (OtherObject("int", "5"),)))
        operation = Operation(
            "method", "view", "x.view(*shape, 2)", (Operand("self", "x", tensor(10)), shape)
        )
        assert explain(failure(operation, "torch's words"), "en").headline.endswith("torch's words")

    def test_the_value_behind_a_minus_sign(self) -> None:
        size = Operand("argument", "-n", OtherObject("int", "5"))
        failed = failure(method("view", tensor(24), size), "torch's words")
        assert explain(failed, "en").headline == "(x: f32[24] cpu).view(-n): torch's words"

    def test_the_target_of_a_loss_that_a_wrapping_module_was_not_given(self) -> None:
        operation = call("Wrapper", given_tensor("x", tensor(2)), given_tensor("y", tensor(3)))
        inside = (InnerCall("", "CrossEntropyLoss()", tensor(4, 10)),)
        assert explain(failure(operation, "words", inside=inside), "en").headline.endswith("words")


def test_detail_has_torchs_own_words_in_full() -> None:
    failed = failure(binary("@", tensor(2, 3), tensor(2, 3)), "first line\n\tsecond line")
    assert explain(failed, "en").detail == (
        "With b.T, of shape [3,2], they would agree.\nRuntimeError: first line\nsecond line"
    )


def test_without_a_message_only_the_class_is_named() -> None:
    explained = explain(failure(None, "", exception="mine.Stop"), "en")
    assert explained.headline == explained.detail == "Stop"


def test_memory_that_does_not_suffice() -> None:
    failed = failure(method("repeat", tensor(3), number(10**9)), "[enforce fail]", memory_of="cpu")
    assert explain(failed, "en").headline == (
        "(x: f32[3] cpu).repeat(1000000000): there is not enough memory for this: make the tensors "
        "smaller"
    )


@pytest.mark.parametrize(
    ("locale", "headline", "first", "last"),
    [
        (
            "en",
            "there is not enough memory left on cuda:1 for this",
            "What held the memory of cuda:1:",
            "  hidden in step: f32[64,8] cuda:1, 2 KB",
        ),
        (
            "pt-BR",
            "não resta memória suficiente em cuda:1 para isto",
            "O que ocupava a memória de cuda:1:",
            "  hidden em step: f32[64,8] cuda:1, 2 KB",
        ),
    ],
)
def test_a_full_gpu_is_explained_with_the_names_that_hold_its_memory(
    locale: str, headline: str, first: str, last: str
) -> None:
    hidden = tensor(64, 8, device="cuda:1")
    full = dataclasses.replace(
        failure(None, "CUDA out of memory.", exception="torch.OutOfMemoryError"),
        memory_of="cuda:1",
        holders=(
            Holder(
                "model", "", "cuda:1", 3 * 2**30, OtherObject("Linear", "Linear(in_features=9)")
            ),
            Holder("hidden", "step", "cuda:1", 2048, hidden),
        ),
    )
    explained = explain(full, locale)
    assert explained.headline == headline
    lines = explained.detail.splitlines()
    assert lines[1:4] == [first, "  model: Linear(in_features=9), 3 GB", last]


@pytest.mark.parametrize("locale", TABLES)
def test_a_generator_of_another_device_is_explained_with_advice(locale: str) -> None:
    loader = Operation("other", "Name", "loader", (Operand("argument", "loader", None),))
    message = "Expected a 'cuda:0' device type for generator but found 'cpu'"
    explained = explain(failure(loader, message), locale)
    assert "cuda:0" in explained.headline
    assert "cpu" in explained.headline
    assert "generator=torch.Generator('cuda:0')" in explained.detail


def test_input_has_a_sentence_of_its_own() -> None:
    failed = failure(
        None, "EOF when reading a line", exception="EOFError", user_message="stdin-closed"
    )
    assert explain(failed, "pt-BR").headline.startswith("O programa pediu uma entrada")


def fields_of(template: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(template) if name is not None}


@pytest.mark.parametrize("failed", [failed for failed, _ in REASONS])
def test_every_field_of_a_sentence_is_filled(failed: Failure) -> None:
    case = case_of(failed)
    assert case is not None
    reason = reason_for(case)
    assert reason is not None
    assert fields_of(TABLES["en"][reason.code]) <= set(reason.fields)
    if reason.advice is not None:
        assert fields_of(TABLES["en"][reason.advice]) <= set(reason.advice_fields)


_tensors = st.builds(
    Tensor,
    st.none() | st.lists(st.integers(0, 4) | st.just("s0"), max_size=4).map(tuple),
    st.sampled_from(["float32", "int64", "bool"]),
    st.sampled_from(["cpu", "cuda:0"]),
    st.booleans(),
)
_plain = st.builds(
    OtherObject, st.sampled_from(["int", "str", "slice"]), st.none() | st.text(max_size=9)
)
_integers = st.integers(-3, 9).map(lambda value: OtherObject("int", str(value)))
_values = st.one_of(
    st.none(),
    _tensors,
    _plain,
    _integers,
    st.lists(_tensors | _integers, max_size=4).map(
        lambda items: Sequence("list", len(items), tuple(items))
    ),
)
_roles = st.sampled_from(
    ["left", "right", "self", "callee", "argument", "keyword", "base", "index"]
)
_operands = st.builds(
    Operand,
    _roles,
    st.text(max_size=50),
    _values,
    st.none() | st.sampled_from(["dim", "target", "**"]),
    st.booleans(),
)
_operations = st.builds(
    Operation,
    st.sampled_from(
        ["binary", "augmented", "call", "method", "subscript", "compare", "attribute", "other"]
    ),
    st.sampled_from(
        ["@", "+=", "==", "torch.cat", "F.cross_entropy", "view", "expand", "mm", "[]", "einsum"]
    ),
    st.text(max_size=50),
    st.lists(_operands, max_size=4).map(tuple),
    st.none() | st.sampled_from(["torch.stack", "torch.nn.Linear", "torch.split", "mine.cat"]),
)
_inside = st.builds(
    InnerCall,
    st.text(max_size=9),
    st.sampled_from(["Linear(3, 4)", "Conv2d(3, 8, kernel_size=(9, 9))", "Net", "Net(", ""]),
    _values,
)


@given(
    st.none() | _operations,
    st.text(max_size=50) | st.sampled_from([failed.message for failed, _ in REASONS]),
    st.lists(_inside, max_size=2).map(tuple),
    st.sampled_from(["en", "pt-BR"]),
)
def test_every_failure_is_explained_in_one_line(
    operation: Operation | None, message: str, inside: tuple[InnerCall, ...], locale: str
) -> None:
    explained = explain(failure(operation, message, inside=inside), locale)
    assert explained.headline.isprintable()
    assert explained.headline
    assert explained.detail
