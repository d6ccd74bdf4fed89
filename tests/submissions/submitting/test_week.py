"""The home page shows which campaigns call people on each of the next seven days."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

import pytest
import time_machine
from django.contrib.auth.models import User
from django.test import Client as Browser

from campaigns.clients.models import Client, Role
from campaigns.contacts.models import ContactList
from campaigns.drafts.campaign.content import DraftContent, Hours
from campaigns.drafts.models import Campaign
from campaigns.submissions.home import calling_days
from campaigns.submissions.models import CallingWindow, Delivery, Submission, endings
from tests import people

pytestmark = pytest.mark.django_db

# A Friday in winter; the Monday after it.
NOW = datetime(2026, 11, 20, 10, tzinfo=UTC)
MONDAY = date(2026, 11, 23)


@pytest.fixture(autouse=True)
def _clock() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def content(northgate: Client, contact_list: ContactList) -> DraftContent:
    """A campaign that calls on Monday and, if need be, on Tuesday."""
    return replace(
        people.content(northgate, contact_list),
        hours=Hours(MONDAY, time(9), time(12)),
        runover=[Hours(MONDAY + timedelta(days=1), time(10), time(11))],
    )


@pytest.fixture
def made(manager: User, content: DraftContent) -> Submission:
    return people.submitted(Campaign.start(manager, content), manager)


def shown() -> dict[date, list[str]]:
    """Return the hours of each day that has any."""
    days = calling_days.coming(Submission.objects.all())
    return {
        day.day: [
            f"{one.window.starts_at:%H:%M} to {one.window.finishes_at:%H:%M}" for one in day.calls
        ]
        for day in days
        if day.calls
    }


@pytest.mark.usefixtures("made")
def test_every_window_is_shown_on_its_day() -> None:
    assert shown() == {
        MONDAY: ["09:00 to 12:00"],
        MONDAY + timedelta(days=1): ["10:00 to 11:00"],
    }


@pytest.mark.parametrize(
    ("today", "days"),
    [
        (MONDAY - timedelta(days=8), 0),
        (MONDAY - timedelta(days=7), 0),
        (MONDAY - timedelta(days=6), 1),
        (MONDAY - timedelta(days=5), 2),
        (MONDAY, 2),
        (MONDAY + timedelta(days=1), 1),
        (MONDAY + timedelta(days=2), 0),
    ],
)
@pytest.mark.usefixtures("made")
def test_the_week_is_today_and_six_days_more(today: date, days: int) -> None:
    with time_machine.travel(datetime.combine(today, time(23, 30), tzinfo=UTC), tick=False):
        assert len(shown()) == days


def test_an_undone_submission_is_not_shown(made: Submission, manager: User) -> None:
    assert endings.undo(made, manager)
    assert shown() == {}


def test_the_accepted_part_of_a_refused_submission_is_still_shown(made: Submission) -> None:
    delivery = Delivery.queue(made.parts.get())
    assert delivery
    Delivery.objects.update(state=Delivery.State.ACCEPTED, campaign_id=7)
    Submission.objects.update(state=Submission.State.REFUSED)
    assert len(shown()) == 2


def test_changing_the_draft_later_moves_no_window(made: Submission, manager: User) -> None:
    Campaign.objects.filter(pk=made.own_campaign.pk).update(start_date=MONDAY + timedelta(days=3))
    assert MONDAY in shown()


def test_hours_of_another_zone_are_shown_in_uk_time(
    northgate: Client, content: DraftContent, manager: User
) -> None:
    northgate.time_zone = "Europe/Paris"
    northgate.save()
    people.submitted(Campaign.start(manager, replace(content, client=northgate)), manager)
    with time_machine.travel(datetime(2026, 11, 23, 8, 30, tzinfo=UTC), tick=False):
        [calls] = calling_days.coming(Submission.objects.all())[0].calls
        window = calls.window
        assert window.starts_at == datetime(2026, 11, 23, 8, tzinfo=UTC)
        assert window.is_open


def test_the_home_page_shows_only_the_persons_own_clients(
    client: Browser, made: Submission, manager: User, harbour: Client
) -> None:
    client.force_login(manager)
    page = client.get("/").content.decode()
    assert "Calls this week" in page
    assert made.name in page
    client.force_login(people.member("stella", harbour, Role.ACCOUNT_MANAGER))
    assert made.name not in client.get("/").content.decode()


@pytest.mark.usefixtures("made")
def test_days_without_calls_are_folded_and_people_are_counted() -> None:
    entries = calling_days.folded(calling_days.coming(Submission.objects.all()))
    quiet, monday, tuesday, rest = entries
    assert isinstance(quiet, calling_days.Quiet)
    assert (quiet.first, quiet.last) == (NOW.date(), MONDAY - timedelta(days=1))
    assert isinstance(monday, calling_days.Day)
    assert isinstance(tuesday, calling_days.Day)
    # Who is left for the run-over day is not known.
    assert [monday.people, tuesday.people] == [3, 0]
    assert [one.is_runover for one in (*monday.calls, *tuesday.calls)] == [False, True]
    assert isinstance(rest, calling_days.Quiet)


@pytest.mark.parametrize(
    ("start", "finish", "bar"),
    [
        ("2026-11-23 09:00", "2026-11-23 12:00", ("13.3%", "20.0%")),
        ("2026-11-23 05:00", "2026-11-23 08:30", ("0.0%", "10.0%")),
        ("2026-11-23 23:00", "2026-11-24 03:00", None),
        ("2026-11-22 23:00", "2026-11-23 07:45", ("0.0%", "5.0%")),
        ("2026-11-23 20:30", "2026-11-24 01:00", ("90.0%", "10.0%")),
    ],
)
def test_a_bar_spans_the_hours_of_a_day(
    start: str, finish: str, bar: tuple[str, str] | None
) -> None:
    starts_at, finishes_at = (
        datetime.fromisoformat(each).replace(tzinfo=UTC) for each in (start, finish)
    )
    window = CallingWindow(starts_at=starts_at, finishes_at=finishes_at)
    assert calling_days.Calls(MONDAY, window, 3, is_runover=False).bar == bar


def test_a_day_with_many_campaigns_shows_the_first_and_counts_the_others(
    client: Browser, manager: User, content: DraftContent
) -> None:
    for number in range(calling_days.SHOWN + 2):
        campaign = Campaign.start(manager, replace(content, name=f"Campaign {number}"))
        people.submitted(campaign, manager)
    client.force_login(manager)
    page = " ".join(client.get("/").text.split())
    assert page.count("and 2 more") == 2, "on both days"


@pytest.mark.usefixtures("made")
def test_a_month_shows_what_a_week_does_not(client: Browser, manager: User) -> None:
    client.force_login(manager)
    with time_machine.travel(datetime(2026, 11, 3, 10, tzinfo=UTC), tick=False):
        assert (
            "November"
            not in client.get("/").text.partition('id="calls"')[2].partition("</section>")[0]
        )
        month = client.get("/", {"calls": "month"}).text
    assert "Calls in the next 30 days" in month
    assert "Mon 23 Nov" in month


def test_only_people_who_may_write_are_offered_buttons(
    client: Browser, manager: User, viewer: User
) -> None:
    client.force_login(manager)
    head = client.get("/").text.partition("</h1>")[2][:800]
    assert head.index("Upload contact list") < head.index("New campaign")
    client.force_login(viewer)
    page = client.get("/").text
    assert "Upload contact list" not in page
    assert "New campaign" not in page
