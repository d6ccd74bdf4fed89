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

    @property
    def app(self) -> str:
        """Return the namespace of the pages among which the link leads."""
        return self.url_name.partition(":")[0]


@dataclass(frozen=True, slots=True)
class Action:
    """A button beside the title of the home page. The primary one stands last."""

    label: str
    url_name: str
    is_primary: bool = False


links = Hook[[], Link]("links of the navigation")
panels = Hook[[HttpRequest], str]("panels of the home page, as HTML")
actions = Hook[[HttpRequest], Action | None]("buttons beside the title of the home page")
banners_above = Hook[[HttpRequest], str]("banners above every page, as HTML")
health_checks = Hook[[], str]("what is wrong, for /healthz")


def home_panels(request: HttpRequest) -> list[str]:
    """Return the HTML of every panel that is not empty, in the order of their places."""
    return [html for html in panels(request) if html.strip()]


def home_actions(request: HttpRequest) -> list[Action]:
    """Return the buttons that the person may use, in the order of their places."""
    return [action for action in actions(request) if action]


def banners(request: HttpRequest) -> list[str]:
    """Return the HTML of every banner that is not empty, in the order of their places."""
    return [html for html in banners_above(request) if html.strip()]


def health_problems() -> list[str]:
    return [problem for problem in health_checks() if problem]
