"""The wire format: a four-byte big-endian length, then that many bytes of JSON in UTF-8.

A dataclass becomes an object with its fields and the key `$` for the name of the class; fields that
hold their default are left out. A field may be a `str`, `int`, `float`, `bool`, a `Literal` of
words, a dataclass of this package, a tuple or a dict (by text) of these, or a union of them.

Nothing that arrives is trusted. A frame longer than `MAX_FRAME`, invalid JSON, an unknown message,
a field of the wrong type or a word outside its enumeration raises `WireError`. Nothing is ever
unpickled or evaluated.
"""

from __future__ import annotations

import dataclasses
import json
import struct
import sys
import types
import typing
from typing import Any, Callable, Dict, FrozenSet, Iterator, List, Literal, Tuple, Type, Union

from . import failures, inspections, locations, messages, user_messages, values

MAX_FRAME = 64 * 1024 * 1024
"""The longest body of a frame, in bytes."""

_LENGTH = struct.Struct(">I")

_TAG = "$"


class WireError(ValueError):
    """The bytes are not a message of this protocol."""


def encode(message: object) -> bytes:
    """Return a message as one frame. Raises `WireError` if it is longer than `MAX_FRAME`."""
    text = json.dumps(_plain(message), ensure_ascii=True, separators=(",", ":"))
    body = text.encode("ascii")
    if len(body) > MAX_FRAME:
        raise WireError(f"a message of {len(body)} bytes is too long")
    return _LENGTH.pack(len(body)) + body


def decode(body: Union[bytes, bytearray, memoryview]) -> Any:
    """Return the message in the body of one frame, given without its length prefix."""
    try:
        plain = json.loads(bytes(body))
    except (ValueError, RecursionError) as error:
        raise WireError(f"invalid JSON: {error}") from None
    return _rebuilt(plain)


class Decoder:
    """Splits a stream of bytes into messages."""

    def __init__(self) -> None:
        self._buffer = bytearray()

    def feed(self, data: bytes) -> Iterator[Any]:
        """Yield the messages that are complete once `data` has arrived."""
        self._buffer += data
        while len(self._buffer) >= _LENGTH.size:
            (length,) = _LENGTH.unpack_from(self._buffer)
            if length > MAX_FRAME:
                raise WireError(f"a frame of {length} bytes is too long")
            end = _LENGTH.size + length
            if len(self._buffer) < end:
                return
            body = bytes(self._buffer[_LENGTH.size : end])
            del self._buffer[:end]
            yield decode(body)


_JSON_TYPES = frozenset((str, int, float, bool, type(None)))
_FIELDS: Dict[type, List[Tuple[str, object]]] = {}
"""The fields of each dataclass and their defaults, cached: a run sends thousands of messages."""


def _plain(value: object) -> object:
    kind = type(value)
    if kind in _JSON_TYPES:
        return value
    if kind is tuple or kind is list:
        return [_plain(item) for item in value]  # type: ignore[attr-defined]
    if kind is dict:
        return {str(key): _plain(item) for key, item in value.items()}  # type: ignore[attr-defined]
    fields = _FIELDS.get(kind)
    if fields is None:
        if not dataclasses.is_dataclass(kind):
            raise WireError(f"cannot send a {kind.__name__}")
        fields = [(field.name, field.default) for field in dataclasses.fields(kind)]
        _FIELDS[kind] = fields
    plain: Dict[str, object] = {_TAG: kind.__name__}
    for name, default in fields:
        item = getattr(value, name)
        if item is not default:
            plain[name] = _plain(item)
    return plain


def _registry() -> Dict[str, Type[Any]]:
    found: Dict[str, Type[Any]] = {}
    for module in (values, locations, user_messages, failures, inspections, messages):
        for name, kind in vars(module).items():
            if isinstance(kind, type) and dataclasses.is_dataclass(kind):
                found[name] = kind
    return found


_KINDS = _registry()
_CHECKS: Dict[str, Dict[str, Callable[[Any], Any]]] = {}
_UNIONS = (Union, getattr(types, "UnionType", Union))


def _rebuilt(plain: object) -> Any:
    if not isinstance(plain, dict) or not isinstance(plain.get(_TAG), str):
        raise WireError("not a message")
    name = plain[_TAG]
    kind = _KINDS.get(name)
    if kind is None:
        raise WireError(f"unknown message {name[:40]!r}")
    checks = _CHECKS.get(name)
    if checks is None:
        checks = _CHECKS[name] = _checks(kind)
    arguments = {}
    for key, item in plain.items():
        if key != _TAG:
            check = checks.get(key)
            if check is None:
                raise WireError(f"{name} has no field {key[:40]!r}")
            arguments[key] = check(item)
    try:
        return kind(**arguments)
    except TypeError as error:
        raise WireError(str(error)) from None


def _checks(kind: Type[Any]) -> Dict[str, Callable[[Any], Any]]:
    names = {
        **vars(values),
        **vars(locations),
        **vars(user_messages),
        **vars(failures),
        **vars(inspections),
        **vars(messages),
    }
    hints = typing.get_type_hints(kind, {**vars(sys.modules[kind.__module__]), **names})
    return {field.name: _check(hints[field.name]) for field in dataclasses.fields(kind)}


def _check(hint: Any) -> Callable[[Any], Any]:
    """Return a function that converts plain JSON to the type `hint`, or raises `WireError`."""
    origin, arguments = typing.get_origin(hint), typing.get_args(hint)
    if origin in _UNIONS:
        kinds = {
            typing.cast(type, part).__name__: part
            for part in arguments
            if dataclasses.is_dataclass(part)
        }
        simple = [_check(part) for part in arguments if not dataclasses.is_dataclass(part)]
        return lambda plain: _one_of(plain, kinds, simple)
    if origin is Literal:
        words = frozenset(arguments)
        return lambda plain: _one_of_words(plain, words)
    if origin is tuple:
        item = _check(arguments[0])
        return lambda plain: tuple(item(part) for part in _typed(plain, list))
    if origin is dict:
        item = _check(arguments[1])
        return lambda plain: {key: item(part) for key, part in _typed(plain, dict).items()}
    if dataclasses.is_dataclass(hint):
        return lambda plain: _typed(_rebuilt(plain), typing.cast(type, hint))
    if hint is float:
        return lambda plain: float(plain) if type(plain) is int else _typed(plain, float)
    if hint is type(None):
        return lambda plain: _typed(plain, type(None))
    return lambda plain: _typed(plain, hint)


def _typed(plain: Any, kind: type) -> Any:
    if type(plain) is not kind:
        raise WireError(f"a {kind.__name__} was expected, not {type(plain).__name__}")
    return plain


def _one_of_words(plain: Any, words: FrozenSet[str]) -> Any:
    if type(plain) is not str or plain not in words:
        raise WireError(f"{str(plain)[:40]!r} is none of {', '.join(sorted(words))}")
    return plain


def _one_of(plain: Any, kinds: Dict[str, Any], simple: List[Callable[[Any], Any]]) -> Any:
    if isinstance(plain, dict) and kinds:
        value = _rebuilt(plain)
        if type(value).__name__ in kinds:
            return value
        raise WireError(f"a {type(value).__name__} is not allowed here")
    for check in simple:
        try:
            return check(plain)
        except WireError:
            continue
    raise WireError(f"a {type(plain).__name__} is not allowed here")
