"""What every table of the portal has, whichever app it is of."""

import re
from pathlib import Path
from typing import Any

import django_tables2
import pytest
from django.conf import settings
from django.test import RequestFactory
from django.urls import get_resolver

from campaigns.tables import Table

TEMPLATES = sorted(Path(settings.BASE_DIR / "templates").rglob("*.html"))
PEOPLE = [{"name": "Ann", "age": 1}, {"name": "Ben", "age": 2}]


class People(Table):
    caption = "People"
    name = django_tables2.Column()
    age = django_tables2.Column()

    class Meta(Table.Meta):
        order_by = "name"


@pytest.mark.parametrize(
    ("asked", "sorts"),
    [
        ("", {"Name": "ascending", "Age": ""}),
        ("?sort=-age", {"Name": "", "Age": "descending"}),
    ],
)
def test_it_says_what_it_is_of_and_how_it_is_sorted(asked: str, sorts: dict[str, str]) -> None:
    request = RequestFactory().get(f"/{asked}")
    html = People.paged(request, PEOPLE).as_html(request)
    assert '<caption class="visually-hidden">People</caption>' in html
    assert {name: sort for sort, name in _headings(html)} == sorts


def _headings(html: str) -> list[Any]:
    heading = r'<th scope="col"\s*(?:aria-sort="(\w+)")?[^>]*>\s*<a[^>]*>(\w+)</a>'
    return re.findall(heading, html)


def test_every_kind_of_table_has_a_caption() -> None:
    # The views, and so the tables, are imported with the addresses.
    assert get_resolver().url_patterns
    kinds = Table.__subclasses__()
    assert [kind for kind in kinds if not kind.caption] == []


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.name)
def test_a_table_in_a_template_begins_with_a_caption(path: Path) -> None:
    text = path.read_text()
    assert len(re.findall(r"<table[^>]*>\s*<caption", text)) == text.count("<table")
