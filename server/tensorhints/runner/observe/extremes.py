"""The smallest and largest sizes of a probe that has shown too many signatures to keep each."""

from __future__ import annotations

from typing import Dict, Iterable, List, Set, Tuple

from ...model.values import Tensor, Value


class Extremes:
    """Keeps one tensor for each extreme size, among tensors that differ only in sizes."""

    def __init__(self, kept: Iterable[Value]) -> None:
        self._bounds: Dict[Tuple[object, ...], List[Tuple[int, int]]] = {}
        self._beyond: Dict[Tuple[object, ...], Tensor] = {}
        for value in kept:
            if isinstance(value, Tensor) and value.shape is not None:
                self._extend(value)

    def see(self, value: Tensor) -> None:
        """Take in one more signature."""
        for bound in self._extend(value):
            self._beyond[bound] = value

    def taken(self) -> Set[Tensor]:
        """Return the tensors with sizes beyond those of all earlier calls."""
        beyond, self._beyond = self._beyond, {}
        return set(beyond.values())

    def _extend(self, value: Tensor) -> List[Tuple[object, ...]]:
        """Widen the bounds; return a key for each bound that moved."""
        sizes = [size for size in value.shape or () if isinstance(size, int)]
        group = (len(sizes), value.dtype, value.device, value.requires_grad, value.layout)
        bounds = self._bounds.setdefault(group, [(size, size) for size in sizes])
        beyond: List[Tuple[object, ...]] = []
        for dimension, size in enumerate(sizes):
            low, high = bounds[dimension]
            if size < low or size > high:
                bounds[dimension] = (min(low, size), max(high, size))
                beyond.append((group, dimension, size < low))
        return beyond
