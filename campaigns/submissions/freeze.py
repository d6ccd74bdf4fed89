"""Turn a submitted campaign into the exact bytes that will be sent, once, before anything is sent.

Streams: memory grows by one integer for each number when there are several lists to de-duplicate
across, and not at all when there is one. Suppressed numbers are left out, one query for each batch.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import islice

import orjson
from django.db.models import TextField
from django.db.models.functions import Cast
from django.utils import timezone

from campaigns.contacts import suppression
from campaigns.contacts.models import Contact, ContactList
from campaigns.contacts.suppression import SuppressedNumbers
from campaigns.drafts import schedule
from campaigns.drafts.content import DraftContent, Source
from campaigns.drafts.models import ParameterSource
from campaigns.partner import wire
from campaigns.submissions import payloads
from campaigns.submissions.models import Part, Submission

# Rows in one block of JSON; larger ones leave the processor's cache and are slower.
BATCH = 500


class PeopleMissing(Exception):
    """A contact list holds fewer or more contacts than it counts."""


class NothingToSend(Exception):
    """No number is left to call; `suppressed` ones were left out."""

    def __init__(self, suppressed: int) -> None:
        super().__init__()
        self.suppressed = suppressed

    @property
    def sentence(self) -> str:
        if not self.suppressed:
            return "There is nobody to call on its contact lists."
        return f"Nobody is left to call: {self.suppressed:,} numbers on its lists are suppressed."


def freeze(submission: Submission) -> bool:
    """Freeze a submission that is being prepared. False when it is not being prepared (any more).

    Doing it twice is harmless: the same draft gives the same bytes, and only one is kept.
    """
    if submission.state != Submission.State.PREPARING:
        return False
    content = submission.campaign.content()
    account = submission.client.partner_account
    name = wire_name(submission, with_reference=account.reference_in_name)
    read_at = timezone.now()
    suppressed = suppression.matcher(submission.client)
    people = Recipients(content.contact_lists, content.parameters, suppressed)
    said = wire_campaign(name, content)
    payload = payloads.store(wire.body(said, people.batches(), cli_field=account.cli_field))
    if not people.count:
        raise NothingToSend(people.suppressed)
    people.check_nobody_is_missing()
    part = Part(
        submission=submission,
        position=1,
        partner_account=account,
        dm_client_id=submission.client.dm_client_id,
        call_flow_id=said.call_flow_id,
        cli_id=said.cli_id,
        wire_name=name,
        payload_file=payload.name,
        payload_sha256=payload.sha256,
        payload_bytes=payload.size,
        number_count=people.count,
        repeated_count=people.repeated,
        suppressed_count=people.suppressed,
        suppression_read_at=read_at,
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


Row = tuple[str, str, str]
"""A contact's number, name, and its values as JSON."""


class Recipients:
    """Everybody on the lists who may be called, each once, in the order of the lists and rows."""

    def __init__(
        self,
        contact_lists: Iterable[ContactList],
        parameters: Mapping[int, Source],
        suppressed: SuppressedNumbers,
    ) -> None:
        self._lists = list(contact_lists)
        self._parameters = parameters
        self._suppressed = suppressed
        self._seen: set[int] = set()
        self.count = 0
        self.repeated = 0
        self.suppressed = 0

    def batches(self) -> Iterator[Iterable[wire.Recipient]]:
        """Yield batches to be gone through once: each person is made when the one before is written."""
        for contact_list in self._lists:
            contacts = Contact.objects.filter(contact_list=contact_list).order_by("pk")
            # As text, since Django's own reading of JSON takes longer than all the rest here.
            text = Cast("values", TextField())
            rows = contacts.values_list("number", "name", text).iterator(BATCH)
            recipient = _writer(contact_list, self._parameters)
            while batch := list(islice(rows, BATCH)):
                called = self._called(batch)
                self.count += len(called)
                yield map(recipient, called)

    def _called(self, batch: list[Row]) -> list[Row]:
        """Leave out who is on an earlier list, and then whoever is suppressed."""
        if len(self._lists) > 1:
            batch = [row for row in batch if not self._is_repeated(row[0])]
        suppressed = self._suppressed.among([number for number, _, _ in batch])
        if not suppressed:
            return batch
        self.suppressed += len(suppressed)
        return [row for row in batch if row[0] not in suppressed]

    def check_nobody_is_missing(self) -> None:
        """Raise PeopleMissing unless everybody that the lists count was met."""
        expected = sum(contact_list.contact_count for contact_list in self._lists)
        if self.count + self.repeated + self.suppressed != expected:
            raise PeopleMissing

    def _is_repeated(self, number: str) -> bool:
        digits = int(number[1:])
        if digits in self._seen:
            self.repeated += 1
            return True
        self._seen.add(digits)
        return False


def _writer(
    contact_list: ContactList, parameters: Mapping[int, Source]
) -> Callable[[Row], wire.Recipient]:
    """Return what makes a recipient of one of the list's rows, its parameters in ascending order."""
    sources = sorted(sources_for(contact_list, parameters).items())
    fixed = {n: text for n, (column, text) in sources if column is None and text}
    columns = [(n, column) for n, (column, _) in sources if column is not None]

    def recipient(row: Row) -> wire.Recipient:
        number, name, text = row
        values = orjson.loads(text) if columns else []
        said = {n: value for n, column in columns if (value := values[column])}
        # Only where there are fixed texts among the columns, since it takes a tenth of all the time.
        in_order = dict(sorted((fixed | said).items())) if fixed else said
        return wire.Recipient(number, name, in_order)

    return recipient


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
