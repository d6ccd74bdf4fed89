"""The filters of the list of campaigns. No filter takes a phone number, which would be seen in the URL."""

from typing import Any

import django_filters
from django import forms
from django.db.models import Q, QuerySet

from campaigns.clients import access
from campaigns.drafts.models import Campaign
from campaigns.filters import Filters


class CampaignFilter(Filters):
    q = django_filters.CharFilter(
        label="Search",
        field_name="name",
        lookup_expr="icontains",
        widget=forms.TextInput(attrs={"type": "search", "placeholder": "Campaign name"}),
    )
    client = django_filters.ModelChoiceFilter(
        queryset=lambda request: access.clients_of(request.user), empty_label="All clients"
    )
    mine = django_filters.BooleanFilter(
        label="Mine only", method="of_the_person", widget=forms.CheckboxInput()
    )

    class Meta:
        model = Campaign
        fields = ("q", "client", "mine")

    def of_the_person(self, campaigns: QuerySet[Campaign], _name: str, is_wanted: bool) -> Any:
        """Keep the campaigns that the signed-in person made or edited, if that is wanted."""
        if not is_wanted:
            return campaigns
        person = access.person(self.request)
        edited = Campaign.editors.through.objects.filter(user=person).values("campaign")
        return campaigns.filter(Q(created_by=person) | Q(pk__in=edited))
