"""A person has to confirm a campaign whose people another recent campaign calls too."""

import threading
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core.cache import cache
from django.db import connection, connections
from django.test import Client as Browser
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from django.utils.html import escape

from campaigns.clients.models import Client, Event
from campaigns.contacts.models import ContactList
from campaigns.drafts.form.form_data import as_data
from campaigns.drafts.models import Campaign
from campaigns.submissions.models import Delivery, Submission, endings
from campaigns.submissions.review.review import Review
from campaigns.submissions.submitting import same_week, shared_people
from campaigns.submissions.submitting.resend_guard import (
    Confirmation,
    Earlier,
    NotConfirmed,
    Overlap,
)
from campaigns.submissions.submitting.resend_question import overlap_of
from campaigns.submissions.submitting.shared_people import SharedPeople
from campaigns.submissions.submitting.submit import submit as submit_campaign
from campaigns.suppression.models import Suppression
from campaigns.uploads.runs import leftover_rows
from tests import people

pytestmark = pytest.mark.django_db(transaction=True)

State = Submission.State
START = timedelta(days=7)


def numbers(first: int, last: int) -> list[tuple[str, ...]]:
    """Return the rows of a list with the fictional numbers from `first` to `last`, both included."""
    return [(f"07700 900{n:03}", f"Person {n}", "Amara", "1 May") for n in range(first, last + 1)]


@pytest.fixture
def campaign_of(manager: User, northgate: Client) -> Callable[..., Campaign]:
    """Return a function that makes a draft with a list for each pair (first number, last number)."""

    def make(*spans: tuple[int, int], name: str = "Second") -> Campaign:
        lists = [
            people.contact_list(manager, northgate, numbers(*span), f"List {span}")
            for span in spans
        ]
        content = replace(people.content(northgate, lists[0], name), contact_lists=lists)
        return Campaign.start(manager, content)

    return make


def counted(overlap: Overlap) -> tuple[int, int]:
    return overlap.people, overlap.shared


# When the author is asked


@pytest.mark.parametrize(
    ("count", "shared", "limit", "asks", "percent"),
    [
        (500, 0, 0, False, 0),
        (500, 1, 0, True, 1),
        (500, 50, 10, False, 10),
        (500, 51, 10, True, 10),
        (500, 430, 10, True, 86),
        (1_000_000, 999_999, 10, True, 99),
        (500, 499, 100, False, 99),
        (500, 500, 100, True, 100),
    ],
)
def test_an_overlap_above_the_limit_or_of_everybody_is_asked_about(
    count: int, shared: int, limit: int, asks: bool, percent: int
) -> None:
    overlap = Overlap(count, shared, (), limit)
    assert (overlap.asks, overlap.percent) == (asks, percent)


@pytest.mark.parametrize(
    ("typed", "names_it"),
    [
        ("ABC234", True),
        (" abc234 ", True),
        ("[ABC234]", True),
        ("Rent reminder", True),
        ("rent  REMINDER", True),
        ("Rent", False),
        ("ABC235", False),
        ("", False),
        ("[]", False),
    ],
)
def test_the_earlier_submission_is_named_by_its_reference_or_its_name(
    typed: str, names_it: bool
) -> None:
    earlier = Earlier(Submission(name="Rent reminder", reference="ABC234"), 1)
    assert earlier.is_named_by(typed) == names_it


def test_people_are_counted_once_across_lists_and_without_the_suppressed(
    manager: User, northgate: Client, campaign_of: Callable[..., Campaign]
) -> None:
    people.submitted(campaign_of((1, 10), (8, 12), name="First"), manager)
    second = campaign_of((6, 20), (15, 25))
    assert counted(overlap_of(second)) == (20, 7)
    Suppression.add(manager, northgate, "+447700900007", "Asked.", None)
    Suppression.add(manager, northgate, "+447700900025", "Asked.", None)
    assert counted(overlap_of(second)) == (18, 6)


def test_what_several_submissions_share_adds_up_and_each_is_named(
    manager: User, campaign_of: Callable[..., Campaign]
) -> None:
    for span in ((1, 9), (5, 14), (15, 20)):
        people.submitted(campaign_of(span, name=f"Of {span}"), manager)
    found = overlap_of(campaign_of((1, 18)))
    assert counted(found) == (18, 18)
    assert [(each.submission.name, each.shared) for each in found.earlier] == [
        ("Of (5, 14)", 10),
        ("Of (1, 9)", 9),
        ("Of (15, 20)", 4),
    ]


def test_many_small_submissions_are_counted_like_one_large_one(
    manager: User, campaign_of: Callable[..., Campaign]
) -> None:
    """The query starts from whichever side has fewer numbers to look up."""
    for n in range(1, 5):
        people.submitted(campaign_of((n, n), name=f"Of {n}"), manager)
    assert counted(overlap_of(campaign_of((1, 8)))) == (8, 4)
    assert counted(overlap_of(campaign_of((1, 3), (3, 4), (100, 101)))) == (6, 4)


