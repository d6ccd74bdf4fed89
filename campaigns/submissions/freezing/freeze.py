"""Turn a submitted campaign into the exact bytes that will be sent, once, before anything is sent.

A campaign that is too large for one request becomes several parts, each a campaign of its own at the
partner. Memory does not grow with the list, except as `recipients` describes, and by one integer for each
number that the partner already has.
"""

import tempfile
from collections.abc import Sequence
from functools import partial
from typing import IO

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from campaigns.drafts.campaign import schedule
from campaigns.drafts.campaign.content import DraftContent
from campaigns.partner import wire
from campaigns.plurals import counted
from campaigns.submissions import payload_files
from campaigns.submissions.freezing import already_sent, splitting
from campaigns.submissions.freezing.recipients import Recipients
from campaigns.submissions.models import Part, Submission
from campaigns.submissions.submitting import client_rules
from campaigns.suppression import matching
from campaigns.uploads.numbers.characters import as_said

# With at most three digits in "(2 of 5)", and the reference, the longest name of a campaign still fits.
MOST_PARTS = 999
AGAIN = "Check the campaign and submit it again."
ANOTHER_KIND = (
    "The client’s partner account was switched between sandbox and live after this was submitted. "
    f"{AGAIN}"
)


class CantFreeze(Exception):
    """The draft has to be corrected first. `sentence` tells its author why."""

    def __init__(self, sentence: str) -> None:
        super().__init__()
        self.sentence = sentence


def freeze(submission: Submission) -> bool:
    """Freeze a submission that is being prepared. Return False if it is not being prepared (any more).

    Doing it twice is harmless: the same draft gives the same bytes, and only one result is saved. Raises
    CantFreeze; PeopleMissing if a list does not have as many contacts as it says; or
    payload_files.Damaged if the numbers that the partner already has can't be read.
    """
    if submission.state != Submission.State.PREPARING:
        return False
    campaign = submission.own_campaign
    content = campaign.content()
    read_at = timezone.now()
    parts_sent = list(already_sent.parts_sent(campaign))
    people = Recipients(
        content.lists_by_precedence,
        content.parameters,
        suppressed=matching.matcher(submission.client),
        already_sent=already_sent.numbers_sent(parts_sent),
    )
    parts = _parts(submission, content, people)
    if not people.count:
        raise CantFreeze(_nobody_left(people))
    people.check_nobody_is_missing()
    for part in parts:
        part.suppression_read_at = read_at
    # These counts are for the whole submission, and its first part has them.
    parts[0].repeated_count = people.repeated
    parts[0].suppressed_count = people.suppressed
    parts[0].already_sent_count = people.already_sent
    return keep(submission, parts, parts_sent)


def keep(submission: Submission, parts: Sequence[Part], sent_before: Sequence[Part]) -> bool:
    """Save the frozen parts, and make the submission ready to send or to be approved.

    `sent_before` are the campaign's parts of earlier submissions whose numbers were left out.

    Return False, having changed nothing, if it is not being prepared any more: another worker was
    quicker, or a person has undone it.
    """
    state = Submission.State
    numbers = sum(part.number_count for part in parts)
    asks = submission.client.wants_approval(numbers)
    with transaction.atomic():
        after = state.AWAITING_APPROVAL if asks else state.SCHEDULED
        left_out = [part.pk for part in sent_before]
        if not submission.move([state.PREPARING], after, left_out_part_ids=left_out):
            return False
        Part.objects.bulk_create(parts)
        several = f", as {len(parts)} campaigns" if len(parts) > 1 else ""
        submission.record_event(f"Prepared {counted(numbers, 'number')} for sending{several}.")
        if asks:
            submission.record_event("Asked for approval.")
    return True


