"""Another person approves what will be sent, or returns it to its author with a reason."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from campaigns.clients import access
from campaigns.clients.models import Role
from campaigns.submissions.history.forms import ReturnForm
from campaigns.submissions.history.views import load, show
from campaigns.submissions.models import NotWhatWasSeen, OwnWork, TooLate

OWN_WORK = "You submitted this or edited its draft, so another person has to decide."
TOO_LATE = "This has been decided meanwhile. Look below at what became of it."
STARTS_TOO_SOON = "It is too late to approve this: it could not be sent before its start."
NOT_SEEN = "What would be sent is not what this page showed. Look at it again."

DAMAGED = (
    "You can’t approve this campaign: what was prepared is damaged or no longer there. Return it to its "
    "author, who can submit it again."
)


@require_POST
def approve(request: HttpRequest, pk: int) -> HttpResponse:
    """Approve the bytes with the hash that the page showed."""
    submission = load(request, pk, to=Role.APPROVER)
    if not submission.is_whole:
        messages.error(request, DAMAGED)
        return redirect("submissions:detail", pk)
    try:
        if not submission.approve(access.person(request), request.POST.get("sha256", "")):
            messages.warning(request, TOO_LATE)
    except OwnWork:
        messages.error(request, OWN_WORK)
    except TooLate:
        submission.expire()
        messages.error(request, STARTS_TOO_SOON)
    except NotWhatWasSeen:
        messages.error(request, NOT_SEEN)
    return redirect("submissions:detail", pk)


@require_POST
def return_to_author(request: HttpRequest, pk: int) -> HttpResponse:
    submission = load(request, pk, to=Role.APPROVER)
    form = ReturnForm(request.POST)
    if not form.is_valid():
        return show(request, submission, returning=form)
    try:
        if not submission.return_to_author(access.person(request), form.cleaned_data["reason"]):
            messages.warning(request, TOO_LATE)
    except OwnWork:
        messages.error(request, OWN_WORK)
    return redirect("submissions:detail", pk)
