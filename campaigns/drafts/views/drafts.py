"""The builder's page, and what is pressed on it."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from campaigns.clients import access
from campaigns.clients.models import Role
from campaigns.drafts.form import fill_buttons
from campaigns.drafts.form.builder import Builder
from campaigns.drafts.form.form_data import as_key, change_rows
from campaigns.drafts.models import Campaign, DraftLocked, continue_without_lost
from campaigns.drafts.views import draft_autosave, new_campaign
from campaigns.drafts.views.loading import load
from campaigns.drafts.views.saving import (
    NotSaved,
    find,
    problems_of,
    save,
    show,
    show_refusal,
)


# Not cached by the browser: Back would show a form that is older than what is saved.
@never_cache
@require_http_methods(["GET", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    if request.method == "POST":
        return _save(request, None)
    access.require_somewhere(request.user, Role.ACCOUNT_MANAGER)
    start = new_campaign.chosen(request)
    builder = Builder(access.person(request), start.data, quiet=True)
    return show(request, None, builder, start=start)


@never_cache
@require_http_methods(["GET", "POST"])
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Show or save a draft, and list its problems. With `?check=1`, show them at the fields too."""
    if request.method == "POST":
        return _save(request, pk)
    campaign = load(request, pk, to=Role.VIEWER)
    checked = campaign.is_draft and "check" in request.GET
    may_change = campaign.is_draft and access.can_edit(request.user, campaign.client)
    build = Builder.of if may_change else Builder.to_look_at
    builder = build(access.person(request), campaign.content(), quiet=not checked)
    problems = problems_of(campaign) if may_change or checked else []
    if checked and builder.is_valid():
        builder.show(problems)
    return show(request, campaign, builder, problems, checked=checked)


def _save(request: HttpRequest, pk: int | None) -> HttpResponse:
    try:
        campaign = save(request, pk)
    except NotSaved as refused:
        return show_refusal(request, refused)
    messages.success(request, "The draft is saved.")
    return redirect("drafts:edit", campaign.pk)


@require_http_methods(["GET", "POST"])
def check(request: HttpRequest, pk: int | None = None) -> HttpResponse:
    """Save the draft and show what is wrong with it.

    A form that could not be saved has this URL. Opening the URL again shows what is saved.
    """
    if request.method == "GET":
        return redirect_to_form(request, pk)
    try:
        campaign = save(request, pk)
    except NotSaved as refused:
        return show_refusal(request, refused)
    return redirect(checked_url(campaign))


@require_http_methods(["GET", "POST"])
def upload_list(request: HttpRequest, pk: int | None = None) -> HttpResponse:
    """Save the draft, and lead to the upload of a contact list, which leads back to the draft."""
    if request.method == "GET":
        return redirect_to_form(request, pk)
    try:
        campaign = save(request, pk)
    except NotSaved as refused:
        return show_refusal(request, refused)
    return redirect(f"{reverse('contacts:upload')}?draft={campaign.pk}")


def redirect_to_form(request: HttpRequest, pk: int | None) -> HttpResponse:
    """Redirect from the URL of one of the form's buttons to the form itself."""
    if pk is None:
        access.require_somewhere(request.user, Role.ACCOUNT_MANAGER)
        return redirect("drafts:new")
    return redirect("drafts:edit", load(request, pk, to=Role.VIEWER).pk)


def checked_url(campaign: Campaign) -> str:
    return reverse("drafts:edit", args=[campaign.pk]) + "?check=1"


@require_http_methods(["GET", "POST"])
def delete(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask whether to delete the draft, and delete it. A draft that was submitted before is kept."""
    campaign = load(request, pk)
    if request.method == "GET":
        context = {
            "campaign": campaign,
            "noun": "draft",
            "name": campaign.title,
            "keep_url": reverse("drafts:edit", args=[pk]),
        }
        return render(request, "drafts/delete.html", context)
    try:
        campaign.discard(access.person(request))
    except DraftLocked:
        messages.info(request, "This campaign has been submitted before, so it can’t be deleted.")
        return redirect("drafts:edit", pk)
    messages.info(request, f"The draft “{campaign.title}” is deleted.")
    return redirect("drafts:list")


@require_http_methods(["GET", "POST"])
def continue_without(request: HttpRequest, pk: int) -> HttpResponse:
    """Save the draft, and allow submitting it without the contact lists that were deleted."""
    if request.method == "GET":
        return redirect_to_form(request, pk)
    try:
        campaign = save(request, pk)
    except NotSaved as refused:
        return show_refusal(request, refused)
    continue_without_lost(campaign, access.person(request))
    return redirect(checked_url(campaign))


@require_http_methods(["GET", "POST"])
def redraw(request: HttpRequest) -> HttpResponse:
    """Draw the form again with the posted values, without saving or checking them.

    It is used after a choice or a row has changed. Without JavaScript the page has this URL. Opening the
    URL again has nothing to draw, and leads to the list.
    """
    if request.method == "GET":
        return redirect("drafts:list")
    access.require_somewhere(request.user, Role.ACCOUNT_MANAGER)
    pk = as_key(request.POST.get("campaign", ""))
    campaign, deleted = find(request, pk) if pk is not None else (None, "")
    return show(request, campaign, _changed(request), deleted=deleted)


def _changed(request: HttpRequest) -> Builder:
    """Return the builder after the button that was pressed has changed its rows."""
    person, change = access.person(request), request.POST.get("change", "")
    data = change_rows(request.POST, change)
    # When only the preview is drawn, it must show the parameters that are on the page.
    fills = request.htmx.target != "preview"  # type: ignore[attr-defined]
    builder = Builder(person, data, quiet=True, fills=fills)
    filled = fill_buttons.fill_in(builder, data, change)
    if filled.data is not data:
        builder = Builder(person, filled.data, quiet=True, fills=fills)
    builder.not_filled_in, builder.no_start = filled.missing, filled.no_start
    return builder


@require_http_methods(["GET", "POST"])
def autosave(request: HttpRequest) -> HttpResponse:
    """Save what is being filled in. No link leads to this URL, so opening it shows the list."""
    if request.method == "GET":
        return redirect("drafts:list")
    return draft_autosave.autosave(request)
