"""Nothing runs where the user was promised that nothing does."""

from __future__ import annotations

import pytest

from tensorhints.session.trust import is_trusted


@pytest.mark.parametrize(
    "editor", ["Visual Studio Code", "Visual Studio Code - Insiders", "VSCodium"]
)
def test_an_editor_with_trust_that_says_nothing_is_not_trusted(editor: str) -> None:
    assert not is_trusted(None, editor, own_client=False)


def test_our_own_client_that_says_nothing_is_not_trusted() -> None:
    assert not is_trusted(None, "Some Editor", own_client=True)


@pytest.mark.parametrize("editor", ["Neovim", "helix", "Emacs (eglot)", None])
def test_an_editor_without_trust_trusts_what_it_opens(editor: str | None) -> None:
    assert is_trusted(None, editor, own_client=False)


@pytest.mark.parametrize("editor", ["Visual Studio Code", "Neovim"])
def test_what_the_client_says_counts(editor: str) -> None:
    assert is_trusted(True, editor, own_client=True)
    assert not is_trusted(False, editor, own_client=False)


@pytest.mark.parametrize("told", ["true", 1, {}, []])
def test_anything_but_true_is_no(told: object) -> None:
    assert not is_trusted(told, "Neovim", own_client=False)
