"""E-mail the people concerned while a delivery needs checking: at once, and again until it is settled."""

from collections.abc import Iterator
from datetime import timedelta
from smtplib import SMTPRecipientsRefused, SMTPResponseException

import structlog
from django.conf import settings
from django.contrib.auth.models import User
from django.core.mail import EmailMessage, get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.db.models import Q, QuerySet
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone

from campaigns.clients import access
from campaigns.clients.models import Role
from campaigns.submissions.models import Delivery, DoubtMail, Submission

log = structlog.get_logger(__name__)


def concerned(submission: Submission) -> QuerySet[User]:
    """Return its authors, if they still may see it, and all people who approve for its client.

    A test call concerns only the person who made it, or the approvers if that person can no longer act
    for the client.
    """
    authors = Q(pk=submission.submitted_by_id)
    if submission.is_test_call:
        acting = access.people_of(submission.client, at_least=Role.ACCOUNT_MANAGER)
        approving = access.people_of(submission.client, at_least=Role.APPROVER)
        maker = acting.filter(authors)
        return maker if maker.exists() else approving.order_by("pk")
    authors |= Q(pk__in=submission.own_campaign.editors.values("pk"))
    approvers = access.people_of(submission.client, at_least=Role.APPROVER)
    members = access.people_of(submission.client)
    return members.filter(authors | Q(pk__in=approvers.values("pk"))).order_by("pk")


def write() -> None:
    """Send the e-mails that are due.

    If the mail server can't be reached, the next call tries again.
    """
    due = list(_due())
    if not due:
        return
    try:
        with get_connection() as server:
            for delivery, person, stage in due:
                mail = DoubtMail.begin(delivery, person, stage)
                if mail and was_taken(
                    _message(delivery, person, stage, server), delivery=delivery.pk
                ):
                    mail.sent()
    except OSError as problem:
        log.error("e-mails can't be sent", error=type(problem).__name__)


def _due() -> Iterator[tuple[Delivery, User, int]]:
    """Yield each e-mail that is due: its delivery, person and stage.

    If a person has missed several stages, only the last of them is due.
    """
    doubts = Delivery.objects.in_doubt().select_related(
        "part__submission__client",
        "part__submission__campaign",
        "part__submission__submitted_by",
        "settled_by",
    )
    for delivery in doubts:
        stage = _stage(delivery)
        written = DoubtMail.objects.filter(delivery=delivery, stage__gte=stage).values("person")
        if stage >= 0:
            for person in concerned(delivery.part.submission).exclude(pk__in=written):
                if person.email:
                    yield delivery, person, stage


def _stage(delivery: Delivery) -> int:
    """Return the latest stage whose time has come, from 0; -1 before the first."""
    since = delivery.doubted_at
    waits = (timedelta(seconds=seconds) for seconds in settings.NEEDS_CHECKING_MAIL_AFTER)
    return sum(since + wait <= timezone.now() for wait in waits) - 1


def was_taken(message: EmailMessage, **of_what: int) -> bool:
    """Send the e-mail. Return False if the server refuses it. Raises OSError if the server is gone."""
    try:
        return bool(message.send())
    except (SMTPRecipientsRefused, SMTPResponseException) as problem:
        log.error("an e-mail was refused", error=type(problem).__name__, **of_what)
        return False


def _message(
    delivery: Delivery, person: User, stage: int, server: BaseEmailBackend
) -> EmailMessage:
    submission = delivery.part.submission
    context = {
        "delivery": delivery,
        "part": delivery.part,
        "part_count": submission.parts.count(),
        "submission": submission,
        "person": person,
        "is_reminder": stage > 0,
        "is_last": 0 < stage == len(settings.NEEDS_CHECKING_MAIL_AFTER) - 1,
        "link": settings.PUBLIC_URL.rstrip("/")
        + reverse("submissions:detail", args=[submission.pk]),
    }
    again = "Still needs checking" if stage else "Needs checking"
    return EmailMessage(
        # Django refuses a subject with a line break as a forged header, and a name may have one.
        " ".join(f"{again}: {submission}".split()),
        render_to_string("submissions/doubt_mail.txt", context),
        to=[person.email],
        connection=server,
    )
