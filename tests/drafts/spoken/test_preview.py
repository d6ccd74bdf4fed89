"""The builder's preview: what one person on the lists hears and reads, from what is in the form."""

from dataclasses import replace
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client as Browser
from django.urls import reverse

from campaigns.clients.models import Client
from campaigns.contacts.models import Contact, ContactList
from campaigns.drafts.campaign.content import DraftContent, Source
from campaigns.drafts.form.form_data import as_data
from campaigns.drafts.spoken.preview import Preview
from campaigns.drafts.spoken.script import Origin
from campaigns.suppression.models import Suppression
from tests import people

pytestmark = pytest.mark.django_db


@pytest.fixture
def content(northgate: Client, contact_list: ContactList) -> DraftContent:
    """A draft whose call flow speaks the first parameter and texts the second."""
    northgate.callflows.update(script="Hello {Parameter1}.", sms_text="Due {Parameter2}")
    sources = {1: Source("column", "First name"), 2: Source("text", "in May")}
    return replace(people.content(northgate, contact_list), parameters=sources)


def drawn(browser: Browser, content: DraftContent, **posted: Any) -> Preview | None:
    data = as_data(content)
    form = {name: data.getlist(name) for name in data} | posted
    headers = {"HX-Request": "true", "HX-Target": "preview"}
    page = browser.post(reverse("drafts:redraw"), form, headers=headers)
    preview: Preview | None = page.context["builder"].preview
    return preview


def first_names(contact_list: ContactList) -> list[str]:
    column = contact_list.headings.index("First name")
    rows = Contact.objects.filter(contact_list=contact_list).order_by("pk")
    return [row.values[column] for row in rows]


@pytest.mark.parametrize(
    ("posted", "position"),
    [
        ({}, 1),
        ({"change": "person-next"}, 2),
        ({"person": "2", "change": "person-next"}, 3),
        ({"person": "3", "change": "person-next"}, 3),
        ({"person": "1", "change": "person-previous"}, 1),
        ({"person": "3", "change": "person-previous"}, 2),
        ({"person": "999999999"}, 3),
        ({"person": "9" * 400}, 1),
        ({"person": "-1"}, 1),
        ({"person": "x", "change": "person-sideways"}, 1),
    ],
)
def test_the_buttons_go_from_person_to_person(
    browser: Browser,
    content: DraftContent,
    contact_list: ContactList,
    posted: dict[str, str],
    position: int,
) -> None:
    shown = drawn(browser, content, **posted)
    assert shown
    names = first_names(contact_list)
    assert (shown.position, shown.total) == (position, len(names))
    assert shown.heard == f"Hello {names[position - 1]}."
    assert "".join(piece.text for piece in shown.sms) == "Due in May"
    assert shown.has_next == (position < len(names))
    assert shown.has_previous == (position > 1)


def fill(contact_list: ContactList, heading: str, *cells: str) -> None:
    """Set these cells for the list's people, as if the file had held them."""
    column = contact_list.headings.index(heading)
    people_on_it = Contact.objects.filter(contact_list=contact_list).order_by("pk")
    for contact, cell in zip(people_on_it, cells, strict=True):
        contact.values[column] = cell
        contact.save()
    contact_list.column_counts.all().delete()


FIRST_NAME = "Parameter 1 (First name) has "


@pytest.mark.parametrize(
    ("cell", "trouble"),
    [
        ("", "nothing"),
        ("\u2003 ", "nothing"),
        ("a" * 101, "more than 100 characters"),
        ("AMARA", "only capital letters"),
        ("see www.example.com", "a web address"),
        ("#N/A", "a spreadsheet error or formula (such as #N/A)"),
        ("45992", "a date as a spreadsheet number (such as 45992)"),
    ],
)
def test_a_person_with_a_problem_is_found_from_anywhere_and_the_problem_is_named(
    browser: Browser, content: DraftContent, contact_list: ContactList, cell: str, trouble: str
) -> None:
    fill(contact_list, "First name", "Amara", cell, "Chloe")
    for since in ("1", "2", "3"):
        shown = drawn(browser, content, person=since, change="person-troubled")
        assert shown
        assert shown.position == 2
        assert shown.troubles == [f"{FIRST_NAME}{trouble}."]
        assert not shown.nobody_is_troubled
        missing = [piece.number for piece in shown.script if piece.is_missing]
        assert missing == ([1] if trouble == "nothing" else [])


