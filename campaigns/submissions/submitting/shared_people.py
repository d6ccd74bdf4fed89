"""Count the people that a campaign has in common with earlier submissions.

The database counts them over the index of each list's numbers, so that no list is held in memory. The
counts are cached, since a list never changes once it is read. If a list is gone, or the partner has only
a part of what was submitted, the frozen bytes are read instead. A client may submit a thousand campaigns
a day. So only the needed columns of earlier submissions and their lists are read, all in a few queries.
"""

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import NamedTuple

from django.core.cache import cache
from django.db.models import Count, Exists, OuterRef, QuerySet

from campaigns.batches import in_batches
from campaigns.contacts.models import Contact, ContactList, ContactListQuerySet
from campaigns.contacts.models.contact import ContactQuerySet
from campaigns.drafts.models import Campaign
from campaigns.submissions import payload_files
from campaigns.submissions.models import Part, Submission, states
from campaigns.suppression import matching

# Few enough for the variables of one SQL statement.
BATCH = 1_000
KEPT_SECONDS = 24 * 60 * 60


class _Submitted(NamedTuple):
    """The columns of a submission that say whom it calls."""

    pk: int
    state: str
    contact_list_ids: list[int]


class _List(NamedTuple):
    pk: int
    numbers_hash: str
    contact_count: int

    @property
    def identity(self) -> str:
        """Return a text that only lists with exactly the same numbers share."""
        return self.numbers_hash or f"list-{self.pk}"


def _lists(found: ContactListQuerySet) -> list[_List]:
    return [_List(*row) for row in found.values_list("pk", "numbers_hash", "contact_count")]


@dataclass(frozen=True, slots=True)
class _Called:
    """The people whom a submission calls: those on these lists, or else those in these payloads."""

    lists: tuple[_List, ...]
    payloads: tuple[str, ...] = ()

    @property
    def identity(self) -> str:
        return " ".join([*sorted(found.identity for found in self.lists), *self.payloads])

    def numbers_of_payloads(self) -> Iterator[str]:
        """Yield the numbers in its payloads. The rest of a payload that can't be read is left out."""
        for file in self.payloads:
            try:
                yield from payload_files.numbers(file)
            except payload_files.Damaged:
                continue


def _all_called(submissions: Sequence[_Submitted]) -> dict[int, _Called]:
    """Return whom each submission calls, by its id, in the order of the submissions."""
    wanted = {pk for submission in submissions for pk in submission.contact_list_ids}
    found = (
        _lists(ContactList.objects.ready().filter(pk__in=pks)) for pks in in_batches(wanted, BATCH)
    )
    ready = {each.pk: each for each in chain.from_iterable(found)}
    lists = [_lists_of(submission, ready) for submission in submissions]
    each = list(zip(submissions, lists, strict=True))
    files = _payload_files([submission for submission, found in each if not found])
    return {
        submission.pk: _Called(found, tuple(files[submission.pk])) for submission, found in each
    }


def _lists_of(submission: _Submitted, ready: dict[int, _List]) -> tuple[_List, ...]:
    """Return the submission's lists, if the people on them are those whom it calls.

    Return an empty tuple if a list is gone, or if the submission has ended and the partner may have only
    a part of it.
    """
    ids = submission.contact_list_ids
    if submission.state in states.TO_MEND or not ready.keys() >= set(ids):
        return ()
    return tuple(ready[pk] for pk in ids)


def _payload_files(submissions: Iterable[_Submitted]) -> dict[int, list[str]]:
    """Return the names of the payloads by which submissions call people, by submission id.

    For submissions that ended unfinished, these are only the payloads that the partner has or may have.
    """
    files: dict[int, list[str]] = defaultdict(list)
    for batch in in_batches(submissions, BATCH):
        to_mend = [one.pk for one in batch if one.state in states.TO_MEND]
        others = [one.pk for one in batch if one.state not in states.TO_MEND]
        for parts in (
            Part.objects.filter(submission__in=others),
            Part.objects.at_the_partner().filter(submission__in=to_mend),
        ):
            for pk, file in parts.values_list("submission_id", "payload_file"):
                files[pk].append(file)
    return files


