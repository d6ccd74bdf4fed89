"""A test call is in no guard and no count: nothing of the campaign knows of it but its history."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import IntegrityError, models, transaction
from django.test import Client as Browser
from django.urls import reverse
from django.utils import timezone

from campaigns.clients.models import Client
from campaigns.contacts.browsing import list_uses
from campaigns.contacts.models import ContactList
from campaigns.drafts import hooks
from campaigns.drafts.models import Campaign
from campaigns.drafts.preflight import facts
from campaigns.submissions.freezing import already_sent
from campaigns.submissions.models import Delivery, OwnNumber, Submission, queries
from campaigns.submissions.models.submission import OfCampaigns
from campaigns.submissions.submitting.resend_question import overlap_of
from campaigns.submissions.test_calls import obstacles
from tests import people
from tests.partner.fault_server import answering
from tests.submissions.partner import deliver_to, says_yes, silent
from tests.submissions.test_calls.calling import OWN, ask

pytestmark = pytest.mark.django_db(transaction=True)

ROWS = (("07700 900777", "Mina Herself", "Mina", "9 December"), *people.ROWS[:3])


@pytest.fixture
def draft(manager: User, northgate: Client) -> Campaign:
    """A draft that calls the number of the person who makes the test call too."""
    contacts = people.contact_list(manager, northgate, ROWS, "With Mina")
    return Campaign.start(manager, people.content(northgate, contacts))


@pytest.fixture(autouse=True)
def chosen_later(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let a test call be made though the list has its number: such a list may be chosen afterwards."""
    monkeypatch.setattr(obstacles, "of_number", lambda *_: iter(()))


@pytest.fixture
def others(manager: User, northgate: Client, draft: Campaign) -> Campaign:
    """Another draft of the client, to the same people."""
    content = draft.content()
    return Campaign.start(manager, replace(content, name="Others"))


SCRIPTS = {
    "accepted": says_yes,
    "refused": answering("400 Bad Request", '{"errors": {"Name": ["no"]}}'),
    "in doubt": silent,
}


def known(draft: Campaign, others: Campaign, person: User) -> dict[str, Any]:
    """Return what every guard and count says of the draft, and of another one to the same people."""
    draft.refresh_from_db()
    [contacts] = draft.contact_lists.all()
    soon = timezone.now() + timedelta(days=1)
    return {
        "draft": (draft.status, draft.was_submitted, draft.version, draft.changed_at),
        "states": hooks.states([draft.pk, others.pk]),
        "stages": {
            stage: set(Campaign.objects.filter(hooks.at_stage(stage, person)))
            for stage in hooks.Stage
        },
        "reopened": hooks.reopened(draft),
        "notes": hooks.notes(draft),
        "uses": [list(uses) for uses in list_uses.uses(contacts)],
        "this week": [list(found) for found in facts.people_elsewhere(others, soon)],
        "overlap": (overlap_of(draft), overlap_of(others)),
        "sent": (list(already_sent.parts_sent(draft)), already_sent.ids_of(draft)),
        "numbers sent": already_sent.numbers_on([contacts], draft),
        "counted": set(queries.counted(Submission.objects.all())),
    }


PAGES = (
    ("drafts:list", ""),
    ("home", ""),
    ("home", "?calls=month"),
    ("drafts:edit", "draft"),
    ("submissions:review", "draft"),
    ("submissions:review", "others"),
    ("contacts:detail", "list"),
    ("contacts:delete", "list"),
    ("contacts:list", ""),
    ("drafts:delete", "draft"),
)


def numbers_and_words(browser: Browser, draft: Campaign, others: Campaign) -> dict[str, str]:
    """Return the pages that count or guard, without what differs in each request."""
    ids = {"draft": draft.pk, "others": others.pk, "list": draft.contact_lists.get().pk}
    found = {}
    for name, about in PAGES:
        args = [ids[about]] if about in ids else []
        query = "" if about in ids else about
        response = browser.get(reverse(name, args=args) + query)
        assert response.status_code == 200, name
        lines = response.text.splitlines()
        random = ("csrfmiddlewaretoken", "form_token", "seconds ago", "today")
        kept = [line for line in lines if not any(word in line for word in random)]
        banners = [line for line in kept if "banner" not in line]
        found[f"{name} {about}"] = "\n".join(banners)
    return found


@pytest.mark.parametrize("came_to", SCRIPTS)
def test_no_guard_and_no_count_knows_of_it(
    browser: Browser,
    own: OwnNumber,
    script: None,
    draft: Campaign,
    others: Campaign,
    manager: User,
    came_to: str,
) -> None:
    before = known(draft, others, manager)
    made = ask(browser, draft)
    deliver_to(SCRIPTS[came_to], Delivery.objects.get())
    made.refresh_from_db()
    assert made.is_over == (came_to != "in doubt")
    after = known(draft, others, manager)
    assert after == before


