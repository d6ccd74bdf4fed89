"""The history of one campaign: the events of its draft and of all its submissions."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from campaigns.clients import access
from campaigns.clients.models import Event, Role
from campaigns.drafts import hooks
from campaigns.drafts.listing import hub
from campaigns.drafts.listing.tables import HistoryTable
from campaigns.drafts.views.loading import load


@require_GET
def history(request: HttpRequest, pk: int) -> HttpResponse:
    """Show who did what and when, the newest first.

    A draft may have moved here from another client. What happened there is shown only to those who may
    see that client.
    """
    campaign = load(request, pk, to=Role.VIEWER)
    events = access.visible(request.user, Event.objects.filter(hooks.events_of(campaign)))
    shown = events.select_related("actor").order_by("-at", "-pk")
    state = hooks.states([pk]).get(pk)
    context = {
        "campaign": campaign,
        "outcome": state,
        "pages": hub.tabs(campaign, hub.Page.HISTORY, state),
        "table": HistoryTable.paged(request, shown),
        "may_write": access.can_edit(request.user, campaign.client),
    }
    return render(request, "drafts/history.html", context)
