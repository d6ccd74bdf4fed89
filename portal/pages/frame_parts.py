"""The parts that apps add to the frame of every page, to the home page and to /healthz.

Each app registers them in `AppConfig.ready()`, so that the frame need not know the apps.
"""

from dataclasses import dataclass

from django.http import HttpRequest

from campaigns.extension_points import Hook


@dataclass(frozen=True, slots=True)
class Link:
    """A link in the navigation."""

    label: str
    url_name: str


links = Hook[[], Link]("links of the navigation")
panels = Hook[[HttpRequest], str]("panels of the home page, as HTML")
banners_above = Hook[[HttpRequest], str]("banners above every page, as HTML")
health_checks = Hook[[], str]("what is wrong, for /healthz")


def home_panels(request: HttpRequest) -> list[str]:
    """Return the HTML of every panel that is not empty, in the order of their places."""
    return [html for html in panels(request) if html.strip()]


def banners(request: HttpRequest) -> list[str]:
    """Return the HTML of every banner that is not empty, in the order of their places."""
    return [html for html in banners_above(request) if html.strip()]


def health_problems() -> list[str]:
    return [problem for problem in health_checks() if problem]
