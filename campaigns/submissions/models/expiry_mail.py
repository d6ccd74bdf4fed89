"""Who has been written to of a submission that expired."""

from typing import TYPE_CHECKING

from django.conf import settings
from django.contrib.auth.models import User
from django.db import IntegrityError, models, transaction
from django.utils import timezone

if TYPE_CHECKING:
    from campaigns.submissions.models import Submission


class ExpiryMail(models.Model):
    """The e-mail of one expired submission to one person; written before it is sent, so it goes once."""

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
        """Take the e-mail for this process to send. None when it was taken before."""
        try:
            with transaction.atomic(durable=True):
                return cls.objects.create(submission=submission, person=person)
        except IntegrityError:
            return None

    def failed(self) -> None:
        """Let it be sent at the next try."""
        self.delete()
