"""The page on which a person keeps their own number."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from campaigns.clients import access
from campaigns.submissions.models import OwnNumber
from campaigns.submissions.test_calls.number_form import OwnNumberForm


# Not cached by the browser: after signing out, Back would show the number.
@never_cache
@require_http_methods(["GET", "POST"])
def own_number(request: HttpRequest) -> HttpResponse:
    """Show, save or remove the signed-in person's own number. It is only ever posted, never in a URL.

    `back` is the page that leads here for the number, to which saving it leads.
    """
    person = access.person(request)
    own = OwnNumber.of(person)
    if "remove" in request.POST:
        OwnNumber.remove(person)
        messages.info(request, "Your number is removed.")
        return redirect("own_number")
    data = request.POST if request.method == "POST" else None
    form = OwnNumberForm(data, initial={"number": own.dialled if own else ""}, person=person)
    back = _back(request)
    if form.is_valid():
        OwnNumber.keep(person, form.cleaned_data["number"])
        messages.success(request, "Your number is saved.")
        return redirect(back or "own_number")
    context = {"form": form, "own": own, "back": back}
    status = 422 if form.is_bound else 200
    return render(request, "submissions/own_number.html", context, status=status)


def _back(request: HttpRequest) -> str:
    """Return the page of the portal to go back to; "" if none is named."""
    back = request.POST.get("back") or request.GET.get("back", "")
    is_ours = url_has_allowed_host_and_scheme(back, allowed_hosts=None)
    return back if is_ours and back.startswith("/") else ""
