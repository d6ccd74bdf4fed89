"""Clients and their lookups, edited in Django's admin."""

from typing import TYPE_CHECKING, Any

from django.contrib import admin

from campaigns.clients import access
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
from campaigns.clients.sign_in_form import SignInForm, SignInFormSet

if TYPE_CHECKING:
    from django.http import HttpRequest


class MembershipInline(admin.TabularInline[Membership, Client]):
    model = Membership
    extra = 1
    autocomplete_fields = ("user",)


class ParameterInline(admin.TabularInline[CallFlowParameter, CallFlow]):
    model = CallFlowParameter
    extra = 1
    max_num = 9


class SignInInline(admin.StackedInline[PartnerSignIn, PartnerAccount | Client]):
    model = PartnerSignIn
    form = SignInForm
    formset = SignInFormSet  # type: ignore[assignment]
    extra = 1
    max_num = 1


class SignsIn:
    """Tells that the sign-in has been changed, and by whom; never what it is."""

    def save_formset(self, request: "HttpRequest", form: Any, formset: Any, change: bool) -> None:
        super().save_formset(request, form, formset, change)  # type: ignore[misc]
        if isinstance(formset, SignInFormSet) and formset.has_changed():
            owner = formset.instance
            client_id = owner.pk if isinstance(owner, Client) else None
            sentence = f"Changed how {owner.name} signs in to the partner."
            Event.record(owner, client_id, sentence, access.person(request))


@admin.register(PartnerAccount)
class PartnerAccountAdmin(SignsIn, admin.ModelAdmin[PartnerAccount]):
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
            told = f"Held everything to {obj.name}: {obj.held_reason}"
            sentence = told if obj.held_reason else f"Lets everything to {obj.name} go on."
            Event.record(obj, None, sentence, access.person(request))


@admin.register(Client)
class ClientAdmin(SignsIn, admin.ModelAdmin[Client]):
    list_display = ("name", "dm_client_id", "partner_account", "time_zone")
    list_filter = ("partner_account",)
    search_fields = ("name", "dm_client_id")
    inlines = (MembershipInline, SignInInline)


@admin.register(CallFlow)
class CallFlowAdmin(admin.ModelAdmin[CallFlow]):
    list_display = ("name", "partner_id", "client", "is_active")
    list_filter = ("client", "is_active")
    search_fields = ("name", "partner_id")
    inlines = (ParameterInline,)


@admin.register(Cli)
class CliAdmin(admin.ModelAdmin[Cli]):
    list_display = ("number", "description", "partner_id", "client", "is_active")
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
