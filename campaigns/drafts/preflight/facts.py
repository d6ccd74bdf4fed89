"""The facts that the rules look at: the draft, the time, its contact lists, and other campaigns."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from campaigns.clients.lookups.call_flows import CallFlowParameter
from campaigns.contacts.browsing import count_columns
from campaigns.contacts.browsing.narrowing import Narrowing
from campaigns.contacts.models import ColumnCounts, ContactList
from campaigns.drafts.campaign.content import DraftContent
from campaigns.drafts.models import Campaign, LostList
from campaigns.drafts.people.counts import PeopleCount
from campaigns.drafts.preflight import dial_plan
from campaigns.drafts.spoken.parameter_sources import columns_of, is_column, places
from campaigns.drafts.spoken.script import parameters_in
from campaigns.extension_points import Hook
from campaigns.uploads.numbers.characters import as_said


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """Another campaign, and how many of a draft's people it calls."""

    name: str
    url: str
    starts_at: datetime
    shared: int


people_elsewhere = Hook[[Campaign, datetime], Iterable[Elsewhere]](
    "other campaigns that call some of the same people within days of an instant"
)


@dataclass(frozen=True, slots=True)
class TypedText:
    """A text for a parameter, and the name of the field that it was typed into."""

    number: int
    place: str
    text: str


@dataclass(frozen=True, slots=True)
class UsedColumn:
    """A column of one list whose cells are said as a parameter, with the counts of these cells."""

    number: int
    contact_list: ContactList
    column: int
    has_fallback: bool
    counts: ColumnCounts

    def narrowed(self, what: str, limit: int = 0) -> Narrowing:
        """Return the people of the column who have a trouble, in what is said of their cells."""
        return Narrowing(self.contact_list, self.column, what, limit, self.counts.say_as)


@dataclass(frozen=True)
class Facts:
    draft: DraftContent
    now: datetime
    campaign: Campaign | None = None

    @cached_property
    def described(self) -> dict[int, CallFlowParameter]:
        """Return the call flow's descriptions of its parameters, by their numbers."""
        flow = self.draft.call_flow
        return {row.number: row for row in flow.parameters.all()} if flow else {}

    @cached_property
    def unsaid(self) -> list[int]:
        """Return the parameters in the call flow's texts for which no column or text is chosen."""
        flow = self.draft.call_flow
        said = parameters_in(flow.script, flow.sms_text) if flow else frozenset()
        return sorted(said - self.draft.parameters.keys())

    @property
    def texts(self) -> Iterator[TypedText]:
        """Yield the typed texts: for everybody, and the fallbacks for everybody with an empty cell."""
        for number, source in self.draft.parameters.items():
            if not is_column(source):
                yield TypedText(number, f"parameter-{number}-text", source.value)
            elif as_said(source.fallback):
                yield TypedText(number, f"parameter-{number}-fallback", source.fallback)

    @cached_property
    def columns(self) -> list[UsedColumn]:
        """Return every column that is said. Its cells are counted once for each list, and stored."""
        found = []
        for chosen in self.draft.contact_lists:
            if not chosen.is_ready:
                continue
            found_places = places(chosen, self.draft.parameters)
            columns = columns_of(found_places)
            counted = count_columns.of_said(chosen, columns.values())
            found += [
                UsedColumn(n, chosen, said.column, bool(found_places[n].text), counted[said])
                for n, said in columns.items()
            ]
        return found

    @cached_property
    def plan(self) -> dial_plan.Planned | None:
        """Return the dial plan. None while there is nobody to call, or no day with its hours."""
        return dial_plan.of_content(self.draft, self.people.net)

    @cached_property
    def lost_lists(self) -> list[LostList]:
        """Return the campaign's deleted lists about which nobody has decided yet."""
        if self.campaign is None:
            return []
        return list(self.campaign.lost_lists.select_related("deleted_by"))

    @cached_property
    def people(self) -> PeopleCount:
        return PeopleCount.of(self.draft.contact_lists, self.draft.client)

    def people_elsewhere(self, around: datetime) -> Iterable[Elsewhere]:
        """Yield other campaigns that call some of the same people within days of an instant."""
        if self.campaign is None:
            return
        for found in people_elsewhere(self.campaign, around):
            yield from found
