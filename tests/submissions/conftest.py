import pytest
from django.contrib.auth.models import User

from campaigns.clients.models import Client
from campaigns.contacts.models import ContactList
from campaigns.drafts.models import Campaign
from campaigns.submissions.models import Delivery, Submission
from tests import people
from tests.submissions.partner import queued


@pytest.fixture
def delivery(submission: Submission) -> Delivery:
    return queued(submission)


@pytest.fixture
def second_submission(manager: User, northgate: Client, contact_list: ContactList) -> Submission:
    """Another campaign of the same client, submitted and frozen, not delivered."""
    sent = people.content(northgate, contact_list, "October")
    return people.submitted(Campaign.start(manager, sent), manager)


@pytest.fixture
def five(manager: User, northgate: Client) -> ContactList:
    """A list of five people, for a client whose campaigns hold at most two."""
    Client.objects.filter(pk=northgate.pk).update(most_numbers=2)
    northgate.refresh_from_db()
    rows = [(f"07700 900{n}", f"P{n}", "P", "1 May") for n in range(101, 106)]
    return people.contact_list(manager, northgate, rows)


@pytest.fixture
def large(manager: User, northgate: Client, five: ContactList) -> Submission:
    """A submission of five people in three parts: two, two and one."""
    sent = people.content(northgate, five, "November")
    return people.submitted(Campaign.start(manager, sent), manager)
