"""What submissions show on the home page."""

from django.http import HttpRequest
from django.template.loader import render_to_string

from campaigns.clients import access
from campaigns.clients.models import Role
from campaigns.submissions.models import Submission

SHOWN = 10


def needs_me(request: HttpRequest) -> str:
    """Show what stands still until a person does something."""
    mine = access.visible(request.user, Submission.objects.select_related("client"))
    approving = access.clients_of(request.user, at_least=Role.APPROVER)
    wanting = list(mine.wanting_a_person(approving)[:SHOWN])  # type: ignore[attr-defined]
    if not wanting:
        return ""
    return render_to_string("submissions/needs_me_panel.html", {"submissions": wanting}, request)


def under_way(request: HttpRequest) -> str:
    mine = access.visible(request.user, Submission.objects.select_related("client"))
    running = mine.under_way().filter(held_reason="")[:SHOWN]  # type: ignore[attr-defined]
    if not running:
        return ""
    return render_to_string("submissions/under_way_panel.html", {"submissions": running}, request)