def test_only_the_lists_that_share_people_count_and_nobody_counts_twice(
    manager: User, campaign_of: Callable[..., Campaign]
) -> None:
    people.submitted(campaign_of((1, 5), (50, 55), name="One of two"), manager)
    people.submitted(campaign_of((60, 66), (64, 69), (80, 81), name="Two of three"), manager)
    people.submitted(campaign_of((90, 91), (92, 93), name="None"), manager)
    found = overlap_of(campaign_of((4, 10), (62, 65)))
    assert counted(found) == (11, 6)
    assert [(each.submission.name, each.shared) for each in found.earlier] == [
        ("Two of three", 4),
        ("One of two", 2),
    ]


@pytest.mark.parametrize("last", [3, 30], ids=["asks", "does not ask"])
def test_a_day_of_many_submissions_takes_no_more_queries(
    manager: User, campaign_of: Callable[..., Campaign], last: int
) -> None:
    campaign = campaign_of((1, last))

    def queries() -> int:
        cache.clear()
        with CaptureQueriesContext(connection) as captured:
            assert overlap_of(campaign).asks == (last == 3)
        return len(captured)

    def submit(name: str) -> None:
        """Submit four more: with one list, with two, with a list that is gone, and refused in part."""
        people.submitted(campaign_of((1, 1), name=name), manager)
        people.submitted(campaign_of((40, 42), (43, 44), name=name), manager)
        gone = people.submitted(campaign_of((2, 2), (50, 51), name=name), manager)
        Submission.objects.filter(pk=gone.pk).update(contact_list_ids=[0])
        partly = people.submitted(campaign_of((3, 3), (60, 61), name=name), manager)
        part = partly.parts.get()
        account = part.partner_account
        Delivery.objects.create(part=part, partner_account=account, state="needs_checking")
        Submission.objects.filter(pk=partly.pk).update(state=State.REFUSED)

    submit("First")
    before = queries()
    for name in ("Second", "Third"):
        submit(name)
    # Only a submission whose numbers are read from its payload takes a query more.
    assert queries() == before + 2 * 2


def test_more_submissions_than_fit_into_one_statement_are_counted_alike(
    manager: User, campaign_of: Callable[..., Campaign], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shared_people, "BATCH", 2)
    for n in range(1, 6):
        made = people.submitted(campaign_of((n, n), (n + 10, n + 11), name=f"Of {n}"), manager)
        if n > 2:
            Submission.objects.filter(pk=made.pk).update(contact_list_ids=[0])
    found = overlap_of(campaign_of((1, 5), (15, 15)))
    assert counted(found) == (6, 6)
    assert [(each.submission.name, each.shared) for each in found.earlier] == [
        ("Of 5", 2), ("Of 4", 2), ("Of 3", 1), ("Of 2", 1), ("Of 1", 1),
    ]  # fmt: skip


def test_another_campaign_of_the_week_is_counted_without_recounting_the_earlier_ones(
    manager: User, campaign_of: Callable[..., Campaign], monkeypatch: pytest.MonkeyPatch
) -> None:
    counted: list[int] = []
    count_each = SharedPeople._count_each

    def count(self: SharedPeople, called: Sequence[Any]) -> dict[str, int]:
        counted.append(len(called))
        return count_each(self, called)

    monkeypatch.setattr(SharedPeople, "_count_each", count)
    draft = campaign_of((1, 9))

    def names() -> list[tuple[str, int]]:
        return [
            (one.name, one.shared) for one in same_week.campaigns(draft, timezone.now() + START)
        ]

    for n in (1, 2, 20):
        people.submitted(campaign_of((n, n), name=f"Of {n}"), manager)
    assert names() == [("Of 1", 1), ("Of 2", 1)]
    assert names() == [("Of 1", 1), ("Of 2", 1)]
    people.submitted(campaign_of((8, 12), name="Of 8"), manager)
    assert names() == [("Of 1", 1), ("Of 2", 1), ("Of 8", 2)]
    assert counted == [3, 1]


def test_another_clients_submissions_do_not_count(
    stranger: User, harbour: Client, campaign_of: Callable[..., Campaign]
) -> None:
    theirs = people.contact_list(stranger, harbour, numbers(1, 5))
    people.submitted(Campaign.start(stranger, people.content(harbour, theirs)), stranger)
    assert not overlap_of(campaign_of((1, 5))).shared


