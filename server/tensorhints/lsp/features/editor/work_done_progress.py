"""`window/workDoneProgress/cancel`: stops the run whose progress the user cancelled."""

from __future__ import annotations

from functools import partial

from lsprotocol import types

from tensorhints.lsp.client import Client
from tensorhints.lsp.registry import Registry
from tensorhints.lsp.run_progress import RunProgress
from tensorhints.lsp.services import Services


def register(registry: Registry, services: Services) -> None:
    """Handle the notification."""
    method = types.WINDOW_WORK_DONE_PROGRESS_CANCEL
    registry.unannounced_message(method, partial(cancelled, services.progress))


def cancelled(
    progress: RunProgress, client: Client, params: types.WorkDoneProgressCancelParams
) -> None:
    """Stop the run."""
    progress.stop_run(params.token)
