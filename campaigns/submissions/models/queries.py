"""The queries of submissions that lists, panels and the resend guard use."""

from datetime import datetime, timedelta

from django.contrib.auth.models import User
from django.db import models
from django.db.models.functions import Coalesce
from django.utils import timezone

from campaigns.clients.models import Client
from campaigns.drafts.models import Campaign
from campaigns.submissions.models import states
from campaigns.submissions.models.delivery.guards import Delivery
from campaigns.submissions.models.part import Part
from campaigns.submissions.models.submission import Submission

LATELY = timedelta(hours=24)
A_WEEK = timedelta(days=7)

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


def wanting_a_person(submissions: Submissions, approving: models.QuerySet[Client]) -> Submissions:
    """Return those that wait for a person to do something, those that need checking first.

    `approving` are the clients for which the person may approve.
    """
    newest = Submission.objects.filter(campaign=models.OuterRef("campaign")).order_by("-pk")
    return submissions.filter(
        needs_checking()
        | is_held()
        | models.Q(state=states.State.AWAITING_APPROVAL, client__in=approving)
        | models.Q(state__in=states.TO_MEND, pk=newest.values("pk")[:1])
    ).order_by(models.Case(models.When(state="needs_checking", then=0), default=1), "-state_at")


def in_doubt_for(
    submissions: Submissions, person: User, approving: models.QuerySet[Client]
) -> Submissions:
    """Return those in doubt of which the person is an author, or which the person may approve.

    `approving` are the clients for which the person may approve.
    """
    concerning = (
        models.Q(client__in=approving)
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
