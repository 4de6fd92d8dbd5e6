"""`initialize` to `exit`: resolves the client, creates its session, and announces what there is."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import partial
from typing import Any

from lsprotocol import types
from pygls.capabilities import ServerCapabilitiesBuilder

from tensorhints.lsp.capabilities import Capabilities
from tensorhints.lsp.client import Client
from tensorhints.lsp.connection import Server
from tensorhints.lsp.convert import Encoding, path_of
from tensorhints.lsp.services import Services, create_services
from tensorhints.model.locales import locale_for
from tensorhints.session.trust import is_trusted

from .configuration import Configuration
from .offers import offer_all


class Lifecycle:
    """The messages that begin and end a session.

    `register_features` is called with the services once `initialize` is answered.
    """

    def __init__(
        self, server: Server, register_features: Callable[[Server, Services], None]
    ) -> None:
        self._server = server
        self._register_features = register_features
        self._services: Services | None = None
        self._configuration: Configuration | None = None

    def register(self) -> None:
        """Handle the messages of the lifecycle."""
        server = self._server
        server.on(types.INITIALIZE, self.initialize)
        server.on(types.INITIALIZED, self.initialized)
        server.on(types.SHUTDOWN, self.shutdown)
        server.on(types.EXIT, self.exit)
        server.on(types.WORKSPACE_DID_CHANGE_WORKSPACE_FOLDERS, self.folders_changed)

    def initialize(self, params: types.InitializeParams) -> None:
        """Create the session, and offer what this client can use."""
        server = self._server
        if server.is_initialized:
            return
        given = params.initialization_options
        options: dict[str, Any] = given if isinstance(given, dict) else {}
        server.locale = locale_for(_string(options.get("locale")) or params.locale)
        client = Client(server, Capabilities.of(params), _encoding(params), server.locale)
        capabilities = client.capabilities
        self._services = services = create_services(
            server,
            client,
            folders=_folders(params),
            trusted=is_trusted(
                options.get("trusted"),
                capabilities.name,
                own_client=capabilities.speaks_extensions,
            ),
        )
        services.session.workspace.keeps_final_checkpoints = capabilities.speaks_extensions
        self._configuration = Configuration(services, options.get("settings"))
        self._configuration.apply(None)
        services.session.warm()
        offer_all(server, capabilities, python=_offers_python(services))
        server.register_features_after_initialize(partial(self._register, services))
        server.is_initialized = True

    def _register(self, services: Services) -> None:
        assert self._configuration is not None
        method = types.WORKSPACE_DID_CHANGE_CONFIGURATION
        self._server.on_offered(method, self._configuration.changed)
        self._register_features(self._server, services)

    async def initialized(self, params: types.InitializedParams) -> None:
        """Report wrong settings, and request those that the client keeps."""
        assert self._configuration is not None
        self._configuration.report_problems()
        await self._configuration.watch()

    def shutdown(self, params: None) -> None:
        """Cancel all requests before pygls does, which fails if one ends meanwhile."""
        self._server.protocol.cancel_requests()

    def exit(self, params: None) -> None:
        """End the connection."""
        self._server.exited.set()

    def folders_changed(self, params: types.DidChangeWorkspaceFoldersParams) -> None:
        """Add and remove workspace folders."""
        assert self._services is not None
        workspace = self._services.session.workspace
        workspace.add_folders(_paths(folder.uri for folder in params.event.added))
        workspace.remove_folders(_paths(folder.uri for folder in params.event.removed))


def _encoding(params: types.InitializeParams) -> Encoding:
    chosen = ServerCapabilitiesBuilder.choose_position_encoding(params.capabilities)
    return Encoding(getattr(chosen, "value", chosen))


def _offers_python(services: Services) -> bool:
    """Whether to offer Python features: `auto` means for editors without a Python server."""
    setting = services.session.workspace.settings.python.features
    return setting == "on" or (setting == "auto" and not services.client.capabilities.has_python)


def _folders(params: types.InitializeParams) -> list[str]:
    if params.workspace_folders:
        return _paths(folder.uri for folder in params.workspace_folders)
    if params.root_uri:
        return _paths([params.root_uri])
    return [params.root_path] if params.root_path else []


def _paths(uris: Iterable[str]) -> list[str]:
    return [path for uri in uris if (path := path_of(uri, "")) is not None]


def _string(value: object) -> str | None:
    return value if isinstance(value, str) else None
