"""The home page, the health check and the error pages."""

from django.contrib.auth.decorators import login_not_required
from django.db import DatabaseError, connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from portal import rooms


@require_GET
@never_cache
def home(request: HttpRequest) -> HttpResponse:
    return render(request, "portal/home.html", {"panels": rooms.home_panels(request)})


@login_not_required
@require_GET
@never_cache
def healthz(_request: HttpRequest) -> HttpResponse:
    """Answer 200 when the portal can do its work, else 503 and what is wrong, without details."""
    try:
        connection.ensure_connection()
        problems = rooms.health_problems()
    except DatabaseError:
        problems = ["The database does not answer."]
    status = 503 if problems else 200
    return JsonResponse({"healthy": not problems, "problems": problems}, status=status)


@login_not_required
def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    return render(request, "403_csrf.html", status=403)
