"""The variables that Python, torch and their libraries read only when they start.

A run is forked from a process that has started already: a program whose environment sets one of
them needs a host that was started with it.
"""

from __future__ import annotations

import os
from collections.abc import Mapping

Environment = tuple[tuple[str, str], ...]
"""Variables with their values, sorted."""

_PREFIXES = (
    "PYTHON",
    # threads and mathematical libraries
    "OMP_", "GOMP_", "KMP_", "MKL_", "OPENBLAS_", "GOTO_", "BLIS_", "VECLIB_", "NUMEXPR_",
    "DNNL_", "ONEDNN_", "TBB_", "NPY_", "NUMPY_", "SYMPY_", "ATEN_",
    # torch and what it imports
    "TORCH", "PYTORCH_", "TRITON_", "FUNCTORCH_", "KINETO_", "AOT_",
    # GPUs
    "CUDA_", "CUBLAS_", "CUDNN_", "NCCL_", "GLOO_", "NVIDIA_", "HIP_", "HSA_", "ROCR_", "MIOPEN_",
    # the dynamic loader, the C library and the locale
    "LD_", "DYLD_", "MALLOC_", "GLIBC_", "LC_",
)  # fmt: skip
_NAMES = frozenset(("LANG", "LANGUAGE"))

_READ_LATER = frozenset(
    (
        "PYTHONBREAKPOINT",
        "PYTHONDONTWRITEBYTECODE",
        "PYTHONPATH",
        "PYTHONSTARTUP",
    )
)
"""Read when they are needed, applied by each run itself, or of no effect on a program."""


def read_at_start(environment: Mapping[str, str]) -> Environment:
    """Return the variables of a run that its host must have been started with.

    Those that the server's own environment, which hosts inherit, has already are left out.
    """
    return tuple(
        sorted(
            (name, value)
            for name, value in environment.items()
            if _is_read_at_start(name) and os.environ.get(name) != value
        )
    )


def _is_read_at_start(name: str) -> bool:
    return name not in _READ_LATER and (name in _NAMES or name.startswith(_PREFIXES))
