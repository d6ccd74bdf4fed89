"""The filters of the history. There is none for phone numbers, since a number would be in the URL."""

from typing import Any

import django_filters
from django import forms
from django.contrib.auth.models import User
from django.db.models import Q, QuerySet
from django_filters.fields import ModelChoiceField

from campaigns.clients import access
from campaigns.drafts.form.widgets import DateInput
from campaigns.drafts.models import Campaign
from campaigns.filters import Filters
from campaigns.parameters import LARGEST, whole_number
from campaigns.submissions.models import Submission

TEST_CALL = "test"
KINDS = (("campaign", "Campaigns"), (TEST_CALL, "Test calls"))
FROM_AFTER_TO = "From is later than To. Choose a To on or after From."


def _colleagues(request: Any) -> QuerySet[User]:
    """Return the people who submitted something that the signed-in person may see."""
    seen = access.visible(request.user, Submission.with_test_calls.all())
    found = User.objects.filter(pk__in=seen.values("submitted_by"))
    return found.order_by("first_name", "last_name", "username")


def _campaigns(request: Any) -> QuerySet[Campaign]:
    return access.visible(request.user, Campaign.objects.all())


class _PersonField(ModelChoiceField):  # type: ignore[misc]
    def label_from_instance(self, person: User) -> str:
        return person.get_full_name() or person.get_username()


class _PersonFilter(django_filters.ModelChoiceFilter):  # type: ignore[misc]
    field_class = _PersonField


class _SubmissionFilterForm(forms.Form):
    def clean(self) -> None:
        super().clean()
        since, until = self.cleaned_data.get("since"), self.cleaned_data.get("until")
        if since and until and since > until:
            self.add_error("until", FROM_AFTER_TO)


class SubmissionFilter(Filters):
    q = django_filters.CharFilter(
        label="Search",
        method="search",
        widget=forms.TextInput(
            attrs={"type": "search", "placeholder": "Name, campaign ID or reference"}
        ),
    )
    client = django_filters.ModelChoiceFilter(
        queryset=lambda request: access.clients_of(request.user), empty_label="All clients"
    )
    state = django_filters.ChoiceFilter(choices=Submission.State.choices, empty_label="All states")
    kind = django_filters.ChoiceFilter(
        choices=KINDS, empty_label="All kinds", method="of_kind", label="Kind"
    )
    submitted_by = _PersonFilter(
        label="Submitted by", queryset=_colleagues, empty_label="Everybody"
    )
    since = django_filters.DateFilter(
        label="From", field_name="submitted_at", lookup_expr="date__gte", widget=DateInput()
    )
    until = django_filters.DateFilter(
        label="To", field_name="submitted_at", lookup_expr="date__lte", widget=DateInput()
    )

    # In the URL only, as the page of one campaign has it: a choice of all campaigns would be too long.
    campaign = django_filters.ModelChoiceFilter(queryset=_campaigns, widget=forms.HiddenInput)

    class Meta:
        model = Submission
        form = _SubmissionFilterForm
        fields = ("campaign", "q", "client", "state", "kind", "submitted_by", "since", "until")

    def of_kind(self, submissions: QuerySet[Submission], _name: str, kind: str) -> Any:
        return submissions.filter(is_test_call=kind == TEST_CALL)

    def search(self, submissions: QuerySet[Submission], _name: str, text: str) -> Any:
        """Find submissions by a part of the name, or by a whole campaign ID or reference."""
        text = text.strip().strip("[]")
        found = Q(name__icontains=text) | Q(reference__iexact=text)
        campaign_id = whole_number(text)
        if campaign_id is not None and campaign_id < LARGEST:
            found |= Q(parts__deliveries__campaign_id=campaign_id)
            found |= Q(parts__deliveries__answered_id=campaign_id)
        return submissions.filter(found).distinct()