def _parts(submission: Submission, content: DraftContent, people: Recipients) -> list[Part]:
    """Write everybody into parts, and the parts to storage. Return the rows, which are not saved yet."""
    account = submission.client.partner_account
    if account.kind != submission.account_kind:
        raise CantFreeze(ANOTHER_KIND)
    if changed := client_rules.changed(submission):
        sentence = f"{changed} {AGAIN}"
        raise CantFreeze(sentence)
    name = partial(wire_name, submission, with_reference=account.reference_in_name)
    longest = wire_campaign(name(MOST_PARTS, MOST_PARTS), content)
    around = len(wire.head(longest, cli_field=account.cli_field)) + len(wire.END)
    capacity = splitting.Capacity(
        submission.client.most_numbers, settings.MOST_REQUEST_BYTES - around
    )
    with tempfile.TemporaryFile() as file:
        stretches = _cut(file, people, capacity)
        parts = []
        for position, stretch in enumerate(stretches, start=1):
            said = wire_campaign(name(position, len(stretches)), content)
            head = wire.head(said, cli_field=account.cli_field)
            payload = payload_files.store(wire.body(head, stretch.blocks(file)))
            parts.append(
                part_of(submission, position, said, payload, stretch.count, content=content)
            )
    return parts


def _cut(
    file: IO[bytes], people: Recipients, capacity: splitting.Capacity
) -> list[splitting.Stretch]:
    try:
        stretches = splitting.cut(file, map(wire.entries, people.batches()), capacity)
    except splitting.EntryTooLong:
        message = "One person’s row is longer than the partner accepts in one request."
        raise CantFreeze(message) from None
    if len(stretches) > MOST_PARTS:
        message = (
            f"This would be sent as {len(stretches):,} campaigns, and {MOST_PARTS} is the most. Use "
            "shorter lists, or ask an administrator to allow more numbers in a campaign."
        )
        raise CantFreeze(message)
    return stretches


def part_of(
    submission: Submission,
    position: int,
    said: wire.VoiceCampaign,
    payload: payload_files.Payload,
    count: int,
    *,
    content: DraftContent,
) -> Part:
    """Return the row of a part that is stored as `payload`, with where it goes now. It is not saved."""
    account = submission.client.partner_account
    return Part(
        submission=submission,
        position=position,
        partner_account=account,
        account_kind=account.kind,
        api_url=account.api_url,
        cli_field=account.cli_field,
        reference_in_name=account.reference_in_name,
        dm_client_id=submission.client.dm_client_id,
        call_flow_id=said.call_flow_id,
        cli_id=said.cli_id,
        call_flow_named=str(content.call_flow),
        cli_named=str(content.cli),
        wire_name=said.name,
        payload_file=payload.name,
        payload_sha256=payload.sha256,
        payload_bytes=payload.size,
        number_count=count,
    )


def _nobody_left(people: Recipients) -> str:
    """Return why there is nobody to call."""
    reasons = []
    if people.already_sent:
        reasons.append(
            f"the partner already has {counted(people.already_sent, 'number')} on its lists, from an "
            "earlier submission of this campaign"
        )
    if people.suppressed:
        are = "is" if people.suppressed == 1 else "are"
        reasons.append(f"{counted(people.suppressed, 'number')} on its lists {are} suppressed")
    if not reasons:
        return "There is nobody to call on its contact lists."
    return f"Nobody is left to call: {', and '.join(reasons)}."


def wire_name(submission: Submission, position: int, total: int, *, with_reference: bool) -> str:
    """Return the name to send. With the reference at its end, a person can find it at the partner."""
    said = as_said(submission.name)
    name = said if total == 1 else f"{said} ({position} of {total})"
    return f"{name} [{submission.reference}]" if with_reference else name


def wire_campaign(name: str, content: DraftContent) -> wire.VoiceCampaign:
    """Return the campaign as the partner takes it, with its times on the UK clock.

    Raises ValueError if the draft is not complete.
    """
    if content.call_flow is None or content.cli is None:
        message = "only a checked draft can be frozen"
        raise ValueError(message)
    zone = content.client.zone
    return wire.VoiceCampaign(
        name=name,
        window=_window(schedule.on_uk_clock(content.hours, zone)),
        runover=[_window(schedule.on_uk_clock(hours, zone)) for hours in content.runover],
        call_flow_id=content.call_flow.partner_id,
        cli_id=content.cli.partner_id,
        intervals=[minutes or 0 for minutes in content.intervals],
        answerphone=wire.Occasion(content.answerphone),
        sms_on_busy=wire.Occasion(content.sms_on_busy),
    )


def _window(hours: schedule.UkHours) -> wire.Window:
    return wire.Window(hours.day, hours.start, hours.finish)
