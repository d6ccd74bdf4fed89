"""The help page: the way of a campaign, the words, and what the portal claims about accessibility."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET


@require_GET
def show(request: HttpRequest) -> HttpResponse:
    return render(request, "portal/help.html")
