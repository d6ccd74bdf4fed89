"""The panel of contact lists on the home page."""

from django.http import HttpRequest
from django.template.loader import render_to_string

from campaigns.clients import access
from campaigns.contacts.models import ContactList
from portal.pages.frame_parts import Action

SHOWN = 5


def recent_lists(request: HttpRequest) -> str:
    if not access.clients_of(request.user).exists():
        return ""
    lists = access.visible(request.user, ContactList.objects.select_related("client"))
    return render_to_string("contacts/panel.html", {"lists": lists[:SHOWN]}, request)


def upload_contact_list(request: HttpRequest) -> Action | None:
    if not access.can_edit_somewhere(request.user):
        return None
    return Action("Upload contact list", "contacts:upload")
