import pytest
from django.contrib.auth.models import User

from campaigns.clients.models import Client
from campaigns.contacts.models import ContactList
from campaigns.drafts.models import Campaign
from campaigns.submissions.models import Submission
from tests import people


@pytest.fixture
def second_submission(manager: User, northgate: Client, contact_list: ContactList) -> Submission:
    """A further campaign of the same client, submitted and frozen, not delivered."""
    sent = people.content(northgate, contact_list, "October")
    return people.submitted(Campaign.start(manager, sent), manager)
