"""The pages of Django's admin for clients, their accounts and lookups, events and people."""

from typing import TYPE_CHECKING, Any, TypeVar

from django import forms
from django.contrib import admin
from django.contrib.auth.admin import GroupAdmin, UserAdmin
from django.contrib.auth.models import Group, User
from django.utils import timezone

from campaigns.clients import access, blocking_warnings
from campaigns.clients.admin.account_form import AccountForm
from campaigns.clients.admin.recorded_changes import RecordsChanges
from campaigns.clients.admin.sign_in_form import SignInForm, SignInFormSet
from campaigns.clients.lookups.lookup import Lookup
from campaigns.clients.lookups.placeholders import parameters_in
from campaigns.clients.models import (
    CallFlow,
    CallFlowParameter,
    Cli,
    Client,
    Event,
    Membership,
    PartnerAccount,
    PartnerSignIn,
)

if TYPE_CHECKING:
    from django.db.models import QuerySet
    from django.http import HttpRequest


class MembershipInline(admin.TabularInline[Membership, Client]):
    model = Membership
    extra = 1
    autocomplete_fields = ("user",)


class ParameterFormSet(forms.BaseInlineFormSet[CallFlowParameter, CallFlow, Any]):
    """Require a row for each parameter that the call flow's texts contain."""

    def clean(self) -> None:
        super().clean()
        rows = [form.cleaned_data for form in self.forms if form.is_valid()]
        described = {row.get("number") for row in rows if not row.get("DELETE")}
        flow = self.instance
        lacking = sorted(parameters_in(flow.script, flow.sms_text) - described)
        if lacking:
            named = " and ".join(f"{{Parameter{number}}}" for number in lacking)
            numbers = " and ".join(map(str, lacking))
            message = f"The script or SMS text uses {named}. Add a row with number {numbers} here."
            raise forms.ValidationError(message)


class ParameterInline(admin.TabularInline[CallFlowParameter, CallFlow]):
    model = CallFlowParameter
    formset = ParameterFormSet
    extra = 1
    max_num = 9


class SignInInline(admin.StackedInline[PartnerSignIn, PartnerAccount | Client]):
    model = PartnerSignIn
    form = SignInForm
    formset = SignInFormSet  # type: ignore[assignment]
    extra = 1
    max_num = 1


@admin.register(PartnerAccount)
class PartnerAccountAdmin(RecordsChanges, admin.ModelAdmin[PartnerAccount]):
    form = AccountForm
    not_recorded = ("held_reason", "hold_key")
    list_display = ("name", "kind", "api_url", "held_reason")
    inlines = (SignInInline,)

    def save_model(
        self,
        request: "HttpRequest",
        obj: PartnerAccount,
        form: Any,
        change: bool,
    ) -> None:
        super().save_model(request, obj, form, change)
        if change and "held_reason" in form.changed_data:
            told = f"Stopped sending to {obj.name}: {obj.held_reason}"
            sentence = told if obj.held_reason else f"Resumed sending to {obj.name}."
            Event.record(obj, None, sentence, access.person(request))


class ClientForm(forms.ModelForm[Client]):
    """The form of a client. The app of drafts provides the warnings (`blocking_warnings.py`)."""

    blocking_warnings = forms.MultipleChoiceField(
        choices=blocking_warnings.warnings_offered,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        label=Client._meta.get_field("blocking_warnings").verbose_name,
        help_text=Client._meta.get_field("blocking_warnings").help_text,
    )


@admin.register(Client)
class ClientAdmin(RecordsChanges, admin.ModelAdmin[Client]):
    form = ClientForm
    list_display = ("name", "dm_client_id", "partner_account", "time_zone")
    list_filter = ("partner_account",)
    search_fields = ("name", "dm_client_id")
    inlines = (MembershipInline, SignInInline)


LookupT = TypeVar("LookupT", bound=Lookup)


class LookupAdmin(RecordsChanges, admin.ModelAdmin[LookupT]):
    """The admin of call flows and CLIs.

    Typing an ID also confirms it, since a person who types it has it from the partner. The action
    `confirm` records that somebody has asked the partner again.
    """

    actions = ("confirm",)
    only_named = ("script", "sms_text", "number")

    def get_readonly_fields(
        self, request: "HttpRequest", obj: LookupT | None = None
    ) -> tuple[str, ...]:
        """Forbid moving a lookup to another client: campaigns of its client use it."""
        return ("client", "confirmed_at") if obj else ("confirmed_at",)

    def save_model(self, request: "HttpRequest", obj: LookupT, form: Any, change: bool) -> None:
        if "partner_id" in form.changed_data:
            obj.confirmed_at = timezone.now()
        super().save_model(request, obj, form, change)

    @admin.action(description="The partner has confirmed these IDs", permissions=["change"])
    def confirm(self, request: "HttpRequest", queryset: "QuerySet[LookupT]") -> None:
        for found in queryset:
            found.confirm()
            kind = queryset.model._meta.verbose_name
            sentence = (
                f"Confirmed with the partner that its {kind} {found.partner_id} is still right."
            )
            Event.record(found, found.client_id, sentence, access.person(request))


@admin.register(CallFlow)
class CallFlowAdmin(LookupAdmin[CallFlow]):
    list_display = ("name", "partner_id", "client", "is_active", "confirmed_at")
    list_filter = ("client", "is_active")
    search_fields = ("name", "partner_id")
    inlines = (ParameterInline,)


@admin.register(Cli)
class CliAdmin(LookupAdmin[Cli]):
    list_display = ("number", "description", "partner_id", "client", "is_active", "confirmed_at")
    list_filter = ("client", "is_active")
    search_fields = ("number", "description", "partner_id")


@admin.register(Event)
class EventAdmin(admin.ModelAdmin[Event]):
    list_display = ("at", "actor", "client", "sentence")
    list_filter = ("client",)

    def has_add_permission(self, request: "HttpRequest") -> bool:
        return False

    def has_change_permission(
        self,
        request: "HttpRequest",
        obj: Event | None = None,
    ) -> bool:
        return False

    def has_delete_permission(
        self,
        request: "HttpRequest",
        obj: Event | None = None,
    ) -> bool:
        return False


admin.site.unregister([User, Group])


@admin.register(Group)
class RecordedGroupAdmin(RecordsChanges, GroupAdmin):
    """The admin of groups of administrators."""


@admin.register(User)
class PersonAdmin(RecordsChanges, UserAdmin[User]):
    """The admin of people: their names, and whether they may sign in. Access is set at each client."""

    only_named = ("first_name", "last_name", "email")
