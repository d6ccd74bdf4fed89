"""Sign-in through django-allauth. Accounts are made by an administrator, never by a visitor."""

from datetime import timedelta
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.forms import LoginForm
from django import forms
from django.conf import settings
from django.contrib.auth import REDIRECT_FIELD_NAME
from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render, resolve_url
from django.utils import timezone

from portal.accounts.kept_forms import KeptForm, page_of

# Of allauth's default limit: five tries in 300 seconds.
LOCKED_OUT = timedelta(minutes=5)


class ClosedToSignUp(DefaultAccountAdapter):  # type: ignore[misc]
    error_messages = DefaultAccountAdapter.error_messages | {
        "username_password_mismatch": "The username or the password is wrong.",
        "too_many_login_attempts": "Too many tries. You can try again from %s (UK time).",
        "account_inactive": "This account is closed. Ask an administrator to reactivate it.",
    }

    def validation_error(self, code: str, *args: Any) -> ValidationError:
        """Say when a person who is locked out can try again, at the latest: refused tries don't count."""
        if code == "too_many_login_attempts":
            latest = timezone.localtime() + LOCKED_OUT + timedelta(minutes=1)
            args = (f"{latest:%H:%M}",)
        error: ValidationError = super().validation_error(code, *args)
        return error

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def add_message(self, *args: Any, **kwargs: Any) -> None:
        """Add no message, because the page after signing in or out shows by itself that it worked."""


class SignInForm(LoginForm):  # type: ignore[misc]
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            # A placeholder that only repeats the label is removed: it vanishes as soon as people type.
            field.widget.attrs.pop("placeholder", None)
            field.widget.attrs["class"] = "form-control"
        self.fields["login"].widget.attrs["autofocus"] = True
        self.fields["password"].help_text = ""
        # The form that waits to be sent again, as returned by `KeptForm.signed`.
        self.fields["kept"] = forms.CharField(required=False, widget=forms.HiddenInput)


class SignInKeepingWhatWasTyped(LoginRequiredMiddleware):
    """Middleware that sends people who are not signed in to the sign-in page, with the form they posted."""

    def handle_no_permission(  # type: ignore[override]
        self, request: HttpRequest, view_func: Any
    ) -> HttpResponseBase:
        kept = None if request.htmx else KeptForm.of(request)  # type: ignore[attr-defined]
        if kept:
            return ask_to_sign_in(request, kept)
        page = page_of(request)
        if request.method == "POST" and page:
            # Back to the page and not to the request's own URL, as many URLs take only POST.
            return redirect_to_login(page, resolve_url(settings.LOGIN_URL))
        return super().handle_no_permission(request, view_func)


def ask_to_sign_in(request: HttpRequest, kept: KeptForm) -> HttpResponse:
    """Show the sign-in page instead of the page requested. It carries the posted form along."""
    context = {
        "form": SignInForm(initial={"kept": kept.signed()}, request=request),
        "next": {"name": REDIRECT_FIELD_NAME, "value": kept.page},
    }
    return render(request, "account/login.html", context, status=403)
