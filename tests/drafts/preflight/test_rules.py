"""Each rule of pre-flight by its id: what triggers it, what doesn't, and whether it is blocking."""

import inspect
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, get_args

import pytest
import time_machine
from django.contrib.auth.models import User
from django.utils import timezone

from campaigns.clients.models import CallFlow, CallFlowParameter, Client, PartnerAccount
from campaigns.contacts.models import ContactList
from campaigns.drafts import preflight
from campaigns.drafts.campaign.content import Consent, DraftContent, Hours, SendAt, Source
from campaigns.drafts.dialplan import findings
from campaigns.drafts.models import Campaign
from campaigns.drafts.preflight import RULES, Problem, Tier, attempts
from campaigns.submissions.models import Submission, endings
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
    return [problem for problem in problems if rule in {"", problem.rule}]


def names(said: DraftContent, campaign: Campaign | None = None) -> list[str]:
    return [problem.rule for problem in found(said, campaign)]


@pytest.mark.parametrize(
    ("rule", "change", "places"),
    [
        ("name-missing", {"name": " "}, ["name"]),
        ("lookup-missing", {"cli": None}, ["cli"]),
        ("people-missing", {"contact_lists": []}, ["contact_lists"]),
        ("parameter-missing", {"parameters": {}}, ["parameter-1-source", "parameter-2-source"]),
        ("value-too-long", {"parameters": {1: Source("text", "x" * 101)}}, ["parameter-1-text"]),
        ("value-too-long", {"parameters": {1: Source("text", "x" * 100)}}, []),
        ("value-too-long", {"parameters": {9: Source("text", "x" * 101)}}, []),
        ("value-unspeakable", {"parameters": {1: Source("text", "CALL NOW")}}, ["parameter-1-text"]),
        ("value-unspeakable", {"parameters": {1: Source("text", "Call now")}}, []),
        ("value-too-long", {"parameters": {1: or_else("x" * 101)}}, ["parameter-1-fallback"]),
        ("value-too-long", {"parameters": {1: or_else("x" * 100)}}, []),
        ("value-unspeakable", {"parameters": {1: or_else("CUSTOMER")}}, ["parameter-1-fallback"]),
        ("value-unspeakable", {"parameters": {1: or_else("customer")}}, []),
        ("parameter-missing", {"parameters": {1: or_else("x", "Gone"), 2: YOU}}, ["parameter-1-source"]),
        ("name-missing", {"name": "\u200b"}, ["name"]),
        ("name-unreadable", {"name": "Zo\ufffd {name}"}, ["name", "name"]),
        ("name-unreadable", {"name": "DECEMBER £12.50"}, []),
        ("script-parameter-unchosen", {"parameters": {1: YOU}}, ["parameter-3-source"]),
        ("script-parameter-unchosen", {"parameters": {1: YOU}, "unused": {3}}, ["parameter-3-source"]),
        ("script-parameter-unchosen", {"parameters": {3: YOU}}, []),
        ("value-too-long", {"parameters": {1: Source("text", " " + "a " * 50)}}, []),
        ("calls-too-close", {"intervals": [0, 0, None]}, ["attempt-0-interval"]),
        ("calls-too-close", {"intervals": [60, *[1] * 9, 0]}, ["attempt-1-interval"]),
        ("calls-too-close", {"intervals": [15, 15, 0]}, []),
        ("calls-too-close", {"intervals": [0]}, []),
        ("attempts-not-happening", {"intervals": [60, 180, None]}, ["attempt-1-interval"]),
        ("attempts-not-happening", {"intervals": [240, 60, None]}, ["attempt-0-interval"]),
        ("attempts-not-happening", {"intervals": [60, 60, None]}, []),
        ("sms-text-missing", {"sms_on_busy": 1}, ["sms_on_busy"]),
        ("sms-text-missing", {"sms_on_busy": 0}, []),
        ("hours-missing", {"hours": Hours()}, ["start_date", "start_time", "finish_time"]),
        ("outside-calling-hours", {"hours": EARLY, "runover": [LATE]}, ["start_time", "runover-0-finish"]),
        ("outside-calling-hours", {"hours": EARLY, "override_reason": "  "}, ["start_time"]),
        ("outside-calling-hours", {"hours": EARLY, "override_reason": "Agreed"}, []),
        ("outside-calling-hours", {"hours": Hours(MONDAY, time(8), time(20))}, []),
        ("hours-overridden", {"hours": EARLY, "override_reason": "Agreed"}, ["override_reason"]),
        ("hours-overridden", {"runover": [LATE], "override_reason": "Agreed"}, ["override_reason"]),
        ("hours-overridden", {"override_reason": "Agreed"}, []),
        ("bank-holiday", {"hours": GOOD_FRIDAY}, ["start_date"]),
        ("bank-holiday", {"runover": [GOOD_FRIDAY, LATE]}, ["runover-0-day"]),
        ("bank-holiday", {"hours": GOOD_FRIDAY, "override_reason": "Agreed"}, []),
        ("hours-overridden", {"runover": [GOOD_FRIDAY], "override_reason": "x"}, ["override_reason"]),
        ("start-too-soon", {"hours": Hours(NOW.date(), time(9), time(12))}, ["start_time"]),
        ("runover-day-order", {"runover": [Hours(MONDAY, time(9), time(12))]}, ["runover-0-day"]),
        ("interval-missing", {"intervals": [None, 5]}, ["attempt-0-interval"]),
        ("send-time-wrong", {"send_at": SendAt(MONDAY, None)}, ["send_time"]),
    ],
)  # fmt: skip
def test_a_value_of_the_form_triggers_its_rule(
    complete: DraftContent, rule: str, change: dict[str, Any], places: list[str]
) -> None:
    assert complete.call_flow
    complete.call_flow.script = "Hello {Parameter1}, {Parameter2}. {Parameter3}"
    complete.call_flow.sms_text = " "
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
    assert {problem.rule for problem in problems} <= {"consent-missing"}


