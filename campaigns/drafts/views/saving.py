"""Save what the builder posts, and show the builder. All buttons of the builder use this module."""

from typing import TYPE_CHECKING

from django.db import IntegrityError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from campaigns.clients import access
from campaigns.clients.models import Role
from campaigns.drafts import hooks, preflight
from campaigns.drafts.form import deleted_meanwhile
from campaigns.drafts.form.builder import Builder
from campaigns.drafts.form.form_data import is_key, posted_token
from campaigns.drafts.form.summary import Summary
from campaigns.drafts.listing import hub
from campaigns.drafts.models import Campaign, ClientFixed, DraftChanged, DraftLocked
from campaigns.drafts.views.loading import load

if TYPE_CHECKING:
    from campaigns.drafts.views.new_campaign import Start


class NotSaved(Exception):
    """The posted form can't be saved as it is. `builder` shows why, with everything still in it.

    `newer` is the saved draft, if somebody has saved it since the form was made. `deleted` is a sentence
    if somebody has deleted the draft, else "".
    """

    def __init__(
        self,
        campaign: Campaign | None,
        builder: Builder,
        newer: Campaign | None = None,
        deleted: str = "",
    ) -> None:
        super().__init__()
        self.campaign = campaign
        self.builder = builder
        self.newer = newer
        self.deleted = deleted


class AlreadySubmitted(NotSaved):
    """The draft has been submitted before: by a double click, in another tab, or by somebody else."""


def find(request: HttpRequest, pk: int) -> tuple[Campaign | None, str]:
    """Return the draft and "".

    If somebody has deleted the draft, return None and a sentence about that.
    """
    deleted = deleted_meanwhile.draft(access.person(request), pk)
    return (None, deleted) if deleted else (load(request, pk), "")


def save(request: HttpRequest, pk: int | None, *, by_itself: bool = False) -> Campaign:
    """Save what was posted as draft `pk`, or as a new one. Raises NotSaved, or AlreadySubmitted.

    `by_itself` is for automatic saves. They leave out chosen lists that were deleted.
    """
    access.require_somewhere(request.user, Role.ACCOUNT_MANAGER)
    campaign, deleted = find(request, pk) if pk else (_made_by_the_same_form(request), "")
    builder = Builder(access.person(request), request.POST, quiet=False, drops_gone=by_itself)
    if deleted:
        raise NotSaved(None, builder, deleted=deleted)
    if not builder.is_valid():
        raise NotSaved(campaign, builder)
    try:
        if campaign is None:
            return Campaign.start(
                access.person(request),
                builder.content(),
                builder.form_token,
                edit=builder.edit,
            )
    except IntegrityError:
        # The same form was posted at the same moment: a double click.
        campaign = _made_by_the_same_form(request)
        if campaign is None:
            # Another person's draft has the token, or the form has no valid one.
            return Campaign.start(access.person(request), builder.content())
    return _revise(request, campaign, builder, by_itself=by_itself)


def _revise(
    request: HttpRequest, campaign: Campaign, builder: Builder, *, by_itself: bool
) -> Campaign:
    try:
        campaign.revise(
            access.person(request),
            builder.content(),
            posted_version(request),
            builder.form_token,
            edit=builder.edit,
            by_itself=by_itself,
        )
    except DraftChanged as changed:
        raise NotSaved(campaign, builder, changed.newer) from None
    except ClientFixed:
        builder.show([_client_fixed(campaign)])
        raise NotSaved(campaign, builder) from None
    except DraftLocked:
        builder.general.append("This campaign has been submitted, so it can no longer be changed.")
        raise AlreadySubmitted(campaign, builder) from None
    return campaign


def _client_fixed(campaign: Campaign) -> preflight.Problem:
    sentence = (
        f"This campaign was submitted for {campaign.client.name}, so you can’t change its client. "
        "To use it for another client, copy it and change the client of the copy."
    )
    return preflight.Problem("client", sentence, f"{reverse('drafts:new')}?copy={campaign.pk}")


def _made_by_the_same_form(request: HttpRequest) -> Campaign | None:
    """Return the draft that an earlier press of a button in the same new form has created."""
    token = posted_token(request.POST)
    made = Campaign.objects.filter(form_token=token, created_by=access.person(request)).first()
    return load(request, made.pk) if token and made else None


def posted_version(request: HttpRequest) -> int:
    """Return the version that the form was made from, or the newer one that a person wants to replace."""
    version = request.POST.get("over") or request.POST.get("version", "")
    return int(version) if is_key(version) else 0


def problems_of(campaign: Campaign) -> list[preflight.Problem]:
    """Return everything that is wrong or doubtful with the saved draft."""
    return preflight.check(campaign.content(), timezone.now(), campaign)


def show(
    request: HttpRequest,
    campaign: Campaign | None,
    builder: Builder,
    problems: list[preflight.Problem] | None = None,
    *,
    checked: bool = False,
    newer: Campaign | None = None,
    deleted: str = "",
    start: "Start | None" = None,
    status: int = 200,
) -> HttpResponse:
    """Return the builder's page. With `checked`, it says so if a check found nothing to correct.

    `problems` are those of the saved draft, if they are known already.

    A posted form keeps the version that it was made from.
    """
    is_posted = bool(request.POST)
    may_write = campaign is None or access.can_edit(request.user, campaign.client)
    reopened = None
    if campaign and campaign.is_draft:
        reopened = hooks.reopened(campaign)
        builder.show(reopened.problems if reopened else ())
    outcome = hooks.states([campaign.pk]).get(campaign.pk) if campaign else None
    context = {
        "campaign": campaign,
        "pages": hub.tabs(campaign, hub.Page.PLAN, outcome) if campaign else (),
        "made_from": request.POST.get("version") if is_posted else campaign and campaign.version,
        "newer": newer,
        "deleted": deleted,
        "is_saved": campaign is not None and not is_posted,
        "is_unsaved": is_posted,
        "builder": builder,
        "mends": builder.mends(),
        "checked": checked,
        "summary": _summary(request, campaign, builder, problems, reopened) if may_write else None,
        "start": start,
        "notes": hooks.notes(campaign) if campaign and campaign.is_draft else (),
        "may_write": may_write,
        "reopened": reopened,
        "outcome": outcome,
    }
    return render(request, "drafts/builder.html", context, status=status)


def _summary(
    request: HttpRequest,
    campaign: Campaign | None,
    builder: Builder,
    problems: list[preflight.Problem] | None,
    reopened: hooks.Reopened | None,
) -> Summary | None:
    """Return the summary of the saved draft.

    None if only a part of the page is drawn, since the summary is not in that part.
    """
    if campaign is None or not campaign.is_draft or request.htmx:  # type: ignore[attr-defined]
        return None
    problems = problems_of(campaign) if problems is None else problems
    partner_said = reopened.problems if reopened else ()
    return Summary.of(campaign.content(), builder, problems, partner_said)


def show_refusal(request: HttpRequest, refused: NotSaved) -> HttpResponse:
    return show(
        request,
        refused.campaign,
        refused.builder,
        newer=refused.newer,
        deleted=refused.deleted,
        status=422,
    )