def test_every_problem_of_a_person_is_named(
    browser: Browser, content: DraftContent, contact_list: ContactList, northgate: Client
) -> None:
    northgate.callflows.update(script="Hello {Parameter1} {Parameter5}.")
    fill(contact_list, "First name", "", "Ben", "Chloe")
    fill(contact_list, "Due date", "1 May", "1 May", "SOON {")
    due = Source("column", "Due date")
    shown = [
        drawn(browser, replace(content, parameters={1: content.parameters[1], 2: due}), person=at)
        for at in ("1", "3")
    ]
    due_date = "Parameter 2 (Due date) has "
    assert [page.troubles for page in shown if page] == [
        [f"{FIRST_NAME}nothing.", "Parameter 5 has nothing."],
        [
            f"{due_date}only capital letters.",
            f"{due_date}an unmatched bracket.",
            "Parameter 5 has nothing.",
        ],
    ]


def test_numbers_of_which_only_a_few_look_like_days_are_no_problem(
    browser: Browser, content: DraftContent, contact_list: ContactList
) -> None:
    fill(contact_list, "First name", "99998", "45992", "99999")
    shown = drawn(browser, content, person="2", change="person-troubled")
    assert shown
    assert shown.nobody_is_troubled
    assert shown.troubles == []


@pytest.mark.parametrize("fallback", ["", "you", "YOUR NAME", "a" * 101])
def test_the_button_leads_to_everybody_with_a_problem_on_any_list(
    browser: Browser,
    content: DraftContent,
    contact_list: ContactList,
    northgate: Client,
    manager: User,
    fallback: str,
) -> None:
    rows = [
        (f"07700 90020{n}", "Ina", name, "9 May") for n, name in enumerate(["", "INA!", "I", ""])
    ]
    more = people.contact_list(manager, northgate, rows, "More")
    fill(contact_list, "First name", "Amara", " ", "Chloe")
    sources = {**content.parameters, 1: Source("column", "First name", fallback)}
    said = replace(content, contact_lists=[contact_list, more], parameters=sources)
    pages = [drawn(browser, said, person=str(position)) for position in range(1, 8)]
    troubled = [page.position for page in pages if page and page.troubles]
    assert troubled == ([1, 4, 6] if fallback != "you" else [])
    met = []
    position = 7
    for _ in troubled:
        shown = drawn(browser, said, person=str(position), change="person-troubled")
        assert shown
        met.append(position := shown.position)
    assert met == troubled


def test_a_person_who_is_not_called_gets_the_reason(
    browser: Browser,
    content: DraftContent,
    contact_list: ContactList,
    northgate: Client,
    manager: User,
) -> None:
    rows = [people.ROWS[1], ("07700 900109", "Ina", "Ina", "9 May")]
    more = people.contact_list(manager, northgate, rows, "More")
    Suppression.add(manager, northgate, "+447700900109", "Asked us to stop", None)
    both = replace(content, contact_lists=[contact_list, more])
    pages = [drawn(browser, both, person=str(position)) for position in (1, 4, 2)]
    assert [page.left_out for page in pages if page] == [
        "",
        "This person is also on “More”. They are called once, with the values from there.",
        "This person is not called: the number is suppressed.",
    ]


def test_a_fallback_replaces_an_empty_cell_and_is_marked(
    browser: Browser, content: DraftContent, contact_list: ContactList
) -> None:
    fill(contact_list, "First name", "", " ", "Chloe")
    sources = {**content.parameters, 1: Source("column", "First name", "customer")}
    said = replace(content, parameters=sources)
    pages = [drawn(browser, said, person=str(position)) for position in (1, 2, 3)]
    assert [page.heard for page in pages if page] == [
        "Hello customer.",
        "Hello customer.",
        "Hello Chloe.",
    ]
    marked = [
        [piece.text for piece in page.script if piece.origin.is_fallback] for page in pages if page
    ]
    assert marked == [["customer"], ["customer"], []]