def _old_list(said: DraftContent, **age: float) -> None:
    said.contact_lists[0].uploaded_at = NOW - timedelta(**age)


def _old_flow(said: DraftContent, **age: float) -> None:
    assert said.call_flow
    said.call_flow.confirmed_at = NOW - timedelta(**age)


def _old_cli(said: DraftContent, **age: float) -> None:
    assert said.cli
    said.cli.confirmed_at = NOW - timedelta(**age)


@pytest.mark.parametrize(
    ("rule", "grow_old", "days", "further", "place"),
    [
        ("list-old", _old_list, 28, {"seconds": 1}, "contact_lists"),
        ("lookup-unconfirmed", _old_flow, 90, {"days": 1}, "call_flow"),
        ("lookup-unconfirmed", _old_cli, 90, {"days": 1}, "cli"),
    ],
)
def test_a_list_or_lookup_gives_a_warning_once_it_is_too_old(
    complete: DraftContent,
    rule: str,
    grow_old: Callable[..., None],
    days: int,
    further: dict[str, int],
    place: str,
) -> None:
    grow_old(complete, days=days)
    assert found(complete) == []
    grow_old(complete, **{**further, "days": days + further.get("days", 0)})
    [problem] = found(complete)
    assert (problem.rule, problem.place, problem.tier) == (rule, place, Tier.WARNING)


