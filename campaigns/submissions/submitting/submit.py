"""Submit a campaign: decide once to send it, and store all that this depends on as it is at this moment."""

from collections.abc import Sequence
from datetime import datetime

from django.contrib.auth.models import User
from django.db import transaction
from django.utils.crypto import get_random_string

from campaigns.drafts.models import Campaign
from campaigns.drafts.preflight import Problem
from campaigns.drafts.preflight.hours import calling_hours_overridden
from campaigns.plurals import counted
from campaigns.submissions.models import CallingWindow, Submission, queries
from campaigns.submissions.submitting import resend_guard
from campaigns.submissions.submitting.calling_windows import windows_of
from campaigns.submissions.submitting.resend_guard import UNASKED, Confirmation

# No letters and digits that are mistaken for each other on the telephone.
REFERENCE_LETTERS = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
REFERENCE_LENGTH = 6


@transaction.atomic
def submit(
    campaign: Campaign,
    actor: User,
    starts_at: datetime,
    confirmation: Confirmation = UNASKED,
    warnings: Sequence[Problem] = (),
) -> Submission:
    """Submit the campaign, and store the warnings of its pre-flight, which the actor has read, with it.

    Raises DraftLocked if the campaign has been submitted already. Raises NotConfirmed if too many of its
    people were submitted lately and `confirmation` does not confirm exactly that.
    """
    campaign.lock_for_submitting()
    # The client's campaigns are submitted one at a time, so that the resend guard sees every earlier
    # one.
    campaign.client.lock_submitting()
    overlap = resend_guard.overlap(campaign, queries.earlier(campaign))
    overlap.require(confirmation)
    campaign.lock()
    submission = Submission(
        campaign=campaign,
        client=campaign.client,
        name=campaign.name,
        reference=get_random_string(REFERENCE_LENGTH, REFERENCE_LETTERS),
        submitted_by=actor,
        account_kind=campaign.client.partner_account.kind,
        starts_at=starts_at,
        not_before=campaign.send_at,
        contact_list_ids=sorted(campaign.contact_lists.values_list("pk", flat=True)),
        resend_of=overlap.named.submission if overlap.asks else None,
        resend_shared=overlap.shared if overlap.asks else 0,
        client_rules=campaign.client.calling_rules,
        warnings=[
            {"rule": found.rule, "sentence": found.sentence, "url": found.url} for found in warnings
        ],
    )
    for warning in submission.warnings:
        warning |= {"read_by": actor.pk, "read_at": submission.submitted_at.isoformat()}
    submission.due_at = submission.due_from_now
    submission.save()
    windows = windows_of(submission, campaign.content())
    CallingWindow.objects.bulk_create(windows)
    chosen = f", to be sent on {submission.send_time}" if submission.not_before else ""
    warned = f", having read {counted(len(warnings), 'warning')}" if warnings else ""
    submission.record_event(f"Submitted the campaign{chosen}{warned}.", actor)
    for found in warnings:
        if found.rule == calling_hours_overridden.id:
            submission.record_event(found.sentence, actor)
    if overlap.asks:
        submission.record_event(overlap.confirmation_event, actor)
    return submission
