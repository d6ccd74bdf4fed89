"""No form answers with a library's sentence: every message is in the portal's own words."""

import importlib
import pkgutil
import re
from collections.abc import Iterator
from types import ModuleType
from typing import Any

import pytest
from django import forms
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.test import Client as Browser
from django.urls import reverse

import campaigns
import portal
from campaigns.clients.models import Client
from portal.pages import form_words
from tests.drawn import Action, Page
from tests.routes import ROUTES, World

# Beginnings and ends of the sentences of Django's fields, validators and models.
BARE = re.compile(
    r"This field|Enter a valid|Select a valid|Ensure (this|that)|[Nn]ot a valid|Enter a list|"
    r"The submitted|No file was|Null characters|Enter a number\.|Enter a whole number\.|"
    r"already exists|is violated|available choices|Upload a valid|Please either|Enter a complete"
)
HOSTILE = ("9" * 40, "x" * 2_000, "\0", "-1", "1.5", "2026-02-31", "99:99", "☃")


def modules(package: ModuleType) -> Iterator[ModuleType]:
    for found in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
        if "__main__" not in found.name and "migrations" not in found.name:
            yield importlib.import_module(found.name)


def forms_of_the_portal() -> set[type[forms.BaseForm]]:
    """Return the classes of all forms that the portal's own modules have."""
    found = set()
    for package in (campaigns, portal):
        for module in modules(package):
            for thing in vars(module).values():
                if isinstance(thing, type) and issubclass(thing, forms.BaseForm):
                    found.add(thing)
    return found


def sentences(field: forms.Field) -> Iterator[str]:
    yield from map(str, field.error_messages.values())
    for validator in field.validators:
        yield str(getattr(validator, "message", ""))


def test_every_field_of_every_form_has_words_of_the_portals_own() -> None:
    fields = 0
    for form in forms_of_the_portal():
        # A library's own form is only used through the portal's forms that are made from it.
        if form.__module__.partition(".")[0] not in {"campaigns", "portal"}:
            continue
        for name, field in getattr(form, "base_fields", {}).items():
            fields += 1
            for sentence in sentences(field):
                assert not BARE.search(sentence), (form, name, sentence)
    assert fields > 60


def subclasses(base: type[Any]) -> Iterator[type[Any]]:
    yield base
    for child in base.__subclasses__():
        yield from subclasses(child)


def test_every_kind_of_field_that_django_has_is_given_words() -> None:
    own = [
        field for field in subclasses(forms.Field) if field.__module__.startswith("django.forms")
    ]
    for field in own:
        for code, sentence in vars(field).get("default_error_messages", {}).items():
            assert not BARE.search(str(sentence)), (field, code)
            assert sentence == form_words.FIELDS[field][code], (field, code)


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        (forms.CharField(max_length=3), "abcd", "Use at most 3 characters. This has 4."),
        (forms.CharField(min_length=3), "a", "Use at least 3 characters. This has 1."),
        (forms.IntegerField(max_value=5), "6", "Enter 5 or less."),
        (forms.IntegerField(min_value=5), "4", "Enter 5 or more."),
        (forms.CharField(), "a\0", "Remove the characters that can't be seen."),
        (forms.DecimalField(max_digits=2), "123", "Use at most 2 digits."),
        (forms.EmailField(), "x", "Enter an email address, such as name@example.com."),
    ],
)
def test_a_sentence_says_what_to_do(field: forms.Field, value: str, sentence: str) -> None:
    with pytest.raises(ValidationError) as wrong:
        field.clean(value)
    assert wrong.value.messages == [sentence]


def hostile(action: Action) -> Iterator[dict[str, Any]]:
    """Yield what the button would post with each hostile value in all its controls, and an empty form."""
    for value in HOSTILE:
        yield {**action.data, **dict.fromkeys(action.controls, value)}
    yield {}


def test_whatever_is_typed_no_page_answers_with_a_bare_sentence(
    world: World, manager: User
) -> None:
    asked: set[tuple[str, frozenset[str]]] = set()
    browser = Browser(raise_request_exception=False)
    browser.force_login(manager)
    for route in ROUTES:
        if route.reads is None:
            continue
        answer = browser.get(route.url(world))
        if answer.status_code != 200 or "html" not in answer.headers["Content-Type"]:
            continue
        for action in Page(browser, route.url(world), answer.text).buttons():
            if not action.controls or (action.url, action.controls) in asked:
                continue
            asked.add((action.url, action.controls))
            for data in hostile(action):
                said = getattr(browser, action.method)(action.url, data)
                assert said.status_code < 500, (action, data)
                found = BARE.search(said.content.decode()) if not said.streaming else None
                assert not found, (action.url, found, data)
    assert len(asked) > 12


def test_a_client_that_one_may_not_choose_is_refused_in_the_portals_words(
    world: World, manager: User, harbour: Client
) -> None:
    browser = Browser()
    browser.force_login(manager)
    posted = world.filled_in() | {"client": str(harbour.pk)}
    page = browser.post(reverse("drafts:edit", args=[world.draft.pk]), posted)
    assert page.status_code == 422
    assert "Choose one of the options listed." in page.text
