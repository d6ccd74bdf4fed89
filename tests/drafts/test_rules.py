"""Each rule of pre-flight by its name: what sets it off, what doesn't, and how much it holds up."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from datetime import date, time, timedelta
from typing import Any

import pytest
import time_machine
from django.contrib.auth.models import User

from campaigns.clients.models import CallFlow, CallFlowParameter, Client, PartnerAccount
from campaigns.contacts.models import ContactList
from campaigns.drafts import preflight
from campaigns.drafts.content import Consent, DraftContent, Hours, SendAt, Source
from campaigns.drafts.models import Campaign
from campaigns.drafts.preflight import RULES, Problem, Tier
from campaigns.submissions.models import Submission
from tests import people
from tests.drafts.conftest import MONDAY, NOW

CONSENT = Consent("Contract, page 3", date(2025, 6, 1), "Northgate Energy")
MARKETING: dict[str, Any] = {"purpose": "marketing", "consent": CONSENT}
EARLY = Hours(MONDAY, time(7), time(12))
GOOD_FRIDAY = Hours(date(2026, 4, 3), time(9), time(12))
YOU = Source("text", "you")
LATE = Hours(date(2026, 3, 10), time(9), time(21))


def or_else(fallback: str, heading: str = "First name") -> Source:
    return Source("column", heading, fallback)


def found(said: DraftContent, campaign: Campaign | None = None, *, rule: str = "") -> list[Problem]:
    problems = preflight.check(said, NOW, campaign)
    return [problem for problem in problems if rule in {"", problem.name}]


def names(said: DraftContent, campaign: Campaign | None = None) -> list[str]:
    return [problem.name for problem in found(said, campaign)]


@pytest.mark.parametrize(
    ("rule", "change", "places"),
    [
        ("has_a_name", {"name": " "}, ["name"]),
        ("has_lookups", {"cli": None}, ["cli"]),
        ("has_people", {"contact_lists": []}, ["contact_lists"]),
        ("has_parameters", {"parameters": {}}, ["parameter-1-source", "parameter-2-source"]),
        ("values_fit", {"parameters": {1: Source("text", "x" * 101)}}, ["parameter-1-text"]),
        ("values_fit", {"parameters": {1: Source("text", "x" * 100)}}, []),
        ("values_fit", {"parameters": {9: Source("text", "x" * 101)}}, []),
        ("values_can_be_spoken", {"parameters": {1: Source("text", "CALL NOW")}}, ["parameter-1-text"]),
        ("values_can_be_spoken", {"parameters": {1: Source("text", "Call now")}}, []),
        ("values_fit", {"parameters": {1: or_else("x" * 101)}}, ["parameter-1-fallback"]),
        ("values_fit", {"parameters": {1: or_else("x" * 100)}}, []),
        ("values_can_be_spoken", {"parameters": {1: or_else("CUSTOMER")}}, ["parameter-1-fallback"]),
        ("values_can_be_spoken", {"parameters": {1: or_else("customer")}}, []),
        ("has_parameters", {"parameters": {1: or_else("x", "Gone"), 2: YOU}}, ["parameter-1-source"]),
        ("says_nothing_unknown", {"parameters": {1: Source("text", "you")}}, ["parameter-3-source"]),
        ("says_nothing_unknown", {"parameters": {3: Source("text", "you")}}, []),
        ("has_hours", {"hours": Hours()}, ["start_date", "start_time", "finish_time"]),
        ("keeps_calling_hours", {"hours": EARLY, "runover": [LATE]}, ["start_time", "runover-0-finish"]),
        ("keeps_calling_hours", {"hours": EARLY, "override_reason": "  "}, ["start_time"]),
        ("keeps_calling_hours", {"hours": EARLY, "override_reason": "Agreed"}, []),
        ("keeps_calling_hours", {"hours": Hours(MONDAY, time(8), time(20))}, []),
        ("calling_hours_overridden", {"hours": EARLY, "override_reason": "Agreed"}, ["override_reason"]),
        ("calling_hours_overridden", {"runover": [LATE], "override_reason": "Agreed"}, ["override_reason"]),
        ("calling_hours_overridden", {"override_reason": "Agreed"}, []),
        ("keeps_bank_holidays", {"hours": GOOD_FRIDAY}, ["start_date"]),
        ("keeps_bank_holidays", {"runover": [GOOD_FRIDAY, LATE]}, ["runover-0-day"]),
        ("keeps_bank_holidays", {"hours": GOOD_FRIDAY, "override_reason": "Agreed"}, []),
        ("calling_hours_overridden", {"runover": [GOOD_FRIDAY], "override_reason": "x"}, ["override_reason"]),
        ("starts_in_time", {"hours": Hours(NOW.date(), time(9), time(12))}, ["start_time"]),
        ("runover_days_follow", {"runover": [Hours(MONDAY, time(9), time(12))]}, ["runover-0-day"]),
        ("calls_have_intervals", {"intervals": [None, 5]}, ["attempt-0-interval"]),
        ("is_sent_in_time", {"send_at": SendAt(MONDAY, None)}, ["send_time"]),
    ],
)  # fmt: skip
def test_what_the_form_says_sets_off_its_rule(
    complete: DraftContent, rule: str, change: dict[str, Any], places: list[str]
) -> None:
    assert complete.call_flow
    complete.call_flow.script = "Hello {Parameter1}, {Parameter2}. {Parameter3}"
    said = replace(complete, **change)
    assert [problem.place for problem in found(said, rule=rule)] == places


@pytest.mark.parametrize(
    ("change", "places"),
    [
        ({"purpose": "marketing"}, ["consent_source", "consent_date", "caller_name"]),
        (MARKETING, []),
        ({"purpose": "service", "consent": Consent()}, []),
        ({**MARKETING, "consent": replace(CONSENT, source=" ")}, ["consent_source"]),
        ({**MARKETING, "consent": replace(CONSENT, day=None)}, ["consent_date"]),
        ({**MARKETING, "consent": replace(CONSENT, day=NOW.date())}, []),
        ({**MARKETING, "consent": replace(CONSENT, day=date(2026, 3, 3))}, ["consent_date"]),
        ({**MARKETING, "consent": replace(CONSENT, caller_name="")}, ["caller_name"]),
    ],
)
def test_marketing_asks_for_consent(
    complete: DraftContent, change: dict[str, Any], places: list[str]
) -> None:
    problems = found(replace(complete, **change))
    assert [problem.place for problem in problems] == places
    assert {problem.name for problem in problems} <= {"marketing_has_consent"}


def _old_list(said: DraftContent, **age: float) -> None:
    said.contact_lists[0].uploaded_at = NOW - timedelta(**age)


def _old_flow(said: DraftContent, **age: float) -> None:
    assert said.call_flow
    said.call_flow.confirmed_at = NOW - timedelta(**age)


def _old_cli(said: DraftContent, **age: float) -> None:
    assert said.cli
    said.cli.confirmed_at = NOW - timedelta(**age)


@pytest.mark.parametrize(
    ("rule", "grow_old", "days", "place"),
    [
        ("lists_are_recent", _old_list, 28, "contact_lists"),
        ("lookups_are_confirmed", _old_flow, 90, "call_flow"),
        ("lookups_are_confirmed", _old_cli, 90, "cli"),
    ],
)
def test_what_has_grown_old_is_doubted_from_the_day_it_is_too_old(
    complete: DraftContent, rule: str, grow_old: Callable[..., None], days: int, place: str
) -> None:
    grow_old(complete, days=days)
    assert found(complete) == []
    grow_old(complete, days=days, seconds=1)
    [problem] = found(complete)
    assert (problem.name, problem.place, problem.tier) == (rule, place, Tier.WARNING)


def test_a_list_that_was_read_for_the_sandbox_is_no_list_of_a_live_account(
    complete: DraftContent,
) -> None:
    complete.client.partner_account.kind = PartnerAccount.Kind.LIVE
    assert names(complete) == ["calls_nobody_fictional"]


# Values

DUE = "Due date"


def with_column(
    said: DraftContent, manager: User, values: Sequence[str], name: str = "Odd"
) -> DraftContent:
    """Return the draft with a list whose people have these due dates."""
    rows = [(f"07700 900{n:03}", "Ann", "Ann", value) for n, value in enumerate(values)]
    with time_machine.travel(NOW):
        made = people.contact_list(manager, said.client, rows, name)
    return replace(said, contact_lists=[*said.contact_lists, made])


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        (["1 May"], []),
        (["1 May", "", " "], [("nobody_lacks_a_value", "2 contacts of “Odd” have nothing")]),
        (["a" * 101, "b" * 100], [("values_fit", "1 contact of “Odd” has more than 100 characters")]),
        (["TOMORROW", "MONDAY"], [("values_can_be_spoken", "2 contacts of “Odd” have nothing but capital")]),
        (["45992"], [("values_can_be_spoken", "1 contact of “Odd” has a spreadsheet’s number of a day")]),
        (["99999", "99998", "45992"], []),
        (["#N/A"], [("values_can_be_spoken", "1 contact of “Odd” has a spreadsheet’s error")]),
        (["NULL"], [("values_can_be_spoken", "1 contact of “Odd” has a placeholder (such as NULL")]),
        (["12.50"], [("values_can_be_spoken", "1 contact of “Odd” has an amount without a currency")]),
        (["see www.example.com"], [("values_can_be_spoken", "1 contact of “Odd” has a web address")]),
        (["a@example.com"], [("values_can_be_spoken", "1 contact of “Odd” has an e-mail address")]),
        (["soon 🎉"], [("values_can_be_spoken", "1 contact of “Odd” has an emoji")]),
        (["soon {"], [("values_can_be_spoken", "1 contact of “Odd” has a bracket without")]),
        (
            ["", "SOON AFTER {"],
            [
                ("nobody_lacks_a_value", "1 contact of “Odd” has nothing in"),
                ("values_can_be_spoken", "1 contact of “Odd” has nothing but capital letters in"),
                ("values_can_be_spoken", "1 contact of “Odd” has a bracket"),
            ],
        ),
    ],
)  # fmt: skip
def test_values_are_counted_in_each_list_and_lead_to_their_people(
    complete: DraftContent, manager: User, values: list[str], expected: list[tuple[str, str]]
) -> None:
    problems = found(with_column(complete, manager, values))
    assert [problem.name for problem in problems] == [name for name, _ in expected]
    for problem, (_, sentence) in zip(problems, expected, strict=True):
        assert problem.sentence.startswith(sentence)
        assert problem.sentence.endswith(f" in “{DUE}”.")
        assert problem.place == "parameter-2-source"
        assert "/contacts/?column=3&with=" in problem.url


def test_nobody_lacks_a_value_where_there_is_a_fallback(
    complete: DraftContent, manager: User
) -> None:
    said = with_column(complete, manager, ["", " ", "TOMORROW"])
    assert names(said) == ["nobody_lacks_a_value", "values_can_be_spoken"]
    fallback = {**said.parameters, 2: or_else("soon", DUE)}
    assert names(replace(said, parameters=fallback)) == ["values_can_be_spoken"]


def test_only_columns_that_are_said_are_judged(complete: DraftContent, manager: User) -> None:
    said = with_column(complete, manager, ["NULL"])
    assert names(said) == ["values_can_be_spoken"]
    fixed = {**said.parameters, 2: Source("text", "soon")}
    assert names(replace(said, parameters=fixed)) == []


def test_the_longest_length_is_the_call_flows_of_today(
    complete: DraftContent, manager: User
) -> None:
    said = with_column(complete, manager, ["a" * 60])
    assert found(said) == []
    CallFlowParameter.objects.filter(number=2).update(max_length=59)
    assert names(said) == ["values_fit"]


# Other campaigns


def test_a_name_that_another_campaign_of_the_client_has_is_doubted(
    complete: DraftContent, manager: User, harbour: Client
) -> None:
    Campaign.start(manager, replace(complete, client=harbour, name=complete.name))
    own = Campaign.start(manager, complete)
    assert names(own.content(), own) == []
    other = Campaign.start(manager, replace(complete, name=complete.name.upper()))
    [problem] = found(own.content(), own)
    assert (problem.name, problem.place) == ("name_is_unused", "name")
    assert problem.url == f"/campaigns/{other.pk}/"


def test_unnamed_campaigns_have_no_name_in_common(complete: DraftContent, manager: User) -> None:
    unnamed = replace(complete, name="")
    Campaign.start(manager, unnamed)
    assert names(unnamed) == ["has_a_name"]


@pytest.mark.parametrize(
    ("with_reference", "submitted", "expected"),
    [
        (True, True, ["name_is_unused"]),
        (False, False, ["name_is_unused"]),
        (False, True, ["name_is_new_to_the_partner", "name_is_unused"]),
    ],
)
def test_where_names_go_without_reference_a_submitted_one_is_refused(
    complete: DraftContent, manager: User,
    with_reference: bool, submitted: bool, expected: list[str],
) -> None:  # fmt: skip
    complete.client.partner_account.reference_in_name = with_reference
    other = Campaign.start(manager, replace(complete, contact_lists=[]))
    if submitted:
        other.lock()
    assert names(complete) == expected


@pytest.fixture
def beside(complete: DraftContent, manager: User) -> Callable[[int], Submission]:
    """Submit another campaign to the same people, so many days after the draft's start."""

    def submit(days: int, name: str = "Other") -> Submission:
        hours = replace(complete.hours, day=MONDAY + timedelta(days=days))
        with time_machine.travel(NOW):
            other = Campaign.start(manager, replace(complete, name=name, hours=hours))
            return people.submitted(other, manager)

    return submit


