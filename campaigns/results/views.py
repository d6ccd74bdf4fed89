"""The page of what came of a campaign's calls, its *Refresh*, and the exports of its people."""

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from campaigns.clients import access
from campaigns.clients.models import Role
from campaigns.contacts.browsing import search
from campaigns.contacts.forms import FindForm
from campaigns.drafts import hooks
from campaigns.drafts.listing import hub
from campaigns.drafts.models import Campaign
from campaigns.drafts.views.loading import load
from campaigns.results.models import CalledPerson
from campaigns.results.pages import export_rows, parts, people
from campaigns.results.pages.narrowing import Narrowing
from campaigns.results.pages.summary import Summary
from campaigns.results.reading import due_parts
from campaigns.uploads.downloads.excel_file import MOST_ROWS, excel_file
from campaigns.uploads.downloads.responses import csv_file

ASKED = "The portal is reading from the partner. Select Results again in a moment to see what came of it."
TOO_SOON = (
    "The results were asked for less than a minute ago. Wait a minute, then select Refresh again."
)
CANT_READ = "There is nothing to read: the partner has accepted nothing of this campaign, or can’t be asked."
TOO_MANY = f"An Excel file here has at most {MOST_ROWS:,} rows. Select an outcome, or Export CSV."
UNUSABLE = "A filter in the address can’t be used, so nobody was exported."


@never_cache
@require_http_methods(["GET", "POST"])
def detail(request: HttpRequest, pk: int) -> HttpResponse:
    """Show the results. A POST searches for a person: what is sought is in no URL."""
    campaign = load(request, pk, to=Role.VIEWER)
    form = FindForm(request.POST or None)
    sought, page = (
        (form.cleaned_data["q"], form.cleaned_data["page"]) if form.is_valid() else ("", 1)
    )
    narrowing = Narrowing.read(request.GET)
    summary = Summary(parts.of_campaign(campaign, request.user))
    state = hooks.states([pk]).get(pk)
    context = {
        "app_here": "drafts",
        "campaign": campaign,
        "outcome": state,
        "pages": hub.tabs(campaign, hub.Page.RESULTS, state),
        "may_write": access.can_edit(request.user, campaign.client),
        "summary": summary,
        "narrowing": narrowing,
        "form": form,
        "found": search.find_among(people.of_parts(summary.parts, narrowing), sought, page),
    }
    return render(request, "results/detail.html", context)


@require_POST
def refresh(request: HttpRequest, pk: int) -> HttpResponse:
    """Have the results read now, at most once a minute."""
    campaign = load(request, pk, to=Role.VIEWER)
    readable = parts.of_campaign(campaign, request.user).filter(partner_account__reads_back=True)
    asked = due_parts.read_now(readable)
    if asked is None:
        messages.info(request, CANT_READ)
    else:
        messages.info(request, ASKED if asked else TOO_SOON)
    return redirect("results:detail", pk)


@require_GET
def export_csv(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Download the people whom the filters leave."""
    found = _found(request, pk)
    if found is None:
        return _refused(request, pk, UNUSABLE)
    return csv_file(export_rows.text_rows(found), f"results-{pk}.csv")


@require_GET
def export_excel(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Download the people whom the filters leave."""
    found = _found(request, pk)
    if found is None:
        return _refused(request, pk, UNUSABLE)
    if found.count() > MOST_ROWS:
        return _refused(request, pk, TOO_MANY)
    return excel_file(export_rows.HEADINGS, export_rows.rows(found), f"results-{pk}.xlsx")


def _found(request: HttpRequest, pk: int) -> QuerySet[CalledPerson] | None:
    """Return the people; None if a filter has a value that can't be used."""
    campaign: Campaign = load(request, pk, to=Role.VIEWER)
    narrowing = Narrowing.read(request.GET)
    if not narrowing.is_usable:
        return None
    return people.of_parts(parts.of_campaign(campaign, request.user), narrowing)


def _refused(request: HttpRequest, pk: int, sentence: str) -> HttpResponse:
    messages.error(request, sentence)
    return redirect(f"{reverse('results:detail', args=[pk])}?{request.GET.urlencode()}")
