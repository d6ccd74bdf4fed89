"""Extension points: what an app asks of apps above it, which it must not import.

The app that asks declares a hook, typed by the functions that answer it. An app above registers its
function in `AppConfig.ready()`, where mypy checks it against the hook.
"""

from collections.abc import Callable
from typing import Any, Generic, ParamSpec, TypeVar

from django.core.checks import CheckMessage, Error, register

P = ParamSpec("P")
R = TypeVar("R")

_HOOKS: "list[Hook[Any, Any]]" = []


class Hook(Generic[P, R]):
    """Functions that other apps register, called one after another.

    `name` says in a start-up error what nobody has registered for.
    """

    def __init__(self, name: str) -> None:
        self.name = name
        self._functions: list[tuple[int, Callable[P, R]]] = []
        _HOOKS.append(self)

    def register(self, function: Callable[P, R], place: int = 0) -> None:
        """Register a function. Those of smaller places are called first. Twice is once."""
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
    """Name the hooks that nobody has registered for: what they would add is missing from pages."""
    return [
        Error(f"Nobody has registered for the hook “{hook.name}”.", id="campaigns.E001")
        for hook in _HOOKS
        if hook.is_empty
    ]
