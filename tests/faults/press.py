"""Press *Submit campaign* in a process of its own: `python -m tests.faults.press DRAFT...` prints seconds.

Its environment names database and broker, which may stand still meanwhile.
"""

import sys
import time

import django
from django.urls import reverse


def press(draft: int) -> float:
    """Return how long the page took to answer. Raises AssertionError unless it was submitted."""
    from django.test import Client as Browser

    from campaigns.drafts.models import Campaign
    from tests import people

    campaign = Campaign.objects.get(pk=draft)
    posted = people.reviewed(campaign)
    browser = Browser()
    browser.force_login(campaign.editors.get())
    # The first page of a process takes longer, for imports.
    browser.get(reverse("home"))
    begun = time.monotonic()
    answer = browser.post(reverse("submissions:submit", args=[draft]), posted)
    seconds = time.monotonic() - begun
    assert answer.status_code == 302, answer.content.decode()
    assert not Campaign.objects.get(pk=draft).is_draft
    return seconds


if __name__ == "__main__":
    django.setup()
    # The best of them, since the machine may be busy with much else.
    print(min(press(int(draft)) for draft in sys.argv[1:]))
