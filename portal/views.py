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
    """Show that an error happened on our side. If the disk caused it, say so."""
    if files.is_of_the_disk(sys.exc_info()[1]):
        # A page without the frame, because the frame queries the database.
        return HttpResponse(render_to_string("507.html"), status=507)
    return django_server_error(request)


@login_not_required
@require_GET
@never_cache
def healthz(_request: HttpRequest) -> HttpResponse:
    """Return 200 if the portal can do its work, else 503 with the problems, without details."""
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
    """Sign a person in. A form that was posted without a session is then offered to be sent again."""
    response: HttpResponse = account.login(request)
    kept = KeptForm.read(request.POST.get("kept", ""))
    return offer(request, kept) if kept and request.user.is_authenticated else response


@login_not_required
def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Keep what was typed if the form is ours and only its token or its cookie is gone."""
    kept = None if request.htmx else KeptForm.of(request)  # type: ignore[attr-defined]
    if kept is None:
        return render(request, "403_csrf.html", status=403)
    if not request.user.is_authenticated:
        return ask_to_sign_in(request, kept)
    return offer(request, kept, status=403)
