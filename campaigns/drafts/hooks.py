"""Hooks through which drafts ask the apps above them, since drafts must not import submissions."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Q, QuerySet

from campaigns.drafts.models import Campaign
from campaigns.drafts.preflight import Problem
from campaigns.extension_points import Hook


@dataclass(frozen=True, slots=True)
class State:
    """The state of a submitted campaign. `label` is a word for people, `kind` the word's CSS class.

    `submitted_at` is when the submission with this state was submitted. The draft may have been changed
    since.
    """

    kind: str
    label: str
    url: str
    submitted_at: datetime


@dataclass(frozen=True, slots=True)
class Reopened:
    """The reason why a draft is open again.

    `problems` are what was said about its fields. `url` is the page with the full account.
    """

    sentence: str
    url: str
    problems: list[Problem]


campaign_states = Hook[[Iterable[int]], Mapping[int, State]](
    "what became of campaigns, by their ids"
)
campaign_state_choices = Hook[[], Iterable[tuple[str, str]]]("all that can become of campaigns")
campaigns_in_state = Hook[[str], QuerySet[Any, Any]]("ids of the campaigns in a state")
draft_reopened = Hook[[Campaign], Reopened | None]("why a draft is open again")
draft_notes = Hook[[Campaign], Iterable[str]]("sentences on the builder's page")


def states(ids: Iterable[int]) -> Mapping[int, State]:
    """Return the state of each campaign that was submitted, by its id."""
    found: dict[int, State] = {}
    for each in campaign_states(ids):
        found |= each
    return found


def state_choices() -> list[tuple[str, str]]:
    """Return the kinds of states with their labels."""
    return [choice for choices in campaign_state_choices() for choice in choices]


def in_state(kind: str) -> Q:
    """Return a filter for the campaigns that are in a state."""
    wanted = Q(pk__in=())
    for ids in campaigns_in_state(kind):
        wanted |= Q(pk__in=ids)
    return wanted


def reopened(campaign: Campaign) -> Reopened | None:
    return next(filter(None, draft_reopened(campaign)), None)


def notes(campaign: Campaign) -> list[str]:
    """Return sentences for people about the draft."""
    return [sentence for sentences in draft_notes(campaign) for sentence in sentences]
