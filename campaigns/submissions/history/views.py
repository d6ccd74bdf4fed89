"""The views that submit a campaign, and those of the history: what was sent, and what came back."""

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from campaigns import downloads
from campaigns.clients import access
from campaigns.clients.models import Event, Role
from campaigns.contacts.models import ContactList
from campaigns.drafts.campaign import schedule
from campaigns.drafts.models import Campaign
from campaigns.drafts.preflight import Problem, Tier, of_tier
from campaigns.drafts.views import saving
from campaigns.drafts.views.drafts import checked_url, redirect_to_form
from campaigns.submissions import enqueue, payload_files
from campaigns.submissions.approval.review import decision
from campaigns.submissions.delivering import queueing
from campaigns.submissions.freezing import already_sent
from campaigns.submissions.history import settlement
from campaigns.submissions.history.filters import SubmissionFilter
from campaigns.submissions.history.forms import ReturnForm, SettleForm
from campaigns.submissions.history.part_details import shown_parts
from campaigns.submissions.history.tables import SubmissionTable
from campaigns.submissions.models import Part, Submission
from campaigns.submissions.submitting import resend_question
from campaigns.submissions.submitting.resend_guard import NotConfirmed
from campaigns.submissions.submitting.submit import submit as submit_campaign

HELD_OTHERWISE = (
    "Nothing was done: this campaign has changed since you opened the page. See its current state "
    "below."
)


@require_http_methods(["GET", "POST"])
def submit(request: HttpRequest, pk: int | None = None) -> HttpResponse:
    """Save what the builder posted; then submit it, or show at each field what to correct first.

    This is one transaction, so that no edit by another person comes between what is checked and what is
    sent.
    """
    if request.method == "GET":
        return redirect_to_form(request, pk)
    try:
        with transaction.atomic():
            campaign = saving.save(request, pk)
            campaign.lock_lists()
            problems = saving.problems_of(campaign)
            if of_tier(Tier.BLOCKING, problems):
                return redirect(checked_url(campaign))
            submission = _submitted(request, campaign, problems)
            if submission is None:
                return saving.show_unanswered(request, campaign)
    except saving.AlreadySubmitted as late:
        return _shown_already(request, late)
    except saving.NotSaved as refused:
        return saving.show_refusal(request, refused)
    return redirect("submissions:detail", submission.pk)


def _submitted(
    request: HttpRequest, campaign: Campaign, warnings: list[Problem]
) -> Submission | None:
    """Submit a draft that has no blocking problems.

    Return None if a person has to confirm something first.
    """
    start = schedule.starts_at(campaign.content().hours, campaign.client.zone)
    confirmed = resend_question.answer_in(request)
    try:
        submission = submit_campaign(campaign, access.person(request), start, confirmed, warnings)
    except NotConfirmed:
        return None
    enqueue.freeze(submission.pk)
    return submission


def _shown_already(request: HttpRequest, late: saving.AlreadySubmitted) -> HttpResponse:
    """Show what an earlier press of the button submitted, instead of submitting it again."""
    newest = Submission.objects.filter(campaign=late.campaign).order_by("-pk").first()
    if newest is None:
        return saving.show_refusal(request, late)
    messages.info(request, "This campaign had been submitted already. This is what was submitted.")
    return redirect("submissions:detail", newest.pk)


@require_GET
def submission_list(request: HttpRequest) -> HttpResponse:
    submissions = access.visible(request.user, Submission.objects.listed())
    narrowed = SubmissionFilter(request.GET, queryset=submissions, request=request)
    table = SubmissionTable.paged(request, narrowed.qs)
    is_narrowed = any(request.GET.get(name) for name in narrowed.filters)
    context = {"table": table, "form": narrowed.form, "is_narrowed": is_narrowed}
    return render(request, "submissions/list.html", context)


@require_GET
def detail(request: HttpRequest, pk: int) -> HttpResponse:
    """Show one submission. htmx requests this again and again while something is under way."""
    return show(request, load(request, pk))


def load(request: HttpRequest, pk: int, *, to: Role = Role.VIEWER) -> Submission:
    submissions = Submission.objects.select_related(
        "client__partner_account", "campaign", "submitted_by"
    )
    return access.load(request, submissions, pk, to=to)


def show(
    request: HttpRequest,
    submission: Submission,
    position: int | None = None,
    form: SettleForm | None = None,
    returning: ReturnForm | None = None,
) -> HttpResponse:
    """Show a submission.

    `form` and `returning` are posted forms that were not accepted. `position` is the part that `form` is
    about.
    """
    context = {
        "submission": submission,
        "parts": shown_parts(
            submission,
            access.person(request),
            request.GET.get("part", str(position or 1)),
            position,
            form,
        ),
        "contact_lists": ContactList.objects.filter(pk__in=submission.contact_list_ids),
        "earlier_ids": already_sent.ids_of(submission.campaign, before=submission),
        "decision": decision(submission),
        "events": Event.objects.about(submission),
        "may_write": access.can_edit(request.user, submission.client),
        "may_decide": _may_decide(request, submission),
        "returning": returning,
        # Whether the page reloads itself again and again. While it does, it has no form to type in.
        "is_followed": submission.is_under_way and not submission.held_reason,
        "refusals": form.non_field_errors() if form else (),
    }
    template = "submissions/_state.html" if request.htmx else "submissions/detail.html"  # type: ignore[attr-defined]
    return render(request, template, context, status=422 if form or returning else 200)


def _may_decide(request: HttpRequest, submission: Submission) -> bool:
    person = access.person(request)
    return access.can_approve(person, submission.client) and not submission.is_author(person)


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
    if not submission.undo(access.person(request)):
        messages.warning(request, "It was too late to undo this. Look below at what became of it.")
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
    if not submission.stop(access.person(request), request.POST.get("hold_key", "")):
        messages.warning(request, HELD_OTHERWISE)
    return redirect("submissions:detail", pk)


@require_GET
def payload(request: HttpRequest, pk: int, position: int) -> HttpResponseBase:
    """Download the exact bytes of one part. If they are damaged, say so on the submission's page."""
    submission = access.load(request, Submission.objects.all(), pk)
    part = Part.objects.filter(submission=submission, position=position).first()
    if part is None:
        raise Http404
    frozen = payload_files.open_whole(part.payload_file, part.payload_sha256, part.payload_bytes)
    if frozen is None:
        messages.error(request, payload_files.DAMAGED)
        return redirect("submissions:detail", pk)
    name = f"{submission.reference}-part-{position}.json"
    blocks = downloads.blocks_of(frozen)
    return downloads.streamed(blocks, name, "application/json", part.payload_bytes)
