"""Save a draft automatically while it is filled in, and report that in the page, which stays as it is.

What is saved is exactly what *Save draft* would save, or nothing. Nothing is saved from a form that has
an invalid value or no client, or that was made from an older draft than somebody has saved since.
"""

from collections.abc import Mapping

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django_htmx.http import replace_url

from campaigns.clients import access
from campaigns.drafts import hooks, preflight
from campaigns.drafts.campaign.content import DraftContent
from campaigns.drafts.form import deleted_meanwhile
from campaigns.drafts.form.builder import Builder
from campaigns.drafts.form.form_data import as_key, every, is_key, posted_edit
from campaigns.drafts.form.summary import Summary
from campaigns.drafts.listing import hub
from campaigns.drafts.models import Campaign
from campaigns.drafts.views.saving import AlreadySubmitted, NotSaved, problems_of, save


def autosave(request: HttpRequest) -> HttpResponse:
    """Save the form, and return the parts of the page that show whether it is saved."""
    pk = as_key(request.POST.get("campaign", ""))
    if pk is None and _says_nothing_yet(request):
        return _answer(request, unsaved="Not saved yet. Choose a client and enter a name.")
    try:
        campaign = save(request, pk, by_itself=True)
    except AlreadySubmitted:
        return _answer(request, unsaved="Not saved: this campaign has been submitted.")
    except NotSaved as refused:
        return _refused(request, refused)
    content = campaign.content()
    builder = Builder.of(access.person(request), content)
    problems = problems_of(campaign)
    outcome = hooks.states([campaign.pk]).get(campaign.pk)
    # Only what was submitted can be open again.
    reopened = hooks.reopened(campaign) if outcome else None
    answer = _answer(
        request,
        campaign=campaign,
        outcome=outcome,
        pages=hub.tabs(campaign, hub.Page.PLAN, outcome),
        edit=posted_edit(request.POST),
        gone=_gone_lists(request, content),
        builder=builder,
        summary=Summary.of(content, builder, problems, reopened.problems if reopened else ()),
        is_new=pk is None,
        was_checked="checked" in request.POST,
        wrong=[p.place for p in preflight.of_tier(preflight.Tier.BLOCKING, problems)],
    )
    return answer if pk else replace_url(answer, reverse("drafts:edit", args=[campaign.pk]))


def _says_nothing_yet(request: HttpRequest) -> bool:
    """Return whether a new form is still empty. A person who only looks around leaves no draft."""
    builder = Builder(access.person(request), request.POST, quiet=False)
    if builder.client is None:
        return True
    return builder.is_valid() and builder.content() == DraftContent.blank(builder.client)


def _refused(request: HttpRequest, refused: NotSaved) -> HttpResponse:
    if refused.newer:
        return _answer(request, newer=refused.newer, unsaved="Not saved.")
    if refused.deleted:
        return _answer(request, deleted=refused.deleted, unsaved="Not saved.")
    return _answer(request, unsaved="Not saved. Fix this first:", lines=refused.builder.mends())


def _answer(
    request: HttpRequest, *, campaign: Campaign | None = None, **context: object
) -> HttpResponse:
    return render(request, "drafts/_autosaved.html", {"campaign": campaign, **context})


def _gone_lists(request: HttpRequest, content: DraftContent) -> Mapping[str, str]:
    """Return what happened to the posted lists that could not be saved, by their ids."""
    picked = [pk for pk in every(request.POST, "contact_lists") if is_key(pk)]
    return deleted_meanwhile.lists(content.client, picked, content.contact_lists)
