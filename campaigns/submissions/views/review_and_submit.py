"""Review what the builder has saved, and submit exactly that."""

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods
from django_htmx.http import HttpResponseClientRedirect

from campaigns.clients import access
from campaigns.drafts import hooks
from campaigns.drafts.campaign import schedule
from campaigns.drafts.form.builder import Mend
from campaigns.drafts.form.form_data import is_key
from campaigns.drafts.models import Campaign, DraftLocked
from campaigns.drafts.preflight import Tier, of_tier
from campaigns.drafts.views import saving
from campaigns.drafts.views.drafts import checked_url, redirect_to_form
from campaigns.drafts.views.loading import load
from campaigns.submissions import enqueue
from campaigns.submissions.models import Submission
from campaigns.submissions.review.review import Review
from campaigns.submissions.review.warning_groups import WarningGroup, groups
from campaigns.submissions.submitting import resend_question
from campaigns.submissions.submitting.resend_guard import NotConfirmed
from campaigns.submissions.submitting.resend_question import Question
from campaigns.submissions.submitting.submit import submit as submit_campaign

CHANGED = (
    "This campaign, or something it uses, changed after you opened this page, so nothing was submitted. This "
    "is how it is now: check it again."
)


@require_http_methods(["GET", "POST"])
def review_new(request: HttpRequest) -> HttpResponse:
    """Save what the builder posted as a new draft, and lead to its review."""
    return _saved(request, None) if request.method == "POST" else redirect_to_form(request, None)


# Not cached by the browser: Back would show a review that is older than the draft.
@never_cache
@require_http_methods(["GET", "POST"])
def review(request: HttpRequest, pk: int) -> HttpResponse:
    """Show the review of the saved draft. If the builder posted, save that first."""
    if request.method == "POST":
        return _saved(request, pk)
    return _show(request, load(request, pk))


def _saved(request: HttpRequest, pk: int | None) -> HttpResponse:
    try:
        campaign = saving.save(request, pk)
    except saving.AlreadySubmitted as late:
        if late.campaign is None:
            return saving.show_refusal(request, late)
        return _shown_already(request, late.campaign)
    except saving.NotSaved as refused:
        return saving.show_refusal(request, refused)
    if of_tier(Tier.BLOCKING, saving.problems_of(campaign)):
        return redirect(checked_url(campaign))
    return redirect("submissions:review", campaign.pk)


@require_http_methods(["GET", "POST"])
def submit(request: HttpRequest, pk: int) -> HttpResponse:
    """Submit the reviewed draft, or show the review again with what is still to be read or answered.

    The buttons that show another person of the preview post to this address too, and submit nothing.
    """
    campaign = load(request, pk)
    if request.method == "GET":
        return redirect("submissions:review", campaign.pk)
    if request.POST.get("change"):
        return _show(request, campaign)
    try:
        submission = _submitted(request, campaign)
    except NotAsReviewed:
        messages.warning(request, CHANGED)
        return _show(request, campaign, status=409)
    except (Unread, NotConfirmed):
        return _show(request, campaign, status=422)
    except (Blocked, DraftLocked):
        return _show(request, load(request, pk))
    return redirect("submissions:detail", submission.pk)


class NotAsReviewed(Exception):
    """The draft, or something it uses, is no longer what the page showed."""


class Unread(Exception):
    """A warning is not ticked as read."""


class Blocked(Exception):
    """The draft has blocking problems by now."""


@transaction.atomic
def _submitted(request: HttpRequest, campaign: Campaign) -> Submission:
    """Submit exactly what was reviewed.

    This is one transaction, so that no edit by another person comes between what is checked and what is
    sent. Raises NotAsReviewed, Unread, Blocked, NotConfirmed, and DraftLocked if it is no draft.
    """
    draft = campaign.locked_draft()
    if draft is None:
        raise DraftLocked
    draft.lock_lists()
    problems = saving.problems_of(draft)
    if of_tier(Tier.BLOCKING, problems):
        raise Blocked
    if request.POST.get("seen") != Review(draft).digest:
        raise NotAsReviewed
    if not all(group.is_read for group in groups(problems, request.POST.getlist("read"))):
        raise Unread
    start = schedule.starts_at(draft.content().hours, draft.client.zone)
    confirmed = resend_question.answer_in(request)
    submission = submit_campaign(draft, access.person(request), start, confirmed, problems)
    enqueue.freeze(submission.pk)
    return submission


def _show(request: HttpRequest, campaign: Campaign, status: int = 200) -> HttpResponse:
    """Return the review's page, or lead to the page that a campaign which can't be submitted needs.

    Its boxes and its answer are those that were posted, if any were.
    """
    if not campaign.is_draft:
        return _shown_already(request, campaign)
    problems = saving.problems_of(campaign)
    if of_tier(Tier.BLOCKING, problems):
        return _led(request, checked_url(campaign))
    person = request.POST.get("person", "")
    shown = Review(campaign, int(person) if is_key(person) else 1, request.POST.get("change", ""))
    # A part that is drawn leaves the page, and what it has shown, as they are.
    is_page = request.method == "POST" and not request.htmx  # type: ignore[attr-defined]
    if status == 200 and is_page and request.POST.get("seen") != shown.digest:
        messages.warning(request, CHANGED)
        status = 409
    is_refused = status == 422
    shown_groups = groups(problems, request.POST.getlist("read"), is_posted=is_refused)
    question = resend_question.ask(request, campaign, is_posted=is_refused)
    context = {
        "app_here": "drafts",
        "campaign": campaign,
        "review": shown,
        "content": shown.content,
        "groups": shown_groups,
        "question": question,
        "missed": _missed(shown_groups, question),
        "notes": hooks.notes(campaign),
    }
    return render(request, "submissions/review/page.html", context, status=status)


def _missed(shown: list[WarningGroup], question: Question | None) -> list[Mend]:
    """Return what a person has to do before submitting, as lines that lead to its field."""
    unread = [Mend(group.field_id, f"Read: {group.label}") for group in shown if group.is_missed]
    answer = [Mend(question.field_id, question.error)] if question and question.error else []
    return [*unread, *answer]


def _shown_already(request: HttpRequest, campaign: Campaign) -> HttpResponse:
    """Show what an earlier press of the button submitted, instead of submitting it again."""
    newest = Submission.objects.filter(campaign=campaign).order_by("-pk").first()
    if newest is None:
        return _led(request, reverse("drafts:edit", args=[campaign.pk]))
    messages.info(request, "This campaign was already submitted. This is what was submitted.")
    return _led(request, reverse("submissions:detail", args=[newest.pk]))


def _led(request: HttpRequest, url: str) -> HttpResponse:
    """Lead to another page, also from a request for a part of this one."""
    if request.htmx:  # type: ignore[attr-defined]
        return HttpResponseClientRedirect(url)
    return redirect(url)
