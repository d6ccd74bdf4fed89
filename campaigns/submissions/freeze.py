"""Turn a submitted campaign into the exact bytes that will be sent, once, before anything is sent.

Streams: memory grows by one integer for each number when there are several lists to de-duplicate
across, and not at all when there is one.
"""

from collections.abc import Iterable, Iterator, Mapping
from itertools import islice

import orjson
from django.db.models import TextField
from django.db.models.functions import Cast

from campaigns.contacts.models import Contact, ContactList
from campaigns.drafts import schedule
from campaigns.drafts.content import DraftContent, Source
from campaigns.drafts.models import ParameterSource
from campaigns.partner import wire
from campaigns.submissions import payloads
from campaigns.submissions.models import Part, Submission

# Rows in one block of JSON; larger ones leave the processor's cache and are slower.
BATCH = 500


class NothingToSend(Exception):
    """No number is left to call."""


def freeze(submission: Submission) -> bool:
    """Freeze a submission that is being prepared. False when it is not being prepared (any more).

    Doing it twice is harmless: the same draft gives the same bytes, and only one is kept.
    """
    if submission.state != Submission.State.PREPARING:
        return False
    content = submission.campaign.content()
    account = submission.client.partner_account
    name = wire_name(submission, with_reference=account.reference_in_name)
    people = Recipients(content.contact_lists, content.parameters)
    payload = payloads.store(
        wire.body(wire_campaign(name, content), people.batches(), cli_field=account.cli_field)
    )
    if not people.count:
        raise NothingToSend
    part = Part(
        submission=submission,
        position=1,
        wire_name=name,
        payload_file=payload.name,
        payload_sha256=payload.sha256,
        payload_bytes=payload.size,
        number_count=people.count,
        repeated_count=people.repeated,
    )
    return submission.frozen([part])


def wire_name(submission: Submission, *, with_reference: bool) -> str:
    """Return the name sent. The reference at its end lets a person find it at the partner's."""
    if not with_reference:
        return submission.name
    return f"{submission.name} [{submission.reference}]"


def wire_campaign(name: str, content: DraftContent) -> wire.VoiceCampaign:
    """Return the campaign in the partner's words and wall clock. The draft must be complete."""
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


class Recipients:
    """Everybody on the lists, each number once, in the order of the lists and their rows."""

    def __init__(
        self, contact_lists: Iterable[ContactList], parameters: Mapping[int, Source]
    ) -> None:
        self._lists = list(contact_lists)
        self._parameters = parameters
        self._seen: set[int] = set()
        self.count = 0
        self.repeated = 0

    def batches(self) -> Iterator[list[wire.Recipient]]:
        for contact_list in self._lists:
            people = self._of(contact_list)
            while batch := list(islice(people, BATCH)):
                self.count += len(batch)
                yield batch

    def _of(self, contact_list: ContactList) -> Iterator[wire.Recipient]:
        sources = sources_for(contact_list, self._parameters)
        fixed = {n: text for n, (column, text) in sources.items() if column is None and text}
        columns = {n: column for n, (column, _) in sources.items() if column is not None}
        rows = Contact.objects.filter(contact_list=contact_list).order_by("pk")
        # As text, since Django's own reading of JSON takes longer than all the rest here.
        found = rows.values_list("number", "name", Cast("values", TextField()))
        several = len(self._lists) > 1
        for number, name, text in found.iterator(BATCH):
            if several and self._is_repeated(number):
                continue
            values = orjson.loads(text)
            parameters = dict(fixed)
            for n, column in columns.items():
                if value := values[column]:
                    parameters[n] = value
            yield wire.Recipient(number, name, parameters)

    def _is_repeated(self, number: str) -> bool:
        digits = int(number[1:])
        if digits in self._seen:
            self.repeated += 1
            return True
        self._seen.add(digits)
        return False


def sources_for(
    contact_list: ContactList, parameters: Mapping[int, Source]
) -> dict[int, tuple[int | None, str]]:
    """Return, for each parameter, the list's column that holds it, or else the fixed text."""
    found: dict[int, tuple[int | None, str]] = {}
    for number, source in parameters.items():
        if source.kind == ParameterSource.Kind.TEXT:
            found[number] = (None, source.value)
        elif source.value in contact_list.headings:
            found[number] = (contact_list.headings.index(source.value), "")
    return found
