from collections.abc import Mapping
from functools import cached_property

import django_tables2 as tables
from django.template.loader import render_to_string

from campaigns.clients.models import Event
from campaigns.drafts import hooks
from campaigns.drafts.models import Campaign, CampaignTemplate
from campaigns.tables import Table

CHANGED_BY = "{{ record.changed_by.get_full_name|default:record.changed_by.get_username }}"
ON_ONE_LINE = {"td": {"class": "text-nowrap"}}


class CampaignTable(Table):
    rows_noun = "campaign"
    caption = "Campaigns"

    title = tables.TemplateColumn(
        '<a href="{% url "drafts:edit" record.pk %}">{{ record.title }}</a>',
        verbose_name="Campaign",
        order_by="name",
    )
    client = tables.Column(order_by="client__name")
    start_date = tables.DateColumn(
        format="D j M Y", verbose_name="Starts", default="Not chosen", attrs=ON_ONE_LINE
    )
    people = tables.Column(
        empty_values=(),
        orderable=False,
        attrs={"td": {"class": "number wide-only"}, "th": {"class": "number"}},
    )
    status = tables.Column(verbose_name="State")
    changed_by = tables.TemplateColumn(
        CHANGED_BY, order_by="changed_by__username", attrs={"td": {"class": "wide-only"}}
    )
    changed_at = tables.TemplateColumn(
        "{{ value|relative_time }}", verbose_name="Last changed", attrs=ON_ONE_LINE
    )

    class Meta(Table.Meta):
        model = Campaign
        fields = (
            "title",
            "client",
            "start_date",
            "people",
            "status",
            "changed_by",
            "changed_at",
        )
        order_by = "-changed_at"
        empty_text = ""

    @cached_property
    def states(self) -> Mapping[int, hooks.State]:
        """Return the state of each campaign on the page shown, by its id."""
        return hooks.states([row.record.pk for row in self.paginated_rows])

    @cached_property
    def called(self) -> Mapping[int, int]:
        """Return how many contacts are on the lists of each campaign on the page shown, by its id."""
        shown = [row.record.pk for row in self.paginated_rows]
        return Campaign.objects.filter(pk__in=shown).people()

    def render_people(self, record: Campaign) -> str:
        return f"{self.called[record.pk]:,}"

    def render_status(self, record: Campaign) -> str:
        context = {"campaign": record, "outcome": self.states.get(record.pk)}
        return render_to_string("drafts/status_cell.html", context)


class HistoryTable(Table):
    """Events, with their times to the second: several may be recorded in one minute."""

    rows_noun = "event"
    caption = "What happened"

    at = tables.DateTimeColumn(
        format="j M Y H:i:s", verbose_name="When (UK time)", attrs=ON_ONE_LINE
    )
    sentence = tables.Column(verbose_name="What")
    actor = tables.TemplateColumn(
        "{% if value %}{{ value.get_full_name|default:value.get_username }}"
        "{% else %}The portal{% endif %}",
        verbose_name="Who",
    )

    class Meta(Table.Meta):
        model = Event
        fields = ("at", "sentence", "actor")
        orderable = False
        empty_text = ""


class TemplateTable(Table):
    rows_noun = "template"
    caption = "Templates"

    name = tables.TemplateColumn(
        '<a href="{% url "drafts:template" record.pk %}">{{ record.name }}</a>',
        verbose_name="Template",
    )
    client = tables.Column(order_by="client__name")
    changed_by = tables.TemplateColumn(CHANGED_BY, order_by="changed_by__username")
    changed_at = tables.TemplateColumn("{{ value|relative_time }}", verbose_name="Last changed")

    class Meta(Table.Meta):
        model = CampaignTemplate
        fields = ("name", "client", "changed_by", "changed_at")
        order_by = ("client", "name")
        empty_text = ""
