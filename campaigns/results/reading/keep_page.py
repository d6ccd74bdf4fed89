"""Write one page of the partner's answer: what it says of a number replaces what was known of it."""

from collections.abc import Iterable
from datetime import datetime
from decimal import Decimal

from django.db import transaction
from django.db.models import F

from campaigns.partner.codes import Outcome
from campaigns.partner.reading.rows import NumbersPage, ReadCall, ReadNumber, ReadSms
from campaigns.results.models import Call, CalledPerson, PartReading, Sms
from campaigns.results.models.called_person import LONGEST_DIGITS, LONGEST_NAME, LONGEST_NUMBER
from campaigns.shortening import shortened

MOST_ATTEMPTS = 1_000
# No call lasts longer than a day.
MOST_SECONDS = 24 * 60 * 60
_SMALLEST = Decimal("0.000001")
_LATEST = (
    "partner_id",
    "is_reached",
    "outcome",
    "stage",
    "digits",
    "attempts",
    "seconds",
    "price",
)


def keep(reading: PartReading, token: str, page: NumbersPage) -> None:
    """Write a page and that it was read, in one transaction. Raises ReadingLost.

    Writing the same page again changes nothing.
    """
    with transaction.atomic():
        # A further pass begins at the first page again, so a worker that takes over does too.
        reading.write(token, page=page.number + 1 if page.pass_number == 1 else 1)
        rows = {row.number: row for row in page.rows if 0 < len(row.number) <= LONGEST_NUMBER}
        people = _people(reading, rows)
        unknown = len(rows) - len(people)
        if unknown:
            reading.write(token, unknown_count=F("unknown_count") + unknown)
        _replace(people, rows)


def _people(reading: PartReading, rows: dict[str, ReadNumber]) -> list[CalledPerson]:
    """Write the latest of each person, and return them with their keys.

    Numbers that the part does not have are left out.
    """
    names = dict(
        CalledPerson.objects.filter(part=reading.part_id, number__in=rows).values_list(
            "number", "name"
        )
    )
    people = [
        _latest(reading.part_id, names.get(number), row)
        for number, row in rows.items()
        if number in names or not reading.is_prepared
    ]
    return CalledPerson.objects.bulk_create(
        people,
        update_conflicts=True,
        unique_fields=["part", "number"],
        update_fields=[*_LATEST, "name"],
    )


def _latest(part_id: int, name: str | None, row: ReadNumber) -> CalledPerson:
    calls = [call for _, call in _in_order(row.calls)]
    last = calls[-1] if calls else None
    pressed = [call.user_input for call in calls if call.user_input]
    return CalledPerson(
        part_id=part_id,
        number=row.number,
        name=name or row.name[:LONGEST_NAME],
        partner_id=row.id,
        is_reached=any(call.outcome == Outcome.ANSWERED for call in calls),
        outcome=last.outcome if last else None,
        stage=last.stage if last else None,
        digits=shortened(pressed[-1], LONGEST_DIGITS) if pressed else "",
        attempts=len(calls),
        seconds=sum(_seconds(call) or 0 for call in calls),
        price=sum((price for call in calls if (price := _price(call)) is not None), Decimal(0)),
    )


def _replace(people: Iterable[CalledPerson], rows: dict[str, ReadNumber]) -> None:
    people = list(people)
    keys = [person.pk for person in people]
    Call.objects.filter(person__in=keys).delete()
    Sms.objects.filter(person__in=keys).delete()
    Call.objects.bulk_create(
        _call(person, attempt, call)
        for person in people
        for attempt, call in _in_order(rows[person.number].calls)
    )
    Sms.objects.bulk_create(
        _sms(person, position, sms)
        for person in people
        for position, sms in enumerate(rows[person.number].smss)
    )


def _in_order(calls: Iterable[ReadCall]) -> list[tuple[int, ReadCall]]:
    """Return each call once, with the number of its attempt, the earliest first."""
    ordered = sorted(
        calls,
        key=lambda call: (
            call.attempt_number or 0,
            call.started_at.timestamp() if call.started_at else 0.0,
        ),
    )
    found: dict[tuple[int, datetime | None], ReadCall] = {}
    for position, call in enumerate(ordered, start=1):
        given = call.attempt_number or 0
        attempt = given if 0 < given <= MOST_ATTEMPTS else position
        found[attempt, call.started_at] = call
    return [(attempt, call) for (attempt, _), call in found.items()]


def _call(person: CalledPerson, attempt: int, call: ReadCall) -> Call:
    return Call(
        part_id=person.part_id,
        person=person,
        attempt=attempt,
        started_at=call.started_at,
        outcome=call.outcome,
        stage=call.stage,
        digits=shortened(call.user_input, LONGEST_DIGITS),
        is_transfer=bool(call.is_transfer),
        seconds=_seconds(call),
        price=_price(call),
    )


def _sms(person: CalledPerson, position: int, sms: ReadSms) -> Sms:
    pieces = sms.parts if sms.parts is not None and 0 <= sms.parts <= MOST_ATTEMPTS else None
    return Sms(
        part_id=person.part_id,
        person=person,
        position=position,
        status=sms.status,
        price=_price(sms),
        pieces=pieces,
    )


def _seconds(call: ReadCall) -> int | None:
    """Return how long the call took; None for what can't be a length."""
    return call.seconds if call.seconds is not None and 0 <= call.seconds <= MOST_SECONDS else None


def _price(charged: ReadCall | ReadSms) -> Decimal | None:
    return charged.price.quantize(_SMALLEST) if charged.price is not None else None
