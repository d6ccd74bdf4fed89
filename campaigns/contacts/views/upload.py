"""The pages to upload a file, see its first rows, choose its columns and have it imported."""

from functools import partial

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods

from campaigns.clients import access
from campaigns.clients.models import CallFlow, Role
from campaigns.contacts import tasks
from campaigns.contacts.browsing import example_rows, waiting_draft
from campaigns.contacts.browsing.waiting_draft import WaitingDraft
from campaigns.contacts.forms import AddForm, MappingForm, UploadForm
from campaigns.contacts.importing import foreseen_refusals, list_columns
from campaigns.contacts.models import ContactList
from campaigns.contacts.views import lists
from campaigns.uploads.columns.columns_page import ColumnsPage
from campaigns.uploads.downloads.responses import csv_file
from campaigns.uploads.numbers.for_client import checker_for

COLUMNS = ColumnsPage(
    app="contacts",
    form=MappingForm,
    look=list_columns.look,
    look_now=list_columns.look_now,
    propose=list_columns.propose,
    foresee=foreseen_refusals.of_a_list,
    choose=list_columns.choose,
    checker=lambda contact_list: checker_for(contact_list.client),
    look_task=tasks.look_at_list,
    import_task=tasks.import_list,
)


@require_http_methods(["GET", "POST"])
def upload(request: HttpRequest) -> HttpResponse:
    """Upload a file for a new list. With `?draft`, the list's page leads back to that draft."""
    access.require_somewhere(request.user, Role.ACCOUNT_MANAGER)
    clients = access.clients_of(request.user, at_least=Role.ACCOUNT_MANAGER)
    draft = waiting_draft.asked_for(request)
    form = UploadForm(
        request.POST or None,
        request.FILES or None,
        clients=clients,
        initial={"client": draft.client} if draft else None,
    )
    if request.method == "POST" and form.is_valid():
        kept = COLUMNS.keep(form, partial(_uploaded, request, form, draft))
        if kept:
            return kept
    flows = CallFlow.objects.filter(client__in=clients, is_active=True).select_related("client")
    context = {
        "form": form,
        "draft": draft,
        "flows": flows.order_by("client__name", "name"),
        "max_bytes": settings.UPLOAD_MAX_BYTES,
        "max_rows": settings.UPLOAD_MAX_ROWS,
    }
    return render(request, "contacts/upload.html", context, status=422 if form.is_bound else 200)


def _uploaded(request: HttpRequest, form: UploadForm, draft: WaitingDraft | None) -> ContactList:
    made = ContactList.upload(access.person(request), **form.cleaned_data)
    waiting_draft.remember(request, made, draft)
    return made


@require_http_methods(["GET", "POST"])
def add(request: HttpRequest, pk: int) -> HttpResponse:
    """Upload a file for a new version of a list: the list's contacts and the rows of the file."""
    base = access.load(
        request, ContactList.objects.select_related("client"), pk, to=Role.ACCOUNT_MANAGER
    )
    if not base.is_ready:
        return lists.detail(request, pk) if request.method == "GET" else COLUMNS.to(base)
    form = AddForm(
        request.POST or None, request.FILES or None, initial={"name": f"{base.name[:70]}, fixed"}
    )
    if request.method == "POST" and form.is_valid():
        more = {**form.cleaned_data, "based_on": base}
        upload = partial(ContactList.upload, access.person(request), base.client, **more)
        try:
            if kept := COLUMNS.keep(form, upload):
                return kept
        except ContactList.DoesNotExist:
            messages.error(request, f"The list “{base.name}” has just been deleted.")
            return redirect("contacts:list")
    status = 422 if form.is_bound else 200
    context = {"form": form, "base": base, "max_bytes": settings.UPLOAD_MAX_BYTES}
    return render(request, "contacts/add.html", context, status=status)


@require_GET
def example_file(request: HttpRequest, pk: int) -> StreamingHttpResponse:
    """Return an example of the file that a call flow needs, to be filled in."""
    flow = access.load(request, CallFlow.objects.all(), pk)
    return csv_file(example_rows.rows(flow), f"example-{flow.partner_id}.csv")


@require_http_methods(["GET", "POST"])
def choose(request: HttpRequest, pk: int) -> HttpResponse:
    """Show the file's first rows, or take a form that has it read in another way or settles the columns."""
    lists_ = ContactList.objects.select_related("client", "based_on")
    contact_list = access.load(request, lists_, pk, to=Role.ACCOUNT_MANAGER)
    if contact_list.is_choosing and contact_list.look is not None:
        return COLUMNS.show(request, contact_list)
    is_get = request.method == "GET"
    return lists.detail(request, pk) if is_get else COLUMNS.away(request, contact_list)
