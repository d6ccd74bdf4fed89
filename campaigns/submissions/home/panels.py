"""The panels of submissions on the home page."""

from django.contrib.auth.models import User
from django.http import HttpRequest
from django.template.loader import render_to_string

from campaigns.clients import access
from campaigns.clients.models import PartnerAccount
from campaigns.submissions.home import calling_days
from campaigns.submissions.models import Submission, queries

SHOWN = 10


def needs_me(request: HttpRequest) -> str:
    """Return the panel of submissions that wait for a person, and of held accounts; "" if none."""
    person = access.person(request)
    found = Submission.with_test_calls.filter(
        queries.wants(person) | queries.wants_for_test_call(person)
    )
    wanting = queries.gravest_first(found.select_related("client"))
    held = _held_accounts(request)
    count = wanting.count()
    if not (count or held):
        return ""
    context = {"submissions": wanting[:SHOWN], "more": max(0, count - SHOWN), "held": held}
    return render_to_string("submissions/needs_me_panel.html", context, request)


def _held_accounts(request: HttpRequest) -> list[PartnerAccount]:
    """Return the held accounts: those of the person's clients, or all of them for staff."""
    held = PartnerAccount.objects.exclude(held_reason="")
    if isinstance(request.user, User) and request.user.is_staff:
        return list(held)
    return list(held.filter(clients__in=access.clients_of(request.user)).distinct())


def under_way(request: HttpRequest) -> str:
    mine = access.visible(request.user, Submission.objects.select_related("client"))
    running = queries.under_way(mine).filter(held_reason="")[:SHOWN]
    if not running:
        return ""
    return render_to_string("submissions/under_way_panel.html", {"submissions": running}, request)


def calls_this_week(request: HttpRequest) -> str:
    """Return the panel of the next seven or 30 days: whose people are called on each, and when.

    Return "" if the person may see no submission.
    """
    mine = access.visible(request.user, Submission.objects.all())
    if not mine.exists():
        return ""
    is_month = request.GET.get("calls") == "month"
    days = calling_days.coming(mine, calling_days.MONTH if is_month else calling_days.WEEK)
    context = {"days": calling_days.folded(days), "is_month": is_month}
    return render_to_string("submissions/week_panel.html", context, request)
