"""A campaign kept as a pattern for further ones of its client. Given by `models` too."""

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
        """Return the client's template of this name, in capitals or not."""
        same = Lower(models.Value(name))
        return self.annotate(folded=Lower("name")).filter(client=client, folded=same)


class CampaignTemplate(models.Model):
    """What it holds stands by itself: lookups that are withdrawn later leave it as it is."""

    client = models.ForeignKey(Client, on_delete=models.PROTECT, related_name="+")
    name = models.CharField("Template name", max_length=TEMPLATE_NAME_MAX_LENGTH)
    # The builder's form by the names of its fields, as `form_data.as_template` gives it.
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
        """Make a template. Raises NameTaken when the client has one of this name."""
        try:
            with transaction.atomic():
                made = cls.objects.create(
                    client=client, name=name, fields=dict(fields), made_by=actor, changed_by=actor
                )
                Event.record(made, client.pk, f"Made the template “{name}”.", actor)
        except IntegrityError:
            raise NameTaken(cls.objects.named(client, name).first()) from None
        return made

    # Mutators

    @transaction.atomic
    def replace(self, actor: User, fields: Mapping[str, str]) -> None:
        """Hold what another campaign says, under the same name."""
        self.fields = dict(fields)
        self._change(actor, "Replaced what the template holds.", "fields")

    def rename(self, actor: User, name: str) -> None:
        """Raises NameTaken when the client has another one of this name."""
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
        """Delete it. Campaigns begun from it stay as they are, and so does what happened to it."""
        Event.record(self, self.client_id, f"Deleted the template “{self.name}”.", actor)
        self.delete()

    def _change(self, actor: User, sentence: str, *changed: str) -> None:
        self.changed_by, self.changed_at = actor, timezone.now()
        self.save(update_fields=[*changed, "changed_by", "changed_at"])
        Event.record(self, self.client_id, sentence, actor)


class NameTaken(Exception):
    """The client has a template of this name: `other`, or None if it has gone again since."""

    def __init__(self, other: CampaignTemplate | None) -> None:
        super().__init__()
        self.other = other