def test_a_cell_is_shown_beside_what_is_said_for_it(
    browser: Browser, content: DraftContent, contact_list: ContactList
) -> None:
    fill(contact_list, "First name", "01/12/2026", "1 December", "tomorrow")
    source = Source("column", "First name", "soon", "date-dmy")
    said = replace(content, parameters={**content.parameters, 1: source})
    pages = [drawn(browser, said, person=str(position)) for position in (1, 2, 3)]
    assert [page.heard for page in pages if page] == [
        "Hello 1 December.",
        "Hello 1 December.",
        "Hello tomorrow.",
    ]
    origins = [page.script[1].origin for page in pages if page]
    assert origins == [Origin(cell="01/12/2026"), Origin(), Origin(is_unconverted=True)]
    troubles = [page.troubles for page in pages if page]
    assert troubles == [[], [], [f"{FIRST_NAME}a value that can’t be read as a date (day first)."]]
    troubled = drawn(browser, said, person="1", change="person-troubled")
    assert troubled
    assert troubled.position == 3


def test_the_page_shows_the_cell_and_marks_what_is_not_converted(
    browser: Browser, content: DraftContent, contact_list: ContactList
) -> None:
    fill(contact_list, "First name", "AMARA", "flat 2", "Chloe")
    source = Source("column", "First name", "", "name")
    data = as_data(replace(content, parameters={1: source}))
    form = {name: data.getlist(name) for name in data}
    pages = [browser.post(reverse("drafts:redraw"), form | {"person": n}).text for n in "123"]
    assert "<mark>Amara <small>(cell: AMARA)</small></mark>" in pages[0]
    marked = '<mark class="unconverted">flat 2 <small>(as it is: can’t be converted)</small></mark>'
    assert marked in pages[1]
    assert "<mark>Chloe</mark>" in pages[2]


def test_what_is_said_is_judged_rather_than_the_cell(
    browser: Browser, content: DraftContent, contact_list: ContactList
) -> None:
    fill(contact_list, "First name", "AMARA", "BEN", "CHLOE")
    named = {1: Source("column", "First name", "", "name"), 2: content.parameters[2]}
    for parameters, troubled in ((content.parameters, True), (named, False)):
        shown = drawn(browser, replace(content, parameters=parameters), person="1")
        assert shown
        assert bool(shown.troubles) is troubled


def test_the_preview_says_that_nobody_has_a_problem(
    browser: Browser, content: DraftContent
) -> None:
    shown = drawn(browser, content, person="2", change="person-troubled")
    assert shown
    assert shown.nobody_is_troubled
    assert shown.position == 2


@pytest.mark.parametrize(
    "sources",
    [
        {1: Source("column", "First name")},
        {1: Source("column", "First name"), 2: Source("text", " ")},
        {1: Source("column", "Gone"), 2: Source("text", "in May")},
    ],
)
def test_a_parameter_without_a_value_is_everybodys_problem(
    browser: Browser, content: DraftContent, sources: dict[int, Source]
) -> None:
    lacking = replace(content, parameters=sources)
    shown = drawn(browser, lacking, person="2", change="person-troubled")
    assert shown
    assert shown.position == 3
    assert not shown.nobody_is_troubled


def test_several_lists_are_shown_one_after_another(
    browser: Browser,
    content: DraftContent,
    contact_list: ContactList,
    northgate: Client,
    manager: User,
) -> None:
    more = people.contact_list(manager, northgate, name="More")
    both = replace(content, contact_lists=[contact_list, more])
    shown = drawn(browser, both, person="3", change="person-next")
    assert shown
    assert (shown.position, shown.total) == (4, 6)
    assert shown.contact.contact_list == contact_list


@pytest.mark.parametrize("change", [{"contact_lists": []}, {"call_flow": None}])
def test_nothing_is_shown_without_a_list_or_a_call_flow(
    browser: Browser, content: DraftContent, change: dict[str, Any]
) -> None:
    assert drawn(browser, replace(content, **change)) is None


def test_a_flow_without_texts_shows_nothing(
    browser: Browser, content: DraftContent, northgate: Client
) -> None:
    northgate.callflows.update(script="", sms_text="")
    assert drawn(browser, content) is None
