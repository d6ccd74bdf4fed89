"""The stages of submitted campaigns, for the tabs of the list of campaigns.

- *Needs you*: a submission of it waits for the person (`queries.wants`).
- *Scheduled*: its submission is on its way to the partner: preparing, awaiting approval, scheduled or
  sending.
- *Submitted*: the partner has accepted its newest submission, or a part of it.

A submission that was undone needs nobody: a person chose that. It is among the drafts.
"""

from django.contrib.auth.models import User
from django.db.models import Q, QuerySet

from campaigns.drafts.hooks import Stage
from campaigns.submissions.models import Submission, queries
from campaigns.submissions.models.states import State

_ON_ITS_WAY = (State.PREPARING, State.AWAITING_APPROVAL, State.SCHEDULED, State.SENDING)
_ACCEPTED = (State.SUBMITTED, State.PARTLY_SUBMITTED)


def at_stage(stage: Stage, person: User) -> QuerySet[Submission, int]:
    """Return the ids of the campaigns that are at the stage, as the person sees it."""
    submissions = Submission.objects.filter(_CONDITIONS[stage](person))
    return submissions.order_by().values_list("campaign", flat=True)


def _on_its_way(_person: User) -> Q:
    return queries.newest_is(_ON_ITS_WAY)


def _accepted(_person: User) -> Q:
    return queries.newest_is(_ACCEPTED)


_CONDITIONS = {
    Stage.NEEDS_YOU: queries.wants,
    Stage.SCHEDULED: _on_its_way,
    Stage.SUBMITTED: _accepted,
}
