"""The page of all contact lists and the page of one list: the import under way, or its result."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET

from campaigns.clients import access
from campaigns.clients.models import Event
from campaigns.contacts.browsing import list_uses, waiting_draft
from campaigns.contacts.browsing.list_filter import Narrowed
from campaigns.contacts.browsing.suppressed_now import SuppressedNow
from campaigns.contacts.importing import other_columns
from campaigns.contacts.models import ContactList
from campaigns.contacts.tables import ContactListTable
from campaigns.uploads.downloads import rejected_rows
from campaigns.uploads.numbers.checker import Reason
from campaigns.uploads.runs import notices, problem_tiers

PREVIEW_ROWS = 10
FIRST_PROBLEMS = 20


@require_GET
def contact_lists(request: HttpRequest) -> HttpResponse:
    lists = access.visible(request.user, ContactList.objects.select_related("client"))
    narrowed = Narrowed(request, lists)
    context = {
        "table": ContactListTable.paged(request, narrowed.lists),
        "tabs": list(narrowed.tabs()),
        "tab": narrowed.tab,
        "form": narrowed.form,
        "is_narrowed": narrowed.is_narrowed,
        "may_write": access.can_edit_somewhere(request.user),
    }
    return render(request, "contacts/list.html", context)


@require_GET
def detail(request: HttpRequest, pk: int) -> HttpResponse:
    """Show one list. htmx requests it repeatedly while the import runs."""
    lists = ContactList.objects.select_related("client", "uploaded_by", "based_on")
    contact_list = access.load(request, lists, pk)
    may_write = access.can_edit(request.user, contact_list.client)
    context = {
        "contact_list": contact_list,
        "may_write": may_write,
        "draft": waiting_draft.of(request, contact_list),
        **_found(contact_list),
    }
    template = "contacts/_state.html" if request.htmx else "contacts/detail.html"  # type: ignore[attr-defined]
    answer = render(request, template, context)
    if request.htmx and contact_list.is_choosing and may_write:  # type: ignore[attr-defined]
        answer.headers["HX-Redirect"] = reverse("contacts:choose", args=[pk])
    return answer


def _found(contact_list: ContactList) -> dict[str, Any]:
    """Return the result of reading the file, or the problem while there is no result."""
    found: dict[str, Any] = {"events": Event.objects.about(contact_list)}
    if not contact_list.is_ready:
        code = contact_list.problem_code
        again = bool(contact_list.file) and problem_tiers.may_be_read_otherwise(code)
        return found | {"tier": problem_tiers.of(code), "may_be_read_again": again}
    refused = contact_list.refused_rows.exclude(reason=Reason.SUPPRESSED)
    return found | {
        "contacts": contact_list.contacts.order_by("pk")[:PREVIEW_ROWS],
        "problems": refused.select_related("contact_list")[:FIRST_PROBLEMS],
        "reasons": rejected_rows.reasons(contact_list),
        "notices": notices.sentences(contact_list.notices),
        "may_choose_other": other_columns.may_begin(contact_list),
        "same": contact_list.same_numbers(),
        "now": SuppressedNow.on(contact_list),
        "uses": list_uses.of(contact_list),
    }
