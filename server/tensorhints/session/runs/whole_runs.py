"""Why a run began at the top instead of resuming from a checkpoint."""

from __future__ import annotations

from tensorhints.model.messages import NoCheckpoint, WholeReason
from tensorhints.model.user_messages import UserMessage

from .attempt import Attempt

_WITH_DETAIL: frozenset[WholeReason] = frozenset(
    (
        "executed-code",
        "definition-used",
        "positions-used",
        "modules-changed",
        "files-changed",
        "file-appended",
        "file-removed",
    )
)


def why_whole(attempt: Attempt) -> UserMessage | None:
    """Return why a run began at the top; None if it resumed or never started."""
    whole = attempt.record.whole
    if whole is None:
        return None
    reason: WholeReason = whole.reason
    if reason == "nothing-kept" and attempt.previous is None:
        reason = "first-run"  # The file was closed and opened again.
    elif reason == "nothing-kept" and not attempt.changed:
        reason = "settings"  # No text has changed: the session requested it for its new settings.
    elif reason == "nothing-kept":
        refused = _refused(attempt, int(whole.detail or 0))
        if refused is not None:
            return UserMessage(f"whole.{refused.reason}", str(refused.line + 1))
    elif reason == "first-run" and attempt.previous is not None:
        reason = "new-host"  # The host that ran it before has gone, with all checkpoints.
    elif reason == "requested" and not attempt.explicit:
        reason = "file-missing"  # The session requested it after a resumed run missed a file.
    return UserMessage(f"whole.{reason}", whole.detail if reason in _WITH_DETAIL else None)


def _refused(attempt: Attempt, edited_line: int) -> NoCheckpoint | None:
    """Return the first checkpoint above the edit that a hazard prevented, if there is one.

    The run meets the hazards of the run before again, at the lines of the new text, unless the edit
    has removed them.
    """
    records = [attempt.record] if attempt.previous is None else [attempt.record, attempt.previous]
    for record in records:
        for refused in record.refused_checkpoints:
            if refused.line < edited_line:
                return refused
    return None
