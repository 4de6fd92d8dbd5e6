"""The smallest and largest sizes among signatures that are too many to keep one by one."""

from __future__ import annotations

from typing import Dict, Iterable, List, Set, Tuple

from ...model.values import Tensor, Value


class Extremes:
    """Keeps, for tensors that differ in sizes only, one that has each extreme size."""

    def __init__(self, kept: Iterable[Value]) -> None:
        self._bounds: Dict[Tuple[object, ...], List[Tuple[int, int]]] = {}
        self._news: Dict[Tuple[object, ...], Tensor] = {}
        for value in kept:
            if isinstance(value, Tensor) and value.shape is not None:
                self._extend(value)

    def see(self, value: Tensor) -> None:
        for location in self._extend(value):
            self._news[location] = value

    def taken(self) -> Set[Tensor]:
        """The tensors with sizes beyond all those taken before."""
        news, self._news = self._news, {}
        return set(news.values())

    def _extend(self, value: Tensor) -> List[Tuple[object, ...]]:
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
