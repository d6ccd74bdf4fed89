"""The home page, made of the panels that the apps register."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from portal.pages import frame_parts


@require_GET
@never_cache
def home(request: HttpRequest) -> HttpResponse:
    context = {
        "panels": frame_parts.home_panels(request),
        "actions": frame_parts.home_actions(request),
    }
    return render(request, "portal/home.html", context)
