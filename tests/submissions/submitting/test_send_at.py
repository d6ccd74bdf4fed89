"""The author may choose when a campaign is handed to the partner; until then it can be undone."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

import pytest
import time_machine
from django.contrib.auth.models import User
from django.test import Client as Browser
from django.urls import reverse

from campaigns.clients.models import Approval, Client
from campaigns.contacts.models import ContactList
from campaigns.drafts import preflight
from campaigns.drafts.campaign.content import DraftContent, Hours, SendAt
from campaigns.drafts.form import form_data
from campaigns.drafts.models import Campaign
from campaigns.submissions.approval.approve_or_return import approve
from campaigns.submissions.delivering import queueing
from campaigns.submissions.models import Delivery, Submission
from tests import people

pytestmark = pytest.mark.django_db(transaction=True)

State = Submission.State
# A Friday in winter, and the Monday after it, on which the campaign starts at noon.
NOW = datetime(2026, 11, 20, 10, tzinfo=UTC)
MONDAY = date(2026, 11, 23)
NINE = datetime(2026, 11, 23, 9, tzinfo=UTC)


@pytest.fixture
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


@pytest.fixture
def content(
    clock: time_machine.Traveller, northgate: Client, contact_list: ContactList
) -> DraftContent:
    """A draft with nothing wrong, to be sent at nine on Monday and to start at noon."""
    northgate.undo_seconds = 30
    northgate.save()
    return replace(
        people.content(northgate, contact_list),
        hours=Hours(MONDAY, time(12), time(15)),
        runover=[],
        send_at=SendAt(MONDAY, time(9)),
    )


@pytest.fixture
def waiting(manager: User, content: DraftContent) -> Submission:
    return people.submitted(Campaign.start(manager, content), manager)


def problems(content: DraftContent, now: datetime = NOW) -> list[tuple[str, str]]:
    return [(found.place, found.sentence) for found in preflight.check(content, now)]


@pytest.mark.parametrize(
    ("day", "clock_time", "place", "sentence"),
    [
        (None, time(9), "send_date", "both a date and a time"),
        (MONDAY, None, "send_time", "both a date and a time"),
        (date(2026, 11, 19), time(9), "send_date", "in the past (Europe/London time)"),
        (date(2026, 11, 20), time(9, 59), "send_time", "in the past"),
        (date(2026, 11, 20), time(10), "send_time", "in the past"),
        (MONDAY, time(11, 50), "send_time", "at least 11 minutes before the campaign starts"),
        (MONDAY, time(13), "send_time", "11 minutes before"),
        (date(2926, 11, 20), time(9), "send_date", "Check the year"),
        (date.min, time.min, "send_date", "Check the year"),
        (date.max, time.max, "send_date", "Check the year"),
    ],
)
def test_an_impossible_time_is_refused_at_its_field(
    content: DraftContent, day: date | None, clock_time: time | None, place: str, sentence: str
) -> None:
    [found] = problems(replace(content, send_at=SendAt(day, clock_time)))
    assert found[0] == place
    assert sentence in found[1]


@pytest.mark.parametrize(
    "send_at",
    [SendAt(), SendAt(date(2026, 11, 20), time(10, 1)), SendAt(MONDAY, time(11, 49))],
)
def test_no_time_or_one_that_leaves_lead_time_and_a_sweep_is_accepted(
    content: DraftContent, send_at: SendAt
) -> None:
    assert problems(replace(content, send_at=send_at)) == []


@pytest.mark.parametrize("start", [date.min, date.max])
def test_a_start_at_an_end_of_the_calendar_is_refused_at_the_start_date(
    content: DraftContent, start: date
) -> None:
    found = problems(replace(content, hours=Hours(start, time(9), time(12))))
    assert {place for place, _ in found} == {"start_date"}


def test_the_hour_that_spring_skips_is_refused_and_real_minutes_count_that_night(
    content: DraftContent,
) -> None:
    now = datetime(2026, 3, 27, 10, tzinfo=UTC)
    sunday = date(2026, 3, 29)
    Client.objects.update(calling_from=time(0), lead_time_minutes=60)
    content.client.refresh_from_db()
    early = replace(content, hours=Hours(sunday, time(2, 30), time(12)))
    [skipped] = problems(replace(early, send_at=SendAt(sunday, time(1, 30))), now)
    assert skipped[0] == "send_time"
    assert "clocks go forward" in skipped[1]
    # 00:45 to 02:30 on the clock is three quarters of an hour that night.
    [short] = problems(replace(early, send_at=SendAt(sunday, time(0, 45))), now)
    assert "61 minutes before" in short[1]
    assert problems(replace(early, send_at=SendAt(sunday, time(0, 29))), now) == []


@pytest.mark.parametrize(
    ("zone", "day", "instant"),
    [
        ("Europe/London", date(2026, 7, 6), datetime(2026, 7, 6, 8, tzinfo=UTC)),
        ("Europe/London", MONDAY, NINE),
        ("Europe/Paris", MONDAY, datetime(2026, 11, 23, 8, tzinfo=UTC)),
        # The Sunday on which the clocks go back.
        ("Europe/London", date(2026, 10, 25), datetime(2026, 10, 25, 9, tzinfo=UTC)),
    ],
)
def test_the_time_is_in_the_clients_zone_in_summer_and_in_winter(
    manager: User, content: DraftContent, zone: str, day: date, instant: datetime
) -> None:
    Client.objects.update(time_zone=zone)
    content.client.refresh_from_db()
    campaign = Campaign.start(manager, replace(content, send_at=SendAt(day, time(9))))
    assert campaign.send_at == instant


def test_nothing_is_queued_before_its_time_and_everything_at_that_time(
    waiting: Submission, clock: time_machine.Traveller
) -> None:
    assert waiting.due_at == waiting.not_before == NINE
    for moment in (NOW + timedelta(minutes=5), NINE - timedelta(seconds=1)):
        clock.move_to(moment)
        queueing.sweep()
        assert not Delivery.objects.exists()
    clock.move_to(NINE)
    queueing.queue_all_due()
    assert Delivery.objects.get().state == Delivery.State.QUEUED


def test_a_submission_can_be_undone_until_its_time(
    waiting: Submission, manager: User, clock: time_machine.Traveller, client: Browser
) -> None:
    clock.move_to(NINE - timedelta(seconds=1))
    client.force_login(manager)
    client.post(reverse("submissions:undo", args=[waiting.pk]))
    clock.move_to(NINE)
    queueing.sweep()
    waiting.refresh_from_db()
    assert waiting.state == State.UNDONE
    assert not Delivery.objects.exists()


def test_the_undo_window_still_counts_where_the_time_comes_sooner(
    manager: User, content: DraftContent, clock: time_machine.Traveller
) -> None:
    clock.move_to(NINE - timedelta(seconds=10))
    made = people.submitted(Campaign.start(manager, content), manager)
    assert made.due_at == NINE + timedelta(seconds=20)


@pytest.mark.parametrize(
    ("approved_at", "due_at"),
    [
        (NOW + timedelta(hours=1), NINE),
        (NINE + timedelta(hours=1), NINE + timedelta(hours=1, seconds=30)),
    ],
)
def test_what_is_approved_waits_for_its_time_or_goes_at_once_when_that_has_passed(
    manager: User,
    approver: User,
    content: DraftContent,
    clock: time_machine.Traveller,
    approved_at: datetime,
    due_at: datetime,
) -> None:
    Client.objects.update(approval=Approval.ALWAYS)
    content.client.refresh_from_db()
    asking = people.submitted(Campaign.start(manager, content), manager)
    clock.move_to(NINE)
    queueing.sweep()
    assert not Delivery.objects.exists()
    clock.move_to(approved_at)
    assert approve(asking, approver, asking.payload_sha256)
    asking.refresh_from_db()
    assert asking.due_at == due_at


@pytest.mark.parametrize(
    ("zone", "said"),
    [
        ("Europe/London", "Mon 23 Nov 2026, 09:00 UK time"),
        ("Europe/Paris", "Mon 23 Nov 2026, 09:00 Europe/Paris time (Mon 23 Nov, 08:00 UK time)"),
    ],
)
def test_the_pages_name_the_time_and_its_zone(
    manager: User, content: DraftContent, client: Browser, zone: str, said: str
) -> None:
    Client.objects.update(time_zone=zone)
    content.client.refresh_from_db()
    waiting = people.submitted(Campaign.start(manager, content), manager)
    client.force_login(manager)
    for address in (reverse("submissions:detail", args=[waiting.pk]), "/submissions/", "/"):
        assert said in " ".join(client.get(address).text.split())


def test_the_builder_reads_keeps_and_checks_the_time(
    manager: User, content: DraftContent, client: Browser
) -> None:
    client.force_login(manager)
    campaign = Campaign.start(manager, content)
    posted = form_data.as_data(content)
    posted.update({"version": str(campaign.version), "send_time": "11:55"})
    address = reverse("submissions:review", args=[campaign.pk])
    page = client.post(address, posted, follow=True)
    assert "11 minutes before the campaign starts" in page.text
    assert 'value="11:55"' in page.text
    assert not Submission.objects.exists()
    posted.update({"version": str(campaign.version + 1), "send_time": "09:00"})
    people.submit_in(client, posted, campaign)
    assert Submission.objects.get().not_before == NINE
