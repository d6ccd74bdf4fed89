"""The error pages: something went wrong on our side, or a form's CSRF token is gone."""

import sys

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.views.defaults import server_error as django_server_error

from portal import files
from portal.accounts.kept_forms import KeptForm, offer
from portal.accounts.sign_in import ask_to_sign_in


@login_not_required
def server_error(request: HttpRequest) -> HttpResponse:
    """Show that an error happened on our side. If the disk caused it, say so."""
    if files.is_of_the_disk(sys.exc_info()[1]):
        # A page without the frame, because the frame queries the database.
        return HttpResponse(render_to_string("507.html"), status=507)
    return django_server_error(request)


@login_not_required
def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Keep what was typed if the form is ours and only its token or its cookie is gone."""
    kept = None if request.htmx else KeptForm.of(request)  # type: ignore[attr-defined]
    if kept is None:
        return render(request, "403_csrf.html", status=403)
    if not request.user.is_authenticated:
        return ask_to_sign_in(request, kept)
    return offer(request, kept, status=403)
