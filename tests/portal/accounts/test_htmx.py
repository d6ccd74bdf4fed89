"""A session that ends while a page is open: the page is replaced by the sign-in page, not filled with it."""

from urllib.parse import parse_qs, urlsplit

import pytest
from django.test import Client as Browser
from django.urls import reverse

from tests.routes import ROUTES, World


def headers(page: str) -> dict[str, str]:
    return {"HX-Request": "true", "HX-Current-URL": page}


@pytest.mark.parametrize("name", ["submissions:detail", "contacts:detail", "drafts:edit"])
def test_a_request_for_a_part_leads_to_sign_in_and_back_to_its_page(
    name: str, world: World
) -> None:
    [route] = [route for route in ROUTES if route.name == name]
    url = route.url(world)
    answer = Browser().get(url, headers=headers(f"http://testserver{url}?check=1"))
    assert answer.status_code == 200
    assert answer.content == b""
    lead = urlsplit(answer.headers["HX-Redirect"])
    assert lead.path == reverse("account_login")
    assert parse_qs(lead.query) == {"next": [f"{url}?check=1"]}


def test_a_redraw_leads_back_to_the_builder_and_not_to_itself(db: None) -> None:
    builder = reverse("drafts:new")
    answer = Browser().post(
        reverse("drafts:redraw"), headers=headers(f"http://testserver{builder}")
    )
    assert parse_qs(urlsplit(answer.headers["HX-Redirect"]).query) == {"next": [builder]}


def test_nobody_is_led_to_another_site(db: None) -> None:
    answer = Browser().get(reverse("home"), headers=headers("https://elsewhere.example/x"))
    assert "elsewhere" not in answer.headers["HX-Redirect"]


def test_a_request_for_a_whole_page_is_redirected_as_usual(db: None) -> None:
    answer = Browser().get(reverse("home"))
    assert answer.status_code == 302
    assert "HX-Redirect" not in answer.headers
