"""Look at suppression again just before a part is sent: nobody may be called who was added meanwhile."""

from itertools import islice

from campaigns.contacts.models import Contact, ContactList
from campaigns.submissions import payload_files
from campaigns.submissions.models import Part
from campaigns.suppression import matching

BATCH = 1000


def suppressed_since(part: Part) -> int:
    """Count the part's numbers that have been suppressed since it was frozen.

    Nearly always answered by one indexed query: has any newer entry a number on the lists that were
    submitted? Only if so are the frozen bytes themselves read, in batches, since that entry may be of
    a number that the freeze had left out already. They are read too where one of the lists is no
    longer there to be asked. Raises payloads.Damaged.
    """
    client = part.submission.client
    newer = matching.newer_than(part.suppression_read_at, client)
    # Not the campaign's: its draft may have been changed and other lists chosen since.
    lists = part.submission.contact_list_ids
    are_there = lists and ContactList.objects.filter(pk__in=lists).count() == len(lists)
    on_lists = Contact.objects.filter(contact_list__in=lists, number__in=newer.values("number"))
    if not (on_lists if are_there else newer).exists():
        return 0
    suppressed = matching.matcher(client)
    numbers = payload_files.numbers(part.payload_file)
    count = 0
    while batch := list(islice(numbers, BATCH)):
        count += len(suppressed.among(batch))
    return count


def sentence(count: int) -> str:
    if count == 1:
        return "1 of its numbers was suppressed after the campaign had been submitted."
    return f"{count:,} of its numbers were suppressed after the campaign had been submitted."
