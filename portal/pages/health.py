"""The health check, for a load balancer or a monitor."""

from django.contrib.auth.decorators import login_not_required
from django.db import DatabaseError, connection
from django.http import HttpRequest, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from portal.pages import frame_parts


@login_not_required
@require_GET
@never_cache
def healthz(_request: HttpRequest) -> JsonResponse:
    """Return 200 if the portal can do its work, else 503 with the problems, without details."""
    try:
        connection.ensure_connection()
        problems = frame_parts.health_problems()
    except DatabaseError:
        problems = ["The database does not answer."]
    status = 503 if problems else 200
    return JsonResponse({"healthy": not problems, "problems": problems}, status=status)
