"""Hooks call what apps register, and the portal does not start while one has nothing registered."""

import pytest

from campaigns import extension_points
from campaigns.extension_points import Hook, every_hook_is_registered_for


@pytest.fixture(autouse=True)
def hooks(monkeypatch: pytest.MonkeyPatch) -> None:
    """Only the hooks that a test declares."""
    monkeypatch.setattr(extension_points, "_HOOKS", [])


def test_functions_are_called_in_the_order_of_their_places() -> None:
    hook = Hook[[int], str]("numbers in words")
    hook.register(lambda number: f"second {number}", 20)
    hook.register(lambda number: f"first {number}", 10)
    assert hook(7) == ["first 7", "second 7"]


def test_a_function_that_is_registered_twice_is_called_once() -> None:
    hook = Hook[[], str]("words")
    for _ in range(2):
        hook.register(str)
    assert hook() == [""]


def test_a_hook_that_nobody_has_registered_for_is_named_at_the_start() -> None:
    Hook[[], str]("what is missing")
    Hook[[], str]("what is there").register(str)
    [error] = every_hook_is_registered_for()
    assert "“what is missing”" in error.msg


def test_the_portals_own_hooks_are_all_registered_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.undo()
    assert extension_points._HOOKS
    assert every_hook_is_registered_for() == []
