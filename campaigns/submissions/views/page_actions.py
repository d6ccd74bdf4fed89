"""What people decide on the page of a submission: approve, return, settle, undo, release and stop."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods, require_POST

from campaigns.clients import access
from campaigns.clients.models import Role
from campaigns.submissions.approval import approve_or_return
from campaigns.submissions.approval.return_form import ReturnForm
from campaigns.submissions.delivering import queueing
from campaigns.submissions.doubts import settlement
from campaigns.submissions.doubts.settle_form import SettleForm
from campaigns.submissions.models import Part, Submission, endings
from campaigns.submissions.views.submission_page import load, show

OWN_WORK = "You submitted this or edited its draft, so another person has to decide."
TOO_LATE = "This has already been decided. See its current state below."
STARTS_TOO_SOON = "It is too late to approve this: it could not be sent before its start."
NOT_SEEN = "What will be sent has changed since you opened this page. Check it again."

DAMAGED = (
    "You can’t approve this campaign: the prepared file is damaged or missing. Return it to its author, "
    "who can submit it again."
)
HELD_OTHERWISE = (
    "Nothing was done: this campaign has changed since you opened the page. See its current state "
    "below."
)


@require_POST
def approve(request: HttpRequest, pk: int) -> HttpResponse:
    """Approve the bytes with the hash that the page showed. A test call is not found: nobody approves it."""
    submission = load(request, pk, to=Role.APPROVER, among=Submission.objects)
    if not submission.is_whole:
        messages.error(request, DAMAGED)
        return redirect("submissions:detail", pk)
    try:
        if not approve_or_return.approve(
            submission, access.person(request), request.POST.get("sha256", "")
        ):
            messages.warning(request, TOO_LATE)
    except approve_or_return.OwnWork:
        messages.error(request, OWN_WORK)
    except approve_or_return.TooLate:
        endings.expire(submission)
        messages.error(request, STARTS_TOO_SOON)
    except approve_or_return.NotWhatWasSeen:
        messages.error(request, NOT_SEEN)
    return redirect("submissions:detail", pk)


@require_POST
def return_to_author(request: HttpRequest, pk: int) -> HttpResponse:
    """Return a campaign's submission to its author. A test call is not found: nobody approves it."""
    submission = load(request, pk, to=Role.APPROVER, among=Submission.objects)
    form = ReturnForm(request.POST)
    if not form.is_valid():
        return show(request, submission, returning=form)
    try:
        if not approve_or_return.return_to_author(
            submission, access.person(request), form.cleaned_data["reason"]
        ):
            messages.warning(request, TOO_LATE)
    except approve_or_return.OwnWork:
        messages.error(request, OWN_WORK)
    return redirect("submissions:detail", pk)


@require_http_methods(["GET", "POST"])
def settle(request: HttpRequest, pk: int, position: int) -> HttpResponse:
    """Take a person's answer to whether the partner created a part in doubt.

    A form that is not accepted is shown at this address. A GET of the address redirects to the
    submission.
    """
    if request.method == "GET":
        return redirect("submissions:detail", load(request, pk).pk)
    submission = load(request, pk, to=Role.ACCOUNT_MANAGER)
    part = Part.objects.select_related("submission__client__partner_account").filter(
        submission=submission, position=position
    )
    if not part:
        raise Http404
    form = SettleForm(request.POST)
    if settlement.settle(form, part[0], access.person(request)):
        return redirect("submissions:detail", pk)
    return show(request, load(request, pk), position, form)


@require_POST
def undo(request: HttpRequest, pk: int) -> HttpResponse:
    """Undo a submission before any of it is sent."""
    submission = load(request, pk, to=Role.ACCOUNT_MANAGER)
    if not endings.undo(submission, access.person(request)):
        messages.warning(request, "It was too late to undo this. See its current state below.")
    return redirect("submissions:detail", pk)


@require_POST
def release(request: HttpRequest, pk: int) -> HttpResponse:
    """Resume a held submission, if its holds are those that the page showed."""
    submission = load(request, pk, to=Role.ACCOUNT_MANAGER)
    if submission.release(access.person(request), request.POST.get("hold_key", "")):
        queueing.go_on(submission)
    else:
        messages.warning(request, HELD_OTHERWISE)
    return redirect("submissions:detail", pk)


@require_POST
def stop(request: HttpRequest, pk: int) -> HttpResponse:
    """Give up the unsent parts of a held submission, so that its draft can be corrected."""
    submission = load(request, pk, to=Role.ACCOUNT_MANAGER)
    if not endings.stop(submission, access.person(request), request.POST.get("hold_key", "")):
        messages.warning(request, HELD_OTHERWISE)
    return redirect("submissions:detail", pk)
