"""Which submitted campaigns need a person, are on their way, or are with the partner."""

import pytest
from django.contrib.auth.models import User
from django.test import Client as Browser

from campaigns.clients.models import Approval, Client, Role
from campaigns.contacts.models import ContactList
from campaigns.drafts.hooks import Stage, at_stage
from campaigns.drafts.models import Campaign
from campaigns.submissions.approval.approve_or_return import return_to_author
from campaigns.submissions.models import Submission, endings
from tests import people
from tests.partner.fault_server import answering
from tests.submissions.partner import send, send_all, silent

pytestmark = pytest.mark.django_db(transaction=True)

NEEDS_YOU, SCHEDULED, SUBMITTED = Stage.NEEDS_YOU, Stage.SCHEDULED, Stage.SUBMITTED


def stages(submission: Submission, person: User) -> set[Stage]:
    campaigns = Campaign.objects.filter(pk=submission.own_campaign.pk)
    return {stage for stage in Stage if campaigns.filter(at_stage(stage, person)).exists()}


@pytest.fixture
def asking(manager: User, northgate: Client, contact_list: ContactList) -> Submission:
    northgate.approval = Approval.ALWAYS
    northgate.save()
    return people.submitted(
        Campaign.start(manager, people.content(northgate, contact_list)), manager
    )


def test_what_waits_to_be_sent_is_scheduled(submission: Submission, manager: User) -> None:
    assert stages(submission, manager) == {SCHEDULED}


def test_what_the_partner_accepted_is_submitted(submission: Submission, manager: User) -> None:
    send(submission)
    assert stages(submission, manager) == {SUBMITTED}


def test_a_doubt_needs_those_who_may_settle_it(
    submission: Submission, manager: User, viewer: User
) -> None:
    send(submission, silent)
    assert stages(submission, manager) == {NEEDS_YOU}
    assert stages(submission, viewer) == set()


def test_a_refusal_needs_somebody_until_it_is_submitted_again(
    submission: Submission, manager: User
) -> None:
    send(submission, answering("400 Bad Request", "{}"))
    assert stages(submission, manager) == {NEEDS_YOU}
    again = people.submitted(Campaign.objects.get(), manager)
    assert stages(again, manager) == {SCHEDULED}


def test_what_the_partner_has_in_part_is_submitted_and_needs_somebody(
    large: Submission, manager: User
) -> None:
    send_all(large, 41, 42, "400 Bad")
    assert stages(large, manager) == {NEEDS_YOU, SUBMITTED}
    Campaign.objects.update(status=Campaign.Status.SUBMITTED)
    assert stages(large, manager) == {SUBMITTED}


def test_an_expired_campaign_needs_somebody_and_an_undone_one_nobody(
    submission: Submission, second_submission: Submission, manager: User
) -> None:
    assert endings.expire(submission)
    assert endings.undo(second_submission, manager)
    assert stages(submission, manager) == {NEEDS_YOU}
    assert stages(second_submission, manager) == set()


def test_a_held_campaign_is_scheduled_and_needs_somebody(
    submission: Submission, manager: User
) -> None:
    submission.hold("Held by a test.")
    assert stages(submission, manager) == {NEEDS_YOU, SCHEDULED}


def test_an_approval_needs_approvers_who_did_not_work_on_it(
    asking: Submission, manager: User, approver: User, northgate: Client
) -> None:
    assert stages(asking, approver) == {NEEDS_YOU, SCHEDULED}
    assert stages(asking, manager) == {SCHEDULED}
    edited_it = people.member("edward", northgate, Role.APPROVER)
    asking.own_campaign.editors.add(edited_it)
    assert stages(asking, edited_it) == {SCHEDULED}
    assert return_to_author(asking, approver, "The wrong day.")
    assert stages(asking, manager) == {NEEDS_YOU}


def test_the_author_may_not_approve_even_if_an_approver(
    asking: Submission, approver: User, manager: User
) -> None:
    Submission.objects.update(submitted_by=approver)
    assert stages(asking, approver) == {SCHEDULED}


def test_the_row_says_that_it_was_refused_and_that_its_draft_is_open(
    client: Browser, submission: Submission, manager: User
) -> None:
    send(submission, answering("400 Bad Request", "{}"))
    client.force_login(manager)
    page = client.get("/campaigns/", {"tab": "needs-you"}).text
    assert "Refused, draft open" in page
    assert 'class="state state-refused"' in page
