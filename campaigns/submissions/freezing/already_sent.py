"""What the partner has, or may have, from earlier submissions of a campaign. It is never sent again.

If one part of a submission was accepted and another refused, its draft is reopened for corrections and
then submitted again for the rest.
"""

from collections.abc import Iterator, Sequence
from contextlib import suppress

from django.db.models import Sum

from campaigns.batches import in_batches
from campaigns.contacts.browsing.suppressed_now import contacts_on
from campaigns.contacts.models import ContactList
from campaigns.drafts.models import Campaign
from campaigns.plurals import counted
from campaigns.submissions import payload_files
from campaigns.submissions.freezing.recipients import as_integer
from campaigns.submissions.models import Delivery, Part, Submission
from campaigns.submissions.models.part import PartQuerySet, some_of
from campaigns.suppression import matching

# Numbers that are looked up at once.
BATCH = 500


def parts_sent(campaign: Campaign) -> PartQuerySet:
    """Return the parts of the campaign, of any submission, that the partner has or may have."""
    return Part.objects.at_the_partner().filter(submission__campaign=campaign)


def learnt_since(submission: Submission) -> str:
    """Return what the partner turned out to have of the campaign since this was frozen; "" if nothing.

    A late answer, a person or a journal can show that an earlier submission was sent after all. The bytes
    of this submission then contain the same people.
    """
    if submission.is_test_call or submission.left_out_part_ids is None:
        return ""
    others = parts_sent(submission.own_campaign).exclude(submission=submission)
    learnt = others.exclude(pk__in=submission.left_out_part_ids)
    count = learnt.numbers()
    if not count:
        return ""
    return (
        f"The partner has, or may have, {counted(count, 'number')} of this campaign from an earlier "
        "submission. We learned this after this one was prepared. Submit the campaign again to leave "
        "them out."
    )


def numbers_sent(parts: Sequence[Part]) -> set[int]:
    """Return every number of the parts, as integers.

    Raises payload_files.Damaged if a part is not exactly what was frozen: a number that is missed would
    be called twice.
    """
    if not all(part.is_whole for part in parts):
        raise payload_files.Damaged
    return {
        as_integer(number) for part in parts for number in payload_files.numbers(part.payload_file)
    }


def numbers_on(lists: Sequence[ContactList], campaign: Campaign) -> set[int]:
    """Return the numbers on the lists that the partner has, or may have, of the campaign, as integers.

    Suppressed numbers don't count: they are left out anyway. What can't be read of a damaged part is
    missing; nothing is frozen then.
    """
    found: set[int] = set()
    suppressed = matching.matcher(campaign.client)
    for part in parts_sent(campaign):
        with suppress(payload_files.Damaged):
            for batch in in_batches(payload_files.numbers(part.payload_file), BATCH):
                on_lists = contacts_on(lists).filter(number__in=batch)
                numbers = set(on_lists.values_list("number", flat=True))
                found |= {as_integer(number) for number in numbers - suppressed.among(numbers)}
    return found


def note(campaign: Campaign) -> Iterator[str]:
    """Yield, for the builder, what another submission of the campaign would leave out."""
    count = parts_sent(campaign).aggregate(total=Sum("number_count", default=0))["total"]
    if count:
        yield (
            f"The partner already has {counted(count, 'number')} of this campaign, from an earlier "
            f"submission (ID {ids_of(campaign)}). They are left out when you submit it for the rest."
        )


def ids_of(campaign: Campaign, *, before: Submission | None = None) -> str:
    """Return, for people, the partner's IDs of what the campaign's submissions handed over.

    With `before`, only submissions from before that one count.
    """
    handed_over = Delivery.objects.filter(
        part__submission__campaign=campaign, campaign_id__isnull=False
    )
    if before:
        handed_over = handed_over.filter(part__submission__lt=before.pk)
    return some_of(list(handed_over.values_list("campaign_id", flat=True)))
