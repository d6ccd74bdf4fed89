"""The filters of the list of campaigns. No filter takes a phone number, which would be seen in the URL."""

from typing import Any

import django_filters
from django import forms
from django.db.models import QuerySet

from campaigns.clients import access
from campaigns.drafts import hooks
from campaigns.drafts.models import Campaign

DRAFT = Campaign.Status.DRAFT


class CampaignFilter(django_filters.FilterSet):  # type: ignore[misc]
    q = django_filters.CharFilter(
        label="Search",
        field_name="name",
        lookup_expr="icontains",
        widget=forms.TextInput(attrs={"type": "search", "placeholder": "Campaign name"}),
    )
    client = django_filters.ModelChoiceFilter(
        queryset=lambda request: access.clients_of(request.user), empty_label="All clients"
    )
    state = django_filters.ChoiceFilter(
        label="State",
        choices=lambda: [(DRAFT.value, DRAFT.label), *hooks.state_choices()],
        method="in_state",
        empty_label="All states",
    )

    class Meta:
        model = Campaign
        fields = ("q", "client", "state")

    def in_state(self, campaigns: QuerySet[Campaign], _name: str, state: str) -> Any:
        """Keep the drafts, or the campaigns whose newest submission is in the state."""
        if state == DRAFT:
            return campaigns.filter(status=DRAFT)
        return campaigns.filter(hooks.in_state(state))