@pytest.mark.parametrize(
    ("days", "told"), [(-6, True), (-7, True), (-8, False), (0, True), (7, True), (8, False)]
)
def test_people_of_another_campaign_within_seven_days_are_told(
    complete: DraftContent, manager: User, beside: Callable[[int], Submission],
    days: int, told: bool,
) -> None:  # fmt: skip
    if days == -8:
        complete = replace(complete, hours=replace(complete.hours, day=date(2026, 3, 17)))
        other = beside(0)
    else:
        other = beside(days)
    own = Campaign.start(manager, complete)
    problems = found(complete, own, rule="calls_nobody_twice_in_a_week")
    assert bool(problems) is told
    if told:
        assert problems[0].sentence.startswith("3 contacts of these lists are in “Other” too")
        assert problems[0].url == f"/submissions/{other.pk}/"


def test_of_several_campaigns_the_one_with_most_people_is_named(
    complete: DraftContent, manager: User, beside: Callable[..., Submission]
) -> None:
    rows = [*people.ROWS[:1], ("07700 900190", "Zoe", "Zoe", "1 May")]
    with time_machine.travel(NOW):
        few = people.contact_list(manager, complete.client, rows, "Few")
        part = replace(complete, name="Few", contact_lists=[few], hours=complete.hours)
        people.submitted(Campaign.start(manager, part), manager)
    named = beside(1)
    beside(2)
    own = Campaign.start(manager, complete)
    [problem] = found(own.content(), own, rule="calls_nobody_twice_in_a_week")
    assert problem.sentence == (
        "3 contacts of these lists are in “Other” too, which starts on Tue 10 Mar 2026, 09:00 UK time. "
        "Some are in 2 other campaigns of those days as well."
    )
    assert problem.url == f"/submissions/{named.pk}/"


