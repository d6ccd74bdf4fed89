"""A submission that the partner has only in part is called so on every page, and its people count."""

from importlib import import_module

import pytest
from django.apps import apps
from django.contrib.auth.models import User
from django.test import Client as Browser
from django.urls import reverse

from campaigns.clients.models import Client
from campaigns.contacts.browsing import list_uses
from campaigns.contacts.models import ContactList
from campaigns.drafts.models import Campaign
from campaigns.submissions.models import Submission, calling_window, queries
from campaigns.submissions.models.states import ended
from campaigns.submissions.submitting.resend_question import overlap_of
from tests import people
from tests.submissions.partner import send_all

pytestmark = pytest.mark.django_db(transaction=True)

State = Submission.State
WORDS = "Partly submitted (4 of 5)"


@pytest.fixture
def partly(large: Submission) -> Submission:
    """Five people in three parts: the partner accepted two parts and refused the third."""
    send_all(large, 41, 42, "400 Bad")
    assert large.state == State.PARTLY_SUBMITTED
    return large


class TestEverywhere:
    @pytest.fixture
    def browser(self, client: Browser, manager: User) -> Browser:
        client.force_login(manager)
        return client

    def test_on_its_page_and_in_every_list(self, browser: Browser, partly: Submission) -> None:
        for address in (
            reverse("submissions:detail", args=[partly.pk]),
            reverse("submissions:list"),
            reverse("submissions:list") + "?state=partly_submitted",
            reverse("drafts:list"),
            "/",
        ):
            assert WORDS in browser.get(address).text, address
        assert partly.name not in browser.get("/submissions/?state=refused").text

    def test_where_its_list_is_used(self, partly: Submission, five: ContactList) -> None:
        assert WORDS in {use.state for use in list_uses.of(five)}

    def test_its_page_says_who_is_called_and_why_the_rest_is_not(
        self, browser: Browser, partly: Submission
    ) -> None:
        page = browser.get(reverse("submissions:detail", args=[partly.pk])).text
        words = " ".join(page.split())
        assert "The partner has 2 of 3 parts: 4 numbers are called. Nobody else is called." in words
        assert "The partner refused the campaign." in words
        assert "Fix it and submit it again" in words
        assert "Open the draft" in words

    def test_its_people_count_as_submitted_and_its_calls_are_in_the_week(
        self, manager: User, northgate: Client, five: ContactList, partly: Submission
    ) -> None:
        draft = Campaign.start(manager, people.content(northgate, five, "Another"))
        overlap = overlap_of(draft)
        assert (overlap.people, overlap.shared) == (5, 4)
        counted = queries.counted(Submission.objects.all())
        assert partly in counted
        assert calling_window.CallingWindow.objects.of(counted).filter(submission=partly).exists()


@pytest.mark.parametrize(
    ("parts", "state"),
    [
        (["accepted", "accepted"], State.SUBMITTED),
        (["accepted", "not_sent"], State.PARTLY_SUBMITTED),
        (["accepted", None], State.PARTLY_SUBMITTED),
        (["released", None], State.UNDONE),
        (["accepted", "needs_checking"], State.UNDONE),
    ],
)
def test_an_ended_submission_takes_the_state_of_what_the_partner_has(
    parts: list[str | None], state: str
) -> None:
    assert ended(State.UNDONE, parts) == state


@pytest.mark.parametrize("before", ["refused", "expired", "returned"])
def test_the_migration_marks_older_submissions_as_partly_submitted(
    partly: Submission, submission: Submission, before: str
) -> None:
    name = "campaigns.submissions.migrations.0010_partly_submitted"
    Submission.objects.update(state=before, decision="")
    import_module(name).name_what_was_partly_accepted(apps, None)
    partly.refresh_from_db()
    submission.refresh_from_db()
    assert (partly.state, submission.state) == (State.PARTLY_SUBMITTED, before)
    assert bool(partly.decision) == (before == "expired")
