import django_tables2 as tables

from campaigns.suppression.models import Suppression
from campaigns.tables import Table

_RIGHT = {"td": {"class": "number"}, "th": {"class": "number"}}


class SuppressionTable(Table):
    caption = "Suppressed numbers"

    title = tables.TemplateColumn(
        '<a href="{% url "suppression:detail" record.pk %}">{{ record.title }}</a>',
        verbose_name="What",
        order_by="file_name",
    )
    client_name = tables.Column(verbose_name="Client", order_by="client__name")
    reason = tables.Column()
    number_count = tables.TemplateColumn(
        "{% load humanize %}{{ record.number_count|intcomma }}",
        verbose_name="Numbers",
        attrs=_RIGHT,
    )
    until = tables.DateColumn(format="j M Y", default="No end date")
    status = tables.TemplateColumn(template_name="suppression/status_cell.html")
    added_at = tables.TemplateColumn("{{ value|relative_time }}", verbose_name="Added")

    class Meta(Table.Meta):
        model = Suppression
        fields = ("title", "client_name", "reason", "number_count", "until", "status", "added_at")
        order_by = "-added_at"
        empty_text = ""
