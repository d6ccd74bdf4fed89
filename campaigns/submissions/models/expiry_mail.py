"""The people who have been e-mailed about a submission that expired."""

from typing import TYPE_CHECKING

from django.conf import settings
from django.contrib.auth.models import User
from django.db import IntegrityError, models, transaction
from django.utils import timezone

if TYPE_CHECKING:
    from campaigns.submissions.models import Submission


class ExpiryMail(models.Model):
    """The e-mail about one expired submission to one person.

    The row is written before the e-mail is sent, so that it is sent once.
    """

    submission = models.ForeignKey("Submission", on_delete=models.CASCADE, related_name="mails")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    begun_at = models.DateTimeField(default=timezone.now)

    class Meta:
        app_label = "submissions"
        constraints = [
            models.UniqueConstraint(
                fields=["submission", "person"],
                name="a_person_is_written_to_once_of_an_expiry",
            )
        ]

    def __str__(self) -> str:
        return f"E-mail {self.pk}"

    @classmethod
    def begin(cls, submission: "Submission", person: User) -> "ExpiryMail | None":
        """Reserve the e-mail for this process to send. Return None if it was reserved before."""
        try:
            with transaction.atomic(durable=True):
                return cls.objects.create(submission=submission, person=person)
        except IntegrityError:
            return None

    def failed(self) -> None:
        """Delete the row, so that the next run sends the e-mail."""
        self.delete()
