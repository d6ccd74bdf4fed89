"""Hooks through which drafts ask the apps above them, since drafts must not import submissions."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from typing import Any

from django.contrib.auth.models import User
from django.contrib.contenttypes.models import ContentType
from django.db.models import Q, QuerySet

from campaigns.drafts.models import Campaign
from campaigns.drafts.preflight import Problem
from campaigns.extension_points import Hook


class Stage(Enum):
    """How far campaigns that were submitted have come, and what they want of a person."""

    NEEDS_YOU = "needs you"
    SCHEDULED = "scheduled"
    SUBMITTED = "submitted"


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
campaigns_at_stage = Hook[[Stage, User], QuerySet[Any, Any]](
    "ids of the campaigns at a stage, as a person sees it"
)
draft_reopened = Hook[[Campaign], Reopened | None]("why a draft is open again")
campaign_events = Hook[[Campaign], Q](
    "which events are about what became of a campaign, besides those about the campaign itself"
)
campaign_results = Hook[[Campaign], str](
    "the address of the page with what came of a campaign's calls"
)
draft_notes = Hook[[Campaign], Iterable[str]]("sentences on the builder's page")


def states(ids: Iterable[int]) -> Mapping[int, State]:
    """Return the state of each campaign that was submitted, by its id."""
    found: dict[int, State] = {}
    for each in campaign_states(ids):
        found |= each
    return found


def at_stage(stage: Stage, person: User) -> Q:
    """Return a filter for the campaigns that are at a stage, as the person sees it."""
    wanted = Q(pk__in=())
    for ids in campaigns_at_stage(stage, person):
        wanted |= Q(pk__in=ids)
    return wanted


def events_of(campaign: Campaign) -> Q:
    """Return a filter for the events about the campaign and about what became of it."""
    wanted = Q(thing_type=ContentType.objects.get_for_model(Campaign), thing_id=campaign.pk)
    for further in campaign_events(campaign):
        wanted |= further
    return wanted


def reopened(campaign: Campaign) -> Reopened | None:
    return next(filter(None, draft_reopened(campaign)), None)


def results_url(campaign: Campaign) -> str:
    """Return the address of the page of results, or "" if the campaign has none."""
    return next(filter(None, campaign_results(campaign)), "")


def notes(campaign: Campaign) -> list[str]:
    """Return sentences for people about the draft."""
    return [sentence for sentences in draft_notes(campaign) for sentence in sentences]
