"""The stages of submitted campaigns, for the tabs of the list of campaigns.

- *Needs you*, which a person who may change the client's campaigns can act on:
  - the partner may have any of its submissions, and a person has to find out (needs checking),
  - its submission is held,
  - its newest submission was refused, partly submitted, returned or expired, and its draft is open
    again,
  - its submission awaits approval, and the person may approve it. No author of it may.
- *Scheduled*: its submission is on its way to the partner: preparing, awaiting approval, scheduled or
  sending.
- *Submitted*: the partner has accepted its newest submission, or a part of it.

A submission that was undone needs nobody: a person chose that. It is among the drafts.
"""

from django.contrib.auth.models import User
from django.db.models import Exists, OuterRef, Q, QuerySet

from campaigns.clients import access
from campaigns.clients.models import Role
from campaigns.drafts.hooks import Stage
from campaigns.drafts.models import Campaign
from campaigns.submissions.models import Submission, queries
from campaigns.submissions.models.states import State

_TO_CORRECT = (State.REFUSED, State.PARTLY_SUBMITTED, State.RETURNED, State.EXPIRED)
_ON_ITS_WAY = (State.PREPARING, State.AWAITING_APPROVAL, State.SCHEDULED, State.SENDING)
_ACCEPTED = (State.SUBMITTED, State.PARTLY_SUBMITTED)


def at_stage(stage: Stage, person: User) -> QuerySet[Submission, int]:
    """Return the ids of the campaigns that are at the stage, as the person sees it."""
    submissions = Submission.objects.filter(_CONDITIONS[stage](person))
    return submissions.order_by().values_list("campaign", flat=True)


def _needs(person: User) -> Q:
    edited = Campaign.editors.through.objects.filter(user=person, campaign=OuterRef("campaign"))
    approving = access.clients_of(person, at_least=Role.APPROVER)
    asks_me = Q(state=State.AWAITING_APPROVAL, client__in=approving) & ~(
        Q(submitted_by=person) | Exists(edited)
    )
    is_open_again = _newest_is(_TO_CORRECT) & Q(campaign__status=Campaign.Status.DRAFT)
    wanted = queries.needs_checking() | queries.is_held() | is_open_again | asks_me
    return wanted & Q(client__in=access.clients_of(person, at_least=Role.ACCOUNT_MANAGER))


def _on_its_way(_person: User) -> Q:
    return _newest_is(_ON_ITS_WAY)


def _accepted(_person: User) -> Q:
    return _newest_is(_ACCEPTED)


def _newest_is(states: tuple[State, ...]) -> Q:
    """Return the condition for the newest submissions of their campaigns, in any of the states."""
    later = Submission.objects.filter(campaign=OuterRef("campaign"), pk__gt=OuterRef("pk"))
    return Q(state__in=states) & ~Q(Exists(later))


_CONDITIONS = {
    Stage.NEEDS_YOU: _needs,
    Stage.SCHEDULED: _on_its_way,
    Stage.SUBMITTED: _accepted,
}
