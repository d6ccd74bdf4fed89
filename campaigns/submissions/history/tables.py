import django_tables2 as tables

from campaigns.submissions.models import Submission
from campaigns.submissions.models.part import some_of
from campaigns.tables import Table


class SubmissionTable(Table):
    rows_noun = "submission"
    caption = "Submissions"

    name = tables.TemplateColumn(
        '<a href="{% url "submissions:detail" record.pk %}">{{ record.name }}</a>'
        '{% include "submissions/_test_call.html" with submission=record %}'
        '<span class="reference">{{ record.reference }}</span>',
        verbose_name="Campaign",
    )
    client = tables.Column(order_by="client__name")
    state = tables.TemplateColumn(template_name="submissions/state_cell.html")
    number_count = tables.TemplateColumn(
        "{% load humanize %}{{ record.number_count|intcomma }}",
        verbose_name="Numbers",
        attrs={"td": {"class": "number"}, "th": {"class": "number"}},
    )
    campaign_ids = tables.Column(verbose_name="Campaign ID", orderable=False)
    submitted_by = tables.TemplateColumn(
        "{{ record.submitted_by.get_full_name|default:record.submitted_by.get_username }}",
        order_by=("submitted_by__first_name", "submitted_by__last_name"),
        attrs={"td": {"class": "wide-only"}},
    )
    submitted_at = tables.TemplateColumn("{{ value|relative_time }}", verbose_name="Submitted")

    def render_campaign_ids(self, value: list[int]) -> str:
        return some_of(value)

    class Meta(Table.Meta):
        model = Submission
        fields = (
            "name",
            "client",
            "state",
            "number_count",
            "campaign_ids",
            "submitted_by",
            "submitted_at",
        )
        order_by = "-submitted_at"
        empty_text = ""
