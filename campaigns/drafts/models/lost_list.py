"""Contact lists that were deleted while a campaign had them. Re-exported by `models`."""

from django.conf import settings
from django.db import models
from django.utils import timezone


class LostList(models.Model):
    """A contact list that a campaign has lost.

    The row stays until a person chooses other lists, or to continue without this one.
    """

    campaign = models.ForeignKey("Campaign", on_delete=models.CASCADE, related_name="lost_lists")
    name = models.CharField(max_length=80)
    deleted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    deleted_at = models.DateTimeField(default=timezone.now)

    class Meta:
        app_label = "drafts"
        ordering = ["pk"]

    def __str__(self) -> str:
        return self.name

    @property
    def sentence(self) -> str:
        who = self.deleted_by.get_full_name() or self.deleted_by.get_username()
        day = timezone.localtime(self.deleted_at)
        return f"{who} deleted the contact list “{self.name}” on {day:%-d %B %Y}."
