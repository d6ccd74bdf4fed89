"""The page to look through a list's contacts. The search text is in the request's body, never in a URL."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from campaigns.clients import access
from campaigns.contacts.browsing import search
from campaigns.contacts.browsing.narrowing import Narrowing
from campaigns.contacts.forms import FindForm
from campaigns.contacts.models import ContactList


@require_http_methods(["GET", "POST"])
def contacts(request: HttpRequest, pk: int) -> HttpResponse:
    things = ContactList.objects.ready().select_related("client")
    contact_list = access.load(request, things, pk)
    form = FindForm(request.POST or None)
    sought, page = (
        (form.cleaned_data["q"], form.cleaned_data["page"]) if form.is_valid() else ("", 1)
    )
    narrowing = Narrowing.read(contact_list, request.GET)
    context = {
        "contact_list": contact_list,
        "form": form,
        "narrowing": narrowing,
        "found": search.find(contact_list, sought, page, narrowing),
    }
    return render(request, "contacts/contacts.html", context)