def test_a_draft_without_a_date_is_held_against_this_week(
    complete: DraftContent, manager: User, beside: Callable[[int], Submission]
) -> None:
    """NOW is a week before the Monday, and an hour later in the day than its campaign starts."""
    own = Campaign.start(manager, replace(complete, hours=Hours()))
    beside(0)
    assert "calls_nobody_twice_in_a_week" in names(own.content(), own)


def test_what_came_to_nothing_calls_nobody_twice(
    complete: DraftContent, manager: User, beside: Callable[[int], Submission]
) -> None:
    beside(1).undo(manager)
    own = Campaign.start(manager, complete)
    assert names(complete, own) == []


def test_other_people_and_suppressed_ones_are_not_told(
    complete: DraftContent, manager: User, beside: Callable[[int], Submission]
) -> None:
    beside(1)
    rows = [("07700 900190", "Zoe", "Zoe", "1 May"), people.ROWS[0]]
    with time_machine.travel(NOW):
        others = people.contact_list(manager, complete.client, rows, "Others")
    own = Campaign.start(manager, replace(complete, contact_lists=[others]))
    [problem] = found(own.content(), own)
    assert problem.sentence.startswith("1 contact of these lists is in “Other” too")


# Tiers

BLOCKING_RULES = {
    "has_a_name", "name_is_new_to_the_partner", "marketing_has_consent", "has_lookups", "has_people",
    "calls_nobody_fictional", "has_parameters", "values_fit", "has_hours", "keeps_calling_hours",
    "keeps_bank_holidays",
    "starts_in_time", "runover_days_follow", "calls_have_intervals", "is_sent_in_time",
}  # fmt: skip


