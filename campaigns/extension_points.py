"""Hooks: how an app calls functions of the apps above it, which it must not import.

The lower app declares a hook, typed by the functions that may be registered for it. An app above it
registers its function in `AppConfig.ready()`, where mypy checks the function against the hook.
"""

from collections.abc import Callable
from typing import Any, Generic, ParamSpec, TypeVar

from django.core.checks import CheckMessage, Error, register

P = ParamSpec("P")
R = TypeVar("R")

_HOOKS: "list[Hook[Any, Any]]" = []


class Hook(Generic[P, R]):
    """Functions that other apps register, called one after another.

    `name` describes the hook in the start-up error for a hook without functions.
    """

    def __init__(self, name: str) -> None:
        self.name = name
        self._functions: list[tuple[int, Callable[P, R]]] = []
        _HOOKS.append(self)

    def register(self, function: Callable[P, R], place: int = 0) -> None:
        """Register a function. Functions with a smaller `place` are called first.

        Registering a function again at the same place has no effect.
        """
        if (place, function) not in self._functions:
            self._functions.append((place, function))
            self._functions.sort(key=lambda entry: entry[0])

    def __call__(self, *args: P.args, **kwargs: P.kwargs) -> list[R]:
        """Call every function with these arguments, and return what each returned."""
        return [function(*args, **kwargs) for _, function in self._functions]

    @property
    def is_empty(self) -> bool:
        return not self._functions


@register()
def every_hook_is_registered_for(**_: object) -> list[CheckMessage]:
    """Return an error for each hook without a function.

    What its functions would add is missing from pages.
    """
    return [
        Error(f"Nobody has registered for the hook “{hook.name}”.", id="campaigns.E001")
        for hook in _HOOKS
        if hook.is_empty
    ]
