"""Nothing runs in a workspace that the user has not trusted."""

from __future__ import annotations

import pytest

from tensorhints.session.trust import is_trusted


@pytest.mark.parametrize(
    "editor", ["Visual Studio Code", "Visual Studio Code - Insiders", "VSCodium"]
)
def test_an_editor_with_workspace_trust_that_sends_no_decision_is_not_trusted(editor: str) -> None:
    assert not is_trusted(None, editor, own_client=False)


def test_our_own_client_that_sends_no_decision_is_not_trusted() -> None:
    assert not is_trusted(None, "Some Editor", own_client=True)


@pytest.mark.parametrize("editor", ["Neovim", "helix", "Emacs (eglot)", None])
def test_an_editor_without_workspace_trust_trusts_everything(editor: str | None) -> None:
    assert is_trusted(None, editor, own_client=False)


@pytest.mark.parametrize("editor", ["Visual Studio Code", "Neovim"])
def test_the_decision_of_the_client_is_followed(editor: str) -> None:
    assert is_trusted(True, editor, own_client=True)
    assert not is_trusted(False, editor, own_client=False)


@pytest.mark.parametrize("sent", ["true", 1, {}, []])
def test_any_other_value_than_true_means_untrusted(sent: object) -> None:
    assert not is_trusted(sent, "Neovim", own_client=False)
