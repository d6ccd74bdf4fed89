"""Upload a file, see what it looks like, choose its columns, and have it imported."""

from pathlib import Path

from django.conf import settings
from django.db import transaction
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods

from campaigns.clients import access
from campaigns.clients.models import CallFlow, Role
from campaigns.contacts import example, mapping, notices, tasks
from campaigns.contacts.forms import AddForm, MappingForm, UploadForm
from campaigns.contacts.mapping import Look, Proposal
from campaigns.contacts.models import ContactList
from campaigns.contacts.preview import Preview
from campaigns.contacts.spreadsheets import FileProblem, Kind
from campaigns.contacts.stored import on_disk
from campaigns.contacts.views import lists
from campaigns.contacts.views.downloads import csv_file

# Bytes up to which a file is looked at while the person waits. A workbook is unpacked for it.
TEXT_AT_ONCE = 2_000_000
WORKBOOK_AT_ONCE = 500_000


@require_http_methods(["GET", "POST"])
def upload(request: HttpRequest) -> HttpResponse:
    access.require_somewhere(request.user, Role.ACCOUNT_MANAGER)
    clients = access.clients_of(request.user, at_least=Role.ACCOUNT_MANAGER)
    form = UploadForm(request.POST or None, request.FILES or None, clients=clients)
    if request.method == "POST" and form.is_valid():
        made = ContactList.upload(access.person(request), **form.cleaned_data)
        return look_at(made)
    flows = CallFlow.objects.filter(client__in=clients, is_active=True).select_related("client")
    context = {
        "form": form,
        "flows": flows.order_by("client__name", "name"),
        "max_bytes": settings.UPLOAD_MAX_BYTES,
        "max_rows": settings.UPLOAD_MAX_ROWS,
    }
    return render(request, "contacts/upload.html", context, status=422 if form.is_bound else 200)


@require_http_methods(["GET", "POST"])
def add(request: HttpRequest, pk: int) -> HttpResponse:
    """Upload a file whose rows make a new version of a list: its contacts, and these."""
    base = access.load(
        request, ContactList.objects.select_related("client"), pk, to=Role.ACCOUNT_MANAGER
    )
    if not base.is_ready:
        return lists.detail(request, pk) if request.method == "GET" else _to(base)
    form = AddForm(
        request.POST or None, request.FILES or None, initial={"name": f"{base.name[:70]}, mended"}
    )
    if request.method == "POST" and form.is_valid():
        user = access.person(request)
        made = ContactList.upload(user, base.client, **form.cleaned_data, based_on=base)
        return look_at(made)
    status = 422 if form.is_bound else 200
    context = {"form": form, "base": base, "max_bytes": settings.UPLOAD_MAX_BYTES}
    return render(request, "contacts/add.html", context, status=status)


@require_GET
def example_file(request: HttpRequest, pk: int) -> StreamingHttpResponse:
    """Hand out a file as a call flow needs it, to be filled in."""
    flow = access.load(request, CallFlow.objects.all(), pk)
    return csv_file(example.rows(flow), f"example-{flow.partner_id}.csv")


@require_http_methods(["GET", "POST"])
def choose(request: HttpRequest, pk: int) -> HttpResponse:
    """Show the file's first rows; have it read in another way, or settle the columns."""
    contact_list = access.load(
        request,
        ContactList.objects.select_related("client", "based_on"),
        pk,
        to=Role.ACCOUNT_MANAGER,
    )
    if not contact_list.is_choosing or contact_list.look is None:
        return lists.detail(request, pk) if request.method == "GET" else _to(contact_list)
    seen = Look.from_json(contact_list.look)
    proposal = mapping.propose(contact_list, seen)
    if request.method == "GET":
        return _show(request, contact_list, seen, proposal, MappingForm(seen, proposal))
    form = MappingForm(seen, proposal, request.POST)
    if not form.is_valid():
        return _show(request, contact_list, seen, proposal, form)
    if "look" in request.POST or form.is_read_otherwise:
        return _look_again(request, contact_list, form, seen, proposal)
    if mapping.choose(contact_list, seen, form.columns, access.person(request)):
        transaction.on_commit(lambda: tasks.import_list.delay(pk), robust=True)
    return _to(contact_list)


def _look_again(
    request: HttpRequest,
    contact_list: ContactList,
    form: MappingForm,
    seen: Look,
    proposal: Proposal,
) -> HttpResponse:
    """Show the file as it is read with the corrections, or say at their field what is wrong."""
    if not _is_quick(contact_list, seen.inspection.reading.kind):
        if contact_list.look_again(form.corrections):
            transaction.on_commit(lambda: tasks.look_at_list.delay(contact_list.pk), robust=True)
        return _to(contact_list)
    try:
        with on_disk(contact_list.file) as path:
            again = mapping.look(contact_list, path, form.corrections)
    except FileProblem as problem:
        form.say(problem)
        return _show(request, contact_list, seen, proposal, form)
    contact_list.show(again.to_json(), form.corrections)
    return redirect("contacts:choose", contact_list.pk)


def _show(
    request: HttpRequest,
    contact_list: ContactList,
    seen: Look,
    proposal: Proposal,
    form: MappingForm,
) -> HttpResponse:
    context = {
        "contact_list": contact_list,
        "form": form,
        "proposal": proposal,
        "preview": Preview.of(seen.inspection, proposal),
        "notices": notices.sentences(notices.found(seen.inspection)),
    }
    status = 422 if form.is_bound else 200
    return render(request, "contacts/choose.html", context, status=status)


def look_at(contact_list: ContactList) -> HttpResponse:
    """Look at a small file at once, and leave a large one to the worker."""
    is_text = Path(contact_list.file_name).suffix.lower() in {".csv", ".txt", ".tsv"}
    limit = TEXT_AT_ONCE if is_text else WORKBOOK_AT_ONCE
    if contact_list.file_bytes <= limit:
        mapping.look_now(contact_list)
    else:
        transaction.on_commit(lambda: tasks.look_at_list.delay(contact_list.pk), robust=True)
    return _to(contact_list)


def _is_quick(contact_list: ContactList, kind: Kind) -> bool:
    """Tell whether looking again takes no longer than a page may: of text, only the start is read."""
    return kind == Kind.CSV or contact_list.file_bytes <= WORKBOOK_AT_ONCE


def _to(contact_list: ContactList) -> HttpResponse:
    page = "contacts:choose" if contact_list.is_choosing else "contacts:detail"
    return redirect(page, contact_list.pk)
