import pytest
from django.contrib.auth.models import User

from campaigns.clients.models import Client, PartnerAccount
from campaigns.submissions.models import Submission
from tests.partner.sandbox import SandboxProcess
from tests.results import played


@pytest.fixture
def readable(account: PartnerAccount) -> PartnerAccount:
    """The account, with reading back allowed."""
    played.allow(account)
    return account


@pytest.fixture
def called(
    sandbox: SandboxProcess, readable: PartnerAccount, manager: User, northgate: Client
) -> Submission:
    """A campaign of 60 people whose calls are all over at the sandbox, and of which nothing was read."""
    submission = played.sent(manager, northgate, 60)
    assert submission.state == Submission.State.SUBMITTED
    played.after_all_calls(sandbox)
    return submission
