"""The page of one submission: what was sent, and what came back."""

from typing import Any

from django.contrib import messages
from django.db.models import Manager
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET

from campaigns import downloads
from campaigns.clients import access
from campaigns.clients.models import Event, Role
from campaigns.contacts.models import ContactList
from campaigns.drafts import hooks
from campaigns.drafts.listing import hub
from campaigns.submissions import payload_files
from campaigns.submissions.approval.decision import decision
from campaigns.submissions.approval.return_form import ReturnForm
from campaigns.submissions.doubts.settle_form import SettleForm
from campaigns.submissions.freezing import already_sent
from campaigns.submissions.history.part_details import shown_parts
from campaigns.submissions.models import Part, Submission

NOT_YOUR_NUMBER = (
    "Only the person who made this test call can download it: it has their own number."
)


@require_GET
def detail(request: HttpRequest, pk: int) -> HttpResponse:
    """Show one submission. htmx requests this again and again while something is under way."""
    return show(request, load(request, pk))


def load(
    request: HttpRequest,
    pk: int,
    *,
    to: Role = Role.VIEWER,
    among: Manager[Submission] = Submission.with_test_calls,
) -> Submission:
    submissions = among.select_related(
        "client__partner_account", "campaign", "test_of", "submitted_by"
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
        "returning": returning,
        "refusals": form.non_field_errors() if form else (),
        **_about(submission),
        **_allowed(request, submission),
    }
    template = "submissions/_state.html" if request.htmx else "submissions/detail.html"  # type: ignore[attr-defined]
    return render(request, template, context, status=422 if form or returning else 200)


def _about(submission: Submission) -> dict[str, Any]:
    """Return what the page shows of the submission beside its parts."""
    draft = submission.draft
    state = hooks.states([draft.pk]).get(draft.pk) if draft else None
    page = None if submission.is_test_call else hub.Page.SENT
    return {
        "draft": draft,
        "outcome": state,
        "pages": hub.tabs(draft, page, state) if draft else (),
        "contact_lists": ContactList.objects.filter(pk__in=submission.contact_list_ids),
        "earlier_ids": _earlier_ids(submission),
        "decision": decision(submission),
        "events": Event.objects.about(submission),
        # Whether the page reloads itself again and again. While it does, it has no form to type in.
        "is_followed": submission.is_under_way and not submission.held_reason,
    }


def _allowed(request: HttpRequest, submission: Submission) -> dict[str, bool]:
    """Return what the signed-in person may do on the page."""
    return {
        "may_write": access.can_edit(request.user, submission.client),
        "may_download": _may_download(request, submission),
        "may_decide": _may_decide(request, submission),
    }


def _may_decide(request: HttpRequest, submission: Submission) -> bool:
    person = access.person(request)
    return access.can_approve(person, submission.client) and not submission.is_author(person)


def _earlier_ids(submission: Submission) -> str:
    campaign = submission.campaign
    return already_sent.ids_of(campaign, before=submission) if campaign else ""


def _may_download(request: HttpRequest, submission: Submission) -> bool:
    """Return whether the person may have the bytes: those of a test call have its maker's own number."""
    return not submission.is_test_call or submission.submitted_by_id == access.person(request).pk


@require_GET
def payload(request: HttpRequest, pk: int, position: int) -> HttpResponseBase:
    """Download the exact bytes of one part. If they are damaged, say so on the submission's page."""
    submission = load(request, pk)
    if not _may_download(request, submission):
        messages.error(request, NOT_YOUR_NUMBER)
        return redirect("submissions:detail", pk)
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
