"""A lesson's checks on the learner's program.

Right answers pass, wrong ones are reported by their first difference, and neither a check nor the
program can spoil more than one verdict.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from tensorhints.engine.results import Outcome, RunResult
from tensorhints.model.messages import CheckVerdict, Ended

from .conftest import Received, RunText

pytestmark = pytest.mark.asyncio(loop_scope="session")

CHECKS = """
@check("row.shape", needs=["F_new"])
def _(F_new):
    expect(F_new).shape(1, 10)

@check("row.values", needs=["F", "F_new"], vary={"F": lambda: torch.rand(10)})
def _(F, F_new):
    expect(F_new).values(F.reshape(1, 10))

@check("product.shape", needs=["output"])
def _(output):
    expect(output).shape(1, 5)

@check("product.values", needs=["F", "W", "output"],
       vary={"F": lambda: torch.rand(10), "W": lambda: torch.rand(10, 5)})
def _(F, W, output):
    expect(output).dtype(torch.float32).values(F.reshape(1, 10) @ W)

@check("flat.shape", needs=["F_flat"])
def _(F_flat):
    expect(F_flat).rank(1).shape(50)

@check("flat.values", needs=["F", "F_flat"], vary={"F": lambda: torch.rand(5, 10)})
def _(F, F_flat):
    expect(F_flat).values(F.reshape(50))
"""
ANSWER_NAMES = {
    "row.shape": ("F_new",),
    "row.values": ("F_new",),
    "product.shape": ("output",),
    "product.values": ("output",),
    "flat.shape": ("F_flat",),
    "flat.values": ("F_flat",),
}

PROGRAM = """\
import torch
torch.manual_seed(0)
F = torch.rand(10)
W = torch.rand(10, 5)

{row}

{product}