def test_a_list_that_was_read_for_the_sandbox_is_refused_for_a_live_account(
    complete: DraftContent,
) -> None:
    complete.client.partner_account.kind = PartnerAccount.Kind.LIVE
    assert names(complete) == ["number-fictional"]


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
        (["1 May", "", " "], [("value-empty", "2 contacts on “Odd” have nothing")]),
        (["a" * 101, "b" * 100], [("value-too-long", "1 contact on “Odd” has more than 100 characters")]),
        (["TOMORROW", "MONDAY"], [("value-unspeakable", "2 contacts on “Odd” have only capital")]),
        (["45992"], [("value-unspeakable", "1 contact on “Odd” has a date as a spreadsheet number")]),
        (["99999", "99998", "45992"], []),
        (["#N/A"], [("value-unspeakable", "1 contact on “Odd” has a spreadsheet error")]),
        (["NULL"], [("value-unspeakable", "1 contact on “Odd” has a placeholder (such as NULL")]),
        (["12.50"], [("value-unspeakable", "1 contact on “Odd” has an amount without a currency")]),
        (["see www.example.com"], [("value-unspeakable", "1 contact on “Odd” has a web address")]),
        (["a@example.com"], [("value-unspeakable", "1 contact on “Odd” has an e-mail address")]),
        (["soon 🎉"], [("value-unspeakable", "1 contact on “Odd” has an emoji")]),
        (["soon {"], [("value-unspeakable", "1 contact on “Odd” has an unmatched bracket")]),
        (
            ["", "SOON AFTER {"],
            [
                ("value-empty", "1 contact on “Odd” has nothing in"),
                ("value-unspeakable", "1 contact on “Odd” has only capital letters in"),
                ("value-unspeakable", "1 contact on “Odd” has an unmatched bracket"),
            ],
        ),
    ],
)  # fmt: skip
def test_values_are_counted_in_each_list_and_lead_to_their_people(
    complete: DraftContent, manager: User, values: list[str], expected: list[tuple[str, str]]
) -> None:
    problems = found(with_column(complete, manager, values))
    assert [problem.rule for problem in problems] == [name for name, _ in expected]
    for problem, (_, sentence) in zip(problems, expected, strict=True):
        assert problem.sentence.startswith(sentence)
        assert problem.sentence.endswith(f" in “{DUE}”.")
        assert problem.place == "parameter-2-source"
        assert "/contacts/?column=3&with=" in problem.url


@pytest.mark.parametrize(
    ("say_as", "values", "expected"),
    [
        ("date-dmy", ["2026-12-01", "1 May", ""], ["value-empty"]),
        ("date-dmy", ["31/12/2026", "12/31/2026", "soon"], ["value-not-converted"]),
        ("date-mdy", ["12/31/2026"], []),
        ("money", ["12.50", "1,234"], []),
        ("name", ["TOMORROW"], []),
        ("name", ["NULL"], ["value-not-converted", "value-unspeakable"]),
        ("", ["12/31/2026"], []),
        ("no-longer-known", ["TOMORROW"], ["value-unspeakable"]),
    ],
)
def test_what_is_said_is_checked_and_what_cant_be_converted_is_counted(
    complete: DraftContent, manager: User, say_as: str, values: list[str], expected: list[str]
) -> None:
    listed = with_column(replace(complete, contact_lists=()), manager, values)
    sources = {**complete.parameters, 2: Source("column", DUE, "", say_as)}
    problems = found(replace(listed, parameters=sources))
    assert [problem.rule for problem in problems] == expected
    for problem in problems:
        if problem.rule == "value-not-converted":
            count = 2 if len(values) == 3 else 1
            assert problem.sentence.startswith(f"{count} contact")
            assert " a value that can’t be read as a" in problem.sentence
            assert problem.url.endswith(f"?column=3&with=not-converted&as={say_as}")
            assert problem.place == "parameter-2-source"


def test_the_longest_length_is_that_of_what_is_said(complete: DraftContent, manager: User) -> None:
    listed = with_column(replace(complete, contact_lists=()), manager, ["2026-12-01 00:00:00"])
    CallFlowParameter.objects.filter(number=2).update(max_length=10)
    assert names(listed) == ["value-too-long"]
    sources = {**complete.parameters, 2: Source("column", DUE, "", "date-dmy")}
    assert names(replace(listed, parameters=sources)) == []


def test_nobody_lacks_a_value_where_there_is_a_fallback(
    complete: DraftContent, manager: User
) -> None:
    said = with_column(complete, manager, ["", " ", "TOMORROW"])
    assert names(said) == ["value-empty", "value-unspeakable"]
    fallback = {**said.parameters, 2: or_else("soon", DUE)}
    assert names(replace(said, parameters=fallback)) == ["value-unspeakable"]


