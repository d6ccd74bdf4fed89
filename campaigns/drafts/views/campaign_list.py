"""The list of all campaigns that a person may see."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from campaigns.clients import access
from campaigns.drafts.listing import tabs
from campaigns.drafts.listing.filters import CampaignFilter
from campaigns.drafts.listing.tables import CampaignTable
from campaigns.drafts.models import Campaign


@require_GET
def campaign_list(request: HttpRequest) -> HttpResponse:
    """Show the campaigns of the chosen tab that the filters find."""
    campaigns = access.visible(
        request.user, Campaign.objects.select_related("client", "changed_by")
    )
    filters = CampaignFilter(request.GET, queryset=campaigns, request=request)
    tab = tabs.chosen(request)
    context = {
        "table": CampaignTable.paged(request, tabs.in_tab(filters.qs, request)),
        "form": filters.form,
        "tabs": tabs.tabs(filters.qs, request),
        "tab": tab,
        "is_unknown_tab": tab not in tabs.TABS,
        "is_filtered": filters.is_narrowing,
        "may_write": access.can_edit_somewhere(request.user),
    }
    return render(request, "drafts/list.html", context)
