"""The commands of runs and of the inspector: run, stop, continue, the device, tensors."""

from __future__ import annotations

from functools import partial
from typing import Any

from tensorhints.lsp import names
from tensorhints.lsp.client import Client
from tensorhints.lsp.inspector import Inspector
from tensorhints.lsp.notifications import RunAnswer, TensorAnswer, TensorsAnswer
from tensorhints.lsp.registry import Registry
from tensorhints.lsp.render.tensor_rows import tensor_answer
from tensorhints.lsp.services import Services
from tensorhints.lsp.views import Views
from tensorhints.session.errors import RefusedError
from tensorhints.session.session import Session


def register(registry: Registry, services: Services) -> None:
    """Handle the commands."""
    session, inspector = services.session, services.inspector
    registry.command(names.STOP, partial(stop, session))
    registry.command(names.CONTINUE, partial(proceed, session))
    registry.command(names.SET_DEVICE, partial(set_device, session))
    registry.command(names.TENSORS, partial(tensors, inspector))
    inspect = partial(tensor, session, inspector, services.views)
    registry.command(names.TENSOR, inspect)
    registry.command(names.RUN, partial(run, session))


async def run(session: Session, client: Client, argument: dict[str, Any]) -> RunAnswer | None:
    """Run a file and return how the run ended; with `wait` false, return at once."""
    attempt = session.runs.run(argument.get("uri"), argument.get("device"))
    if argument.get("wait") is False:
        return None
    last = await attempt.ended
    elapsed = round(last.seconds * 1000, 3)
    return RunAnswer(last.run, last.outcome.value, elapsed, last.device.in_force)


async def stop(session: Session, client: Client, argument: dict[str, Any]) -> bool:
    """Stop a file's runs and return whether there was one."""
    return session.runs.stop(argument.get("uri"))


async def proceed(session: Session, client: Client, argument: dict[str, Any]) -> bool:
    """Continue a file's run that was suspended, and return whether there was one."""
    return session.runs.proceed(argument.get("uri"))


async def set_device(session: Session, client: Client, argument: dict[str, Any]) -> str:
    """Choose the device of a file's runs, if one is given; return the current one."""
    uri, device = argument.get("uri"), argument.get("device")
    if device is not None:
        session.runs.set_device(uri, device)
    return session.runs.device(uri)


async def tensors(inspector: Inspector, client: Client, argument: dict[str, Any]) -> TensorsAnswer:
    """Return the inspector's rows of a file."""
    return inspector.tensors(argument.get("uri"))


async def tensor(
    session: Session, inspector: Inspector, views: Views, client: Client, argument: dict[str, Any]
) -> TensorAnswer:
    """Return one tensor at the end of a file's last run, by default the first row."""
    uri = argument.get("uri")
    name = argument.get("name") or _first_name(inspector.tensors(uri))
    run, found = await session.runs.inspect(uri, name, argument.get("slice") or "")
    return tensor_answer(run, name, found, views.style, client.locale)


def _first_name(answer: TensorsAnswer) -> str:
    for row in answer.rows:
        if row["alive"] is not False:
            return row["name"]
    raise RefusedError("no-tensors")
