"""The builder: all forms of one draft together, filled from a request or from the saved draft."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from operator import attrgetter
from typing import Any
from uuid import uuid4

from django.contrib.auth.models import User
from django.forms.boundfield import BoundField

from campaigns.clients.models import CallFlow, Client
from campaigns.contacts.models import ContactList
from campaigns.drafts.campaign.content import DraftContent
from campaigns.drafts.form import deleted_meanwhile
from campaigns.drafts.form.attempt_presets import PRESETS
from campaigns.drafts.form.choices import Offer
from campaigns.drafts.form.fields import CallAttemptForm, CampaignForm, RunoverForm
from campaigns.drafts.form.form_data import (
    as_data,
    as_key,
    every,
    is_key,
    posted_edit,
    posted_token,
    row_count,
)
from campaigns.drafts.form.parameter_form import ParameterForm, parameter_forms
from campaigns.drafts.form.widgets import PatientForm
from campaigns.drafts.models import Precedence
from campaigns.drafts.people.counts import PeopleCount
from campaigns.drafts.preflight import Problem, Tier
from campaigns.drafts.preflight.dial_plan import Planned, planned
from campaigns.drafts.preflight.hours import keeps_bank_holidays, keeps_calling_hours
from campaigns.drafts.spoken import preview
from campaigns.drafts.spoken.preview import Preview

# Rules that a person may override with a reason.
OVERRIDABLE = {keeps_calling_hours.id, keeps_bank_holidays.id}
# While no list is chosen, the columns of this many of the client's newest lists are offered.
LISTS_TO_LOOK_AT = 20


@dataclass(frozen=True, slots=True)
class Mend:
    """A line about something wrong or doubtful: a sentence, and the field to correct."""

    field_id: str
    sentence: str
    # The page of the people, or of the other campaign, that the sentence is about.
    url: str = ""


@dataclass(frozen=True, slots=True)
class Overview:
    """Everything that is wrong (`mends`) and doubtful (`doubts`) with a draft."""

    mends: list[Mend]
    doubts: list[Mend]


Fields = dict[str, tuple[PatientForm, str]]


class Builder:
    """All forms of one draft. With `quiet` they are shown without being validated."""

    presets = PRESETS

    def __init__(
        self,
        person: User,
        data: Mapping[str, Any],
        *,
        quiet: bool,
        offer: Offer | None = None,
        fills: bool = False,
        drops_gone: bool = False,
    ) -> None:
        """Build the forms from posted data. `fills` fills in parameters for which nobody has chosen.

        `drops_gone` leaves out contact lists that were deleted while they were chosen. Otherwise a form
        that still has them is invalid.
        """
        picked = [pk for pk in every(data, "contact_lists") if is_key(pk)]
        client, flow, cli = (
            as_key(str(data.get(name, ""))) for name in ("client", "call_flow", "cli")
        )
        offer = offer or Offer.to(person, client, picked, flow, cli)
        self.client = offer.client
        self.chosen_lists = list(offer.contact_lists.filter(pk__in=picked))
        self.gone_lists = deleted_meanwhile.lists(offer.client, picked, self.chosen_lists)
        self.campaign = CampaignForm(data, offer=offer, quiet=quiet)
        self.campaign.name_gone_lists(self.gone_lists, drops=drops_gone)
        self.runover = [
            RunoverForm(data, prefix=f"runover-{row}", quiet=quiet)
            for row in range(row_count(data, "runover"))
        ]
        self.attempts = [
            CallAttemptForm(data, prefix=f"attempt-{row}", quiet=quiet)
            for row in range(row_count(data, "attempt"))
        ]
        self.call_flow = _chosen_flow(self.client, str(data.get("call_flow", "")))
        self.parameters = parameter_forms(
            data,
            self.call_flow,
            self.chosen_lists,
            _headings(self.client, self.chosen_lists),
            quiet=quiet,
            fills=fills,
        )
        self.general: list[str] = []
        self._data = data
        self.doubts: list[Mend] = []
        self._urls: dict[str, str] = {}
        # The ids of the contact lists that a sentence is about, by the sentence.
        self._lists: dict[str, tuple[int, ...]] = {}
        self._is_outside_hours = False
        # Sentences that say why a button could not fill in all run-over days, or the start date.
        self.not_filled_in = ""
        self.no_start = ""
        self.form_token = posted_token(data) or uuid4().hex
        self.edit = posted_edit(data)

    @classmethod
    def of(cls, person: User, content: DraftContent, *, quiet: bool = True) -> "Builder":
        return cls(person, as_data(content), quiet=quiet)

    @classmethod
    def to_look_at(cls, person: User, content: DraftContent, *, quiet: bool = True) -> "Builder":
        """Return the builder for a person who may not change the campaign. It offers all that it has."""
        return cls(person, as_data(content), quiet=quiet, offer=Offer.as_chosen(content))

    def is_valid(self) -> bool:
        # Every form is validated, so that all errors are shown at once.
        return min([form.is_valid() for form in self.forms()])

    def forms(self) -> Iterator[PatientForm]:
        yield self.campaign
        yield from self.runover
        yield from self.attempts
        yield from self.parameters

    def content(self) -> DraftContent:
        """Return the content of a valid builder."""
        cleaned = self.campaign.cleaned_data
        chosen = {n: form.chosen for n, form in enumerate(self.parameters, start=1)}
        return DraftContent.of_columns(
            cleaned,
            contact_lists=sorted(cleaned["contact_lists"], key=attrgetter("pk")),
            runover=[form.hours for form in self.runover],
            intervals=_intervals([form.cleaned_data["interval"] for form in self.attempts]),
            parameters={n: source for n, source in chosen.items() if source},
            unused=frozenset(form.number for form in self.parameters if form.is_unused),
        )

    def show(self, problems: Iterable[Problem]) -> None:
        """Put each blocking problem at its field, and list the warnings."""
        fields = self._fields()
        for problem in problems:
            self._is_outside_hours |= problem.rule in OVERRIDABLE
            if problem.tier == Tier.WARNING:
                self.doubts.append(self._mend(problem, fields))
            elif problem.place in fields:
                form, name = fields[problem.place]
                form.add_error(name, problem.sentence)
                self._urls[problem.sentence] = problem.url
                self._lists[problem.sentence] = problem.lists
                self.campaign.mark_lists(problem.lists)
            else:
                self.general.append(problem.sentence)

    def overview(self, problems: Iterable[Problem]) -> Overview:
        """Return all problems as lists, without putting any at the fields."""
        fields = self._fields()
        overview = Overview([], [])
        for problem in problems:
            lines = overview.doubts if problem.tier == Tier.WARNING else overview.mends
            lines.append(self._mend(problem, fields))
        return overview

    def mends(self) -> list[Mend]:
        """Return every error of every form, in the order of the page."""
        found = [Mend("builder", sentence) for sentence in self.general]
        for form, name in self._in_page_order():
            for text in map(str, form.errors.get(name, ())):
                field_id = _control_id(form[name], self._lists.get(text, ()))
                found.append(Mend(field_id, text, self._urls.get(text, "")))
        return found

    def _in_page_order(self) -> Iterator[tuple[PatientForm, str]]:
        """Yield each field's form and name, in the order of the page.

        The rows stand between fields of the campaign's own form.
        """
        own = list(self.campaign.fields)
        schedule, sending = own.index("start_date"), own.index("send_date")
        yield from ((self.campaign, name) for name in own[:schedule])
        yield from ((form, name) for form in self.parameters for name in form.fields)
        yield from ((self.campaign, name) for name in own[schedule:sending])
        rows: list[PatientForm] = [*self.runover, *self.attempts]
        yield from ((form, name) for form in rows for name in form.fields)
        yield from ((self.campaign, name) for name in own[sending:])

    def _fields(self) -> Fields:
        """Return each field's form and its name in that form, by its name in the page."""
        return {form[name].html_name: (form, name) for form in self.forms() for name in form.fields}

    @staticmethod
    def _mend(problem: Problem, fields: Fields) -> Mend:
        form, name = fields.get(problem.place, (None, ""))
        field_id = _control_id(form[name], problem.lists) if form else "builder"
        return Mend(field_id, problem.sentence, problem.url)

    @cached_property
    def people_count(self) -> PeopleCount | None:
        """Return how many people the chosen lists call, or None while no list is chosen."""
        if self.client is None or not self.chosen_lists:
            return None
        return PeopleCount.of(self.chosen_lists, self.client)

    @property
    def _people(self) -> int:
        return self.people_count.net if self.people_count else 0

    @property
    def dial_plan(self) -> Planned | None:
        """Return the dial plan of the values that are now in the form, validated or not."""
        runover = [form.hours for form in self.runover]
        intervals = _intervals([form.value_of("interval") for form in self.attempts])
        return planned(self.client, self.campaign.hours, runover, intervals, self._people)

    @property
    def preview(self) -> Preview | None:
        """Return the preview for the person shown last, or for the one that a button asked for."""
        sources = {n: form.as_it_stands for n, form in enumerate(self.parameters, start=1)}
        position = str(self._data.get("person", ""))
        newest_first = self.campaign.value_of("precedence") != Precedence.OLDEST
        return preview.shown(
            self.call_flow,
            sorted(self.chosen_lists, key=attrgetter("pk"), reverse=newest_first),
            {number: source for number, source in sources.items() if source},
            int(position) if is_key(position) else 1,
            str(self._data.get("change", "")),
        )

    @property
    def wants_override(self) -> bool:
        """Return whether the field for calling outside the client's hours is open from the start."""
        field = self.campaign["override_reason"]
        return self._is_outside_hours or bool(field.value() or field.errors)

    @property
    def used_parameters(self) -> list[ParameterForm]:
        return [form for form in self.parameters if form.is_used]

    @property
    def other_parameters(self) -> list[ParameterForm]:
        return [form for form in self.parameters if not form.is_used]


def _control_id(bound: BoundField, lists: Sequence[int] = ()) -> str:
    """Return the id of the field's control. For contact lists, it is that of the first box meant."""
    if bound.name != "contact_lists" or not (boxes := list(bound.subwidgets)):
        return str(bound.auto_id)
    meant = [box for box in boxes if str(box.data["value"]) in map(str, lists)]
    return str((meant or boxes)[0].id_for_label)


def _chosen_flow(client: Client | None, chosen: str) -> CallFlow | None:
    if client is None or not is_key(chosen):
        return None
    return client.callflows.filter(pk=chosen).prefetch_related("parameters").first()


def _headings(client: Client | None, chosen: list[ContactList]) -> list[str]:
    """Return the columns of the chosen lists, each once. If none is chosen, of the newest lists."""
    if client is None:
        return []
    lists = chosen or client.contact_lists.ready()[:LISTS_TO_LOOK_AT]
    return list(dict.fromkeys(h for found in lists for h in found.headings))


def _intervals(given: list[int | None]) -> list[int | None]:
    """Return the intervals of the calls. One row without minutes is the partner's default: one call."""
    return [] if given == [None] else given
