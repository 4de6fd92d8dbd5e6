"""`initialize` to `exit`: who the client is, whether it is trusted, and what is offered to it."""

from __future__ import annotations

from typing import Any

from lsprotocol import types
from pygls.capabilities import ServerCapabilitiesBuilder

from tensorhints.lsp.client import Client
from tensorhints.lsp.connection import Server
from tensorhints.lsp.convert import Encoding, path_of
from tensorhints.lsp.notifier import News
from tensorhints.present.words import locale_for
from tensorhints.session.session import Session
from tensorhints.session.trust import is_trusted

from . import configuration
from .offers import offer_all


def register(server: Server) -> None:
    server.on(types.INITIALIZE, initialize)
    server.on(types.INITIALIZED, initialized)
    server.on(types.SHUTDOWN, shut_down)
    server.on(types.EXIT, leave)
    server.on(types.WORKSPACE_DID_CHANGE_WORKSPACE_FOLDERS, folders_changed)


def initialize(server: Server, params: types.InitializeParams) -> None:
    if server.is_initialized:
        return
    given = params.initialization_options
    options: dict[str, Any] = given if isinstance(given, dict) else {}
    server.client = client = Client.of(params)
    chosen = ServerCapabilitiesBuilder.choose_position_encoding(params.capabilities)
    server.encoding = Encoding(getattr(chosen, "value", chosen))
    server.locale = locale_for(_text(options.get("locale")) or params.locale)
    trusted = is_trusted(options.get("trusted"), client.name, own_client=client.speaks_extensions)
    news = News(server)
    server.session = Session(
        server.pool,
        news,
        folders=_folders(params),
        trusted=trusted,
        lessons=server.lessons,
    )
    server.session.workspace.keeps_final_checkpoints = client.speaks_extensions
    server.lesson_changed = news.lesson_changed
    server.words_changed = news.words_changed
    server.on_close(news.cancel)
    server.first_settings = options.get("settings")
    configuration.take(server, None)
    server.session.warm()
    offer_all(server, python=_offers_python(server))


async def initialized(server: Server, params: types.InitializedParams) -> None:
    configuration.tell_problems(server)
    await configuration.watch(server)


def shut_down(server: Server, params: None) -> None:
    """Before pygls does: it stumbles over requests that are taken away while it cancels them."""
    server.protocol.cancel_requests()


def leave(server: Server, params: None) -> None:
    server.exited.set()


def folders_changed(server: Server, params: types.DidChangeWorkspaceFoldersParams) -> None:
    session = server.session
    session.workspace.add_folders(_paths(folder.uri for folder in params.event.added))
    session.workspace.remove_folders(_paths(folder.uri for folder in params.event.removed))


def _offers_python(server: Server) -> bool:
    """As `python.features` says; `auto` is for editors that come without a Python server."""
    setting = server.session.workspace.settings.python.features
    return setting == "on" or (setting == "auto" and not server.client.has_python)


def _folders(params: types.InitializeParams) -> list[str]:
    if params.workspace_folders:
        return _paths(folder.uri for folder in params.workspace_folders)
    if params.root_uri:
        return _paths([params.root_uri])
    return [params.root_path] if params.root_path else []


def _paths(uris: Any) -> list[str]:
    return [path for uri in uris if (path := path_of(uri, "")) is not None]


def _text(value: object) -> str | None:
    return value if isinstance(value, str) else None
