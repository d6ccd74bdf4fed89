"""The button that has other columns chosen for a list that is ready, which makes a new list."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from campaigns.clients import access
from campaigns.clients.models import Role
from campaigns.contacts.browsing import waiting_draft
from campaigns.contacts.importing import other_columns
from campaigns.contacts.models import ContactList
from campaigns.contacts.views.upload import COLUMNS
from campaigns.uploads.downloads.responses import FILE_GONE
from campaigns.uploads.runs.stored_file import NotStored
from portal import files


@require_POST
def choose_other(request: HttpRequest, pk: int) -> HttpResponse:
    """Make a new list of the same file, and lead to the choice of its columns."""
    lists = ContactList.objects.select_related("client__partner_account")
    contact_list = access.load(request, lists, pk, to=Role.ACCOUNT_MANAGER)
    if not other_columns.may_begin(contact_list):
        messages.warning(request, "You can’t choose other columns for this list.")
        return redirect("contacts:detail", pk)
    try:
        made = other_columns.begin(contact_list, access.person(request))
    except NotStored:
        messages.error(request, files.NOT_WRITTEN)
        return redirect("contacts:detail", pk)
    except OSError:
        messages.error(request, FILE_GONE)
        return redirect("contacts:detail", pk)
    waiting_draft.remember(request, made, waiting_draft.of(request, contact_list))
    messages.info(
        request, f"This makes a new list from the same file. “{contact_list.name}” stays as it is."
    )
    return COLUMNS.begin(made)