def test_only_columns_that_are_spoken_are_checked(complete: DraftContent, manager: User) -> None:
    said = with_column(complete, manager, ["NULL"])
    assert names(said) == ["value-unspeakable"]
    fixed = {**said.parameters, 2: Source("text", "soon")}
    assert names(replace(said, parameters=fixed)) == []


def test_the_longest_length_is_the_call_flows_current_one(
    complete: DraftContent, manager: User
) -> None:
    said = with_column(complete, manager, ["a" * 60])
    assert found(said) == []
    CallFlowParameter.objects.filter(number=2).update(max_length=59)
    assert names(said) == ["value-too-long"]


# Other campaigns


def test_a_name_that_another_campaign_of_the_client_has_gives_a_warning(
    complete: DraftContent, manager: User, harbour: Client
) -> None:
    Campaign.start(manager, replace(complete, client=harbour, name=complete.name))
    own = Campaign.start(manager, complete)
    assert names(own.content(), own) == []
    other = Campaign.start(manager, replace(complete, name=complete.name.upper()))
    [problem] = found(own.content(), own)
    assert (problem.rule, problem.place) == ("name-used", "name")
    assert problem.url == f"/campaigns/{other.pk}/"


def test_unnamed_campaigns_have_no_name_in_common(complete: DraftContent, manager: User) -> None:
    unnamed = replace(complete, name="")
    Campaign.start(manager, unnamed)
    assert names(unnamed) == ["name-missing"]


