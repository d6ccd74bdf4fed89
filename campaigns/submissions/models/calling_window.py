"""The windows in which the partner calls for a submission, stored because its draft may change later."""

from datetime import datetime

from django.db import models
from django.utils import timezone

from campaigns.submissions.models.submission import Submission


class CallingWindowQuerySet(models.QuerySet["CallingWindow"]):
    def of(self, submissions: models.QuerySet[Submission]) -> "CallingWindowQuerySet":
        return self.filter(submission__in=submissions.order_by())

    def between(self, first: datetime, last: datetime) -> "CallingWindowQuerySet":
        return self.filter(starts_at__lt=last, finishes_at__gt=first)


class CallingWindow(models.Model):
    """One day's hours in which the partner calls a submission's people."""

    submission = models.ForeignKey(Submission, on_delete=models.CASCADE, related_name="windows")
    starts_at = models.DateTimeField()
    finishes_at = models.DateTimeField(db_index=True)

    objects = CallingWindowQuerySet.as_manager()

    class Meta:
        ordering = ["starts_at", "pk"]

    def __str__(self) -> str:
        return f"{self.starts_at:%Y-%m-%d %H:%M}"

    @property
    def is_open(self) -> bool:
        return self.starts_at <= timezone.now() < self.finishes_at
