"""`workspace/executeCommand`: run, stop, the device, the inspector's rows.

Each takes one object whose fields are optional, or nothing at all, and answers a wrong one with
`{"error": …}`: editors show a command's protocol error badly or not at all.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from tensorhints.lsp import names
from tensorhints.lsp.commands import COMMANDS
from tensorhints.lsp.connection import Server
from tensorhints.lsp.notifications import ErrorAnswer, RunAnswer, TensorAnswer, TensorsAnswer
from tensorhints.lsp.render.tensor_rows import tensor_answer
from tensorhints.model.locations import HintLocation
from tensorhints.present.rows import inspection
from tensorhints.present.user_messages import sentence
from tensorhints.session.errors import RefusedError
from tensorhints.session.settings import is_device

Command = Callable[[Server, dict[str, Any]], Awaitable[Any]]


def register(server: Server) -> None:
    for name, command in (
        (names.RUN, run),
        (names.STOP, stop),
        (names.SET_DEVICE, set_device),
        (names.TENSORS, tensors),
        (names.TENSOR, tensor),
    ):
        server.on_command(name, answering(name, command))


async def run(server: Server, wanted: dict[str, Any]) -> RunAnswer | None:
    attempt = server.session.runs.run(wanted.get("uri"), wanted.get("device"))
    if wanted.get("wait") is False:
        return None
    last = await attempt.ended
    elapsed = round(last.seconds * 1000, 3)
    return RunAnswer(last.run, last.outcome.value, elapsed, last.device.in_force)


async def stop(server: Server, wanted: dict[str, Any]) -> bool:
    return server.session.runs.stop(wanted.get("uri"))


async def set_device(server: Server, wanted: dict[str, Any]) -> str:
    uri, device = wanted.get("uri"), wanted.get("device")
    if device is not None:
        server.session.runs.set_device(uri, device)
    return server.session.runs.device(uri)


async def tensors(server: Server, wanted: dict[str, Any]) -> TensorsAnswer:
    return inspect(server, wanted.get("uri"))


async def tensor(server: Server, wanted: dict[str, Any]) -> TensorAnswer:
    name = wanted.get("name") or _first_name(server, wanted.get("uri"))
    slice_ = wanted.get("slice") or ""
    run, found = await server.session.runs.inspect(wanted.get("uri"), name, slice_)
    return tensor_answer(server, run, name, found)


def _first_name(server: Server, uri: str | None) -> str:
    for row in inspect(server, uri).rows:
        if row["alive"] is not False:
            return row["name"]
    raise RefusedError("no-tensors")


def inspect(server: Server, uri: str | None) -> TensorsAnswer:
    """The inspector's rows of a file. Raises `RefusedError`."""
    document = server.session.documents.used(uri)
    record = server.session.runs.record(document.uri)
    if record is None:
        raise RefusedError("not-run")
    hints = {hint.location.id: hint.location for hint in server.session.results.hints(document.uri)}

    def position(location: HintLocation) -> tuple[str, int, int] | None:
        now = hints.get(location.id)
        if now is None:
            return None
        shown = server.shown_at(document, now.span.line)
        at = shown.position(now.span.line, now.span.column)
        return shown.uri, at.line, at.character

    alive = None if record.ended is None else record.tensors
    observations = record.observations(document.path)
    found = inspection(alive, observations, position, server.style, record.memory)
    run = server.session.runs.state(document.uri).run
    return TensorsAnswer(run, record.device or "", found["rows"], found["totals"])


def answering(name: str, command: Command) -> Callable[..., Awaitable[Any]]:
    """Wrap `command` as the protocol's handler: check its argument, make its answer plain JSON."""
    kinds = COMMANDS[name].fields

    async def answer(server: Server, argument: object = None) -> Any:
        try:
            answered = await command(server, _checked(server, argument, kinds))
        except RefusedError as refused:
            answered = ErrorAnswer(sentence(refused.user_message, server.locale))
            if server.is_initialized and server.shows_answers:
                server.show(answered.error)
        return _plain(answered)

    return answer


def _checked(
    server: Server, argument: object, kinds: Mapping[str, tuple[type, ...]]
) -> dict[str, Any]:
    if not server.is_initialized:
        raise RefusedError("no-document")
    if argument is None:
        return {}
    if not isinstance(argument, dict):
        raise RefusedError("bad-argument", type(argument).__name__)
    for name, value in argument.items():
        if name not in kinds:
            raise RefusedError("bad-argument", str(name))
        if value is not None and type(value) not in kinds[name]:
            raise RefusedError("bad-argument", f"{name}: {type(value).__name__}")
    if argument.get("device") is not None and not is_device(argument["device"]):
        raise RefusedError("bad-device", argument["device"])
    if argument.get("uri") is not None:
        return {**argument, "uri": server.whole(argument["uri"])}
    return argument


def _plain(answer: Any) -> Any:
    if dataclasses.is_dataclass(answer) and not isinstance(answer, type):
        return dataclasses.asdict(answer)
    return answer
