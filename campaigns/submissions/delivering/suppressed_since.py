"""Check suppression again just before a part is sent: no person who was added meanwhile may be called."""

from campaigns.batches import in_batches
from campaigns.contacts.models import Contact, ContactList
from campaigns.submissions import payload_files
from campaigns.submissions.models import Part
from campaigns.suppression import matching

BATCH = 1000


def suppressed_since(part: Part) -> int:
    """Return how many of the part's numbers are suppressed that were not when it was frozen.

    Nearly always one indexed query is enough: has any newer entry a number on the lists that were
    submitted? Only then are the frozen bytes read, in batches, since the freeze may have left that number
    out already. They are also read if there are newer entries and one of the lists no longer exists.
    Raises payload_files.Damaged.
    """
    client = part.submission.client
    newer = matching.newer_than(part.suppression_read_at, client)
    # The lists that were submitted, not the campaign's present ones: its draft may have other lists
    # since.
    lists = part.submission.contact_list_ids
    are_there = lists and ContactList.objects.filter(pk__in=lists).count() == len(lists)
    on_lists = Contact.objects.filter(contact_list__in=lists, number__in=newer.values("number"))
    if not (on_lists if are_there else newer).exists():
        return 0
    suppressed = matching.matcher(client)
    batches = in_batches(payload_files.numbers(part.payload_file), BATCH)
    return sum(len(suppressed.among(batch)) for batch in batches)


def sentence(part: Part, count: int) -> str:
    if part.submission.is_test_call:
        return "The number was suppressed after the test call was asked for."
    if count == 1:
        return "1 of its numbers was suppressed after the campaign was submitted."
    return f"{count:,} of its numbers were suppressed after the campaign was submitted."
