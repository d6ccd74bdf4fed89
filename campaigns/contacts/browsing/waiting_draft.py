"""The draft that a person left to upload a list for it, and the way back. Contacts must not import drafts.

The session holds which list was uploaded for which draft. It is checked again whenever it is shown.
"""

from dataclasses import dataclass

from django.contrib.auth.models import User
from django.http import HttpRequest

from campaigns.clients import access
from campaigns.clients.models import Client
from campaigns.contacts.models import ContactList
from campaigns.extension_points import Hook
from campaigns.parameters import LARGEST, whole_number

_SESSION_KEY = "lists_uploaded_for_drafts"
# A person who uploads more lists finds the way back from the newest of them.
_MOST_LISTS = 20


@dataclass(frozen=True, slots=True)
class WaitingDraft:
    """A draft that the person may edit."""

    pk: int
    title: str
    url: str
    client: Client


drafts = Hook[[User, int], WaitingDraft | None]("the drafts for which contact lists are uploaded")


def asked_for(request: HttpRequest) -> WaitingDraft | None:
    """Return the draft of `?draft`, or None unless the person may edit it."""
    pk = whole_number(request.GET.get("draft"))
    return None if pk is None or pk >= LARGEST else _find(request, pk)


def remember(request: HttpRequest, contact_list: ContactList, draft: WaitingDraft | None) -> None:
    """Store in the session that the list is for the draft, if both are of one client."""
    if draft and draft.client.pk == contact_list.client_id:
        kept = dict(request.session.get(_SESSION_KEY, {}), **{str(contact_list.pk): draft.pk})
        request.session[_SESSION_KEY] = dict(list(kept.items())[-_MOST_LISTS:])


def of(request: HttpRequest, contact_list: ContactList) -> WaitingDraft | None:
    """Return the draft for which the person uploaded the list, while it is a draft they may edit."""
    pk = request.session.get(_SESSION_KEY, {}).get(str(contact_list.pk))
    draft = _find(request, pk) if pk else None
    return draft if draft and draft.client.pk == contact_list.client_id else None


def _find(request: HttpRequest, pk: int) -> WaitingDraft | None:
    return next(filter(None, drafts(access.person(request), pk)), None)
