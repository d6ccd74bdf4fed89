"""Contact lists that were deleted while a campaign had them. Re-exported by `models`."""

from django.conf import settings
from django.contrib.auth.models import User
from django.db import models, transaction
from django.utils import timezone

from campaigns.clients.models import Event
from campaigns.contacts.models import DELETED
from campaigns.drafts.models.campaign import Campaign, DraftLocked


class LostList(models.Model):
    """A contact list that a campaign has lost.

    The row stays until a person chooses other lists, or to continue without this one.
    """

    campaign = models.ForeignKey(Campaign, on_delete=models.CASCADE, related_name="lost_lists")
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
        done = DELETED.format(name=self.name)
        return Event(actor=self.deleted_by, sentence=done, at=self.deleted_at).full_sentence


@transaction.atomic
def continue_without_lost(campaign: Campaign, actor: User) -> None:
    """Allow submitting without the deleted lists. Raises DraftLocked once it was submitted."""
    if campaign.locked_draft() is None:
        raise DraftLocked
    lost = list(campaign.lost_lists.all())
    campaign.lost_lists.all().delete()
    if lost:
        names = " and ".join(f"“{one.name}”" for one in lost)
        Event.record(campaign, campaign.client_id, f"Continued without {names}.", actor)
