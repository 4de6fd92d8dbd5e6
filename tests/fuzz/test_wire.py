"""Any bytes on the wire decode to a message of the protocol or raise `WireError`."""

from __future__ import annotations

import dataclasses
import json
import struct
import types
import typing
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tensorhints.model import (
    failures,
    inspections,
    locations,
    messages,
    user_messages,
    values,
    wire,
)

MODULES = (values, locations, user_messages, failures, inspections, messages)
KINDS = sorted(
    {
        kind
        for module in MODULES
        for kind in vars(module).values()
        if isinstance(kind, type) and dataclasses.is_dataclass(kind)
    },
    key=lambda kind: kind.__name__,
)
NAMES = {name: item for module in MODULES for name, item in vars(module).items()}
RECURSIVE = (values.Sequence, values.Mapping, values.Record)

TEXT = st.text(st.characters(codec=None), max_size=20)  # with lone surrogates, as in filenames
INTEGERS = st.integers(-(2**62), 2**62)
FLOATS = st.floats(allow_nan=False)

LEAVES = st.one_of(
    st.builds(
        values.Tensor,
        st.none() | st.lists(INTEGERS | TEXT, max_size=4).map(tuple),
        TEXT,
        TEXT,
        st.booleans(),
        TEXT,
        TEXT,
        st.booleans(),
    ),
    st.builds(values.Array, st.lists(INTEGERS, max_size=3).map(tuple), TEXT),
    st.builds(values.OtherObject, TEXT, st.none() | TEXT),
)


def _containers(inner: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    items = st.lists(inner, max_size=3).map(tuple)
    return st.one_of(*(st.builds(kind, **_fields(kind, items)) for kind in RECURSIVE))


def _fields(kind: type, items: st.SearchStrategy[Any]) -> dict[str, st.SearchStrategy[Any]]:
    hints = typing.get_type_hints(kind, NAMES)
    found = {field.name: field.name for field in dataclasses.fields(kind)}
    return {name: items if name == "items" else of_type(hints[name]) for name in found}


VALUES = st.deferred(lambda: st.recursive(LEAVES, _containers, max_leaves=6))


def of_type(hint: Any) -> st.SearchStrategy[Any]:
    """Return a strategy for anything that a field of the type may hold."""
    origin, arguments = typing.get_origin(hint), typing.get_args(hint)
    if hint == values.Value:
        return VALUES
    if origin is typing.Literal:
        return st.sampled_from(arguments)
    if origin in (typing.Union, types.UnionType):
        return st.one_of(*map(of_type, arguments))
    if origin is tuple:
        return st.lists(of_type(arguments[0]), max_size=3).map(tuple)
    if origin is dict:
        return st.dictionaries(TEXT, of_type(arguments[1]), max_size=3)
    if dataclasses.is_dataclass(hint):
        return of_kind(typing.cast(type, hint))
    simple = {str: TEXT, int: INTEGERS, bool: st.booleans(), float: FLOATS, type(None): st.none()}
    return simple[hint]


def of_kind(kind: type) -> st.SearchStrategy[Any]:
    hints = typing.get_type_hints(kind, NAMES)
    fields = {field.name: of_type(hints[field.name]) for field in dataclasses.fields(kind)}
    return st.builds(kind, **fields)


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
def test_every_message_arrives_as_it_was_sent(kind: type) -> None:
    @settings(max_examples=25, deadline=None)
    @given(of_kind(kind))
    def arrives(message: object) -> None:
        frame = wire.encode(message)
        assert list(wire.Decoder().feed(frame)) == [message]

    arrives()


@settings(max_examples=60, deadline=None)
@given(st.lists(VALUES, max_size=4), st.data())
def test_frames_may_come_in_any_pieces(sent: list[object], data: st.DataObject) -> None:
    stream = b"".join(map(wire.encode, sent))
    cuts = data.draw(st.lists(st.integers(0, len(stream)), max_size=6).map(sorted))
    decoder = wire.Decoder()
    arrived: list[object] = []
    for start, end in zip([0, *cuts], [*cuts, len(stream)]):
        arrived += decoder.feed(stream[start:end])
    assert arrived == sent


def literals_in(hint: Any) -> frozenset[str]:
    """Return the words that a field of the type may hold; none if it is not an enumeration."""
    if typing.get_origin(hint) is typing.Literal:
        return frozenset(typing.get_args(hint))
    if hint == values.Value or dataclasses.is_dataclass(hint):
        return frozenset()
    return frozenset().union(*map(literals_in, typing.get_args(hint)))


ENUMERATIONS = [
    (kind, field.name, words)
    for kind in KINDS
    for field in dataclasses.fields(kind)
    for words in [literals_in(typing.get_type_hints(kind, NAMES)[field.name])]
    if words
]


@pytest.mark.parametrize(
    ("kind", "name", "words"),
    ENUMERATIONS,
    ids=[f"{kind.__name__}.{name}" for kind, name, _ in ENUMERATIONS],
)
@settings(max_examples=20, deadline=None)
@given(data=st.data())
def test_a_word_outside_its_enumeration_is_a_wire_error(
    kind: type, name: str, words: frozenset[str], data: st.DataObject
) -> None:
    plain = json.loads(wire.encode(data.draw(of_kind(kind)))[4:])
    strangers = TEXT | st.sampled_from(sorted(words)).map(str.upper)
    stranger = data.draw(
        strangers.filter(lambda text: text not in words) | INTEGERS | st.booleans()
    )
    is_mapping = typing.get_origin(typing.get_type_hints(kind, NAMES)[name]) is dict
    plain[name] = {"key": stranger} if is_mapping else stranger
    with pytest.raises(wire.WireError):
        wire.decode(json.dumps(plain).encode())


def decodes_or_raises(body: bytes) -> None:
    try:
        message = wire.decode(body)
    except wire.WireError:
        return
    assert type(message) in KINDS


@settings(max_examples=300, deadline=None)
@given(st.binary(max_size=200))
def test_random_bytes_decode_or_raise_a_wire_error(body: bytes) -> None:
    decodes_or_raises(body)
    try:
        list(wire.Decoder().feed(body))
    except wire.WireError:
        pass


JSON = st.recursive(
    st.none() | st.booleans() | INTEGERS | st.floats() | TEXT,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXT, inner, max_size=4),
    max_leaves=12,
)
FIELD_NAMES = sorted({field.name for kind in KINDS for field in dataclasses.fields(kind)})
ALMOST = st.recursive(
    JSON,
    lambda inner: st.builds(
        lambda kind, fields: {"$": kind, **fields},
        st.sampled_from([kind.__name__ for kind in KINDS] + ["Nothing", "object", ""]),
        st.dictionaries(
            st.sampled_from(FIELD_NAMES), inner | st.lists(inner, max_size=3), max_size=6
        ),
    ),
    max_leaves=10,
)