@pytest.mark.parametrize(
    ("with_reference", "submitted", "expected"),
    [
        (True, True, ["name-used"]),
        (False, False, ["name-used"]),
        (False, True, ["name-taken-at-partner", "name-used"]),
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
    """Return a function that submits another campaign to the same people, `days` after the draft's start."""

    def submit(days: int, name: str = "Other") -> Submission:
        hours = replace(complete.hours, day=MONDAY + timedelta(days=days))
        with time_machine.travel(NOW):
            other = Campaign.start(manager, replace(complete, name=name, hours=hours))
            return people.submitted(other, manager)

    return submit


@pytest.mark.parametrize(
    ("days", "is_found"), [(-6, True), (-7, True), (-8, False), (0, True), (7, True), (8, False)]
)
def test_people_of_another_campaign_within_seven_days_are_found(
    complete: DraftContent, manager: User, beside: Callable[[int], Submission],
    days: int, is_found: bool,
) -> None:  # fmt: skip
    if days == -8:
        complete = replace(complete, hours=replace(complete.hours, day=date(2026, 3, 17)))
        other = beside(0)
    else:
        other = beside(days)
    own = Campaign.start(manager, complete)
    problems = found(complete, own, rule="people-called-same-week")
    assert bool(problems) is is_found
    if is_found:
        assert problems[0].sentence.startswith("3 contacts on these lists are also in “Other”")
        assert problems[0].url == f"/submissions/{other.pk}/"


def test_the_other_campaign_with_most_of_the_people_is_named(
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
    [problem] = found(own.content(), own, rule="people-called-same-week")
    assert problem.sentence == (
        "3 contacts on these lists are also in “Other”, which starts on Tue 10 Mar 2026, 09:00 UK time. "
        "Some are also in 2 other campaigns around those days."
    )
    assert problem.url == f"/submissions/{named.pk}/"


def test_a_draft_without_a_date_is_compared_with_this_week(
    complete: DraftContent, manager: User, beside: Callable[[int], Submission]
) -> None:
    """NOW is a week before the other campaign, and an hour later in the day than its start."""
    own = Campaign.start(manager, replace(complete, hours=Hours()))
    beside(0)
    assert "people-called-same-week" in names(own.content(), own)


def test_a_submission_that_was_undone_gives_no_warning(
    complete: DraftContent, manager: User, beside: Callable[[int], Submission]
) -> None:
    endings.undo(beside(1), manager)
    own = Campaign.start(manager, complete)
    assert names(complete, own) == []


def test_only_people_of_both_campaigns_are_counted(
    complete: DraftContent, manager: User, beside: Callable[[int], Submission]
) -> None:
    beside(1)
    rows = [("07700 900190", "Zoe", "Zoe", "1 May"), people.ROWS[0]]
    with time_machine.travel(NOW):
        others = people.contact_list(manager, complete.client, rows, "Others")
    own = Campaign.start(manager, replace(complete, contact_lists=[others]))
    [problem] = found(own.content(), own)
    assert problem.sentence.startswith("1 contact on these lists is also in “Other”")


# The texts of the call flow


def test_an_optional_parameter_of_a_text_that_is_set_to_not_used_gives_a_warning(
    complete: DraftContent,
) -> None:
    """Block an optional parameter without a choice, and only warn if the choice is "Not used"."""
    assert complete.call_flow
    CallFlowParameter.objects.filter(number=2).update(is_required=False)
    only_one = replace(complete, parameters={1: YOU})
    assert tiers(found(only_one)) == {"script-parameter-unchosen": Tier.BLOCKING}
    unused = replace(only_one, unused=frozenset({2}))
    assert tiers(found(unused)) == {"parameter-unused": Tier.WARNING}
    # A parameter that no text uses may be left out.
    complete.call_flow.sms_text = "Hello."
    assert found(only_one) == []


def test_a_stored_text_with_an_unknown_parameter_gives_a_warning(
    complete: DraftContent,
) -> None:
    assert complete.call_flow
    complete.call_flow.script = "Hello {name}, {Parameter1} {Parameter12}"
    problems = found(complete, rule="script-unreadable")
    assert [problem.place for problem in problems] == ["call_flow", "call_flow"]
    assert "“{name}”" in problems[0].sentence
    assert "“{Parameter12}”" in problems[1].sentence


# The dial plan


def test_every_warning_of_the_dial_plan_reaches_pre_flight() -> None:
    """Leave out the kinds that another rule reports as blocking."""
    blocked = {
        findings.OnBankHoliday,
        findings.WaitIsMissing,
        findings.Overlap,
        findings.Unused,
    }
    kinds = {kind for kind in get_args(findings.Finding) if kind.is_warning}
    named = set(re.findall(r"findings\.(\w+)", inspect.getsource(attempts)))
    assert {kind.__name__ for kind in kinds - blocked} <= named


def test_an_attempt_that_reaches_only_some_gives_a_warning(complete: DraftContent) -> None:
    """Three people, one line, 50 minutes a call: the window closes during the second round."""
    complete.client.assumed_lines, complete.client.assumed_call_seconds = 1, 50 * 60
    said = replace(complete, intervals=[15, None])
    [problem] = found(said)
    assert (problem.rule, problem.place) == ("attempts-not-happening", "attempt-0-interval")
    assert "The others are not called in this attempt." in problem.sentence


def test_a_window_in_which_the_clocks_change_gives_a_warning(complete: DraftContent) -> None:
    night = Hours(date(2026, 3, 29), time(0, 30), time(3))
    said = replace(complete, hours=night, override_reason="Agreed")
    [problem] = found(said, rule="windows-unsure")
    assert (problem.place, problem.tier) == ("start_date", Tier.WARNING)
    assert "lasts only 1 h 30 min" in problem.sentence


@time_machine.travel(datetime(2026, 10, 1, 10, tzinfo=UTC))
@pytest.mark.parametrize(
    ("zone", "hours", "sentence"),
    [
        (
            "America/New_York",
            Hours(date(2026, 10, 19), time(14), time(19)),
            "This ends at or after midnight UK time, which the partner does not allow. Finish by 18:59, "
            "or start at 19:00 or later (New York).",
        ),
        (
            "Africa/Lagos",
            Hours(date(2026, 10, 25), time(1, 30), time(2, 30)),
            "The clocks go back in the UK during these hours, so in UK time they end before they start. "
            "Finish by 01:00, or start at 03:00 or later (Lagos).",
        ),
    ],
)
def test_hours_that_the_partners_clock_cannot_show_get_advice_on_hours_that_it_can(
    complete: DraftContent, zone: str, hours: Hours, sentence: str
) -> None:
    complete.client.time_zone = zone
    problems = preflight.check(replace(complete, hours=hours, runover=[]), timezone.now())
    assert [p.sentence for p in problems if p.rule == "hours-missing"] == [sentence]


def test_an_hour_that_comes_twice_in_the_uk_gives_a_warning_in_other_zones(
    complete: DraftContent,
) -> None:
    complete.client.time_zone = "Africa/Lagos"
    autumn = Hours(date(2026, 10, 25), time(1, 30), time(4))
    now = datetime(2026, 10, 1, 10, tzinfo=UTC)
    problems = preflight.check(replace(complete, runover=[autumn]), now)
    [problem] = [found for found in problems if found.rule == "windows-unsure"]
    assert problem.place == "runover-0-day"
    assert problem.sentence.startswith(
        "The clocks go back in the UK that night, so 01:30 happens twice"
    )


# Tiers

BLOCKING_RULES = {
    "name-missing", "name-taken-at-partner", "consent-missing", "lookup-missing", "people-missing",
    "list-lost",
    "number-fictional", "parameter-missing", "value-too-long", "script-parameter-unchosen",
    "hours-missing", "outside-calling-hours",
    "bank-holiday",
    "start-too-soon", "runover-day-order", "interval-missing", "send-time-wrong",
}  # fmt: skip


def test_ids_of_rules_are_unique_and_every_warning_has_a_description() -> None:
    assert len({rule.id for rule in RULES}) == len(RULES)
    assert {rule.id for rule in RULES if rule.tier == Tier.BLOCKING} == BLOCKING_RULES
    offered = dict(preflight.warnings_by_id())
    assert offered.keys() == {rule.id for rule in RULES} - BLOCKING_RULES
    assert all(offered.values())


def tiers(problems: Iterable[Problem]) -> dict[str, Tier]:
    return {problem.rule: problem.tier for problem in problems}


def test_a_client_can_make_one_warning_blocking_without_the_others(complete: DraftContent) -> None:
    _old_list(complete, days=40)
    _old_cli(complete, days=100)
    assert set(tiers(found(complete)).values()) == {Tier.WARNING}
    complete.client.blocking_warnings = ["list-old", "a_rule_that_is_no_more"]
    assert tiers(found(complete)) == {
        "list-old": Tier.BLOCKING,
        "lookup-unconfirmed": Tier.WARNING,
    }


def test_a_client_can_forbid_overriding_its_hours(complete: DraftContent) -> None:
    complete.client.blocking_warnings = ["hours-overridden"]
    said = replace(complete, hours=EARLY, override_reason="Agreed")
    assert tiers(found(said)) == {"hours-overridden": Tier.BLOCKING}


def test_no_sentence_or_link_holds_a_value_of_a_row(
    complete: DraftContent, manager: User, contact_list: ContactList
) -> None:
    said = with_column(complete, manager, ["SECRETVALUE", "secret@example.com", ""])
    CallFlow.objects.update(script="{Parameter1} {Parameter2}")
    text = " ".join(problem.sentence + problem.url for problem in found(said))
    assert "secret" not in text.lower()
    assert "Ann" not in text


@pytest.mark.parametrize(("lines", "places"), [(1, ["finish_time"]), (2, []), (30, [])])
def test_windows_that_are_too_short_for_the_list_give_a_warning(
    complete: DraftContent, lines: int, places: list[str]
) -> None:
    complete.client.assumed_lines, complete.client.assumed_call_seconds = lines, 600
    said = replace(complete, hours=Hours(MONDAY, time(9), time(9, 20)))
    assert [problem.place for problem in found(said, rule="windows-too-short")] == places
    assert {problem.tier for problem in found(said)} <= {Tier.WARNING}
