"""E-mail the people concerned when a submission expires unsent."""

from collections.abc import Iterator
from datetime import timedelta

import structlog
from django.conf import settings
from django.contrib.auth.models import User
from django.core.mail import EmailMessage, get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone

from campaigns.submissions.doubts.reminders import concerned, was_taken
from campaigns.submissions.models import ExpiryMail, Submission

log = structlog.get_logger(__name__)

# How long after the expiry an e-mail may still be sent. If the mail server is away for longer, the news
# is too old.
NOTIFY_WITHIN = timedelta(days=1)


def write() -> None:
    """Send the e-mails that are due.

    If the mail server does not answer, the next call tries again.
    """
    due = list(_due())
    if not due:
        return
    try:
        with get_connection() as server:
            for submission, person in due:
                _notify(submission, person, server)
    except OSError as problem:
        log.error("e-mails can't be sent", error=type(problem).__name__)


def _due() -> Iterator[tuple[Submission, User]]:
    """Yield each e-mail that is still to be sent: its submission and person."""
    expired = Submission.objects.filter(expired_at__gt=timezone.now() - NOTIFY_WITHIN)
    for submission in expired.select_related("client", "campaign", "submitted_by"):
        written = ExpiryMail.objects.filter(submission=submission).values("person")
        for person in concerned(submission).exclude(pk__in=written).exclude(email=""):
            yield submission, person


def _notify(submission: Submission, person: User, server: BaseEmailBackend) -> None:
    mail = ExpiryMail.begin(submission, person)
    if mail is None:
        return
    try:
        was_taken(_message(submission, person, server), submission=submission.pk)
    except OSError:
        mail.failed()
        raise


def _message(submission: Submission, person: User, server: BaseEmailBackend) -> EmailMessage:
    path = reverse("submissions:detail", args=[submission.pk])
    context = {
        "submission": submission,
        "person": person,
        "is_partly_sent": submission.parts.at_the_partner().exists(),
        "link": settings.PUBLIC_URL.rstrip("/") + path,
    }
    what = "The rest expired" if context["is_partly_sent"] else "Expired"
    return EmailMessage(
        # Django refuses a subject with a line break as a forged header, and a name may have one.
        " ".join(f"{what} unsent: {submission}".split()),
        render_to_string("submissions/expiry_mail.txt", context),
        to=[person.email],
        connection=server,
    )
