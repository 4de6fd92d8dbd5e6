"""Rules for torch's own layers: the arguments in the repr compared with the input."""

from __future__ import annotations

import re

from tensorhints.present.cases import Argument, Case, Module, Shape

from .reasons import Reason, sizes, source

# The type names in torch's messages, and the dtypes they mean.
_TYPE_NAMES = {
    "Half": "float16",
    "BFloat16": "bfloat16",
    "Float": "float32",
    "float": "float32",
    "Double": "float64",
    "double": "float64",
    "Char": "int8",
    "Byte": "uint8",
    "Short": "int16",
    "Int": "int32",
    "int": "int32",
    "Long": "int64",
    "long long": "int64",
    "long int": "int64",
    "int64_t": "int64",
    "Bool": "bool",
    "bool": "bool",
    "ComplexFloat": "complex64",
    "ComplexDouble": "complex128",
}
_TWO_TYPES = (
    re.compile(r"must have the same dtype, but got (\w+) and (\w+)"),
    re.compile(r"Input type \(([^)]+)\) and (?:bias|weight) type \(([^)]+)\)"),
    re.compile(r"expected m1 and m2 to have the same dtype, but got: (\w+) != (\w+)"),
)
_MISMATCH = re.compile(
    r"size mismatch for (\S+): copying a param with shape torch\.Size\(\[([\d, ]*)\]\) from "
    r"checkpoint, the shape in current model is torch\.Size\(\[([\d, ]*)\]\)"
)
_KEYS = re.compile(r'(Missing|Unexpected) key\(s\) in state_dict: "([^"]+)"')
_CONVOLUTIONS = {"Conv1d": 1, "Conv2d": 2, "Conv3d": 3}
_RECURRENT = frozenset(("RNN", "LSTM", "GRU"))


def linear(case: Case) -> Reason | None:
    """`Linear` with the wrong number of input features."""
    found = _given(case, "Linear")
    if found is None:
        return None
    module, shape = found
    expected = module.number(0, "in_features")
    if not shape or expected is None or shape[-1] == expected:
        return None
    return Reason("explain.linear", {"expected": expected, "given": shape[-1]})


def layer_types(case: Case) -> Reason | None:
    """An input whose dtype differs from that of the weights."""
    if case.module is None or case.received is None or case.received.dtype is None:
        return None
    for pattern in _TWO_TYPES:
        found = pattern.search(case.message)
        if found is None:
            continue
        given, weights = (_TYPE_NAMES.get(name.rpartition("::")[2]) for name in found.groups())
        if given == case.received.dtype and weights is not None and weights != given:
            return Reason(
                "explain.layer-types",
                {"given": given, "weights": weights, "module": case.module.kind},
                "explain.advice.input-dtype",
                {"dtype": weights},
            )
    return None


def convolution_rank(case: Case) -> Reason | None:
    """A convolution whose input has the wrong number of dimensions."""
    found = _given(case, *_CONVOLUTIONS)
    if found is None:
        return None
    module, shape = found
    plain = _CONVOLUTIONS[module.kind] + 1
    if len(shape) in (plain, plain + 1):
        return None
    return Reason(
        "explain.conv-rank",
        {"module": module.kind, "rank": len(shape), "plain": plain, "batched": plain + 1},
    )


def convolution_channels(case: Case) -> Reason | None:
    """A convolution with the wrong number of input channels."""
    found = _given(case, *_CONVOLUTIONS)
    if found is None:
        return None
    module, shape = found
    spatial, expected = _CONVOLUTIONS[module.kind], module.number(0, "in_channels")
    if len(shape) not in (spatial + 1, spatial + 2) or expected is None:
        return None
    dimension = len(shape) - spatial - 1
    if shape[dimension] == expected:
        return None
    return Reason(
        "explain.conv-channels",
        {
            "module": module.kind,
            "expected": expected,
            "given": shape[dimension],
            "dimension": dimension,
        },
    )


def convolution_kernel(case: Case) -> Reason | None:
    """A convolution whose kernel is larger than the padded input."""
    found = _given(case, *_CONVOLUTIONS)
    if found is None:
        return None
    module, shape = found
    spatial = _CONVOLUTIONS[module.kind]
    kernel = _tuple_of(module, "kernel_size", spatial, None)
    padding = _tuple_of(module, "padding", spatial, 0)
    dilation = _tuple_of(module, "dilation", spatial, 1)
    if kernel is None or padding is None or dilation is None or len(shape) <= spatial:
        return None
    padded = tuple(size + 2 * pad for size, pad in zip(shape[-spatial:], padding, strict=True))
    reach = tuple(step * (size - 1) + 1 for size, step in zip(kernel, dilation, strict=True))
    if all(r <= p for r, p in zip(reach, padded, strict=True)):
        return None
    return Reason(
        "explain.conv-kernel",
        {"kernel": " × ".join(map(str, reach)), "input": " × ".join(map(str, padded))},
    )


