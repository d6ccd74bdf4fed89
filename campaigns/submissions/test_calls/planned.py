"""A test call as its page shows it before it is made: whose phone rings, when, and what is heard."""

import hashlib
from collections.abc import Iterator
from datetime import datetime
from functools import cached_property

from django.contrib.auth.models import User

from campaigns.drafts.campaign.content import Hours
from campaigns.drafts.models import Campaign
from campaigns.drafts.spoken import preview
from campaigns.drafts.spoken.parameter_sources import sayer
from campaigns.drafts.spoken.preview import Preview
from campaigns.submissions.models import OwnNumber
from campaigns.submissions.review.review import window_of
from campaigns.submissions.test_calls import obstacles
from campaigns.submissions.test_calls.soonest_hours import soonest


class Planned:
    """A test call of a saved draft to the person's own number, with the values of one person on its lists.

    `own` is None if the person has given no number yet.
    """

    def __init__(
        self,
        campaign: Campaign,
        person: User,
        own: OwnNumber | None,
        position: int,
        now: datetime,
    ) -> None:
        """Plan it with the values of the person at `position`, from 1, in the order of the lists."""
        self.campaign, self.person, self.own, self.now = campaign, person, own, now
        self.content = campaign.content()
        self._position = position

    @cached_property
    def preview(self) -> Preview | None:
        content = self.content
        return preview.shown(
            content.call_flow, content.lists_by_precedence, content.parameters, self._position
        )

    @property
    def position(self) -> int:
        """Return the place on the lists, from 1, of the person whose values are said."""
        return self.preview.position if self.preview else self._position

    @cached_property
    def hours(self) -> Hours | None:
        return soonest(self.content.client, self.now)

    @cached_property
    def values(self) -> dict[int, str]:
        """Return what the chosen person would hear for each parameter, which is what is sent."""
        if self.preview is None:
            return {}
        contact = self.preview.contact
        return sayer(contact.contact_list, self.content.parameters)(contact.values)

    @cached_property
    def obstacles(self) -> list[str]:
        """Return why it can't be made now, in sentences. A missing number is none: the page asks for it."""
        return list(self._obstacles())

    def _obstacles(self) -> Iterator[str]:
        client = self.content.client
        lacking = list(obstacles.of_draft(self.campaign, self.now))
        yield from lacking
        if self.preview is None and not lacking:
            yield (
                "There is nobody whose values can be said. Choose a contact list with contacts, and a "
                "call flow whose text is in the portal."
            )
        if self.own:
            yield from obstacles.of_number(self.own, self.content)
        yield from obstacles.of_sending(client)
        yield from obstacles.of_clock(client, self.now)
        yield from obstacles.of_person(self.person, self.own, self.now)

    @property
    def may_be_made(self) -> bool:
        return self.own is not None and not self.obstacles

    @property
    def when(self) -> str:
        """Return the hours for people, on the client's clock and, if that differs, on the UK's."""
        return window_of(self.hours, self.content.client.zone) if self.hours else ""

    @property
    def digest(self) -> str:
        """Return a hash of whom it rings and what is heard. It differs once anything of that has changed.

        The number itself is not in it, only when it was stored. The hours follow the clock, so they are
        not in it either.
        """
        content, shown = self.content, self.preview
        flow, cli = content.call_flow, content.cli
        said = [
            self.campaign.version,
            self.own and (self.own.pk, self.own.changed_at.isoformat()),
            shown and shown.contact.pk,
            sorted(self.values.items()),
            flow and (flow.partner_id, flow.name, flow.script, flow.sms_text),
            cli and (cli.partner_id, cli.number),
            content.client.partner_account.kind,
        ]
        return hashlib.sha256(repr(said).encode()).hexdigest()
