"""The number of people that a draft's lists call: it agrees with a freeze, and is counted once."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import timedelta

import pytest
from django.contrib.auth.models import User
from django.core.cache import cache
from django.db import connection
from django.test import Client as Browser
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from campaigns.clients.models import Approval, Client
from campaigns.contacts.browsing import suppressed_now
from campaigns.contacts.models import ContactList
from campaigns.drafts import preflight
from campaigns.drafts.models import Campaign
from campaigns.drafts.people.counts import PeopleCount
from campaigns.submissions.freezing.recipients import Recipients
from campaigns.suppression import matching
from campaigns.suppression.models import Suppression
from tests import people

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def empty_cache() -> None:
    """Keep a test from reading what another has counted."""
    cache.clear()


def listed(actor: User, client: Client, *ends: int) -> ContactList:
    rows = [(f"07700 900{end:03}", "Ann", "Ann", "1 May") for end in ends]
    return people.contact_list(actor, client, rows)


def suppress(actor: User, client: Client | None, *ends: int) -> None:
    for end in ends:
        Suppression.add(actor, client, f"+447700900{end:03}", "Asked not to be called.", None)


@pytest.mark.parametrize(
    ("lists", "suppressed", "sentence"),
    [
        ([[1, 2, 3]], [], "3 contacts will be called."),
        ([[1]], [], "1 contact will be called."),
        ([[1, 2, 3]], [2, 9], "3 contacts: 1 suppressed since upload. 2 will be called."),
        ([[1, 2], [3]], [], "3 contacts on 2 lists will be called."),
        ([[1, 2], [2, 3]], [], "4 contacts on 2 lists: 1 on both (called once). 3 will be called."),
        ([[1, 2], [2, 3]], [3, 2], "4 contacts on 2 lists: 1 on both (called once), 2 suppressed "
         "since upload. 1 will be called."),
        ([[1, 2], [2], [2, 3]], [], "5 contacts on 3 lists: 2 already on another list (called once). "
         "3 will be called."),
        ([[1]], [1], "1 contact: 1 suppressed since upload. Nobody will be called."),
        ([[]], [], "Nobody will be called."),
        ([[], []], [], "Nobody will be called."),
    ],
)  # fmt: skip
def test_the_sentence_adds_up(
    manager: User, northgate: Client,
    lists: list[list[int]], suppressed: list[int], sentence: str,
) -> None:  # fmt: skip
    made = [listed(manager, northgate, *ends) for ends in lists]
    suppress(manager, northgate, *suppressed)
    assert PeopleCount.of(made, northgate).sentence == sentence


def test_thousands_have_a_separator() -> None:
    assert PeopleCount(2, 12_000, 1_340, 1_025).sentence == (
        "12,000 contacts on 2 lists: 1,340 on both (called once), 1,025 suppressed since upload. "
        "9,635 will be called."
    )


def test_contacts_of_a_deleted_list_are_not_counted(manager: User, northgate: Client) -> None:
    first, second = listed(manager, northgate, 1, 2), listed(manager, northgate, 2, 3)
    second.give_up(manager)
    second.refresh_from_db()
    assert PeopleCount.of([first, second], northgate) == PeopleCount(1, 2, 0, 0)


ends = st.sets(st.integers(101, 106), max_size=5)


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    lists=st.lists(ends, min_size=1, max_size=4),
    before=ends,
    ours=ends,
    everybodys=ends,
    theirs=ends,
    ended=ends,
    is_few=st.booleans(),
)
def test_the_count_agrees_with_a_freeze(
    manager: User, northgate: Client, harbour: Client, monkeypatch: pytest.MonkeyPatch,
    lists: list[set[int]], before: set[int], ours: set[int], everybodys: set[int],
    theirs: set[int], ended: set[int], is_few: bool,
) -> None:  # fmt: skip
    cache.clear()
    ContactList.objects.all().delete()
    Suppression.objects.all().delete()
    # An entry counts as older than an import only if it is older by the time that a commit may take.
    with monkeypatch.context() as patched:
        patched.setattr(suppressed_now, "FEW", 10_000 if is_few else -1)
        suppress(manager, northgate, *before)
        Suppression.objects.update(finished_at=timezone.now() - timedelta(days=1))
        made = [listed(manager, northgate, *chosen) for chosen in lists]
        suppress(manager, northgate, *ours)
        suppress(manager, None, *everybodys)
        suppress(manager, harbour, *theirs)
        yesterday = timezone.localdate() - timedelta(days=1)
        for end in ended - ours - everybodys:
            Suppression.add(manager, northgate, f"+447700900{end:03}", "For a while.", yesterday)
        count = PeopleCount.of(made, northgate)
        again = PeopleCount.of(made, northgate)
    frozen = _frozen(made, northgate)
    assert count == again
    assert (count.net, count.repeated, count.suppressed) == frozen


def _frozen(lists: Iterable[ContactList], client: Client) -> tuple[int, int, int]:
    """Return how many a freeze calls, how many repeat another's number, and how many are suppressed."""
    recipients = Recipients(lists, {}, suppressed=matching.matcher(client))
    for batch in recipients.batches():
        list(batch)
    recipients.check_nobody_is_missing()
    return recipients.count, recipients.repeated, recipients.suppressed


