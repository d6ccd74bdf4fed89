"""Contact lists: upload, watch the import, see what came of every row."""

from typing import cast

from django.conf import settings
from django.contrib.auth.models import User
from django.db import transaction
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods

from campaigns.clients import access
from campaigns.clients.models import Event, Role
from campaigns.contacts import export, tasks
from campaigns.contacts.forms import UploadForm
from campaigns.contacts.models import ContactList
from campaigns.contacts.tables import ContactListTable

PREVIEW_ROWS = 10
FIRST_PROBLEMS = 20


@require_GET
def contact_lists(request: HttpRequest) -> HttpResponse:
    lists = access.visible(request.user, ContactList.objects.select_related("client"))
    may_write = access.clients_of(request.user, at_least=Role.ACCOUNT_MANAGER).exists()
    context = {"table": ContactListTable.paged(request, lists), "may_write": may_write}
    return render(request, "contacts/list.html", context)


@require_http_methods(["GET", "POST"])
def upload(request: HttpRequest) -> HttpResponse:
    access.require_somewhere(request.user, Role.ACCOUNT_MANAGER)
    clients = access.clients_of(request.user, at_least=Role.ACCOUNT_MANAGER)
    form = UploadForm(request.POST or None, request.FILES or None, clients=clients)
    if request.method == "POST" and form.is_valid():
        contact_list = ContactList.upload(cast(User, request.user), **form.cleaned_data)
        transaction.on_commit(lambda: tasks.import_list.delay(contact_list.pk), robust=True)
        return redirect("contacts:detail", contact_list.pk)
    status = 422 if form.is_bound else 200
    context = {
        "form": form,
        "max_bytes": settings.UPLOAD_MAX_BYTES,
        "max_rows": settings.UPLOAD_MAX_ROWS,
    }
    return render(request, "contacts/upload.html", context, status=status)


@require_GET
def detail(request: HttpRequest, pk: int) -> HttpResponse:
    """Show one list. htmx asks for it again and again while the import runs."""
    lists = ContactList.objects.select_related("client", "uploaded_by")
    contact_list = access.load(request, lists, pk)
    refused = contact_list.refused_rows.all()[:FIRST_PROBLEMS]
    context = {
        "contact_list": contact_list,
        "contacts": contact_list.contacts.order_by("pk")[:PREVIEW_ROWS],
        "problems": [(row, export.sentence(row)) for row in refused],
        "events": Event.objects.about(contact_list),
    }
    template = "contacts/_state.html" if request.htmx else "contacts/detail.html"  # type: ignore[attr-defined]
    return render(request, template, context)


@require_GET
def rejected(request: HttpRequest, pk: int) -> StreamingHttpResponse:
    contact_list = access.load(request, ContactList.objects.ready(), pk)
    lines = export.csv_lines(export.rejected_rows(contact_list))
    return StreamingHttpResponse(
        lines,
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="rejected-rows-{pk}.csv"'},
    )
