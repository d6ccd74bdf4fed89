"""The queries of submissions that lists, panels and the resend guard use."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.contrib.auth.models import User
from django.db import models
from django.db.models.functions import Coalesce
from django.utils import timezone

from campaigns.clients import access
from campaigns.clients.models import Client, Membership, Role
from campaigns.drafts.models import Campaign
from campaigns.submissions.models import states
from campaigns.submissions.models.delivery.guards import Delivery
from campaigns.submissions.models.part import Part
from campaigns.submissions.models.submission import Submission

LATELY = timedelta(hours=24)
A_WEEK = timedelta(days=7)

# Undone is not among them: a person chose that.
TO_CORRECT = (
    states.State.REFUSED,
    states.State.PARTLY_SUBMITTED,
    states.State.RETURNED,
    states.State.EXPIRED,
)

Submissions = models.QuerySet[Submission]


def under_way(submissions: Submissions) -> Submissions:
    return submissions.filter(state__in=states.UNDER_WAY)


def counted(submissions: Submissions) -> Submissions:
    """Return those of the submissions by which anybody was, is, or may still be called.

    Those that ended with nothing at the partner are left out.
    """
    at_the_partner = Part.objects.at_the_partner().filter(submission=models.OuterRef("pk"))
    return submissions.filter(~models.Q(state__in=states.TO_MEND) | models.Exists(at_the_partner))


def earlier(campaign: Campaign) -> Submissions:
    """Return the submissions that call the same client's people at about the same time as the campaign.

    They were handed over in the last 24 hours or are still open, however long ago they were submitted. A
    submission that has ended counts only if the partner has, or may have, a part of it. The campaign's
    own earlier submissions are left out: its freeze leaves out what the partner has of them.
    """
    since = timezone.now() - LATELY
    theirs = Delivery.objects.filter(
        part__submission=models.OuterRef("pk"), state__in=states.MAY_BE_AT_THE_PARTNERS
    )
    lately = theirs.annotate(at=Coalesce("sending_at", "finished_at", "queued_at"))
    # Nothing is handed over after its start. So the condition on the start spares looking at the
    # deliveries of years.
    handed_over = models.Q(models.Exists(lately.filter(at__gte=since)), starts_at__gte=since)
    to_go = models.Q(state__in=states.OPEN)
    return _beside(campaign).filter(handed_over | to_go).order_by("-pk")


def around(instant: datetime, campaign: Campaign) -> Submissions:
    """Return the client's other campaigns' submissions that start within a week of `instant`."""
    days = (instant - A_WEEK, instant + A_WEEK)
    return _beside(campaign).filter(starts_at__range=days).order_by("starts_at", "pk")


def _beside(campaign: Campaign) -> Submissions:
    """Return the counted submissions of the client's other campaigns."""
    of_client = counted(Submission.objects.all()).filter(client=campaign.client_id)
    return of_client.exclude(campaign=campaign)


def wants_somebody() -> models.Q:
    """Return the condition for submissions that wait for a person, whoever that may be.

    - The partner may have it, and a person has to find out (needs checking).
    - It is held.
    - It is its campaign's newest, it was refused, partly submitted, returned or expired, and the draft is
      open again.
    """
    is_open_again = newest_is(TO_CORRECT) & models.Q(campaign__status=Campaign.Status.DRAFT)
    return needs_checking() | is_held() | is_open_again


def wants(person: User) -> models.Q:
    """Return the condition for submissions on which the person can act.

    They want somebody, or they await approval, and the person may approve them. No author of one may.
    Viewers can do nothing, so nothing waits for them.
    """
    edited = Campaign.editors.through.objects.filter(
        user=person, campaign=models.OuterRef("campaign")
    )
    approving = access.clients_of(person, at_least=Role.APPROVER)
    asks_me = models.Q(state=states.State.AWAITING_APPROVAL, client__in=approving) & ~(
        models.Q(submitted_by=person) | models.Exists(edited)
    )
    acting = access.clients_of(person, at_least=Role.ACCOUNT_MANAGER)
    return (wants_somebody() | asks_me) & models.Q(client__in=acting, is_test_call=False)


def wants_for_test_call(person: User) -> models.Q:
    """Return the condition for test calls that the person has to settle, resume or undo.

    They are the person's own, and those that their maker can't act on and whose client the person
    approves for.
    """
    acting = access.clients_of(person, at_least=Role.ACCOUNT_MANAGER)
    approving = access.clients_of(person, at_least=Role.APPROVER)
    theirs = models.Q(submitted_by=person, client__in=acting)
    left = models.Q(client__in=approving) & ~has_acting_maker()
    return models.Q(is_test_call=True) & (needs_checking() | is_held()) & (theirs | left)


def has_acting_maker() -> models.Q:
    """Return the condition for submissions whose submitter is active and still may act for the client."""
    acting = Membership.objects.filter(
        client=models.OuterRef("client"),
        user=models.OuterRef("submitted_by"),
        user__is_active=True,
        role__gte=Role.ACCOUNT_MANAGER,
    )
    return models.Q(models.Exists(acting))


def gravest_first(submissions: Submissions) -> Submissions:
    """Order those that need checking before the others, and of each the latest first."""
    needing = models.When(state=states.State.NEEDS_CHECKING, then=0)
    return submissions.order_by(models.Case(needing, default=1), "-state_at")


def newest_is(among: Iterable[states.State]) -> models.Q:
    """Return the condition for the newest submissions of their campaigns, in any of the states."""
    later = Submission.objects.filter(
        campaign=models.OuterRef("campaign"), pk__gt=models.OuterRef("pk")
    )
    return models.Q(state__in=among) & ~models.Q(models.Exists(later))


def in_doubt_for(
    submissions: Submissions, person: User, approving: models.QuerySet[Client]
) -> Submissions:
    """Return those in doubt of which the person is an author, or which the person may approve.

    `approving` are the clients for which the person may approve. A test call concerns only the person
    who made it: nobody approves it, and nobody else's phone rings. If that person can no longer act for
    the client, it concerns those who approve, so that somebody settles it.
    """
    concerning = (
        (models.Q(client__in=approving) & (models.Q(is_test_call=False) | ~has_acting_maker()))
        | models.Q(submitted_by=person)
        | models.Q(campaign__in=Campaign.objects.filter(editors=person).values("pk"))
    )
    return submissions.filter(concerning & needs_checking()).order_by("state_at")


def needs_checking() -> models.Q:
    """Return the condition for submissions that a person has to settle.

    It includes those that have ended and have a delivery in doubt.
    """
    doubts = Delivery.objects.in_doubt().filter(part__submission=models.OuterRef("pk"))
    return models.Q(state=states.State.NEEDS_CHECKING) | models.Q(models.Exists(doubts))


def is_held() -> models.Q:
    """Return the condition for submissions of which nothing is sent until a person resumes them."""
    return ~models.Q(held_reason="") & models.Q(state__in=states.UNDER_WAY)


def listed(submissions: Submissions) -> Submissions:
    """Fetch all that a row of the history needs, in a fixed number of queries."""
    return (
        submissions.select_related("client", "submitted_by")
        .prefetch_related("parts__deliveries")
        .annotate(number_count=Coalesce(_numbers_of_parts(), 0))
    )


def _numbers_of_parts() -> models.Subquery:
    parts = Part.objects.filter(submission=models.OuterRef("pk")).order_by().values("submission")
    return models.Subquery(parts.annotate(total=models.Sum("number_count")).values("total"))
