"""Make a test call: freeze it as it was confirmed, to be delivered by the same protocol as any campaign."""

from dataclasses import replace

from django.contrib.auth.models import User
from django.db import transaction
from django.utils import timezone
from django.utils.crypto import get_random_string

from campaigns.drafts.campaign import schedule
from campaigns.drafts.campaign.content import DraftContent, SendAt
from campaigns.drafts.models import NAME_MAX_LENGTH, Campaign, DraftLocked
from campaigns.partner import wire
from campaigns.submissions import payload_files
from campaigns.submissions.freezing import freeze
from campaigns.submissions.models import CallingWindow, OwnNumber, Part, Submission
from campaigns.submissions.models.submission_row import TEST_PREFIX
from campaigns.submissions.submitting.calling_windows import windows_of
from campaigns.submissions.submitting.submit import REFERENCE_LENGTH, REFERENCE_LETTERS
from campaigns.submissions.test_calls.planned import Planned
from campaigns.uploads.numbers.characters import as_said


class NotAsShown(Exception):
    """The draft, the number or something else that the page showed has changed since."""


class Blocked(Exception):
    """Something by now keeps the test call from being made. `Planned.obstacles` say what."""


@transaction.atomic
def make(campaign: Campaign, person: User, position: int, seen: str, form_token: str) -> Submission:
    """Make the test call that the page with the digest `seen` showed, ready to be delivered.

    It rings the person's own number and no other: the number is read here, never posted. The same
    `form_token` again returns the test call that it made before. Raises NotAsShown, Blocked,
    DraftLocked if the campaign is no draft, and OSError if the disk fails.
    """
    # Locked in this order: a person's test calls are made one at a time, and the draft stays as shown.
    own = OwnNumber.locked_of(person)
    made = Submission.with_test_calls.filter(form_token=form_token).first()
    if made and made.submitted_by_id == person.pk:
        return made
    draft = campaign.locked_draft()
    if draft is None:
        raise DraftLocked
    planned = Planned(draft, person, own, position, timezone.now())
    if made or not form_token or own is None or planned.digest != seen:
        raise NotAsShown
    if planned.obstacles:
        raise Blocked
    return _frozen(planned, own, form_token)


def _frozen(planned: Planned, own: OwnNumber, form_token: str) -> Submission:
    """Freeze it now: the draft can be changed in the next moment, and what was confirmed must be sent."""
    content = _content(planned)
    submission = _submission(planned, content, form_token)
    CallingWindow.objects.bulk_create(windows_of(submission, content))
    submission.record_event(
        f"Asked for a call with the values of person {planned.position:,} on the lists, as "
        f"[{submission.reference}].",
        planned.person,
    )
    part = _part(planned, own, submission, content)
    part.save()
    submission.move([Submission.State.PREPARING], Submission.State.SCHEDULED)
    return submission


def _content(planned: Planned) -> DraftContent:
    """Return the draft's content for one call, as soon as possible.

    An answerphone message and an SMS on busy are kept: with one call, it is both the first and the last.
    """
    if planned.hours is None:
        raise NotAsShown
    return replace(
        planned.content, hours=planned.hours, runover=(), intervals=(None,), send_at=SendAt()
    )


def _submission(planned: Planned, content: DraftContent, form_token: str) -> Submission:
    client = content.client
    # It is due at once, without an undo window: only its maker's own phone rings, the page before was the
    # second look, and waiting would keep them from what they asked for. Until a worker takes it, it can
    # be undone all the same. For the same reason nobody has to approve it.
    return Submission.with_test_calls.create(
        is_test_call=True,
        test_of=planned.campaign,
        client=client,
        name=f"{TEST_PREFIX}{planned.campaign.title[:NAME_MAX_LENGTH]}",
        reference=get_random_string(REFERENCE_LENGTH, REFERENCE_LETTERS),
        submitted_by=planned.person,
        account_kind=client.partner_account.kind,
        starts_at=schedule.starts_at(content.hours, client.zone),
        client_rules=client.calling_rules,
        form_token=form_token,
    )


def _part(planned: Planned, own: OwnNumber, submission: Submission, content: DraftContent) -> Part:
    # With the reference even where the account's campaigns have none: the partner may take each name only
    # once, a draft may be tried several times, and the campaign's own name must stay free.
    name = freeze.wire_name(submission, 1, 1, with_reference=True)
    said = freeze.wire_campaign(name, content)
    head = wire.head(said, cli_field=content.client.partner_account.cli_field)
    payload = payload_files.store(wire.body(head, wire.entries([_recipient(planned, own)])))
    part = freeze.part_of(submission, 1, said, payload, 1, content=content)
    part.suppression_read_at = planned.now
    return part


def _recipient(planned: Planned, own: OwnNumber) -> wire.Recipient:
    """Return the person's own number with the chosen person's name and values."""
    if planned.preview is None:
        raise NotAsShown
    return wire.Recipient(own.number, as_said(planned.preview.contact.name), planned.values)