F = torch.rand(5, 10)
{flat}
"""
RIGHT = {"row": "F_new = F[None]", "product": "output = F_new @ W", "flat": "F_flat = F.view(-1)"}

Judged = dict[str, CheckVerdict]
Judge = Callable[..., Awaitable[Judged]]


@pytest.fixture
def judge(run_text: RunText) -> Judge:
    """The verdicts on a text, by check."""

    async def judged(text: str, checks: str = CHECKS, **fields: Any) -> Judged:
        _, received = await run_text(text, checks=checks, checks_path="checks.py", **fields)
        return by_check(received)

    return judged


@pytest.fixture
def judge_lesson(judge: Judge) -> Judge:
    """The verdicts on the program above with its answers filled in: `row`, `product`, `flat`."""

    async def judged(**filled: str) -> Judged:
        return await judge(PROGRAM.format(**{**RIGHT, **filled}), answer_names=ANSWER_NAMES)

    return judged


def by_check(received: Received) -> Judged:
    return {verdict.check: verdict for verdict in received.of(CheckVerdict)}


def one(verdicts: Judged) -> CheckVerdict:
    (verdict,) = verdicts.values()
    return verdict


# ---- right answers


@pytest.mark.parametrize(
    "row",
    [
        "F_new = F.unsqueeze(0)",
        "F_new = F.view(1, -1)",
        "F_new = F.reshape(1, 10)",
        "F_new = F[None]",
        "F_new = torch.stack([F])",
        "F_new = torch.einsum('i->i', F).expand(1, 10)",
        "F_new = F.double()[None, :]",
        "row = F.unsqueeze(0)\nF_new = row",
        "F = F.unsqueeze(0)\nF_new = F",
        "def as_row(vector):\n    return vector[None]\nF_new = as_row(F)",
        "with torch.no_grad():\n    F_new = F.view(1, -1)",
    ],
)
async def test_every_right_row_passes(judge_lesson: Judge, row: str) -> None:
    verdicts = await judge_lesson(row=row, product="output = F_new.float() @ W")
    expected = dict.fromkeys(ANSWER_NAMES, "correct")
    assert {name: v.verdict for name, v in verdicts.items()} == expected


@pytest.mark.parametrize(
    "product",
    [
        "output = F_new @ W",
        "output = torch.matmul(F_new, W)",
        "output = torch.einsum('ij,jk->ik', F_new, W)",
        "output = (F_new.T * W).sum(0, keepdim=True)",
        "output = (W.T @ F_new.T).T",
        "W.requires_grad_()\noutput = F_new @ W",
    ],
)
async def test_every_right_product_passes(judge_lesson: Judge, product: str) -> None:
    verdicts = await judge_lesson(product=product)
    assert {v.verdict for v in verdicts.values()} == {"correct"}


@pytest.mark.parametrize(
    "flat",
    [
        "F_flat = F.view(-1)",
        "F_flat = F.reshape(50)",
        "F_flat = torch.flatten(F)",
        "F_flat = torch.cat(list(F))",
        "F_flat = torch.nn.Parameter(F.ravel())",
    ],
)
async def test_every_right_vector_passes(judge_lesson: Judge, flat: str) -> None:
    verdicts = await judge_lesson(flat=flat)
    assert {v.verdict for v in verdicts.values()} == {"correct"}


async def test_a_tensor_subclass_is_a_tensor(judge_lesson: Judge) -> None:
    row = (
        "class Loud(torch.Tensor):\n"
        "    @classmethod\n"
        "    def __torch_function__(cls, function, types, args=(), kwargs=None):\n"
        "        raise RuntimeError('nobody may look')\n"
        "F_new = F[None].as_subclass(Loud)\n"
    )
    verdicts = await judge_lesson(row=row, product="output = F[None] @ W")
    assert verdicts["row.shape"].verdict == "correct"
    assert verdicts["row.values"].verdict == "correct"


# ---- wrong answers


@pytest.mark.parametrize(
    ("filled", "check", "kind", "actual", "expected"),
    [
        ({"row": "F_new = F"}, "row.shape", "shape", "(10,)", "(1, 10)"),
        ({"row": "F_new = F.unsqueeze(1)"}, "row.shape", "shape", "(10, 1)", "(1, 10)"),
        ({"row": "F_new = [F.tolist()]"}, "row.shape", "type", "list", "Tensor"),
        ({"row": "F_new = None"}, "row.shape", "type", "NoneType", "Tensor"),
        ({"product": "output = F @ W"}, "product.shape", "shape", "(5,)", "(1, 5)"),
        ({"product": "output = F_new.T * W"}, "product.shape", "shape", "(10, 5)", "(1, 5)"),
        (
            {"product": "output = (F_new @ W).double()"},
            "product.values",
            "dtype",
            "torch.float64",
            "torch.float32",
        ),
        ({"flat": "F_flat = F.view(1, -1)"}, "flat.shape", "rank", "2", "1"),
        ({"flat": "F_flat = F[0]"}, "flat.shape", "shape", "(10,)", "(50,)"),
    ],
)
async def test_a_near_miss_is_reported_by_its_first_difference(
    judge_lesson: Judge, filled: dict[str, str], check: str, kind: str, actual: str, expected: str
) -> None:
    verdict = (await judge_lesson(**filled))[check]
    assert (verdict.verdict, verdict.kind) == ("incorrect", kind)
    assert (verdict.fields["actual"], verdict.fields["expected"]) == (actual, expected)
    assert verdict.fields["name"] == ANSWER_NAMES[check][0]


@pytest.mark.parametrize(
    ("filled", "check"),
    [
        ({"row": "F_new = torch.rand(1, 10)"}, "row.values"),
        ({"row": "F_new = F.flip(0)[None]"}, "row.values"),
        ({"row": "F *= 2\nF_new = F[None]"}, "row.values"),
        ({"product": "output = F_new @ W / 10"}, "product.values"),
        ({"product": "output = (F_new @ W) * float('nan')"}, "product.values"),
        ({"flat": "F_flat = F.T.reshape(-1)"}, "flat.values"),
        ({"flat": "F_flat = F.flatten().sort().values"}, "flat.values"),
    ],
)
async def test_other_values_of_the_right_shape_are_wrong(
    judge_lesson: Judge, filled: dict[str, str], check: str
) -> None:
    verdicts = await judge_lesson(**filled)
    assert verdicts[check].verdict == "incorrect"
    assert verdicts[check].kind == "values"
    assert verdicts[check.replace("values", "shape")].verdict == "correct"


async def test_the_line_of_a_verdict_is_that_of_the_wrong_name(judge_lesson: Judge) -> None:
    verdicts = await judge_lesson(row="# as a column\nF_new = F.unsqueeze(1)")
    assert verdicts["row.shape"].line == 6
    assert verdicts["row.values"].line == 6


async def test_sizes_of_one_are_never_broadcast(judge: Judge) -> None:
    checks = '@check("c", needs=["x"])\ndef _(x):\n    expect(x).values(torch.ones(3, 4))\n'
    verdict = one(await judge("import torch\nx = torch.ones(1, 4)", checks))
    assert (verdict.verdict, verdict.kind) == ("incorrect", "shape")


# ---- missing answers


@pytest.mark.parametrize("row", ["F_new = ...", "", "F_new, extra = ..., 3"])
async def test_an_answer_left_open_is_not_attempted(judge_lesson: Judge, row: str) -> None:
    verdicts = await judge_lesson(row=row, product="output = ...", flat="F_flat = F.ravel()")
    assert [v.verdict for v in verdicts.values()] == ["not_attempted"] * 4 + ["correct"] * 2
    assert verdicts["row.shape"].fields == {"name": "F_new"}


async def test_a_deleted_name_is_not_attempted(judge_lesson: Judge) -> None:
    verdicts = await judge_lesson(flat="F_flat = F.ravel()\ndel F_flat, F, F_new")
    assert verdicts["flat.values"].verdict == "not_attempted"
    assert verdicts["row.shape"].verdict == "not_attempted"
    assert verdicts["product.values"].verdict == "correct"


@pytest.mark.parametrize(
    "text",
    [
        "def double(x):\n    ...\n",
        'def double(x):\n    """Twice x."""\n    raise NotImplementedError\n',
        "class double:\n    def __init__(self, x):\n        pass\n",
    ],
)
async def test_a_function_without_a_body_is_not_attempted(judge: Judge, text: str) -> None:
    checks = '@check("c", needs=["double"])\ndef _(double):\n    expect(double(2)).equal(4)\n'
    assert one(await judge(text, checks)).verdict == "not_attempted"
    written = await judge("def double(x):\n    return x + x\n", checks)
    assert one(written).verdict == "correct"


# ---- errors in the learner's code


async def test_an_error_belongs_to_the_step_whose_statement_failed(judge_lesson: Judge) -> None:
    verdicts = await judge_lesson(product="factor = W.T\noutput = F_new @ factor")
    assert verdicts["row.shape"].verdict == verdicts["row.values"].verdict == "correct"
    for check in ("product.shape", "product.values"):
        assert verdicts[check].verdict == "error_in_your_code"
        assert verdicts[check].line == 8
        assert verdicts[check].fields["exception"] == "RuntimeError"
    assert verdicts["flat.shape"].verdict == "not_attempted"


async def test_an_error_before_an_answer_belongs_to_the_step_of_that_answer(
    judge_lesson: Judge,
) -> None:
    verdicts = await judge_lesson(product="factor = W.view(3)\noutput = F_new @ factor")
    assert verdicts["product.shape"].verdict == "error_in_your_code"
    assert verdicts["product.shape"].line == 7
    assert verdicts["flat.shape"].verdict == "not_attempted"


async def test_answers_bound_before_an_error_still_count(judge_lesson: Judge) -> None:
    verdicts = await judge_lesson(flat="F_flat = F.ravel()\nraise ValueError('after it all')")
    assert {v.verdict for v in verdicts.values()} == {"correct"}


async def test_code_that_fits_only_one_input_fails_on_another(judge: Judge) -> None:
    checks = (
        '@check("c", needs=["x", "y"], vary={"x": lambda: torch.rand(7)})\n'
        "def _(x, y):\n    expect(y).values(x.reshape(1, 7))\n"
    )
    text = "import torch\nx = torch.rand(10)\ny = x.reshape(1, 10)\n"
    verdict = one(await judge(text, checks))
    assert (verdict.verdict, verdict.line) == ("error_in_your_code", 2)
    verdict = one(await judge(text.replace("1, 10", "1, -1"), checks))
    assert verdict.verdict == "correct"


async def test_an_error_of_the_learners_function_in_a_check_is_theirs(judge: Judge) -> None:
    checks = '@check("c", needs=["f"])\ndef _(f):\n    expect(f(torch.ones(3))).shape(3)\n'
    verdict = one(await judge("def f(x):\n    y = x\n    return y.view(7)\n", checks))
    assert (verdict.verdict, verdict.line) == ("error_in_your_code", 2)
    assert verdict.fields["name"] == "f"


async def test_a_function_that_does_not_end_is_stopped_at_its_line(judge: Judge) -> None:
    checks = (
        '@check("endless", needs=["f"])\ndef _(f):\n    f()\n'
        '@check("next", needs=["f"])\ndef _(f):\n    expect(f.__name__).equal("f")\n'
    )
    verdicts = await judge("def f():\n    while True:\n        pass\n", checks)
    endless = verdicts["endless"]
    assert (endless.verdict, endless.kind) == ("error_in_your_code", "endless")
    assert endless.line in (1, 2)
    assert verdicts["next"].verdict == "correct"


async def test_a_program_that_does_not_end_has_no_verdicts(run_text: RunText) -> None:
    text = "x = 1\nwhile True:\n    pass\n"
    checks = '@check("c", needs=["x"])\ndef _(x):\n    expect(x).equal(1)\n'
    result, received = await run_text(text, checks=checks, timeout=0.5)
    assert result.outcome is Outcome.TIMED_OUT
    assert by_check(received) == {}


# ---- varied inputs


async def test_the_binding_in_force_for_the_answer_is_varied(judge: Judge) -> None:
    checks = (
        '@check("first", needs=["n", "a"], vary={"n": lambda: 5})\n'
        "def _(n, a):\n    expect(a).equal(n + 1)\n"
        '@check("second", needs=["n", "b"], vary={"n": lambda: 7})\n'
        "def _(n, b):\n    expect(b).equal(n * 2)\n"
    )
    text = "n = 1\na = n + 1\nn = 2\nb = n * 2\n"
    verdicts = await judge(text, checks, answer_names={"first": ("a",), "second": ("b",)})
    assert {v.verdict for v in verdicts.values()} == {"correct"}
    verdicts = await judge("n = 1\na = 2\nn = 2\nb = 4\n", checks)
    assert {v.verdict for v in verdicts.values()} == {"incorrect"}
    assert verdicts["second"].fields["expected"] == "14"


async def test_code_after_an_answer_need_not_work_with_other_inputs(judge: Judge) -> None:
    checks = (
        '@check("c", needs=["x", "y"], vary={"x": lambda: torch.rand(3)})\n'
        "def _(x, y):\n    expect(y).values(x + 1)\n"
    )
    text = "import torch\nx = torch.rand(10)\ny = x + 1\nz = y @ torch.rand(10, 2)\n"
    assert one(await judge(text, checks)).verdict == "correct"


async def test_an_answer_may_be_changed_in_place_after_it_was_bound(judge: Judge) -> None:
    checks = (
        '@check("c", needs=["x", "y"], vary={"x": lambda: torch.tensor([-1.0, 5.0])})\n'
        "def _(x, y):\n    expect(y).values(x.clamp(min=0))\n"
    )
    text = "import torch\nx = torch.tensor([1.0, -2.0])\ny = x.clone()\ny[y < 0] = 0\n"
    assert one(await judge(text, checks)).verdict == "correct"


async def test_a_gradient_belongs_to_the_value_that_was_given(judge: Judge) -> None:
    checks = (
        '@check("c", needs=["w", "g"],'
        ' vary={"w": lambda: torch.rand(3, requires_grad=True)})\n'
        "def _(w, g):\n    expect(g).values(2 * w)\n    expect(w.grad).values(2 * w)\n"
    )
    text = (
        "import torch\nw = torch.ones(3, requires_grad=True)\n"
        "(w ** 2).sum().backward()\ng = w.grad\n"
    )
    assert one(await judge(text, checks)).verdict == "correct"


async def test_the_output_of_the_program_comes_once(run_text: RunText) -> None:
    text = "import torch\nprint('once')\nx = torch.rand(3)\ny = x + 1\n"
    checks = (
        '@check("c", needs=["x", "y"], vary={"x": lambda: torch.rand(3)})\n'
        "def _(x, y):\n    print('a check')\n    expect(y).values(x + 1)\n"
    )
    result, received = await run_text(text, checks=checks)
    assert (result.outcome, received.stdout, received.stderr) == (Outcome.FINISHED, "once\n", "")
    assert by_check(received)["c"].verdict == "correct"
    assert received.messages.index(received.of(Ended)[0]) < received.messages.index(
        received.of(CheckVerdict)[0]
    )


async def test_a_program_that_breaks_python_still_ends_with_its_status(run_text: RunText) -> None:
    text = "import warnings, torch\nx = torch.ones(3)\nwarnings.catch_warnings = None\n"
    result, received = await run_text(text, checks=PLAIN)
    assert (result.outcome, received.stderr) == (Outcome.FINISHED, "")
    assert by_check(received) == {}


async def test_a_program_that_breaks_what_the_runner_has_of_its_own_is_checked(
    run_text: RunText,
) -> None:
    text = "import ast, torch\nx = torch.ones(3)\nast.parse = None\n"
    result, received = await run_text(text, checks=PLAIN)
    assert (result.outcome, received.stderr) == (Outcome.FINISHED, "")
    assert one(by_check(received)).verdict == "correct"


# ---- checks that go wrong

PLAIN = '@check("after", needs=["x"])\ndef _(x):\n    expect(x).values([1.0, 1.0, 1.0])\n'


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        ("undefined_name", "broken"),
        ("import os; os._exit(0)", "crashed"),
        ("import os; os.kill(os.getpid(), 9)", "crashed"),
        ("raise SystemExit", "broken"),
        ("while True: pass", "timeout"),
        ("assert False, 'ours'", "broken"),
    ],
)
async def test_a_check_that_fails_does_not_affect_others(
    judge: Judge, body: str, kind: str
) -> None:
    checks = f'@check("bad", needs=["x"])\ndef _(x):\n    {body}\n' + PLAIN
    verdicts = await judge("import torch\nx = torch.ones(3)\n", checks)
    assert (verdicts["bad"].verdict, verdicts["bad"].kind) == ("cannot_check", kind)
    assert verdicts["after"].verdict == "correct"
    if kind == "broken":
        assert verdicts["bad"].fields["at"] == "checks.py:3"


async def test_changes_by_a_check_do_not_reach_other_checks(judge: Judge) -> None:
    checks = '@check("rude", needs=["x"])\ndef _(x):\n    x.zero_()\n' + PLAIN
    verdicts = await judge("import torch\nx = torch.ones(3)\n", checks)
    assert verdicts["after"].verdict == "correct"


@pytest.mark.parametrize("checks", ["def (", '@check("c", needs=[name])\ndef _(): pass\n'])
async def test_checks_that_do_not_parse_are_not_blamed_on_the_learner(
    judge: Judge, checks: str
) -> None:
    verdict = one(await judge("x = 1\n", checks))
    assert (verdict.check, verdict.verdict) == ("", "cannot_check")


async def test_settings_of_the_program_do_not_reach_the_checks(judge: Judge) -> None:
    text = (
        "import torch\n"
        "torch.set_grad_enabled(False)\ntorch.set_default_dtype(torch.float64)\n"
        "torch.set_default_device('meta')\nx = torch.ones(3, device='cpu')\n"
        "import warnings\nwarnings.simplefilter('error')\n"
        "import signal\nsignal.signal(signal.SIGCHLD, signal.SIG_IGN)\n"
    )
    assert one(await judge(text, PLAIN)).verdict == "correct"


async def test_a_run_without_checks_sends_no_verdicts(run_text: RunText) -> None:
    result: RunResult
    result, received = await run_text("x = 1\n")
    assert result.outcome is Outcome.FINISHED
    assert by_check(received) == {}


# ---- the methods of `expect`


@pytest.mark.parametrize(
    ("value", "expectation", "kind"),
    [
        ("torch.tensor([1, 2])", "values([1, 2])", None),
        ("torch.tensor([1, 3])", "values([1, 2])", "values"),
        ("torch.tensor([True])", "values(torch.tensor([False]))", "values"),
        ("torch.tensor([float('nan'), 1])", "values([float('nan'), 1.0])", None),
        ("torch.tensor([1.0 + 1e-6])", "values([1.0])", None),
        ("torch.tensor([1.01])", "values([1.0])", "values"),
        ("torch.tensor([1.01])", "values([1.0], tolerance=0.1)", None),
        ("torch.tensor([1.001], dtype=torch.bfloat16)", "values([1.0])", None),
        ("torch.tensor([2**53 + 1])", "values(torch.tensor([2**53]))", "values"),
        ("torch.tensor([1 + 2j])", "values(torch.tensor([1 + 3j]))", "values"),
        ("torch.eye(3).to_sparse()", "values(torch.eye(3))", None),
        ("torch.rand(2, 3)", "shape(2, None)", None),
        ("torch.rand(2, 3)", "shape((2, 3)).rank(2)", None),
        ("torch.rand(2)", "device('cuda')", "device"),
        ("torch.rand(2)", "device('cpu').requires_grad(False)", None),
        ("torch.rand(2)", "requires_grad(True)", "requires_grad"),
        ("torch.rand(2)", "dtype(torch.float32, torch.float64)", None),
        ("(4, 32, 32)", "equal((4, 32, 32))", None),
        ("torch.rand(4, 32).shape", "equal((4, 32))", None),
        ("torch.tensor(3)", "equal(3)", None),
        ("'cpu'", "equal('cuda')", "values"),
        ("1", "equal(True)", "type"),
        ("torch.tensor(2.30258)", "near(2.3026)", None),
        ("2.4", "near(2.3)", "values"),
        ("[2.3]", "near(2.3)", "type"),
        ("torch.tensor([2.3])", "near(2.3)", "shape"),
        ("3", "is_true(value > 2)", None),
        ("1", "is_true(value > 2)", "values"),
        ("object()", "tensor()", "type"),
    ],
)
async def test_expectations(judge: Judge, value: str, expectation: str, kind: str | None) -> None:
    checks = f'@check("c", needs=["value"])\ndef _(value):\n    expect(value).{expectation}\n'
    verdict = one(await judge(f"import torch\nvalue = {value}\n", checks))
    assert (verdict.verdict, verdict.kind) == (
        ("correct", None) if kind is None else ("incorrect", kind)
    )


async def test_a_part_of_a_value_is_named_as_the_check_writes_it(judge: Judge) -> None:
    checks = '@check("c", needs=["net"])\ndef _(net):\n    expect(net.weight).shape(5, 4)\n'
    text = "import torch\nnet = torch.nn.Linear(3, 5)\n"
    verdict = one(await judge(text, checks))
    assert (verdict.fields["name"], verdict.line) == ("net.weight", 1)