def normalization(case: Case) -> Reason | None:
    """`BatchNorm` with the wrong number of dimensions or features."""
    found = _given(case, "BatchNorm1d", "BatchNorm2d", "BatchNorm3d")
    if found is None:
        return None
    module, shape = found
    expected = module.number(0, "num_features")
    ranks = {"BatchNorm1d": (2, 3), "BatchNorm2d": (4,), "BatchNorm3d": (5,)}[module.kind]
    if len(shape) not in ranks:
        return Reason(
            "explain.norm-rank",
            {
                "module": module.kind,
                "needed": "/".join(map(str, ranks)),
                "rank": len(shape),
            },
        )
    if expected is None or shape[1] == expected:
        return None
    return Reason(
        "explain.norm-features",
        {"module": module.kind, "expected": expected, "given": shape[1]},
    )


def layer_norm(case: Case) -> Reason | None:
    """`LayerNorm` or `RMSNorm` whose shape differs from the input's last dimensions."""
    found = _given(case, "LayerNorm", "RMSNorm")
    if found is None:
        return None
    module, shape = found
    wanted = module.arguments[0] if module.arguments else None
    if not isinstance(wanted, tuple) or shape[-len(wanted) :] == wanted:
        return None
    return Reason(
        "explain.layer-norm",
        {"module": module.kind, "expected": sizes(wanted), "given": sizes(shape)},
    )


def recurrent(case: Case) -> Reason | None:
    """`RNN`, `LSTM` or `GRU` with the wrong number of input features."""
    found = _given(case, *_RECURRENT)
    if found is None:
        return None
    module, shape = found
    expected = module.number(0, "input_size")
    if expected is None or len(shape) not in (2, 3) or shape[-1] == expected:
        return None
    return Reason(
        "explain.recurrent",
        {"module": module.kind, "expected": expected, "given": shape[-1]},
    )


def embedding(case: Case) -> Reason | None:
    """An embedding with indices out of range or of the wrong dtype."""
    if case.module is not None and case.module.kind == "Embedding":
        rows, given = case.module.number(0, "num_embeddings"), case.received
    elif case.function == "embedding":
        weight, given = case.given(1, "weight"), case.given(0, "input")
        rows = weight.shape[0] if weight is not None and weight.shape else None
    else:
        return None
    if given is None or given.tensor is None:
        return None
    if given.dtype not in ("int64", "int32"):
        return Reason("explain.embedding-type", {"dtype": given.dtype}, "explain.advice.long")
    if rows is None or not rows or "index out of range" not in case.message:
        return None
    return Reason("explain.embedding-range", {"rows": rows, "last": rows - 1})


def attention_heads(case: Case) -> Reason | None:
    """`MultiheadAttention` whose width is not divisible by its heads."""
    if case.function != "MultiheadAttention":
        return None
    width, heads = case.given(0, "embed_dim"), case.given(1, "num_heads")
    if width is None or heads is None or width.integer is None or not heads.integer:
        return None
    if width.integer % heads.integer == 0:
        return None
    return Reason("explain.heads", {"width": width.integer, "heads": heads.integer})


def state_dict(case: Case) -> Reason | None:
    """`load_state_dict` with other shapes or keys."""
    if case.operation.name.rpartition(".")[2] != "load_state_dict":
        return None
    if not case.message.startswith("Error(s) in loading state_dict"):
        return None
    mismatches, keys = _MISMATCH.findall(case.message), _KEYS.findall(case.message)
    if mismatches:
        name, saved, own = mismatches[0]
        fields: dict[str, object] = {
            "name": source(name),
            "saved": f"[{saved.replace(' ', '')}]",
            "own": f"[{own.replace(' ', '')}]",
        }
        return Reason("explain.state-shape", fields)
    if keys:
        kind, name = keys[0]
        code = "explain.state-missing" if kind == "Missing" else "explain.state-unexpected"
        return Reason(code, {"name": source(name)})
    return None


def _given(case: Case, *kinds: str) -> tuple[Module, Shape] | None:
    """Return the innermost module, if it is one of these kinds, and its input shape."""
    received: Argument | None = case.received
    if case.module is None or case.module.kind not in kinds or received is None:
        return None
    return None if received.shape is None else (case.module, received.shape)


def _tuple_of(module: Module, keyword: str, length: int, default: int | None) -> Shape | None:
    found = module.keywords.get(keyword)
    if found is None:
        return None if default is None else (default,) * length
    if isinstance(found, tuple) and len(found) == length:
        numbers = tuple(item for item in found if type(item) is int)
        return numbers if len(numbers) == length else None
    return None


RULES = (
    linear,
    convolution_rank,
    convolution_channels,
    convolution_kernel,
    normalization,
    layer_norm,
    recurrent,
    embedding,
    attention_heads,
    state_dict,
    layer_types,
)
