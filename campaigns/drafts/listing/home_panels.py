"""The panel of drafts on the home page."""

from django.http import HttpRequest
from django.template.loader import render_to_string

from campaigns.clients import access
from campaigns.drafts.models import Campaign
from portal.pages.frame_parts import Action

SHOWN = 5


def drafts_to_finish(request: HttpRequest) -> str:
    if not access.clients_of(request.user).exists():
        return ""
    drafts = access.visible(request.user, Campaign.objects.drafts().select_related("client"))
    context = {
        "drafts": drafts[:SHOWN],
        "more": max(0, drafts.count() - SHOWN),
    }
    return render_to_string("drafts/panel.html", context, request)


def new_campaign(request: HttpRequest) -> Action | None:
    if not access.can_edit_somewhere(request.user):
        return None
    return Action("New campaign", "drafts:new", is_primary=True)
