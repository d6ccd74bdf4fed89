"""Downloads: rejected rows, duplicates with another name, and the file as it was uploaded."""

from django.http import HttpRequest, HttpResponseBase, StreamingHttpResponse
from django.views.decorators.http import require_GET

from campaigns.clients import access
from campaigns.contacts.browsing import csv_rows
from campaigns.contacts.models import ContactList
from campaigns.uploads.downloads.rejected_rows import rejected_rows
from campaigns.uploads.downloads.responses import as_uploaded, csv_file


@require_GET
def rejected(request: HttpRequest, pk: int) -> StreamingHttpResponse:
    contact_list = access.load(request, ContactList.objects.ready(), pk)
    return csv_file(rejected_rows(contact_list), f"rejected-rows-{pk}.csv")


@require_GET
def other_names(request: HttpRequest, pk: int) -> StreamingHttpResponse:
    contact_list = access.load(request, ContactList.objects.ready(), pk)
    return csv_file(csv_rows.other_names(contact_list), f"same-number-different-names-{pk}.csv")


@require_GET
def original(request: HttpRequest, pk: int) -> HttpResponseBase:
    contact_list = access.load(request, ContactList.objects.exclude(file=""), pk)
    return as_uploaded(request, contact_list, "contacts", "contact-list")
