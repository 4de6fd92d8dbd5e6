"""Rules for products (`@`, matmul, mm, bmm, mv, dot, linear, einsum): inner sizes must match."""

from __future__ import annotations

from tensorhints.present.cases import Argument, Case, Shape

from .reasons import Reason, broadcast, sizes, source

_RANKS = {"mm": (2, 2), "bmm": (3, 3), "mv": (2, 1), "dot": (1, 1)}
_OTHER = {"mm": "mat2", "bmm": "mat2", "mv": "vec", "dot": "tensor", "matmul": "other"}


def product_rank(case: Case) -> Reason | None:
    """An operand of `mm`, `bmm`, `mv` or `dot` with the wrong number of dimensions."""
    pair = _pair(case)
    if pair is None or case.function not in _RANKS:
        return None
    for argument, rank in zip(pair, _RANKS[case.function], strict=True):
        shape = argument.shape
        if shape is not None and len(shape) != rank:
            return Reason(
                "explain.product-rank",
                {
                    "function": case.function,
                    "needed": rank,
                    "name": source(argument.text),
                    "rank": len(shape),
                },
                advice="explain.advice.matmul",
            )
    return None


def product_of_number(case: Case) -> Reason | None:
    """`matmul` with a tensor without dimensions."""
    pair = _pair(case)
    if pair is None or case.function != "matmul":
        return None
    for argument in pair:
        if argument.shape == ():
            return Reason("explain.product-of-number", {"name": source(argument.text)})
    return None


def inner_dimensions(case: Case) -> Reason | None:
    """Inner sizes that differ."""
    pair = _pair(case)
    if pair is None or case.function not in _OTHER:
        return None
    a, b = pair[0].shape, pair[1].shape
    if not a or not b or a[-1] == _rows(b):
        return None
    fields: dict[str, object] = {"left": a[-1], "right": _rows(b)}
    if len(b) >= 2 and b[-1] == a[-1]:
        turned = (*b[:-2], b[-1], b[-2])
        advice_fields: dict[str, object] = {
            "name": source(pair[1].text),
            "call": ".T" if len(b) == 2 else ".mT",
            "shape": sizes(turned),
        }
        return Reason("explain.inner-dimensions", fields, "explain.advice.transpose", advice_fields)
    return Reason("explain.inner-dimensions", fields)


def product_batches(case: Case) -> Reason | None:
    """Batch dimensions that do not match."""
    pair = _pair(case)
    if pair is None or case.function not in ("matmul", "bmm"):
        return None
    a, b = pair[0].shape, pair[1].shape
    if not a or not b or a[-1] != _rows(b):
        return None
    left, right = a[:-2], b[:-2]
    fits = left == right if case.function == "bmm" else broadcast(left, right) is not None
    if fits:
        return None
    return Reason("explain.batch-dimensions", {"left": sizes(left), "right": sizes(right)})


def linear_function(case: Case) -> Reason | None:
    """`F.linear(input, weight)`, where the weight is [out, in]."""
    if case.function != "linear":
        return None
    pair = case.pair("input", "weight")
    if pair is None:
        return None
    a, weight = pair[0].shape, pair[1].shape
    if not a or weight is None or len(weight) != 2 or a[-1] == weight[1]:
        return None
    return Reason("explain.linear-function", {"given": a[-1], "expected": weight[1]})


def product_types(case: Case) -> Reason | None:
    """Operands of different dtypes."""
    if case.function not in (*_OTHER, "linear"):
        return None
    pair = case.pair("input", "weight") if case.function == "linear" else _pair(case)
    if pair is None or pair[0].dtype == pair[1].dtype or "type" not in case.message:
        return None
    return Reason(
        "explain.product-types",
        {"left": pair[0].dtype, "right": pair[1].dtype},
        "explain.advice.to-dtype",
        {"name": source(_integral_side(pair).text), "dtype": _target_dtype(pair)},
    )


def einsum_sizes(case: Case) -> Reason | None:
    """An equation without ellipsis that does not fit its operands."""
    if case.function != "einsum" or not case.arguments:
        return None
    equation = case.arguments[0].constant
    if not isinstance(equation, str) or "." in equation:
        return None
    terms = equation.replace(" ", "").partition("->")[0].split(",")
    operands = case.arguments[1:]
    if any(operand.shape is None for operand in operands):
        return None
    if len(terms) != len(operands):
        return Reason("explain.einsum-count", {"terms": len(terms), "given": len(operands)})
    seen: dict[str, tuple[int, int]] = {}
    for index, (term, operand) in enumerate(zip(terms, operands, strict=True)):
        shape = operand.shape or ()
        if len(term) != len(shape):
            return Reason(
                "explain.einsum-rank",
                {"term": term, "letters": len(term), "rank": len(shape), "index": index + 1},
            )
        for letter, size in zip(term, shape, strict=True):
            first, where = seen.get(letter, (1, index))
            if size != 1 and first not in (1, size):
                return Reason(
                    "explain.einsum-sizes",
                    {
                        "letter": letter,
                        "left": first,
                        "left_index": where + 1,
                        "right": size,
                        "right_index": index + 1,
                    },
                )
            if first == 1:
                seen[letter] = (size, index)
    return None


def _pair(case: Case) -> tuple[Argument, Argument] | None:
    return case.pair("input", _OTHER.get(case.function or "", "other"))


def _rows(shape: Shape) -> int:
    return shape[-2] if len(shape) >= 2 else shape[-1]


def _is_float(dtype: str | None) -> bool:
    return dtype is not None and ("float" in dtype or "complex" in dtype)


def _integral_side(pair: tuple[Argument, Argument]) -> Argument:
    """Return the operand to convert: the integer one, otherwise the right one."""
    return pair[0] if _is_float(pair[1].dtype) and not _is_float(pair[0].dtype) else pair[1]


def _target_dtype(pair: tuple[Argument, Argument]) -> str | None:
    return pair[1].dtype if _integral_side(pair) is pair[0] else pair[0].dtype


RULES = (
    product_of_number,
    product_rank,
    inner_dimensions,
    product_batches,
    linear_function,
    product_types,
    einsum_sizes,
)