@settings(max_examples=400, deadline=None)
@given(ALMOST)
def test_json_of_the_wrong_types_decodes_or_raises_a_wire_error(plain: object) -> None:
    decodes_or_raises(json.dumps(plain).encode())


@settings(max_examples=150, deadline=None)
@given(VALUES, st.integers(0, 400), st.integers(0, 255))
def test_a_message_with_one_changed_byte_decodes_or_raises_a_wire_error(
    sent: object, at: int, byte: int
) -> None:
    body = bytearray(wire.encode(sent)[4:])
    body[at % len(body)] = byte
    decodes_or_raises(bytes(body))


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"null",
        b"[" * 100_000,
        b'{"$":' * 50_000,
        b'{"$":"OtherObject","type_name":"' + b"\\ud800" * 3 + b'"}',
        b'{"$":"Quit","$":"Run"}',
        b'{"$":["Quit"]}',
        b'{"$":"Stop","run":1e400,"how":"kill"}',
        b'{"$":"Stop","run":true,"how":"kill"}',
        b'{"$":"Ended","run":1,"exit_status":0,"seconds":NaN}',
        b'{"$":"Ended","run":' + b"9" * 5000 + b',"exit_status":0,"seconds":0.5}',
        b"\xff\xfe{\x00}\x00",
        b"\xef\xbb\xbf{}",
    ],
    ids=range(13),
)
def test_adversarial_bytes_decode_or_raise_a_wire_error(body: bytes) -> None:
    decodes_or_raises(body)


def test_a_frame_that_announces_too_many_bytes_is_refused_at_once() -> None:
    with pytest.raises(wire.WireError):
        list(wire.Decoder().feed(struct.pack(">I", wire.MAX_FRAME + 1)))


def test_deep_values_arrive_or_are_refused() -> None:
    value: values.Value = values.OtherObject("int")
    for _ in range(3000):
        value = values.Sequence("list", 1, (value,))
    try:
        decodes_or_raises(wire.encode(value)[4:])
    except (wire.WireError, RecursionError):
        pass  # the runner describes three levels, so such a value is never sent
