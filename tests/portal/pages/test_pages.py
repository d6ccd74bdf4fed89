"""What every page has in common: its policy, no code in it, and kind words when something is wrong."""

import os
import re
import subprocess
import sys
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.contrib.staticfiles import finders
from django.contrib.staticfiles.storage import ManifestStaticFilesStorage
from django.template.loader import render_to_string
from django.test import Client as Browser
from django.urls import reverse

from tests.routes import ROUTES, Route, World
from tests.running import ROOT

POLICY = {
    "default-src": "'none'",
    "script-src": "'self'",
    "style-src": "'self'",
    "img-src": "'self' data:",
    "font-src": "'self'",
    "connect-src": "'self'",
    "form-action": "'self'",
    "frame-ancestors": "'none'",
    "base-uri": "'none'",
}
READABLE = [route for route in ROUTES if route.reads and route.shown == 200]
OPEN_PAGES = ["account_login", "account_inactive"]


class CodeFinder(HTMLParser):
    """Lists what a strict policy would stop: scripts, styles and handlers within the page."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self.tags = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags += 1
        given = dict(attrs)
        is_data = given.get("type") in {"application/json", "importmap"}
        if tag == "style" or (tag == "script" and "src" not in given and not is_data):
            self.found.append(f"<{tag}>")
        for name, value in attrs:
            is_handler = name.startswith(("on", "hx-on")) or name == "style"
            if is_handler or (value or "").strip().lower().startswith(("javascript:", "js:")):
                self.found.append(f"{tag} {name}")


def code_in(html: str) -> list[str]:
    finder = CodeFinder()
    finder.feed(html)
    assert finder.tags, "This is no page."
    return finder.found


def policy_of(answer: Any) -> dict[str, str]:
    directives = answer.headers["Content-Security-Policy"].split(";")
    return dict(directive.strip().split(" ", 1) for directive in directives if directive.strip())


def assert_safe(answer: Any) -> None:
    assert policy_of(answer) == POLICY
    assert answer.headers["X-Frame-Options"] == "DENY"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    if answer.headers["Content-Type"].startswith("text/html"):
        assert code_in(answer.content.decode()) == []


@pytest.fixture
def browser(manager: User) -> Browser:
    browser = Browser()
    browser.force_login(manager)
    return browser


def test_the_finder_finds_every_kind_of_code_in_a_page() -> None:
    for html in (
        "<script>1</script>",
        "<style>p {}</style>",
        '<p style="color: red">',
        '<p onclick="1">',
        '<p hx-on:click="1">',
        '<a href="javascript:1">',
    ):
        assert code_in(html), html
    assert code_in('<script src="/a.js"></script><script type="application/json">{}</script>') == []


@pytest.mark.parametrize("route", READABLE, ids=[route.name for route in READABLE])
def test_no_page_has_code_in_it_and_each_has_the_policy(
    route: Route, world: World, browser: Browser
) -> None:
    assert_safe(browser.get(route.url(world)))


@pytest.mark.parametrize("name", ["contacts:detail", "submissions:detail"])
def test_a_part_of_a_page_has_no_code_in_it_either(
    name: str, world: World, browser: Browser
) -> None:
    [route] = [route for route in ROUTES if route.name == name]
    part = browser.get(route.url(world), headers={"HX-Request": "true"})
    assert b"<html" not in part.content
    assert_safe(part)


@pytest.mark.parametrize("name", OPEN_PAGES)
def test_the_pages_that_are_open_to_all_have_no_code_in_them(name: str, db: None) -> None:
    assert_safe(Browser().get(reverse(name)))


def test_a_form_with_errors_has_no_code_in_it(world: World, browser: Browser) -> None:
    refused = browser.post(reverse("drafts:new"), {"client": "", "name": "x" * 200})
    assert refused.status_code == 422
    assert_safe(refused)


def test_a_draft_with_everything_wrong_has_no_code_in_it(world: World, browser: Browser) -> None:
    posted = {"client": world.client.pk, "runover-count": "2", "attempt-count": "3"}
    checked = browser.post(reverse("drafts:check_new"), posted, follow=True)
    assert checked.status_code == 200
    assert b"Give the campaign a name." in checked.content
    assert_safe(checked)


def test_the_administration_has_the_policy_too(admin: User) -> None:
    browser = Browser()
    browser.force_login(admin)
    for name in ("index", "clients_client_add", "clients_callflow_add", "auth_user_changelist"):
        assert_safe(browser.get(reverse(f"admin:{name}")))


class TestWhenSomethingIsWrong:
    def test_an_unknown_address_says_so_and_leads_home(self, browser: Browser) -> None:
        assert_helpful(browser.get("/no-such-page/"), 404, "Page not found")

    def test_an_unknown_address_says_so_without_a_sign_in_too(self, db: None) -> None:
        assert_helpful(Browser().get("/no-such-page/"), 404, "Page not found")

    def test_a_write_beyond_ones_role_says_whom_to_ask(self, viewer: User) -> None:
        browser = Browser()
        browser.force_login(viewer)
        refused = browser.get(reverse("drafts:new"))
        assert_helpful(refused, 403, "You don’t have permission to do this")
        assert b"Ask an approver" in refused.content

    def test_a_form_from_elsewhere_is_refused_kindly(self, manager: User) -> None:
        browser = Browser(enforce_csrf_checks=True)
        browser.force_login(manager)
        refused = browser.post(reverse("drafts:new"))
        assert refused.status_code == 403
        assert_safe(refused)
        assert b"CSRF" not in refused.content

    def test_an_error_of_ours_shows_a_page_and_nothing_of_the_error(
        self, manager: User, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def fail(_request: object) -> list[str]:
            message = "07700 900123 broke it"
            raise RuntimeError(message)

        monkeypatch.setattr("portal.pages.frame_parts.home_panels", fail)
        browser = Browser(raise_request_exception=False)
        browser.force_login(manager)
        failed = browser.get("/")
        assert failed.status_code == 500
        assert "900123" not in failed.content.decode()
        assert_safe(failed)

    @pytest.mark.parametrize("name", ["400.html", "500.html", "507.html"])
    def test_a_page_for_when_nothing_works_has_the_portals_style_all_the_same(
        self, name: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """The addresses of its style come from no manifest, which may be what fails."""

        def fail(*_: object) -> str:
            raise ValueError

        monkeypatch.setattr(ManifestStaticFilesStorage, "url", fail)
        page = render_to_string(name)
        [base] = re.findall(r'href="/static/(portal/css/base.css)"', page)
        assert finders.find(base)


class TestHealth:
    @pytest.mark.machine_clock
    def test_it_is_well_while_the_database_answers(self, db: None) -> None:
        answer = Browser().get(reverse("healthz"))
        assert answer.status_code == 200
        assert answer.json() == {"healthy": True, "problems": []}

    def test_it_is_unwell_with_the_database_gone_and_gives_no_details(self, tmp_path: Path) -> None:
        """A real database address where nobody listens, with https on, as behind a proxy."""
        script = (
            "import django; django.setup(); from django.test import Client; "
            "answer = Client().get('/healthz'); print(answer.status_code, answer.content.decode())"
        )
        asked = subprocess.run(
            [sys.executable, "-c", script],
            check=True,
            cwd=ROOT,
            env=os.environ
            | {
                "DJANGO_SETTINGS_MODULE": "portal.settings",
                "PORTAL_DATA_DIR": str(tmp_path),
                "PORTAL_DATABASE_URL": "postgresql://portal:s3cret@127.0.0.1:9/portal",
                "PORTAL_HOSTS": "testserver",
                "PORTAL_HTTPS": "on",
            },
            capture_output=True,
            text=True,
            timeout=60,
        )
        assert asked.stdout.strip() == (
            '503 {"healthy": false, "problems": ["The database does not answer."]}'
        )
        assert "s3cret" not in asked.stderr


def assert_helpful(answer: Any, status: int, heading: str) -> None:
    assert answer.status_code == status
    assert_safe(answer)
    html = answer.content.decode()
    assert f"<h1>{heading}</h1>" in html
    assert f'href="{reverse("home")}"' in html
