"""What later rooms tell of campaigns, since drafts know nothing of submissions.

A room may set on its AppConfig:

- `campaign_states`: a dotted path `(ids of campaigns) -> Mapping[id, State]`: what became of each that
  was submitted.
- `campaign_state_choices`: a dotted path `() -> Iterable[(kind, label)]`: all that could become of them.
- `campaigns_in_state`: a dotted path `(kind) -> QuerySet of ids`: those of which that became.
- `draft_reopened`: a dotted path `(campaign) -> Reopened | None`: why it came back to be fixed.
- `draft_questions`: a dotted path `(request, campaign, unanswered) -> Question | None`: what a person
  has to answer in the form before it can be submitted; `unanswered` when it was posted without.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.apps import apps
from django.db.models import Q
from django.http import HttpRequest
from django.utils.module_loading import import_string

from campaigns.drafts.models import Campaign
from campaigns.drafts.preflight import Problem


@dataclass(frozen=True, slots=True)
class State:
    """What became of a campaign, in a word; `kind` is the word's CSS class.

    `submitted_at` is when what came to that was submitted: the draft may have been changed since.
    """

    kind: str
    label: str
    url: str
    submitted_at: datetime


@dataclass(frozen=True, slots=True)
class Reopened:
    """Why a draft is open again: what was said, each at its field, and where all of it stands."""

    sentence: str
    url: str
    problems: list[Problem]


@dataclass(frozen=True, slots=True)
class Question:
    """A part of the form, and what is wrong with its answer, "" if nothing is."""

    html: str
    field_id: str
    error: str


def states(ids: Iterable[int]) -> Mapping[int, State]:
    found: dict[int, State] = {}
    for tell in _offers("campaign_states"):
        found |= tell(ids)
    return found


def state_choices() -> list[tuple[str, str]]:
    """Return the kinds of states with their labels."""
    return [choice for tell in _offers("campaign_state_choices") for choice in tell()]


def in_state(kind: str) -> Q:
    """Return what is true of the campaigns that are in a state."""
    wanted = Q(pk__in=())
    for tell in _offers("campaigns_in_state"):
        wanted |= Q(pk__in=tell(kind))
    return wanted


def reopened(campaign: Campaign) -> Reopened | None:
    return next((found for tell in _offers("draft_reopened") if (found := tell(campaign))), None)


def questions(request: HttpRequest, campaign: Campaign, *, unanswered: bool) -> list[Question]:
    asked = (ask(request, campaign, unanswered) for ask in _offers("draft_questions"))
    return [question for question in asked if question]


def _offers(attribute: str) -> Iterable[Any]:
    return [
        import_string(getattr(config, attribute))
        for config in apps.get_app_configs()
        if hasattr(config, attribute)
    ]
