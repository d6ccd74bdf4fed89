"""The page to read a failed file once more, in another way."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from campaigns.clients import access
from campaigns.clients.models import Role
from campaigns.contacts.models import ContactList
from campaigns.contacts.views import lists
from campaigns.contacts.views.upload import COLUMNS
from campaigns.uploads.columns.reading_form import ReadingForm
from campaigns.uploads.runs import problem_tiers
from campaigns.uploads.runs.import_run import Status
from campaigns.uploads.runs.stored_file import on_disk
from campaigns.uploads.spreadsheets import FileProblem, Kind, kind_of


@require_http_methods(["GET", "POST"])
def read_again(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask how a failed file is to be read, and show its first rows read in that way."""
    contact_list = access.load(
        request,
        ContactList.objects.select_related("client", "based_on"),
        pk,
        to=Role.ACCOUNT_MANAGER,
    )
    kind = _kind(contact_list)
    if kind is None:
        is_get = request.method == "GET"
        return lists.detail(request, pk) if is_get else redirect("contacts:detail", pk)
    form = ReadingForm(kind, contact_list.corrections, request.POST or None)
    if request.method == "POST" and form.is_valid():
        if contact_list.read_again(access.person(request), form.corrections):
            return COLUMNS.begin(contact_list)
        return redirect("contacts:detail", pk)
    context = {
        "contact_list": contact_list,
        "tier": problem_tiers.of(contact_list.problem_code),
        "form": form,
    }
    status = 422 if form.is_bound else 200
    return render(request, "contacts/read_again.html", context, status=status)


def _kind(contact_list: ContactList) -> Kind | None:
    """Return the kind of the stored file, or None if it can't be read again."""
    if contact_list.status != Status.FAILED or not contact_list.file:
        return None
    if not problem_tiers.may_be_read_otherwise(contact_list.problem_code):
        return None
    try:
        with on_disk(contact_list.file) as path:
            return kind_of(path)
    except FileProblem:
        return None
