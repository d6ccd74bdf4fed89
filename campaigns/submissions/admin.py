"""The administration page on which an administrator holds and resumes all sending."""

from django import forms
from django.contrib import admin, messages
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import URLPattern, path

from campaigns.clients import access
from campaigns.clients.free_text import names_no_number
from campaigns.clients.models import Event
from campaigns.submissions.models.dispatch_switch import Dispatch
from campaigns.submissions.operating import resume_sending

EVENTS_SHOWN = 20
CHANGED = "Sending was not resumed: this has changed since you opened the page. See its current state below."


class HoldForm(forms.Form):
    reason = forms.CharField(
        label="Why nothing may be sent",
        max_length=200,
        validators=[names_no_number],
        error_messages={"required": "Say why nothing may be sent. Everyone will see this."},
    )


@admin.register(Dispatch)
class DispatchAdmin(admin.ModelAdmin[Dispatch]):
    """The page of the only `Dispatch` row, shown instead of a list with one row."""

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, object] | None = None
    ) -> HttpResponse:
        self._require(request)
        form = HoldForm(request.POST if "hold" in request.POST else None)
        if request.method == "POST" and _done(request, form):
            return redirect("admin:submissions_dispatch_changelist")
        row = Dispatch.current()
        context = {
            "dispatch": row,
            "form": form,
            "plan": resume_sending.plan() if row.why_held else None,
            "events": Event.objects.about(row).order_by("-at", "-pk")[:EVENTS_SHOWN],
        }
        return render(
            request, "submissions/sending.html", context, status=422 if form.errors else 200
        )

    def get_urls(self) -> list[URLPattern]:
        """Return the URL of that page and no other.

        The usual form for editing a row would change it without recording an event.
        """
        page = self.admin_site.admin_view(self.changelist_view)
        return [path("", page, name="submissions_dispatch_changelist")]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Dispatch | None = None) -> bool:
        return False

    def _require(self, request: HttpRequest) -> None:
        if not self.has_change_permission(request):
            raise PermissionDenied


def _done(request: HttpRequest, form: HoldForm) -> bool:
    """Do what the form asks for. Return False if the form must be corrected first."""
    actor = access.person(request)
    if "release" in request.POST:
        _resume(request, actor)
        return True
    if not form.is_valid():
        return False
    if not Dispatch.hold(form.cleaned_data["reason"], actor):
        messages.info(request, "Sending is already held for this reason.")
    return True


def _resume(request: HttpRequest, actor: User) -> None:
    try:
        is_resumed = resume_sending.resume(actor, request.POST.get("hold_key", ""))
    except resume_sending.NotWhatWasShown:
        is_resumed = False
    if not is_resumed:
        messages.warning(request, CHANGED)
