"""A tab above a page, for `portal/_tabs.html`."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Tab:
    """A link to a page. `count` is how many rows that page has, if it is a list."""

    label: str
    url: str
    is_current: bool
    count: int | None = None