def test_the_overlap_of_lists_is_counted_once(manager: User, northgate: Client) -> None:
    lists = [listed(manager, northgate, 1, 2), listed(manager, northgate, 2, 3)]
    assert reads_contacts(lists)
    assert not reads_contacts(lists[::-1])


@pytest.mark.parametrize("few", [10_000, 0])
def test_an_added_or_removed_suppression_counts_at_once(
    manager: User, northgate: Client, monkeypatch: pytest.MonkeyPatch, few: int
) -> None:
    monkeypatch.setattr(suppressed_now, "FEW", few)
    lists = [listed(manager, northgate, 1, 2), listed(manager, northgate, 2, 3)]
    counts = []
    for end in (1, 2, 8):
        suppress(manager, northgate, end)
        counts.append(PeopleCount.of(lists, northgate).suppressed)
    entry = Suppression.objects.get(numbers__number="+447700900001").numbers.get()
    entry.remove(manager, "By mistake.")
    counts.append(PeopleCount.of(lists, northgate).suppressed)
    assert counts == [1, 2, 2, 1]


def test_many_suppressed_numbers_are_counted_once_until_another_is_added(
    manager: User, northgate: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(suppressed_now, "FEW", 0)
    lists = [listed(manager, northgate, 1, 2)]
    suppress(manager, northgate, 1)
    assert reads_contacts(lists)
    assert not reads_contacts(lists)
    suppress(manager, northgate, 2)
    assert reads_contacts(lists)


def reads_contacts(lists: list[ContactList]) -> bool:
    """Count, and return whether that read the contacts one by one."""
    with CaptureQueriesContext(connection) as queries:
        PeopleCount.of(lists, lists[0].client)
    asked = 'SELECT DISTINCT "contacts_contact"."number"'
    return any(asked in query["sql"] for query in queries.captured_queries)


def test_the_builder_says_how_many_people_the_lists_call(
    client: Browser, manager: User, northgate: Client, draft: Campaign
) -> None:
    other = listed(manager, northgate, 101, 109)
    draft.revise(
        manager,
        replace(draft.content(), contact_lists=[*draft.contact_lists.all(), other]),
        draft.version,
    )
    suppress(manager, northgate, 109)
    client.force_login(manager)
    page = client.get(reverse("drafts:edit", args=[draft.pk]))
    said = (
        "5 contacts on 2 lists: 1 on both (called once), 1 suppressed since upload. "
        "3 will be called."
    )
    assert said in page.text


def test_nothing_is_counted_before_a_list_is_chosen(
    client: Browser, manager: User, northgate: Client
) -> None:
    client.force_login(manager)
    page = client.get(reverse("drafts:new"))
    assert page.context["builder"].people_count is None
    assert "will be called" not in page.text


def test_a_submitted_campaign_does_not_say_how_many_it_will_call(
    client: Browser, manager: User, draft: Campaign
) -> None:
    people.submitted(draft, manager)
    client.force_login(manager)
    page = client.get(reverse("drafts:edit", args=[draft.pk]))
    assert "will be called" not in page.text


def test_approval_depends_on_how_many_are_called(
    client: Browser, manager: User, northgate: Client, draft: Campaign
) -> None:
    Client.objects.update(approval=Approval.ABOVE, approval_above=2)
    client.force_login(manager)
    url = reverse("submissions:review", args=[draft.pk])
    assert client.get(url).context["review"].asks_approval
    suppress(manager, northgate, 101)
    assert not client.get(url).context["review"].asks_approval


def test_a_draft_whose_contacts_are_all_suppressed_calls_nobody(
    manager: User, northgate: Client
) -> None:
    lists = [listed(manager, northgate, 1, 2), listed(manager, northgate, 2)]
    said = replace(people.content(northgate, lists[0]), contact_lists=lists)

    def problems() -> list[str]:
        found = preflight.check(said, timezone.now())
        return [problem.sentence for problem in found if problem.rule == "people-missing"]

    suppress(manager, northgate, 1)
    assert problems() == []
    suppress(manager, None, 2)
    assert problems() == ["Everyone on these lists is suppressed. Choose another list."]
