"""*Call me first*: save the draft, show what a test call would do, and make exactly that."""

from uuid import uuid4

import structlog
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from campaigns.clients import access
from campaigns.drafts.form.form_data import is_key, posted_token
from campaigns.drafts.models import Campaign, DraftLocked
from campaigns.drafts.views import saving
from campaigns.drafts.views.drafts import redirect_to_form
from campaigns.drafts.views.loading import load
from campaigns.submissions.delivering import queueing
from campaigns.submissions.models import OwnNumber
from campaigns.submissions.test_calls.make import Blocked, NotAsShown, make
from campaigns.submissions.test_calls.number_form import OwnNumberForm
from campaigns.submissions.test_calls.planned import Planned

CHANGED = (
    "This campaign, your number or something else changed after you opened this page, so you were not "
    "called. This is how it is now: check it again."
)
DISK_FAILED = (
    "You were not called, and nothing was stored. The portal’s disk is full or fails. Tell an "
    "administrator."
)
SUBMITTED = "This campaign has been submitted, so there is no draft to try with a test call."

log = structlog.get_logger(__name__)


@require_http_methods(["GET", "POST"])
def test_call_new(request: HttpRequest) -> HttpResponse:
    """Save what the builder posted as a new draft, and lead to its test call."""
    return _saved(request, None) if request.method == "POST" else redirect_to_form(request, None)


# Not cached by the browser: Back would show a test call of an older draft.
@never_cache
@require_http_methods(["GET", "POST"])
def test_call(request: HttpRequest, pk: int) -> HttpResponse:
    """Show what a test call of the saved draft would do. If the builder posted, save that first."""
    if request.method == "POST":
        return _saved(request, pk)
    return _show(request, load(request, pk), _position(request.GET.get("person", "")))


def _saved(request: HttpRequest, pk: int | None) -> HttpResponse:
    try:
        campaign = saving.save(request, pk)
    except saving.NotSaved as refused:
        return saving.show_refusal(request, refused)
    return redirect(_url(campaign, _position(request.POST.get("person", ""))))


@require_http_methods(["GET", "POST"])
def call_me(request: HttpRequest, pk: int) -> HttpResponse:
    """Make the test call that the page showed, or show the page again with what keeps it from that."""
    campaign = load(request, pk)
    position = _position(request.POST.get("person", ""))
    if request.method == "GET":
        return redirect("submissions:test_call", campaign.pk)
    seen, token = request.POST.get("seen", ""), posted_token(request.POST)
    try:
        submission = make(campaign, access.person(request), position, seen, token)
    except NotAsShown:
        messages.warning(request, CHANGED)
        return _show(request, load(request, pk), position, status=409)
    except (Blocked, DraftLocked):
        return _show(request, load(request, pk), position, status=422)
    except OSError as problem:
        log.error("the disk failed in a test call", campaign=pk, errno=problem.errno)
        messages.error(request, DISK_FAILED)
        return _show(request, load(request, pk), position, status=507)
    # As the freeze does for a campaign: the first delivery is queued now, not by the next sweep.
    queueing.queue_due(submission)
    return redirect("submissions:detail", submission.pk)


def _show(
    request: HttpRequest, campaign: Campaign, position: int, status: int = 200
) -> HttpResponse:
    if not campaign.is_draft:
        messages.info(request, SUBMITTED)
        return redirect("drafts:edit", campaign.pk)
    person = access.person(request)
    planned = Planned(campaign, person, OwnNumber.of(person), position, timezone.now())
    context = {
        "app_here": "drafts",
        "campaign": campaign,
        "planned": planned,
        "preview": planned.preview,
        "content": planned.content,
        "form_token": uuid4().hex,
        "number_form": OwnNumberForm(person=person),
        "back": _url(campaign, planned.position),
    }
    return render(request, "submissions/test_call.html", context, status=status)


def _url(campaign: Campaign, position: int) -> str:
    """Return the page's URL. The person is named by the place on the lists, which says nothing of them."""
    return f"{reverse('submissions:test_call', args=[campaign.pk])}?person={position}"


def _position(text: str) -> int:
    return int(text) if is_key(text) else 1
