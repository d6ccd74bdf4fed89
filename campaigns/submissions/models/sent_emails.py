"""The e-mails about doubts and expiries that have been sent, and to whom."""

from django.conf import settings
from django.contrib.auth.models import User
from django.db import IntegrityError, models, transaction
from django.utils import timezone

from campaigns.submissions.models.delivery.guards import Delivery
from campaigns.submissions.models.submission import Submission


class DoubtMail(models.Model):
    """The e-mail about one delivery to one person at one stage.

    The row is written before the e-mail is sent, so that it is sent at most once. An e-mail without
    `sent_at` may not have been sent. The next stage makes up for it.
    """

    delivery = models.ForeignKey(Delivery, on_delete=models.CASCADE, related_name="mails")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    # The index in the setting NEEDS_CHECKING_MAIL_AFTER, from 0.
    stage = models.PositiveSmallIntegerField()
    begun_at = models.DateTimeField(default=timezone.now)
    sent_at = models.DateTimeField(null=True)

    class Meta:
        app_label = "submissions"
        constraints = [
            models.UniqueConstraint(
                fields=["delivery", "person", "stage"],
                name="a_person_is_written_to_once_at_each_stage_of_a_doubt",
            )
        ]

    def __str__(self) -> str:
        return f"E-mail {self.pk}"

    @classmethod
    def begin(cls, delivery: Delivery, person: User, stage: int) -> "DoubtMail | None":
        """Reserve the e-mail for this process to send. Return None if it was reserved before."""
        try:
            with transaction.atomic(durable=True):
                return cls.objects.create(delivery=delivery, person=person, stage=stage)
        except IntegrityError:
            return None

    def sent(self) -> None:
        self.sent_at = timezone.now()
        self.save(update_fields=["sent_at"])


class ExpiryMail(models.Model):
    """The e-mail about one expired submission to one person.

    The row is written before the e-mail is sent, so that it is sent once.
    """

    submission = models.ForeignKey(Submission, on_delete=models.CASCADE, related_name="mails")
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
    def begin(cls, submission: Submission, person: User) -> "ExpiryMail | None":
        """Reserve the e-mail for this process to send. Return None if it was reserved before."""
        try:
            with transaction.atomic(durable=True):
                return cls.objects.create(submission=submission, person=person)
        except IntegrityError:
            return None

    def failed(self) -> None:
        """Delete the row, so that the next run sends the e-mail."""
        self.delete()
