"""The home page, the health check and the error pages."""

import sys

from allauth.account import views as account
from django.contrib.auth.decorators import login_not_required
from django.db import DatabaseError, connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET
from django.views.defaults import server_error as django_server_error

from portal import files, frame_parts
from portal.kept_forms import KeptForm, offer
from portal.sign_in import ask_to_sign_in


@require_GET
@never_cache
def home(request: HttpRequest) -> HttpResponse:
    return render(request, "portal/home.html", {"panels": frame_parts.home_panels(request)})


@login_not_required
def server_error(request: HttpRequest) -> HttpResponse:
    """Say that something failed on our side; where that was the disk, say so."""
    if files.is_of_the_disk(sys.exc_info()[1]):
        # Without the frame, which asks the database.
        return HttpResponse(render_to_string("507.html"), status=507)
    return django_server_error(request)


@login_not_required
@require_GET
@never_cache
def healthz(_request: HttpRequest) -> HttpResponse:
    """Answer 200 when the portal can do its work, else 503 and what is wrong, without details."""
    try:
        connection.ensure_connection()
        problems = frame_parts.health_problems()
    except DatabaseError:
        problems = ["The database does not answer."]
    status = 503 if problems else 200
    return JsonResponse({"healthy": not problems, "problems": problems}, status=status)


@login_not_required
@never_cache
def sign_in(request: HttpRequest) -> HttpResponse:
    """Sign somebody in; a form that was posted without a session is then offered to be sent again."""
    response: HttpResponse = account.login(request)
    kept = KeptForm.read(request.POST.get("kept", ""))
    return offer(request, kept) if kept and request.user.is_authenticated else response


@login_not_required
def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Keep what was typed where the form is ours and only its token, or its cookie, is gone."""
    kept = None if request.htmx else KeptForm.of(request)  # type: ignore[attr-defined]
    if kept is None:
        return render(request, "403_csrf.html", status=403)
    if not request.user.is_authenticated:
        return ask_to_sign_in(request, kept)
    return offer(request, kept, status=403)
