"""Submit the campaign that the builder posted."""

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods

from campaigns.clients import access
from campaigns.drafts.campaign import schedule
from campaigns.drafts.models import Campaign
from campaigns.drafts.preflight import Problem, Tier, of_tier
from campaigns.drafts.views import saving
from campaigns.drafts.views.drafts import checked_url, redirect_to_form
from campaigns.submissions import enqueue
from campaigns.submissions.models import Submission
from campaigns.submissions.submitting import resend_question
from campaigns.submissions.submitting.resend_guard import NotConfirmed
from campaigns.submissions.submitting.submit import submit as submit_campaign


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
    messages.info(request, "This campaign was already submitted. This is what was submitted.")
    return redirect("submissions:detail", newest.pk)
