"""The page of a submission that came to nothing, before and after its campaign is submitted again."""

import pytest
from django.contrib.auth.models import User
from django.test import Client as Browser
from django.urls import reverse

from campaigns.drafts.models import Campaign
from campaigns.submissions.models import Submission
from tests import people
from tests.partner.fault_server import answering
from tests.submissions.partner import send, send_all

pytestmark = pytest.mark.django_db(transaction=True)

State = Submission.State
OPEN = "draft is open again"


def page_of(client: Browser, submission: Submission) -> str:
    return " ".join(client.get(reverse("submissions:detail", args=[submission.pk])).text.split())


def submitted_again(client: Browser, manager: User, first: Submission) -> str:
    """Return the first submission's page once the campaign is submitted again."""
    client.force_login(manager)
    assert OPEN in page_of(client, first)
    again = people.submitted(Campaign.objects.get(pk=first.own_campaign.pk), manager)
    page = page_of(client, first)
    assert f"submission {again.reference}</a>" in page
    assert OPEN not in page
    assert "Open the draft" not in page
    assert "submitted again: " not in page_of(client, again)
    return page


@pytest.mark.parametrize("state", [State.UNDONE, State.RETURNED, State.EXPIRED])
def test_an_ended_submission_leads_to_the_later_one_and_mentions_no_open_draft(
    client: Browser, manager: User, submission: Submission, state: str
) -> None:
    Submission.objects.update(state=state)
    Campaign.objects.get(pk=submission.own_campaign.pk).reopen()
    assert "obody is called by it." in submitted_again(client, manager, submission)


def test_a_refused_submission_leads_to_the_later_one_too(
    client: Browser, manager: User, submission: Submission
) -> None:
    send(submission, answering("400 Bad"))
    assert submission.state == State.REFUSED
    page = submitted_again(client, manager, submission)
    assert "Fix it and submit it again" not in page


def test_a_partly_sent_submission_leads_to_the_later_one_too(
    client: Browser, manager: User, large: Submission
) -> None:
    send_all(large, 41, "400 Bad")
    page = submitted_again(client, manager, large)
    assert "Nobody else is called by this submission." in page
