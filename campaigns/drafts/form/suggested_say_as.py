"""Suggest how a column of the chosen lists is said, from a sample of its cells."""

from collections.abc import Callable, Iterable, Iterator, Sequence

from campaigns.contacts.browsing.suppressed_now import kept, names_of
from campaigns.contacts.models import ContactList
from campaigns.drafts.spoken.say_as import ORDERS, SayAs, known
from campaigns.drafts.spoken.suggest_say_as import Hint, hint

# Rows at the start and at the end of each list: a list sorted by its dates may have one month at its start.
ROWS = 250


Ends = Callable[[ContactList], Iterable[Sequence[str]]]


def ends(contact_list: ContactList) -> Iterator[list[str]]:
    """Yield the cells of the rows at the start and at the end of a list."""
    for contacts in (contact_list.contacts.order_by("pk"), contact_list.contacts.order_by("-pk")):
        for rows in contacts[:ROWS].cells(ROWS):
            yield from rows


def of_column(lists: Sequence[ContactList], heading: str, ends_of: Ends = ends) -> Hint:
    """Return the suggestion for a column of these lists. It is cached, since a list never changes.

    `ends_of` spares reading the rows again for each of many columns.
    """
    having = [one for one in lists if one.is_ready and heading in one.headings]
    if not having:
        return Hint()
    uploaded = sorted(one.uploaded_at.isoformat() for one in having)
    what = ["say-as", *names_of(having), *uploaded, heading]
    return kept(what, lambda: hint(heading, _sample(having, heading, ends_of)))


def to_count_ahead(contact_list: ContactList, columns: Sequence[int]) -> list[str]:
    """Return the ids of the ways to say these columns of a ready list that are suggested; "" for as it is."""
    rows = list(ends(contact_list))
    headings = [contact_list.headings[column] for column in columns]
    return [of_column([contact_list], heading, lambda _: rows).say_as.value for heading in headings]


def as_before(before: str, now: Hint) -> SayAs:
    """Return how to say a column that was said as `before` in an earlier campaign.

    That is what its cells suggest now if nothing was chosen before. Dates are read in the order that the
    cells tell.
    """
    say_as = known(before)
    if say_as == SayAs.AS_IT_IS:
        return now.say_as
    if say_as.order is None or say_as.order in now.orders:
        return say_as
    return ORDERS.get(say_as) or next(day for day, month in ORDERS.items() if month == say_as)


def say_as_choices(now: Hint, chosen: SayAs) -> list[tuple[str, str]]:
    """Return the ways to say a column. Dates are offered as its cells can be read, and as they are chosen."""
    both = len(now.orders) > 1 or chosen.order not in {None, *now.orders}
    return [
        (
            kind.value,
            f"{kind.label}, written {kind.order} first" if kind.order and both else kind.label,
        )
        for kind in SayAs
        if both or kind.order in {None, *now.orders}
    ]


def hint_sentence(now: Hint) -> str:
    """Return the suggestion for people, or "" without one."""
    if now.asks:
        return "Is 01/02/2026 in the list 1 February or 2 January? Choose day first or month first."
    return f"Suggested: {now.say_as.label}." if now.say_as else ""


def _sample(lists: Sequence[ContactList], heading: str, ends_of: Ends) -> Iterator[str]:
    """Yield the different cells of each list's sample."""
    for one in lists:
        column = one.headings.index(heading)
        yield from dict.fromkeys(row[column] for row in ends_of(one))