@pytest.mark.parametrize(
    ("state", "submitted", "delivery", "handed_over", "counts"),
    [
        (State.PREPARING, 0, None, 0, True),
        (State.SUBMITTED, 0, "accepted", 0, True),
        (State.SUBMITTED, 25, "accepted", 25, False),
        # Submitted days before its time to send it.
        (State.SUBMITTED, 72, "accepted", 23, True),
        (State.SENDING, 72, "sending", 0, True),
        (State.SENDING, 72, "accepted", 48, True),
        (State.NEEDS_CHECKING, 0, "needs_checking", 0, True),
        (State.NEEDS_CHECKING, 240, "needs_checking", 239, True),
        (State.AWAITING_APPROVAL, 25, None, 0, True),
        (State.SCHEDULED, 25, None, 0, True),
        (State.UNDONE, 0, None, 0, False),
        (State.RETURNED, 0, None, 0, False),
        (State.EXPIRED, 0, "not_sent", 0, False),
        (State.EXPIRED, 0, "released", 0, False),
        (State.REFUSED, 0, "refused", 0, False),
        (State.REFUSED, 0, "accepted", 0, True),
        (State.REFUSED, 72, "accepted", 23, True),
        (State.REFUSED, 72, "accepted", 25, False),
        (State.REFUSED, 0, "needs_checking", 0, True),
    ],
)
def test_what_calls_or_may_call_people_counts_for_a_day_after_the_hand_over(
    manager: User,
    campaign_of: Callable[..., Campaign],
    state: str,
    submitted: int,
    delivery: str | None,
    handed_over: int,
    counts: bool,
) -> None:
    """`submitted` and `handed_over` are hours ago."""
    now = timezone.now()
    earlier = people.submitted(campaign_of((1, 5), name="First"), manager)
    if delivery:
        part = earlier.parts.get()
        made = Delivery(part=part, partner_account=part.partner_account, state=delivery)
        made.campaign_id = 41 if delivery == "accepted" else None
        made.sending_at = now - timedelta(hours=handed_over)
        made.save()
    submitted_at = now - timedelta(hours=submitted)
    Submission.objects.update(state=state, submitted_at=submitted_at)
    assert overlap_of(campaign_of((1, 5))).asks == counts


def test_a_submission_in_doubt_counts_even_if_its_start_is_long_past(
    manager: User, campaign_of: Callable[..., Campaign]
) -> None:
    people.submitted(campaign_of((1, 5), name="First"), manager)
    past = timezone.now() - timedelta(days=9)
    Submission.objects.update(state=State.NEEDS_CHECKING, starts_at=past, submitted_at=past)
    assert overlap_of(campaign_of((1, 5))).asks


def test_the_campaigns_own_earlier_submission_is_not_asked_about(
    manager: User, campaign_of: Callable[..., Campaign]
) -> None:
    campaign = campaign_of((1, 5))
    endings.undo(people.submitted(campaign, manager), manager)
    Submission.objects.update(state=State.REFUSED)
    assert not overlap_of(campaign).shared


def test_people_of_a_list_deleted_since_are_known_from_what_was_sent(
    manager: User, campaign_of: Callable[..., Campaign]
) -> None:
    earlier = people.submitted(campaign_of((1, 5), (6, 7), name="First"), manager)
    people.submitted(campaign_of((7, 8), name="Another"), manager)
    Submission.objects.update(state=State.SENDING)
    gone = earlier.own_campaign.contact_lists.order_by("pk")[0]
    assert gone.give_up(manager)
    leftover_rows.remove_remains(gone)
    found = overlap_of(campaign_of((4, 13)))
    assert counted(found) == (10, 5)
    assert [each.shared for each in found.earlier] == [4, 2]


def test_nothing_is_counted_twice_while_nothing_changes(
    manager: User, northgate: Client, campaign_of: Callable[..., Campaign]
) -> None:
    people.submitted(campaign_of((1, 5), name="First"), manager)
    second = campaign_of((3, 7))

    def queries_of_contacts() -> int:
        with CaptureQueriesContext(
            connection,
        ) as captured:
            assert overlap_of(second).shared
        return sum('FROM "contacts_contact"' in query["sql"] for query in captured)

    assert queries_of_contacts()
    assert not queries_of_contacts()
    Suppression.add(manager, northgate, "+447700900003", "Asked.", None)
    assert queries_of_contacts()
    people.submitted(campaign_of((7, 9), name="Third"), manager)
    assert queries_of_contacts()


# The confirmation


