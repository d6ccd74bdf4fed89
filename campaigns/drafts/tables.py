import django_tables2 as tables

from campaigns.drafts.models import Campaign
from campaigns.tables import Table


class CampaignTable(Table):
    title = tables.TemplateColumn(
        '<a href="{% url "drafts:edit" record.pk %}">{{ record.title }}</a>',
        verbose_name="Campaign",
        order_by="name",
    )
    client = tables.Column(order_by="client__name")
    start_date = tables.DateColumn(format="D j M Y", verbose_name="Starts", default="Not chosen")
    status = tables.TemplateColumn(template_name="drafts/status_cell.html")
    changed_at = tables.DateTimeColumn(format="j M Y H:i", verbose_name="Last changed")

    class Meta(Table.Meta):
        model = Campaign
        fields = ("title", "client", "start_date", "status", "changed_at")
        order_by = "-changed_at"
        empty_text = ""
