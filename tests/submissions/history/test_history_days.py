"""*From* and *To* in the list of submissions are whole days in the UK, and both are included."""

from datetime import datetime

import pytest
from django.contrib.auth.models import User
from django.test import Client as Browser

from campaigns.submissions.models import Submission

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.mark.parametrize(
    ("submitted", "since", "until", "found"),
    [
        # 14 July ends at 23:00 UTC.
        ("2026-07-14T22:59Z", "", "2026-07-14", True),
        ("2026-07-14T22:59Z", "2026-07-14", "2026-07-14", True),
        ("2026-07-14T22:59Z", "2026-07-15", "", False),
        ("2026-07-14T23:30Z", "", "2026-07-14", False),
        ("2026-07-14T23:30Z", "2026-07-15", "2026-07-15", True),
        ("2026-07-13T23:00Z", "2026-07-14", "", True),
        ("2026-07-13T22:59Z", "2026-07-14", "", False),
        ("2026-12-14T23:59Z", "2026-12-14", "2026-12-14", True),
        ("2026-12-15T00:00Z", "", "2026-12-14", False),
    ],
)
def test_both_days_are_included_to_their_end(
    client: Browser,
    manager: User,
    submission: Submission,
    submitted: str,
    since: str,
    until: str,
    found: bool,
) -> None:
    Submission.objects.update(submitted_at=datetime.fromisoformat(submitted))
    client.force_login(manager)
    page = client.get("/submissions/", {"since": since, "until": until})
    assert (submission.name in page.text) == found
