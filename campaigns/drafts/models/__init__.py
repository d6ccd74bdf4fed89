"""The models of drafts: campaigns, the rows that belong to them, and templates."""

from campaigns.drafts.models.campaign import (
    CALLER_NAME_MAX_LENGTH,
    CONSENT_MAX_LENGTH,
    MOST_CALL_ATTEMPTS,
    MOST_RUNOVER_DAYS,
    NAME_MAX_LENGTH,
    REASON_MAX_LENGTH,
    Campaign,
    CampaignQuerySet,
    ClientFixed,
    DraftChanged,
    DraftLocked,
)
from campaigns.drafts.models.campaign_rows import (
    LONGEST_INTERVAL_MINUTES,
    SOURCE_MAX_LENGTH,
    CallAttempt,
    ParameterSource,
    RunoverDay,
)
from campaigns.drafts.models.choices import Occasion, Precedence, Purpose
from campaigns.drafts.models.lost_list import LostList, continue_without_lost
from campaigns.drafts.models.template import CampaignTemplate

__all__ = [
    "CALLER_NAME_MAX_LENGTH",
    "CONSENT_MAX_LENGTH",
    "LONGEST_INTERVAL_MINUTES",
    "MOST_CALL_ATTEMPTS",
    "MOST_RUNOVER_DAYS",
    "NAME_MAX_LENGTH",
    "REASON_MAX_LENGTH",
    "SOURCE_MAX_LENGTH",
    "CallAttempt",
    "Campaign",
    "CampaignQuerySet",
    "CampaignTemplate",
    "ClientFixed",
    "DraftChanged",
    "DraftLocked",
    "LostList",
    "Occasion",
    "ParameterSource",
    "Precedence",
    "Purpose",
    "RunoverDay",
    "continue_without_lost",
]
