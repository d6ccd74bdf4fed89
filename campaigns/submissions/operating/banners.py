"""The banners of submissions above every page: that sending is held, and what is in doubt."""

from django.contrib.auth.models import User
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.urls import reverse

from campaigns.clients import access
from campaigns.clients.models import Role
from campaigns.submissions.models import Dispatch, Submission, queries

# The most doubts that are named. Of further ones only the number is shown.
NAMED = 3


def held(request: HttpRequest) -> str:
    """Return the banner that tells everybody that nothing is sent; "" if sending is not held.

    It shows an administrator where to resume sending.
    """
    dispatch = Dispatch.current()
    if not dispatch.why_held:
        return ""
    may_release = isinstance(request.user, User) and request.user.has_perm(
        "submissions.change_dispatch"
    )
    context = {"dispatch": dispatch, "may_release": may_release}
    return render_to_string("submissions/held_banner.html", context)


def doubts(request: HttpRequest) -> str:
    """Return the banner that tells authors and approvers which submissions a person has to settle.

    Return "" if there are none, and on the home page, whose panel *Needs you* names them.
    """
    if request.path == reverse("home"):
        return ""
    person = access.person(request)
    approving = access.clients_of(person, at_least=Role.APPROVER)
    mine = access.visible(person, Submission.with_test_calls.select_related("client"))
    concerning = queries.in_doubt_for(mine, person, approving)
    found = list(concerning[: NAMED + 1])
    if not found:
        return ""
    more = concerning.count() - NAMED if len(found) > NAMED else 0
    context = {"submissions": found[:NAMED], "more": more}
    return render_to_string("submissions/doubts_banner.html", context)