def test_rules_have_names_of_their_own_and_warnings_say_what_they_are_about() -> None:
    assert len({rule.name for rule in RULES}) == len(RULES)
    assert {rule.name for rule in RULES if rule.tier == Tier.BLOCKING} == BLOCKING_RULES
    offered = dict(preflight.warnings_by_name())
    assert offered.keys() == {rule.name for rule in RULES} - BLOCKING_RULES
    assert all(offered.values())


def tiers(problems: Iterable[Problem]) -> dict[str, Tier]:
    return {problem.name: problem.tier for problem in problems}


def test_a_client_can_make_a_warning_blocking_and_no_other(complete: DraftContent) -> None:
    _old_list(complete, days=40)
    _old_cli(complete, days=100)
    assert set(tiers(found(complete)).values()) == {Tier.WARNING}
    complete.client.blocking_warnings = ["lists_are_recent", "a_rule_that_is_no_more"]
    assert tiers(found(complete)) == {
        "lists_are_recent": Tier.BLOCKING,
        "lookups_are_confirmed": Tier.WARNING,
    }


def test_a_client_can_forbid_to_override_its_hours(complete: DraftContent) -> None:
    complete.client.blocking_warnings = ["calling_hours_overridden"]
    said = replace(complete, hours=EARLY, override_reason="Agreed")
    assert tiers(found(said)) == {"calling_hours_overridden": Tier.BLOCKING}


def test_no_sentence_holds_what_a_row_holds(
    complete: DraftContent, manager: User, contact_list: ContactList
) -> None:
    said = with_column(complete, manager, ["SECRETVALUE", "secret@example.com", ""])
    CallFlow.objects.update(script="{Parameter1} {Parameter2}")
    told = " ".join(problem.sentence + problem.url for problem in found(said))
    assert "secret" not in told.lower()
    assert "Ann" not in told


@pytest.mark.parametrize(("lines", "places"), [(1, ["finish_time"]), (2, []), (30, [])])
def test_windows_that_are_too_short_for_the_list_are_doubted(
    complete: DraftContent, lines: int, places: list[str]
) -> None:
    complete.client.assumed_lines, complete.client.assumed_call_seconds = lines, 600
    said = replace(complete, hours=Hours(MONDAY, time(9), time(9, 20)))
    assert [problem.place for problem in found(said, rule="windows_hold_everybody")] == places
    assert {problem.tier for problem in found(said)} <= {Tier.WARNING}
