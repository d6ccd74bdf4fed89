"""Sources of parameters: filled in until a person chooses, and never afterwards."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client as Browser
from django.urls import reverse

from campaigns.clients.models import CallFlow, CallFlowParameter, Client
from campaigns.contacts.models import ContactList
from campaigns.drafts.campaign.content import DraftContent, Source
from campaigns.drafts.form.form_data import as_data
from campaigns.drafts.form.parameter_form import ParameterForm
from campaigns.drafts.models import Campaign
from tests import people

pytestmark = pytest.mark.django_db

FIRST_NAME, DUE_DATE = "column:First name", "column:Due date"
BY_NAME = "Matched by name."
Redraw = Callable[..., dict[str, str]]


@pytest.fixture
def content(northgate: Client, contact_list: ContactList) -> DraftContent:
    """A draft with a call flow and a list, but without sources for its parameters."""
    return replace(people.content(northgate, contact_list), parameters={})


@pytest.fixture
def redraw(browser: Browser, content: DraftContent) -> Redraw:
    """Return a function that redraws the form with changes, and returns what its parameters would post."""

    def draw(target: str = "parameters", **changed: Any) -> dict[str, str]:
        headers = {"HX-Request": "true", "HX-Target": target}
        page = browser.post(reverse("drafts:redraw"), posted(content) | changed, headers=headers)
        assert page.status_code == 200
        return posted_by(page.context["builder"].parameters)

    return draw


def posted(content: DraftContent) -> dict[str, Any]:
    data = as_data(content)
    return {name: data.getlist(name) for name in data}


def posted_by(forms: list[ParameterForm]) -> dict[str, str]:
    said: dict[str, str] = {}
    for form in forms:
        both = {name: form[name].value() or "" for name in ("source", "fallback", "say_as")}
        said |= {f"{form.prefix}-{name}": text for name, text in both.items() if text}
        if form.filled_because:
            said |= {f"{form.prefix}-filled-{name}": text for name, text in both.items() if text}
            said[f"{form.prefix}-because"] = form.filled_because
    return said


def parameter(
    number: int, source: str, because: str = BY_NAME, fallback: str = "", say_as: str = ""
) -> dict[str, str]:
    """Return what a filled-in parameter posts."""
    prefix = f"parameter-{number}"
    said = {f"{prefix}-source": source, f"{prefix}-filled-source": source}
    if fallback:
        said |= {f"{prefix}-fallback": fallback, f"{prefix}-filled-fallback": fallback}
    if say_as:
        said |= {f"{prefix}-say_as": say_as, f"{prefix}-filled-say_as": say_as}
    return said | {f"{prefix}-because": because}


@pytest.fixture
def earlier(manager: User, content: DraftContent) -> Callable[..., Campaign]:
    """Return a function that saves another campaign with the same call flow, named Spring."""

    def save(name: str = "Spring", **changed: Any) -> Campaign:
        return Campaign.start(manager, replace(content, name=name, **changed))

    return save


def test_columns_are_matched_by_name(redraw: Redraw) -> None:
    assert redraw() == parameter(1, FIRST_NAME) | parameter(2, DUE_DATE)


def test_nothing_is_filled_in_before_a_flow_and_a_list_are_chosen(redraw: Redraw) -> None:
    assert redraw(call_flow="") == {}
    assert redraw(contact_lists=[]) == {}


def test_an_earlier_source_takes_precedence_over_a_matching_name(
    redraw: Redraw, earlier: Callable[..., Campaign]
) -> None:
    earlier("Older", parameters={1: Source("column", "Due date")})
    earlier(parameters={1: Source("column", "Name", "customer")})
    spring = parameter(1, "column:Name", "As in “Spring”.", "customer")
    assert redraw() == spring | parameter(2, DUE_DATE)


@pytest.mark.parametrize("source", [Source("column", "Gone"), Source("text", "you")])
def test_an_earlier_source_that_is_not_reused_gives_way_to_a_matching_name(
    redraw: Redraw, earlier: Callable[..., Campaign], source: Source
) -> None:
    earlier(parameters={1: source})
    assert redraw() == parameter(1, FIRST_NAME) | parameter(2, DUE_DATE)


@pytest.mark.parametrize("is_required", [True, False])
def test_a_parameter_not_used_before_stays_unused_unless_the_flow_requires_it(
    redraw: Redraw, earlier: Callable[..., Campaign], is_required: bool
) -> None:
    CallFlowParameter.objects.update(is_required=is_required)
    earlier(unused=frozenset({1}))
    first = parameter(1, FIRST_NAME) if is_required else parameter(1, "unused", "As in “Spring”.")
    assert redraw() == first | parameter(2, DUE_DATE)


def test_a_parameter_that_only_the_script_names_is_remembered_too(
    redraw: Redraw, earlier: Callable[..., Campaign], northgate: Client
) -> None:
    northgate.callflows.update(script="{Parameter5}")
    earlier(parameters={5: Source("column", "Name"), 6: Source("column", "Name")})
    assert redraw() == (
        parameter(1, FIRST_NAME)
        | parameter(2, DUE_DATE)
        | parameter(5, "column:Name", "As in “Spring”.")
    )


def test_a_draft_is_no_example_for_itself(redraw: Redraw, earlier: Callable[..., Campaign]) -> None:
    own = earlier(parameters={1: Source("column", "Name")})
    assert redraw(campaign=str(own.pk)) == parameter(1, FIRST_NAME) | parameter(2, DUE_DATE)


def test_a_column_must_be_in_each_of_several_lists(
    redraw: Redraw, manager: User, northgate: Client, contact_list: ContactList
) -> None:
    more = people.contact_list(manager, northgate, name="More")
    more.headings = ["Phone", "Name", "Forename", "Due date"]
    more.save()
    assert redraw(contact_lists=[contact_list.pk, more.pk]) == parameter(2, DUE_DATE)
    filled = redraw(contact_lists=[more.pk])
    assert filled == parameter(1, "column:Forename") | parameter(2, DUE_DATE)
    # A filled-in source changes with the lists.
    assert redraw(contact_lists=[contact_list.pk, more.pk], **filled) == parameter(2, DUE_DATE)


def with_headings(
    actor: User, client: Client, headings: list[str], name: str = "Other"
) -> ContactList:
    made = people.contact_list(actor, client, name=name)
    made.headings = headings
    made.save()
    return made


TWICE = ["Phone", "First name", "Due date", "Due date (2)"]
ONCE = ["Phone", "First name", "Due date", "Note"]


@pytest.mark.parametrize("used", ["Due date", "Due date (2)"])
def test_a_heading_that_a_list_has_twice_is_left_to_a_person(
    redraw: Redraw, earlier: Callable[..., Campaign], manager: User, northgate: Client, used: str
) -> None:
    twice = with_headings(manager, northgate, TWICE)
    first = parameter(1, FIRST_NAME)
    assert redraw(contact_lists=[twice.pk]) == first
    earlier(parameters={2: Source("column", used)}, contact_lists=[twice])
    assert redraw(contact_lists=[twice.pk]) == first


def test_a_heading_that_one_of_the_lists_has_twice_is_left_to_a_person(
    redraw: Redraw, manager: User, northgate: Client
) -> None:
    lists = [
        with_headings(manager, northgate, headings, name)
        for headings, name in ((TWICE, "Twice"), (ONCE, "Once"), (["DUE DATE", "due_date"], "Two"))
    ]
    first = parameter(1, FIRST_NAME)
    for chosen in (lists[:2], lists[1::-1]):
        assert redraw(contact_lists=[one.pk for one in chosen]) == first
    CallFlowParameter.objects.filter(number=2).update(label="due-date")
    lists[2].headings = ["First name", "Due date", "DUE DATE", "Phone"]
    lists[2].save()
    assert redraw(contact_lists=[lists[1].pk]) == first | parameter(2, DUE_DATE)
    assert redraw(contact_lists=[lists[1].pk, lists[2].pk]) == first


def test_a_column_that_shared_its_heading_is_not_matched_to_one_that_does_not(
    redraw: Redraw, earlier: Callable[..., Campaign], manager: User, northgate: Client
) -> None:
    CallFlowParameter.objects.filter(number=2).update(label="When")
    twice, once = (with_headings(manager, northgate, known, known[-1]) for known in (TWICE, ONCE))
    earlier(parameters={2: Source("column", "Due date")}, contact_lists=[twice])
    first = parameter(1, FIRST_NAME)
    assert redraw(contact_lists=[once.pk]) == first
    earlier("May", parameters={2: Source("column", "Due date")}, contact_lists=[once])
    assert redraw(contact_lists=[once.pk]) == (first | parameter(2, DUE_DATE, "As in “May”."))


def test_columns_named_by_letters_are_never_filled_in(
    redraw: Redraw, earlier: Callable[..., Campaign], manager: User, northgate: Client
) -> None:
    letters = ["Column A", "Column B", "Column C", "Column D"]
    before, after = (with_headings(manager, northgate, letters, name) for name in ("Old", "New"))
    earlier(
        parameters={1: Source("column", "Column B"), 2: Source("column", "Column D")},
        contact_lists=[before],
    )
    assert redraw(contact_lists=[after.pk]) == {}


def test_a_filled_in_source_changes_with_the_call_flow(redraw: Redraw, northgate: Client) -> None:
    filled = redraw()
    other = CallFlow.objects.create(client=northgate, partner_id=102, name="Other")
    CallFlowParameter.objects.create(call_flow=other, number=1, label="Due date")
    assert redraw(call_flow=str(other.pk), **filled) == parameter(1, DUE_DATE)


@pytest.mark.parametrize(
    "changed",
    [
        {"parameter-1-source": "unused"},
        {"parameter-1-source": "text", "parameter-1-text": "you"},
        {"parameter-1-source": "column:Name"},
        {"parameter-1-fallback": "customer"},
        {"parameter-1-say_as": "name"},
    ],
)
def test_a_persons_choice_stays(redraw: Redraw, northgate: Client, changed: dict[str, str]) -> None:
    chosen = redraw() | changed
    other = CallFlow.objects.create(client=northgate, partner_id=102, name="Other")
    CallFlowParameter.objects.create(call_flow=other, number=1, label="Due date")
    kept = {"parameter-1-source": FIRST_NAME} | changed
    kept.pop("parameter-1-text", "")
    for flow in (other, northgate.callflows.get(partner_id=101)):
        drawn = redraw(call_flow=str(flow.pk), **chosen)
        assert {name: text for name, text in drawn.items() if "parameter-1" in name} == kept


def test_the_choice_not_used_stays_when_it_is_saved_and_opened_again(
    browser: Browser, redraw: Redraw, content: DraftContent
) -> None:
    browser.post(reverse("drafts:new"), posted(content) | {"parameter-1-source": "unused"})
    kept = Campaign.objects.get().content()
    assert not kept.parameters
    assert kept.unused == {1}
    assert redraw(**posted(kept)) == {"parameter-1-source": "unused"} | parameter(2, DUE_DATE)
    copied = browser.get(reverse("drafts:new"), {"copy": Campaign.objects.get().pk})
    assert posted_by(copied.context["builder"].parameters) == {"parameter-1-source": "unused"}


def test_the_preview_is_drawn_with_the_parameters_that_the_page_shows(redraw: Redraw) -> None:
    assert redraw("preview") == {}
    filled = redraw()
    assert redraw("preview", **filled) == filled
    unused = filled | {"parameter-1-source": "unused"}
    assert redraw("preview", **unused) == (
        {"parameter-1-source": "unused"} | parameter(2, DUE_DATE)
    )


def test_without_javascript_sources_are_filled_in_whenever_the_page_is_drawn(
    browser: Browser, content: DraftContent
) -> None:
    page = browser.post(reverse("drafts:redraw"), posted(content))
    said = posted_by(page.context["builder"].parameters)
    assert said == parameter(1, FIRST_NAME) | parameter(2, DUE_DATE)
    assert page.text.count(BY_NAME) == 2
    assert 'aria-describedby="parameter-1-hint"' in page.text


def test_saving_fills_nothing_in(browser: Browser, content: DraftContent) -> None:
    browser.post(reverse("drafts:new"), posted(content))
    assert Campaign.objects.get().content() == content


def test_a_parameter_that_no_text_uses_needs_no_choice(
    redraw: Redraw, browser: Browser, content: DraftContent
) -> None:
    page = browser.post(
        reverse("drafts:redraw"), posted(content) | {"parameter-3-source": "unused"}
    )
    forms = page.context["builder"].parameters
    nothing = [form.fields["source"].choices[:2] for form in forms]
    assert nothing[0] == [("", "Choose a column or a text"), ("unused", "Not used")]
    assert nothing[2] == [("unused", "Not used"), ("text", "Fixed text")]
    assert nothing[3] == [("", "Not used"), ("text", "Fixed text")]


# Say as

DueDates = Callable[..., ContactList]


@pytest.fixture
def due(manager: User, northgate: Client) -> DueDates:
    """Return a function that makes a list whose people have these due dates."""

    def make(*cells: str, name: str = "Due") -> ContactList:
        rows = [(f"07700 90015{n}", "Ann", "Ann", cell) for n, cell in enumerate(cells)]
        return people.contact_list(manager, northgate, rows, name)

    return make


@pytest.fixture
def shown(browser: Browser, content: DraftContent) -> Callable[..., ParameterForm]:
    """Return a function that redraws the form and returns the second parameter, the due date."""

    def draw(target: str = "parameters", **changed: Any) -> ParameterForm:
        headers = {"HX-Request": "true", "HX-Target": target}
        page = browser.post(reverse("drafts:redraw"), posted(content) | changed, headers=headers)
        form: ParameterForm = page.context["builder"].parameters[1]
        return form

    return draw


@pytest.mark.parametrize(
    ("cells", "say_as"),
    [
        (("2026-12-01", "2026-12-02"), "date-dmy"),
        (("01/12/2026", "13/12/2026"), "date-dmy"),
        (("12/01/2026", "12/13/2026"), "date-mdy"),
        (("01/12/2026", "02/12/2026"), ""),
        (("1 December",), ""),
    ],
)
def test_a_filled_in_column_is_said_as_its_cells_suggest(
    redraw: Redraw, due: DueDates, cells: tuple[str, ...], say_as: str
) -> None:
    made = due(*cells)
    filled = redraw(contact_lists=[made.pk])
    expected = parameter(1, FIRST_NAME) | parameter(2, DUE_DATE, say_as=say_as)
    assert filled == expected
    assert redraw(contact_lists=[made.pk], **filled) == expected


def test_a_column_that_a_person_chose_is_offered_the_suggestion(
    shown: Callable[..., ParameterForm], due: DueDates
) -> None:
    chosen = {"contact_lists": [due("01/12/2026", "13/12/2026").pk], "parameter-2-source": DUE_DATE}
    form = shown(**chosen)
    assert not form["say_as"].value()
    assert form.say_as_hint == "Suggested: Date (1 December)."
    assert f'aria-describedby="{form.say_as_hint_id}"' in str(form["say_as"])
    assert shown(**chosen, **{"parameter-2-say_as": "name"}).say_as_hint == ""
    assert shown(**chosen | {"parameter-2-source": FIRST_NAME}).say_as_hint == ""


def test_day_or_month_first_is_asked_where_nothing_tells(
    shown: Callable[..., ParameterForm], due: DueDates
) -> None:
    def dates(form: ParameterForm) -> list[str]:
        choices = form.fields["say_as"].choices  # type: ignore[attr-defined]
        return [label for value, label in choices if value.startswith("date")]

    unsure = [due("01/12/2026", "02/12/2026").pk]
    form = shown(contact_lists=unsure)
    assert dates(form) == [
        "Date (1 December), written day first",
        "Date (1 December), written month first",
    ]
    assert form.say_as_hint.startswith("Is 01/02/2026 in the list 1 February or 2 January?")
    chosen = {"parameter-2-source": DUE_DATE, "parameter-2-say_as": "date-mdy"}
    assert shown(contact_lists=unsure, **chosen).say_as_hint == ""

    told = [*unsure, due("13/12/2026", name="Told").pk]
    assert dates(shown(contact_lists=told)) == ["Date (1 December)"]
    # What was chosen is offered even if the cells tell otherwise.
    assert len(dates(shown(contact_lists=told, **chosen))) == 2


@pytest.mark.parametrize(
    ("before", "cells", "now"),
    [
        ("day-date-dmy", ["2026-12-01"], "day-date-dmy"),
        ("date-dmy", ["12/01/2026", "12/13/2026"], "date-mdy"),
        ("day-date-mdy", ["01/12/2026", "13/12/2026"], "day-date-dmy"),
        ("date-mdy", ["01/12/2026"], "date-mdy"),
        ("", ["2026-12-01"], "date-dmy"),
        ("digits", ["1234"], "digits"),
    ],
)
def test_a_column_is_said_as_in_an_earlier_campaign_unless_its_cells_tell_otherwise(
    redraw: Redraw,
    earlier: Callable[..., Campaign],
    due: DueDates,
    before: str,
    cells: list[str],
    now: str,
) -> None:
    earlier(parameters={2: Source("column", "Due date", "", before)})
    filled = redraw(contact_lists=[due(*cells).pk])
    second = parameter(2, DUE_DATE, "As in “Spring”.", say_as=now)
    assert filled == parameter(1, FIRST_NAME) | second


def test_what_was_filled_in_is_not_kept_for_another_column(redraw: Redraw, due: DueDates) -> None:
    lists = {"contact_lists": [due("2026-12-01").pk]}
    filled = redraw(**lists)
    assert filled["parameter-2-say_as"] == "date-dmy"
    other = filled | {"parameter-2-source": FIRST_NAME}
    assert "parameter-2-say_as" not in redraw("preview", **lists, **other)
    chosen = other | {"parameter-2-say_as": "name"}
    assert redraw("preview", **lists, **chosen)["parameter-2-say_as"] == "name"


def test_a_way_that_does_not_exist_is_refused_and_previewed_as_it_is(
    browser: Browser, content: DraftContent, shown: Callable[..., ParameterForm]
) -> None:
    odd = {"parameter-2-source": DUE_DATE, "parameter-2-say_as": "backwards"}
    form = shown("preview", **odd)
    assert form.as_it_stands == Source("column", "Due date")
    page = browser.post(reverse("drafts:new"), posted(content) | odd)
    assert "Choose one of the ways to say this." in page.text
    assert not Campaign.objects.exists()
