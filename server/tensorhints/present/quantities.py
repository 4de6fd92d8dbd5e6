"""Durations and amounts of memory, formatted for each language."""

from __future__ import annotations

from .words import decimal

_UNITS = ("B", "KB", "MB", "GB", "TB")


def duration(seconds: float, locale: str) -> str:
    """Return `12 ms`, `3.4 s` or `2 min 5 s`."""
    if seconds < 0.9995:
        return f"{max(seconds, 0) * 1000:.0f} ms"
    if seconds < 59.95:
        return f"{decimal(f'{seconds:.1f}', locale)} s"
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes} min {rest} s"


def memory(nbytes: int, locale: str) -> str:
    """Return `40 B`, `1.5 KB` or `2.3 GB`, in units of 1024 like PyTorch's own messages."""
    amount = float(nbytes)
    for unit in _UNITS:
        if abs(amount) < 1023.95 or unit == _UNITS[-1]:
            break
        amount /= 1024
    text = f"{amount:.0f}" if unit == "B" or amount == int(amount) else f"{amount:.1f}"
    return f"{decimal(text.removesuffix('.0'), locale)} {unit}"
