"""Read one part from the partner: claim it, ask page by page, keep each page, and say when next."""

import time
from contextlib import suppress
from datetime import datetime

import structlog
from django.db import Error
from django.utils import timezone

from campaigns.partner.connection import Limits
from campaigns.partner.reading.errors import ReadError
from campaigns.partner.reading.reader import NUMBERS_A_PAGE, Reader
from campaigns.partner.reading.requests import ReadLimits
from campaigns.results.models import CalledPerson, PartReading, ReadingLost
from campaigns.results.models.account_turn import turn_at
from campaigns.results.reading import due_parts, timing
from campaigns.results.reading.keep_page import keep
from campaigns.results.reading.prepare import prepare
from campaigns.submissions.answer_outcomes import Hold
from campaigns.submissions.delivering import partner_headers
from campaigns.submissions.delivering.partner_headers import NotSignedIn
from campaigns.submissions.models import CallingWindow, Delivery

log = structlog.get_logger(__name__)

# All tries of one question together take less time than a claim lasts.
LIMITS = ReadLimits(exchange=Limits(connect=10, deadline=45), tries=2, longest_pause=10)
# After so many seconds other work of the queue gets its turn.
LONGEST_SLICE = 120.0
UNAUTHORISED = 401
MOVED = (
    "The partner account has another address, or the client another DM client ID, than when this campaign "
    "was sent. So the portal can’t ask what came of it."
)
UNEXPECTED = "The portal could not keep what the partner answered. Tell an administrator."


def read(reading: PartReading, slice_seconds: float = LONGEST_SLICE) -> bool:
    """Read a part if it is due and no other worker does. Return whether there is more to read at once."""
    token = reading.claim()
    if not token:
        return False
    try:
        return _read(reading, token, slice_seconds)
    except ReadingLost:
        log.info("another worker took over a reading", reading=reading.pk)
    except ReadError as problem:
        if problem.status == UNAUTHORISED:
            _forget_token(reading)
        _fail(reading, token, problem)
    except NotSignedIn as problem:
        _fail(reading, token, ReadError(problem.reason, may_pass=problem.hold is Hold.NOTHING))
    except Exception:
        with suppress(Error):
            _fail(reading, token, ReadError(UNEXPECTED, may_pass=True))
        raise
    return False


def _read(reading: PartReading, token: str, slice_seconds: float) -> bool:
    delivery = _delivery(reading)
    if delivery is None or delivery.campaign_id is None:
        # Somebody has said since that the partner does not have it.
        reading.finish(token, None, is_complete=False)
        return False
    _begin(reading, token, delivery)
    end = time.monotonic() + slice_seconds
    pages = _reader(delivery).phone_numbers(
        delivery.campaign_id,
        from_page=reading.page,
        page_size=NUMBERS_A_PAGE,
        expected=delivery.part.number_count,
    )
    for page in pages:
        keep(reading, token, page)
        if page.is_last:
            due_at = timing.next_reading(_windows(reading), timezone.now())
            reading.finish(token, due_at, is_complete=page.is_complete)
            log.info("read results", reading=reading.pk, is_complete=page.is_complete)
            return False
        if time.monotonic() > end and page.pass_number == 1:
            reading.pause(token)
            return True
    return False


def _delivery(reading: PartReading) -> Delivery | None:
    """Return the delivery that the partner accepted; None if it has not got the part after all."""
    accepted = due_parts.accepted().filter(part=reading.part_id).order_by("-pk")
    return accepted.select_related("partner_account", "part__submission__client").first()


def _begin(reading: PartReading, token: str, delivery: Delivery) -> None:
    """Prepare the part's people, and begin at the first page unless a reading broke off."""
    part = delivery.part
    is_moved = part.api_url != delivery.partner_account.api_url
    if is_moved or part.dm_client_id != part.submission.client.dm_client_id:
        raise ReadError(MOVED, may_pass=False)
    if reading.campaign_id not in {None, delivery.campaign_id}:
        # What was read is another campaign's.
        CalledPerson.delete_of(part)
        reading.write(token, page=1, is_prepared=False)
    if reading.page == 1:
        reading.write(
            token,
            campaign_id=delivery.campaign_id,
            started_at=timezone.now(),
            unknown_count=0,
        )
    if not reading.is_prepared:
        prepare(reading, token)


def _reader(delivery: Delivery) -> Reader:
    return Reader(
        delivery.part.api_url,
        lambda: partner_headers.headers(delivery),
        LIMITS,
        turn=lambda: turn_at(delivery.partner_account_id),
    )


def _windows(reading: PartReading) -> list[tuple[datetime, datetime]]:
    windows = CallingWindow.objects.filter(submission__parts=reading.part_id)
    return list(windows.values_list("starts_at", "finishes_at"))


def _forget_token(reading: PartReading) -> None:
    """Have the next try ask for a new token."""
    if delivery := _delivery(reading):
        partner_headers.was_refused(delivery)


def _fail(reading: PartReading, token: str, problem: ReadError) -> None:
    due_at = timing.next_try(
        _windows(reading),
        timezone.now(),
        reading.failures,
        may_pass=problem.may_pass,
        retry_after=problem.retry_after,
    )
    with suppress(ReadingLost):
        reading.fail(token, problem.reason, due_at)
    log.warning("results could not be read", reading=reading.pk, status=problem.status)
