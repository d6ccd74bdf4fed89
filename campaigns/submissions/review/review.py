"""What a person reviews before submitting: who is called, what is said, when, and from which number."""

import hashlib
from collections.abc import Sequence
from functools import cached_property
from math import ceil
from zoneinfo import ZoneInfo

from campaigns.contacts.browsing.number_kinds import NumberKinds
from campaigns.contacts.models import ContactList
from campaigns.drafts.campaign import schedule
from campaigns.drafts.campaign.content import DraftContent, Hours
from campaigns.drafts.dialplan import wording
from campaigns.drafts.dialplan.plan import DayHours
from campaigns.drafts.models import Campaign
from campaigns.drafts.people.counts import PeopleCount
from campaigns.drafts.preflight import dial_plan
from campaigns.drafts.preflight.dial_plan import Planned
from campaigns.drafts.spoken import preview
from campaigns.drafts.spoken.preview import Preview
from campaigns.plurals import counted
from campaigns.submissions.freezing import already_sent
from campaigns.submissions.freezing.recipients import as_integer


class Review:
    """A saved draft without blocking problems, as it would be sent now.

    The preview, the plan and the kinds of numbers are made only when they are shown: while a draft is
    submitted, its rows are locked and just the digest is wanted.
    """

    def __init__(self, campaign: Campaign, position: int = 1, step: str = "") -> None:
        """Count the people.

        The preview is of the person at `position`, or of the one to whom `step` leads from there.
        """
        self.content = campaign.content()
        self._version, self._position, self._step = campaign.version, position, step
        chosen = self.content.contact_lists
        self.people = PeopleCount.of(chosen, self.content.client)
        # The numbers that the partner has by an earlier submission of the campaign. They are left out.
        self._sent_numbers = already_sent.numbers_on(chosen, campaign)

    @cached_property
    def kinds(self) -> NumberKinds:
        return NumberKinds.on(self.content.contact_lists, self.people.total - self.people.repeated)

    @cached_property
    def plan(self) -> Planned | None:
        return dial_plan.of_content(self.content, self.to_call)

    @cached_property
    def preview(self) -> Preview | None:
        content = self.content
        return preview.shown(
            content.call_flow,
            content.lists_by_precedence,
            content.parameters,
            self._position,
            self._step,
        )

    @property
    def to_call(self) -> int:
        """Return how many people will be called."""
        return self.people.net - self.already_sent

    @property
    def already_sent(self) -> int:
        """Return how many people are left out because the partner has them already."""
        return len(self._sent_numbers)

    @property
    def is_shown_person_sent(self) -> bool:
        """Return whether the partner has the person of the preview already."""
        shown = self.preview
        return shown is not None and as_integer(shown.contact.number) in self._sent_numbers

    @property
    def digest(self) -> str:
        """Return a hash of what the page shows. It differs once anything of that has changed.

        The draft's version stands for what the draft says itself. The rest is what it uses.
        """
        content = self.content
        flow, cli, client = content.call_flow, content.cli, content.client
        shown = [
            self._version,
            *((flow and (flow.partner_id, flow.name, flow.script, flow.sms_text)) or ()),
            *((cli and (cli.partner_id, cli.number)) or ()),
            client.partner_account.kind,
            self.to_call,
            self.asks_approval,
            self.parts,
            *self.windows,
        ]
        return hashlib.sha256(repr(shown).encode()).hexdigest()

    @property
    def title(self) -> str:
        return calls_on(self.content, self.to_call)

    @property
    def button(self) -> str:
        """Return what the final button does."""
        does = "Request approval" if self.asks_approval else "Submit campaign"
        return f"{does}: {self.title[0].lower()}{self.title[1:]}"

    @property
    def lists(self) -> Sequence[ContactList]:
        return self.content.lists_by_precedence

    @property
    def windows(self) -> list[str]:
        return windows_of(self.content)

    @property
    def calls(self) -> str:
        """Return the dial plan in one sentence."""
        number = len(self.content.intervals) or 1
        each = (
            "Each person is called once" if number == 1 else f"Up to {number} calls to each person"
        )
        attempts = self.plan.plan.attempts if self.plan else ()
        calls = [call for attempt in attempts for call in (attempt.first, attempt.last) if call.at]
        if self.plan is None or not calls:
            return f"{each}."
        last = max(call.at for call in calls if call.at).astimezone(self.plan.plan.zone)
        return f"{each}. If nobody answers before the last one, calls end at about {wording.moment(last)}."

    @property
    def asks_approval(self) -> bool:
        return self.content.client.wants_approval(self.to_call)

    @property
    def parts(self) -> int:
        """Return into how many campaigns of the partner it is split, as far as the numbers decide."""
        return ceil(self.to_call / self.content.client.most_numbers)

    @property
    def split(self) -> str:
        if self.parts <= 1:
            return ""
        most = self.content.client.most_numbers
        return (
            f"{counted(self.parts, 'campaign')} at the partner, each with at most {most:,} numbers"
        )

    @property
    def sent(self) -> str:
        """Return when it goes to the partner."""
        client = self.content.client
        at = schedule.sends_at(self.content.send_at, client.zone)
        if at:
            return f"On {schedule.named(at, client.zone)}. You can undo it until then."
        does = "another person approves it" if self.asks_approval else "you submit it"
        if not client.undo_seconds:
            return f"As soon as {does}."
        undo = counted(client.undo_seconds, "second")
        return f"{undo} after {does}. You can undo it until then."


def calls_on(content: DraftContent, people: int) -> str:
    """Return what a campaign does, in one line."""
    who = "1 person" if people == 1 else f"{people:,} people"
    return f"Call {who} on {wording.day(content.hours.day)}" if content.hours.day else f"Call {who}"


def windows_of(content: DraftContent) -> list[str]:
    """Return each calling window with its year, on the client's clock and, if that differs, on the UK's."""
    zone = content.client.zone
    return [
        window_of(hours, zone) for hours in (content.hours, *content.runover) if DayHours.of(hours)
    ]


def window_of(hours: Hours, zone: ZoneInfo) -> str:
    """Return complete hours with their year, on the client's clock and, if that differs, on the UK's."""
    there = f"{hours.day:%a %-d %b %Y}, {hours.start:%H:%M} to {hours.finish:%H:%M}"
    if zone == schedule.UK:
        return there
    try:
        uk = schedule.on_uk_clock(hours, zone)
    except schedule.NotOnUkClock:
        return there
    return f"{there} ({uk.day:%a %-d %b}, {uk.start:%H:%M} to {uk.finish:%H:%M} UK time)"
