import django_tables2 as tables

from campaigns.contacts.models import ContactList
from campaigns.tables import Table


class ContactListTable(Table):
    rows_noun = "contact list"
    caption = "Contact lists"

    name = tables.Column(linkify=("contacts:detail", {"pk": tables.A("pk")}), verbose_name="List")
    client = tables.Column(order_by="client__name")
    status = tables.TemplateColumn(template_name="contacts/status_cell.html")
    contact_count = tables.TemplateColumn(
        "{% load humanize %}{{ record.contact_count|intcomma }}",
        verbose_name="Contacts",
        attrs={"td": {"class": "number"}, "th": {"class": "number"}},
    )
    refused_count = tables.TemplateColumn(
        "{% load humanize %}{{ record.refused_count|intcomma }}",
        verbose_name="Refused",
        attrs={"td": {"class": "number wide-only"}, "th": {"class": "number"}},
    )
    uploaded_at = tables.TemplateColumn("{{ value|relative_time }}", verbose_name="Uploaded")

    class Meta(Table.Meta):
        model = ContactList
        fields = ("name", "client", "status", "contact_count", "refused_count", "uploaded_at")
        order_by = "-uploaded_at"
        empty_text = ""
