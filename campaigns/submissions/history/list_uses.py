"""The submissions that use a contact list."""

from collections.abc import Iterator

from django.urls import reverse

from campaigns.contacts.browsing.list_uses import Use
from campaigns.contacts.models import ContactList
from campaigns.submissions.models import Submission, states


def of_contact_list(contact_list: ContactList) -> Iterator[Use]:
    """Yield the submissions of campaigns with the list. An open submission still needs the list."""
    for submission in Submission.objects.filter(campaign__contact_lists=contact_list):
        yield Use(
            "Submission",
            submission.name,
            reverse("submissions:detail", args=[submission.pk]),
            submission.get_state_display(),
            is_needed=submission.state in states.OPEN,
        )
