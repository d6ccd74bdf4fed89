"""Write a part's own people as the rows that a reading fills in, from the frozen bytes.

So people who have not been called are on the page too, with the names that were sent, and a number that the
part does not have is never kept, even if somebody typed the ID of another campaign.
"""

from collections.abc import Iterator

import orjson
from django.db import transaction

from campaigns.batches import in_batches
from campaigns.partner import wire
from campaigns.results.models import CalledPerson, PartReading
from campaigns.results.models.called_person import LONGEST_NAME
from campaigns.submissions import payload_files
from campaigns.submissions.models import Part

BATCH = 1_000


def prepare(reading: PartReading, token: str) -> None:
    """Write the people, a thousand at a time. Raises ReadingLost.

    If the bytes are damaged or gone, there are none: then whoever the partner names is kept.
    """
    try:
        for people in in_batches(_people(reading.part), BATCH):
            # Together, so that nobody comes back whom `forget` deletes at this moment.
            with transaction.atomic():
                reading.write(token)
                CalledPerson.objects.bulk_create(people, ignore_conflicts=True)
    except payload_files.Damaged:
        CalledPerson.objects.filter(part=reading.part_id, partner_id=None).delete()
        return
    reading.write(token, is_prepared=True)


def _people(part: Part) -> Iterator[CalledPerson]:
    for entry in payload_files.entries(part.payload_file):
        fields = orjson.loads(entry)
        yield CalledPerson(
            part=part,
            number=wire.e164(fields[wire.NUMBER]),
            name=fields.get(wire.RECIPIENT_NAME, "")[:LONGEST_NAME],
        )
