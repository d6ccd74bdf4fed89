"""Campaigns kept as patterns for further campaigns of the same client. Re-exported by `models`."""

from collections.abc import Mapping

from django.conf import settings
from django.contrib.auth.models import User
from django.db import IntegrityError, models, transaction
from django.db.models.functions import Lower
from django.utils import timezone

from campaigns.clients.models import Client, Event

TEMPLATE_NAME_MAX_LENGTH = 60


class CampaignTemplateQuerySet(models.QuerySet["CampaignTemplate"]):
    def named(self, client: Client, name: str) -> "CampaignTemplateQuerySet":
        """Return the client's template with this name, without regard to capitals."""
        same = Lower(models.Value(name))
        return self.annotate(folded=Lower("name")).filter(client=client, folded=same)


class CampaignTemplate(models.Model):
    """A template. It holds its own copy of the values: lookups withdrawn later do not change it."""

    client = models.ForeignKey(Client, on_delete=models.PROTECT, related_name="+")
    name = models.CharField("Template name", max_length=TEMPLATE_NAME_MAX_LENGTH)
    # The values of the builder's form by the names of its fields, as `form_data.as_template`
    # returns them.
    fields = models.JSONField(default=dict)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    made_at = models.DateTimeField(default=timezone.now)
    changed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    changed_at = models.DateTimeField(default=timezone.now)

    objects = CampaignTemplateQuerySet.as_manager()

    class Meta:
        app_label = "drafts"
        ordering = [Lower("client__name"), Lower("name")]
        constraints = [
            models.UniqueConstraint(
                "client", Lower("name"), name="templates_of_a_client_have_names_of_their_own"
            )
        ]

    def __str__(self) -> str:
        return self.name

    # Factories

    @classmethod
    def keep(
        cls, actor: User, client: Client, name: str, fields: Mapping[str, str]
    ) -> "CampaignTemplate":
        """Create a template. Raises NameTaken when the client has one with this name."""
        try:
            with transaction.atomic():
                made = cls.objects.create(
                    client=client, name=name, fields=dict(fields), made_by=actor, changed_by=actor
                )
                Event.record(made, client.pk, f"Created the template “{name}”.", actor)
        except IntegrityError:
            raise NameTaken(cls.objects.named(client, name).first()) from None
        return made

    # Mutators

    @transaction.atomic
    def replace(self, actor: User, fields: Mapping[str, str]) -> None:
        """Replace the values by those of another campaign, under the same name."""
        self.fields = dict(fields)
        self._change(actor, "Replaced what the template keeps.", "fields")

    def rename(self, actor: User, name: str) -> None:
        """Rename the template. Raises NameTaken when the client has another one with this name."""
        before = self.name
        if name == before:
            return
        self.name = name
        try:
            with transaction.atomic():
                self._change(actor, f"Renamed the template “{before}” to “{name}”.", "name")
        except IntegrityError:
            self.name = before
            raise NameTaken(type(self).objects.named(self.client, name).first()) from None

    @transaction.atomic
    def give_up(self, actor: User) -> None:
        """Delete the template. Its events stay, and so do the campaigns begun from it."""
        Event.record(self, self.client_id, f"Deleted the template “{self.name}”.", actor)
        self.delete()

    def _change(self, actor: User, sentence: str, *changed: str) -> None:
        self.changed_by, self.changed_at = actor, timezone.now()
        self.save(update_fields=[*changed, "changed_by", "changed_at"])
        Event.record(self, self.client_id, sentence, actor)


class NameTaken(Exception):
    """The client has a template with this name: `other`, or None if it has been deleted since."""

    def __init__(self, other: CampaignTemplate | None) -> None:
        super().__init__()
        self.other = other