class SharedPeople:
    """The people on a campaign's lists who may be called, compared with those whom submissions call."""

    def __init__(self, campaign: Campaign, submissions: QuerySet[Submission]) -> None:
        self._lists = _lists(campaign.contact_lists.all())
        rows = [_Submitted(*row) for row in submissions.values_list(*_Submitted._fields)]
        self._called = _all_called(rows)
        self._their_lists = _lists_of_all(self._called.values())
        suppressed = matching.in_force(campaign.client).filter(number=OuterRef("number"))
        self._found: dict[_Called, set[str]] = {}
        self._people = _on(self._lists).filter(~Exists(suppressed))
        self._stamp = matching.stamp()
        self._identity = [str(campaign.client_id), _Called(tuple(self._lists)).identity]

    def totals(self) -> tuple[int, int]:
        """Return how many people there are, and how many of them at least one of the submissions calls.

        Both are 0 if there are no submissions to compare with.
        """
        if not self._called:
            return 0, 0
        key = self._key("totals", *(one.identity for one in self._called.values()))
        kept: tuple[int, int] | None = cache.get(key) if key else None
        if kept is None:
            kept = (self._count_people(), self._count_shared())
            self._keep(key, kept)
        return kept

    def each(self) -> dict[int, int]:
        """Return how many of the people each submission calls, by its id, in order. Zeros are left out.

        Each count is cached by itself, so that a further submission takes only one further count.
        """
        key = self._key("each")
        kept: dict[str, int] = cache.get(key, {}) if key else {}
        unknown = [one for one in self._called.values() if one.identity not in kept]
        if unknown:
            kept |= self._count_each(unknown)
            self._keep(key, kept)
        counts = {pk: kept[one.identity] for pk, one in self._called.items()}
        return {pk: count for pk, count in counts.items() if count}

    def _key(self, what: str, *identities: str) -> str:
        """Return the cache key for counts of exactly these numbers.

        Return "" while suppression is changing, when a count may not be cached.
        """
        if not self._stamp:
            return ""
        said = "\n".join([what, self._stamp, *self._identity, *identities])
        return f"shared-people-{hashlib.sha256(said.encode()).hexdigest()}"

    @staticmethod
    def _keep(key: str, counted: object) -> None:
        if key:
            cache.set(key, counted, KEPT_SECONDS)

    def _count_people(self) -> int:
        return _distinct(self._people, self._lists)

    def _count_shared(self) -> int:
        further: set[str] = set().union(*map(self._in_payloads, self._called.values()))
        if further:
            further -= set(_among(_on(self._their_lists), further))
        return self._shared_with(self._their_lists) + len(further)

    def _count_each(self, called: Sequence[_Called]) -> dict[str, int]:
        """Return how many of the people each of `called` calls, by its identity."""
        by_list: dict[int, int] = {}
        for lists in in_batches(_lists_of_all(called), BATCH):
            theirs = _on(lists).filter(Exists(self._people_called)).order_by()
            by_list |= dict(theirs.values_list("contact_list").annotate(shared=Count("pk")))
        return {one.identity: self._shared_with_one(one, by_list) for one in called}

    def _shared_with_one(self, one: _Called, by_list: dict[int, int]) -> int:
        if one.payloads:
            return len(self._in_payloads(one))
        sharing = [known for known in one.lists if known.pk in by_list]
        if len(sharing) == 1:
            return by_list[sharing[0].pk]
        return self._shared_with(sharing)

    def _shared_with(self, lists: Sequence[_List]) -> int:
        """Count the people who are on any of these lists."""
        if not lists:
            return 0
        if _identities(self._lists) <= _identities(lists):
            return self._count_people()
        # Either side can be gone through, with each of its rows looked up in every list of the other
        # side. This takes the side with fewer look-ups.
        if _size(self._lists) * len(lists) <= _size(lists) * len(self._lists):
            theirs = _on(lists).filter(number=OuterRef("number"))
            return _distinct(self._people.filter(Exists(theirs)), self._lists)
        return _distinct(_on(lists).filter(Exists(self._people_called)), lists)

    @property
    def _people_called(self) -> ContactQuerySet:
        return self._people.filter(number=OuterRef("number"))

    def _in_payloads(self, one: _Called) -> set[str]:
        """Return the numbers of the people whom its payloads call."""
        if not one.payloads:
            return set()
        if one not in self._found:
            self._found[one] = set(_among(self._people, one.numbers_of_payloads()))
        return self._found[one]


def _lists_of_all(called: Iterable[_Called]) -> list[_List]:
    return list({known.pk: known for one in called for known in one.lists}.values())


def _on(lists: Iterable[_List]) -> ContactQuerySet:
    return Contact.objects.filter(contact_list__in=[found.pk for found in lists])


def _among(contacts: ContactQuerySet, numbers: Iterable[str]) -> Iterator[str]:
    """Yield the numbers that a contact has; a number once for each contact that has it."""
    for batch in in_batches(numbers, BATCH):
        yield from contacts.filter(number__in=batch).values_list("number", flat=True)


def _distinct(contacts: ContactQuerySet, lists: Sequence[_List]) -> int:
    """Count the people among contacts of these lists. A person on several lists counts once."""
    if len(lists) == 1:
        return contacts.count()
    return contacts.order_by().values("number").distinct().count()


def _size(lists: Iterable[_List]) -> int:
    return sum(found.contact_count for found in lists)


def _identities(lists: Iterable[_List]) -> set[str]:
    return {found.identity for found in lists}
