"""Find the people on the lists who hear nothing, too much, or what a voice can't say.

The rules are those of pre-flight, and so the people are the same.
"""

from collections.abc import Iterator, Sequence, Set
from dataclasses import dataclass
from itertools import chain
from operator import itemgetter
from typing import Final

from campaigns.clients.models import CallFlow
from campaigns.contacts.browsing import count_columns
from campaigns.contacts.browsing.narrowing import EMPTY, LONGER, NOT_CONVERTED, words_for
from campaigns.contacts.browsing.said_cells import saying
from campaigns.contacts.models import ColumnCounts, Contact, ContactList
from campaigns.contacts.speech.unspeakable import Unspeakable, unspeakable
from campaigns.drafts.spoken.parameter_sources import Place, Sources, columns_of, places
from campaigns.drafts.spoken.script import parameters_in
from campaigns.uploads.numbers.characters import as_said

ROWS_AT_ONCE = 1_000
# About how many texts of a column are remembered as having no problem, while people are searched.
MOST_KEPT_TEXTS = 20_000
EVERY_KIND: Final = frozenset(Unspeakable)


@dataclass(frozen=True, slots=True)
class Parameter:
    number: int
    label: str = ""
    limit: int | None = None

    def troubles(self, text: str, kinds: Set[Unspeakable] = EVERY_KIND) -> list[str]:
        """Return a sentence for each problem of a text. Only these kinds of speech problems are reported."""
        said = as_said(text)
        if not said:
            return [self.sentence(EMPTY)]
        is_longer = self.limit is not None and len(said) > self.limit
        # Empty for most columns: their counts show that no cell has a speech problem.
        found = unspeakable(text) if kinds else ()
        if not (found or is_longer):
            return []
        spoken = [self.sentence(kind) for kind in found if kind in kinds]
        return [self.sentence(LONGER), *spoken] if is_longer else spoken

    def sentence(self, what: str, say_as: str = "") -> str:
        label = f" ({self.label})" if self.label else ""
        return f"Parameter {self.number}{label} has {words_for(what, self.limit or 0, say_as)}."


class SaidColumn:
    """A column of one list whose cells are said as a parameter."""

    def __init__(self, parameter: Parameter, place: Place, counts: ColumnCounts) -> None:
        self.parameter = parameter
        self._kinds = {kind for kind, _ in counts.troubles}
        self._of_empty = parameter.troubles(place.text)
        self._fine: set[str] = set()
        self._say_as, self._way = counts.say_as, saying(counts.say_as)
        self.column = counts.column
        # Whether any cell may have a problem, according to the counts of the column.
        self.is_suspect = bool(
            self._kinds
            or counts.not_converted
            or (counts.empty and self._of_empty)
            or (parameter.limit is not None and counts.longer_than(parameter.limit))
        )

    def troubles(self, cell: str) -> list[str]:
        if not as_said(cell):
            return self._of_empty
        text = self._way.convert(cell) if self._way else cell
        if text is not None:
            return self.parameter.troubles(text, self._kinds)
        sentence = self.parameter.sentence(NOT_CONVERTED, self._say_as)
        return [sentence, *self.parameter.troubles(cell, self._kinds)]

    def troubled_among(self, rows: Sequence[Sequence[str]]) -> set[str]:
        """Return the texts in these rows that have a problem. Equal texts are checked once."""
        texts = {cells[self.column] for cells in rows} - self._fine
        troubled = {text for text in texts if self.troubles(text)}
        if len(self._fine) < MOST_KEPT_TEXTS:
            self._fine |= texts - troubled
        return troubled


class Judge:
    """Find the problems in what the people of one list hear."""

    def __init__(self, contact_list: ContactList, sources: Sources, flow: CallFlow) -> None:
        """Prepare the checks. The list must be ready: columns without counts are counted now."""
        self._list = contact_list
        found = places(contact_list, sources)
        columns = columns_of(found)
        counts = count_columns.of_said(contact_list, columns.values())
        said = {n: Parameter(n) for n in parameters_in(flow.script, flow.sms_text) | sources.keys()}
        for row in flow.parameters.all():
            if row.number in said:
                said[row.number] = Parameter(row.number, row.label, row.max_length)
        self._columns = [
            SaidColumn(said[n], found[n], counts[column]) for n, column in columns.items()
        ]
        self._of_everybody = [
            (number, sentence)
            for number in said.keys() - columns.keys()
            for sentence in said[number].troubles(found.get(number, Place(None)).text)
        ]

    def troubles(self, values: Sequence[str]) -> list[str]:
        """Return a sentence for each problem of a contact with these values, parameter by parameter."""
        found = [
            (one.parameter.number, sentence)
            for one in self._columns
            for sentence in one.troubles(values[one.column])
        ]
        in_order = sorted([*self._of_everybody, *found], key=itemgetter(0))
        return [sentence for _, sentence in in_order]

    def troubled(self, skipped: int, until: int) -> Iterator[int]:
        """Yield the places in the list, from 1, of people with a problem: after `skipped`, up to `until`."""
        between = range(skipped + 1, until + 1)
        suspects = [one for one in self._columns if one.is_suspect]
        if self._of_everybody:
            yield from between
        elif suspects and between:
            contacts = Contact.objects.filter(contact_list=self._list).order_by("pk")
            for rows in contacts[skipped:until].cells(ROWS_AT_ONCE):
                odd = [(one.column, bad) for one in suspects if (bad := one.troubled_among(rows))]
                for place, cells in enumerate(rows, start=skipped + 1):
                    if any(cells[column] in bad for column, bad in odd):
                        yield place
                skipped += len(rows)


def next_after(
    position: int, lists: Sequence[ContactList], sources: Sources, flow: CallFlow
) -> int | None:
    """Return the place of the next person with a problem, or None if there is none.

    After the end, the search goes on from the start.
    """
    total = sum(one.contact_count for one in lists)
    after = _between(position, total, lists, sources, flow)
    return next(chain(after, _between(0, position, lists, sources, flow)), None)


def _between(
    skipped: int, until: int, lists: Sequence[ContactList], sources: Sources, flow: CallFlow
) -> Iterator[int]:
    before = 0
    for one in lists:
        first, last = max(skipped - before, 0), min(until - before, one.contact_count)
        if first < last:
            for place in Judge(one, sources, flow).troubled(first, last):
                yield before + place
        before += one.contact_count
