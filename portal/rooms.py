"""What the rooms bring to the frame, read from their AppConfigs, so that it need not know them.

A room may set on its AppConfig:

- `navigation`: `((place, label, URL name), ...)`; the smallest place stands first.
- `home_panels`: `((place, dotted path), ...)`; each path is a function `(request) -> str` that
  returns the panel's HTML, or "" when it has nothing to say.
- `banners`: `((place, dotted path), ...)`; the same, shown above every page of a signed-in person.
- `health_checks`: `(dotted path, ...)`; each a function `() -> str` that returns what is wrong, or "".
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.apps import apps
from django.http import HttpRequest
from django.utils.module_loading import import_string


@dataclass(frozen=True, slots=True, order=True)
class Link:
    place: int
    label: str
    url_name: str


@cache
def navigation() -> list[Link]:
    return sorted(Link(*entry) for entries in _offers("navigation") for entry in entries)


def home_panels(request: HttpRequest) -> list[str]:
    """Return the HTML of every panel that has something to say, in order of place."""
    return _rendered("home_panels", request)


def banners(request: HttpRequest) -> list[str]:
    """Return the HTML of every banner that has something to say, in order of place."""
    return _rendered("banners", request)


def _rendered(attribute: str, request: HttpRequest) -> list[str]:
    offers = sorted(offer for offers in _offers(attribute) for offer in offers)
    rendered = (str(import_string(path)(request)) for _, path in offers)
    return [html for html in rendered if html.strip()]


def health_problems() -> list[str]:
    found = (str(import_string(path)()) for checks in _offers("health_checks") for path in checks)
    return [problem for problem in found if problem]


def _offers(attribute: str) -> Iterator[Any]:
    return (
        getattr(config, attribute)
        for config in apps.get_app_configs()
        if hasattr(config, attribute)
    )