def test_without_the_manager_that_leaves_it_out_they_would_know_of_it(
    browser: Browser,
    own: OwnNumber,
    script: None,
    draft: Campaign,
    others: Campaign,
    manager: User,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """What is counted for a client relies on the manager; what is asked of a campaign doesn't."""
    ask(browser, draft)
    deliver_to(says_yes, Delivery.objects.get())
    before = known(draft, others, manager)
    monkeypatch.setattr(OfCampaigns, "get_queryset", models.Manager.get_queryset)
    after = known(draft, others, manager)
    differing = {name for name in before if after[name] != before[name]}
    assert differing == {"counted", "overlap", "this week"}


def test_no_page_that_counts_or_guards_shows_it(
    browser: Browser, own: OwnNumber, script: None, draft: Campaign, others: Campaign
) -> None:
    before = numbers_and_words(browser, draft, others)
    ask(browser, draft)
    deliver_to(says_yes, Delivery.objects.get())
    after = numbers_and_words(browser, draft, others)
    for page, words in before.items():
        assert after[page] == words, page


def test_a_submission_of_the_draft_is_known_to_all_of_them(
    draft: Campaign, others: Campaign, manager: User
) -> None:
    """Rule out that the tests above pass because nothing is looked at."""
    before = known(draft, others, manager)
    submission = people.submitted(draft, manager)
    deliver_to(says_yes, Delivery.queue(submission.parts.get()))  # type: ignore[arg-type]
    after = known(draft, others, manager)
    assert {name for name in before if after[name] == before[name]} <= {"reopened"}


def test_the_campaign_is_submitted_while_its_test_call_is_in_doubt_and_leaves_nobody_out(
    browser: Browser,
    own: OwnNumber,
    script: None,
    draft: Campaign,
    manager: User,
) -> None:
    made = ask(browser, draft)
    deliver_to(silent, Delivery.objects.get())
    made.refresh_from_db()
    assert made.state == Submission.State.NEEDS_CHECKING
    submission = people.submitted(Campaign.objects.get(pk=draft.pk), manager)
    part = submission.parts.get()
    assert (part.number_count, part.already_sent_count) == (4, 0)
    made.refresh_from_db()
    assert made.state == Submission.State.NEEDS_CHECKING


def test_a_submitted_campaign_stays_as_it_is_when_its_test_call_is_refused(
    browser: Browser, own: OwnNumber, script: None, draft: Campaign, manager: User
) -> None:
    ask(browser, draft)
    people.submitted(Campaign.objects.get(pk=draft.pk), manager)
    deliver_to(SCRIPTS["refused"], Delivery.objects.get())
    draft.refresh_from_db()
    assert draft.status == Campaign.Status.SUBMITTED


def test_a_draft_with_a_test_call_can_be_deleted_and_the_test_call_stays(
    browser: Browser, own: OwnNumber, script: None, draft: Campaign, manager: User
) -> None:
    made = ask(browser, draft)
    draft.discard(manager)
    made.refresh_from_db()
    assert made.test_of is None
    page = browser.get(reverse("submissions:detail", args=[made.pk]))
    assert page.status_code == 200
    assert "Test call" in page.text
    assert browser.get("/submissions/").status_code == 200
    deliver_to(says_yes, Delivery.objects.get())
    made.refresh_from_db()
    assert made.state == Submission.State.SUBMITTED


def test_a_list_can_be_deleted_while_its_test_call_is_sent(
    browser: Browser, own: OwnNumber, script: None, draft: Campaign, manager: User
) -> None:
    made = ask(browser, draft)
    contacts = ContactList.objects.get(name="With Mina")
    assert not [
        use for uses in list_uses.uses(contacts) for use in uses if use.kind == "Submission"
    ]
    deliver_to(says_yes, Delivery.objects.get())
    made.refresh_from_db()
    assert made.state == Submission.State.SUBMITTED


def test_the_draft_may_change_or_lose_its_call_flow_and_what_was_confirmed_is_sent(
    browser: Browser, own: OwnNumber, script: None, draft: Campaign, manager: User
) -> None:
    made = ask(browser, draft)
    emptied = replace(draft.content(), call_flow=None, cli=None, contact_lists=[], parameters={})
    draft.revise(manager, emptied, draft.version)
    deliver_to(says_yes, Delivery.objects.get())
    made.refresh_from_db()
    assert made.state == Submission.State.SUBMITTED


@pytest.mark.differs_by_database
def test_a_test_call_with_a_campaign_can_not_be_stored(
    browser: Browser, own: OwnNumber, script: None, draft: Campaign
) -> None:
    """The mark and the missing campaign go together, so that neither kind of query can miss it."""
    made = ask(browser, draft)
    with pytest.raises(IntegrityError), transaction.atomic():
        Submission.with_test_calls.filter(pk=made.pk).update(campaign=draft)
    with pytest.raises(IntegrityError), transaction.atomic():
        Submission.with_test_calls.filter(pk=made.pk).update(is_test_call=False)


def test_the_number_in_a_test_call_is_not_one_of_the_campaigns(
    browser: Browser, own: OwnNumber, script: None, draft: Campaign
) -> None:
    ask(browser, draft)
    deliver_to(says_yes, Delivery.objects.get())
    assert int(OWN[1:]) not in already_sent.numbers_on(list(draft.contact_lists.all()), draft)
