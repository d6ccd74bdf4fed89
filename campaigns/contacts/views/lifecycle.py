"""Changes of a list after its upload: cancel, rename, archive, delete."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from campaigns.clients import access
from campaigns.clients.models import Role
from campaigns.contacts import deletion, tasks
from campaigns.contacts.browsing import list_uses
from campaigns.contacts.forms import RenameForm
from campaigns.contacts.models import ContactList
from campaigns.contacts.views import lists
from campaigns.enqueue import enqueue


@require_POST
def cancel(request: HttpRequest, pk: int) -> HttpResponse:
    contact_list = _load(request, pk)
    if contact_list.cancel(access.person(request)):
        enqueue(tasks.remove_remains, pk)
    else:
        messages.warning(request, "The import ended before it could be cancelled.")
    return redirect("contacts:detail", pk)


@require_POST
def rename(request: HttpRequest, pk: int) -> HttpResponse:
    contact_list = _load(request, pk)
    form = RenameForm(request.POST)
    if form.is_valid():
        contact_list.rename(access.person(request), form.cleaned_data["name"])
    else:
        messages.error(request, f"{form.errors['name'][0]} The list was not renamed.")
    # While the columns are chosen, their page asks for another name if the name is taken.
    return redirect(f"contacts:{'choose' if contact_list.is_choosing else 'detail'}", pk)


@require_POST
def archive(request: HttpRequest, pk: int) -> HttpResponse:
    _load(request, pk).archive(access.person(request))
    return redirect("contacts:detail", pk)


@require_POST
def unarchive(request: HttpRequest, pk: int) -> HttpResponse:
    _load(request, pk).archive(access.person(request), back=True)
    return redirect("contacts:detail", pk)


@require_http_methods(["GET", "POST"])
def delete(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask whether to delete the list, naming its uses, or delete it. Refuse while the list is needed."""
    contact_list = _load(request, pk)
    if request.method == "POST":
        return _delete(request, contact_list)
    if contact_list.may_be_cancelled:
        return lists.detail(request, pk)
    context = {
        "contact_list": contact_list,
        "uses": list_uses.of(contact_list),
        "noun": "contact list",
        "name": contact_list.name,
        "keep_url": reverse("contacts:detail", args=[pk]),
    }
    return render(request, "contacts/delete.html", context)


def _delete(request: HttpRequest, contact_list: ContactList) -> HttpResponse:
    needing = deletion.give_up(contact_list, access.person(request))
    if needing:
        messages.error(request, needing)
        return redirect("contacts:detail", contact_list.pk)
    enqueue(tasks.remove_remains, contact_list.pk)
    messages.info(request, f"The list “{contact_list.name}” has been deleted.")
    return redirect("contacts:list")


def _load(request: HttpRequest, pk: int) -> ContactList:
    things = ContactList.objects.select_related("client")
    return access.load(request, things, pk, to=Role.ACCOUNT_MANAGER)