def test_a_submission_needs_the_confirmation_and_keeps_it(
    manager: User, campaign_of: Callable[..., Campaign]
) -> None:
    earlier = people.submitted(campaign_of((1, 5), name="First"), manager)
    campaign = campaign_of((3, 7))
    start = timezone.now() + START
    for answer in (
        Confirmation(),
        Confirmation("wrong", frozenset([earlier.reference])),
        Confirmation(earlier.reference, frozenset()),
    ):
        with pytest.raises(NotConfirmed):
            submit_campaign(campaign, manager, start, answer)
    assert Campaign.objects.get(pk=campaign.pk).is_draft
    answer = Confirmation("first", frozenset([earlier.reference]))
    made = submit_campaign(campaign, manager, start, answer)
    assert (made.resend_of, made.resend_shared) == (earlier, 3)
    told = Event.objects.about(made).get(sentence__startswith="Confirmed").sentence
    assert told == (
        f"Confirmed that 3 of 5 people were submitted before, in “First” [{earlier.reference}]."
    )


def test_a_submission_made_since_the_page_was_shown_has_to_be_seen_first(
    manager: User, campaign_of: Callable[..., Campaign]
) -> None:
    people.submitted(campaign_of((1, 9), name="First"), manager)
    campaign = campaign_of((1, 9))
    shown = overlap_of(campaign)
    people.submitted(campaign_of((9, 9), name="Meanwhile"), manager)
    with pytest.raises(NotConfirmed):
        submit_campaign(campaign, manager, timezone.now() + START, shown.confirmed)


def test_when_several_submit_the_same_people_at_once_all_but_the_first_are_asked(
    manager: User, campaign_of: Callable[..., Campaign]
) -> None:
    drafts = [campaign_of((1, 5), name=f"Draft {n}") for n in range(4)]
    together = threading.Barrier(len(drafts))
    became: list[str] = []

    def submit(pk: int) -> None:
        draft = Campaign.objects.get(pk=pk)
        together.wait(60)
        try:
            submit_campaign(draft, manager, timezone.now() + START)
            became.append("submitted")
        except NotConfirmed:
            became.append("asked")
        finally:
            connections.close_all()

    threads = [threading.Thread(target=submit, args=[draft.pk]) for draft in drafts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(120)
    assert sorted(became) == ["asked", "asked", "asked", "submitted"]


# The pages


@pytest.fixture
def browser(client: Browser, manager: User) -> Browser:
    client.force_login(manager)
    return client


@pytest.fixture
def earlier(submission: Submission) -> Submission:
    return submission


def review_of(draft: Campaign) -> str:
    return reverse("submissions:review", args=[draft.pk])


def submit(browser: Browser, draft: Campaign, **more: Any) -> Any:
    """Press the review's button."""
    posted = people.reviewed(draft) | more
    return browser.post(reverse("submissions:submit", args=[draft.pk]), posted)


def test_the_review_shows_the_overlap_and_asks(
    browser: Browser, draft: Campaign, earlier: Submission
) -> None:
    page = browser.get(review_of(draft)).text
    said = " ".join(page.split())
    assert "100 % of these people (3 of 3)" in said
    assert f"“<bdi>{earlier.name}</bdi>” [{earlier.reference}]</a>, by <bdi>mina</bdi>" in said
    assert reverse("submissions:detail", args=[earlier.pk]) in page
    assert f"Type the reference {earlier.reference} to confirm" in said
    assert "is-invalid" not in page


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        (
            "",
            "100 % of these people are in another campaign that was sent in the last 24 hours or is "
            "due to be sent.",
        ),
        ("Someone’s <b>guess", "That is not the earlier submission’s reference. Type "),
    ],
)
def test_without_the_right_text_nothing_is_submitted_and_nothing_is_lost(
    browser: Browser, draft: Campaign, earlier: Submission, typed: str, said: str
) -> None:
    page = submit(browser, draft, resend_confirm=typed)
    assert page.status_code == 422
    assert said in page.text
    assert 'href="#id_resend_confirm"' in page.text
    assert f'value="{escape(typed)}"' in page.text
    draft.refresh_from_db()
    assert draft.is_draft
    assert Submission.objects.get() == earlier
    # The page that came back can be submitted as it is.
    assert f'name="seen" value="{Review(draft).digest}"' in " ".join(page.text.split())
    answer = submit(browser, draft, resend_confirm=earlier.reference)
    assert answer.status_code == 302
    assert draft.submissions.get().resend_of == earlier


def test_a_new_campaign_of_the_same_people_is_kept_as_a_draft(
    browser: Browser, northgate: Client, contact_list: ContactList, earlier: Submission
) -> None:
    data = as_data(people.content(northgate, contact_list, "Brand new"))
    posted = {name: data.getlist(name) for name in data} | {"form_token": "a" * 32}
    answer = browser.post(reverse("submissions:review_new"), posted)
    made = Campaign.objects.get(name="Brand new")
    assert answer.headers["Location"] == review_of(made)
    assert Submission.objects.get() == earlier


def test_people_nobody_has_submitted_are_not_asked_about(browser: Browser, draft: Campaign) -> None:
    page = browser.get(review_of(draft)).text
    assert "Submit campaign: call 3 people on " in page
    assert "resend" not in page
