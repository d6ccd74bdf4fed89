"""A list read page by page while its rows may move from page to page.

There is no total and no fixed order. As long as no row is added or removed, a row can only be missed by
coming to a page that was read already; then another row comes to a later page and is read twice. So a pass
without a row read twice has read every row. Any other pass is followed by a further one.
"""

from collections.abc import Callable, Iterator, Sequence

from campaigns.partner.reading.errors import unreadable
from campaigns.partner.reading.rows import NumbersPage, ReadNumber

MOST_PASSES = 4
# A pass may have each row twice and so many more. A partner that gives the same page for ever has more.
SPARE_REPEATS = 5_000


class ShiftingPages:
    """The reading of one list. `fetch` returns the rows of a page by its number, from 1.

    `expected` is how many rows there should be, if that is known: a reading with as many is complete, and one
    with fewer is done again until a pass brings nothing new. Memory: one entry for each row's id.
    """

    def __init__(
        self,
        fetch: Callable[[int], Sequence[ReadNumber]],
        page_size: int,
        *,
        expected: int | None = None,
    ) -> None:
        self._fetch = fetch
        self._page_size = page_size
        self._expected = expected
        # The last pass that had each id.
        self._seen: dict[int, int] = {}
        # Rows of the present pass that it had before.
        self._repeats = 0

    def pages(self, from_page: int) -> Iterator[NumbersPage]:
        """Yield the pages, each row once. Passes after the first begin at page 1, also with `from_page`.

        Raises ReadError if the list does not end, and what `fetch` raises.
        """
        for pass_number in range(1, MOST_PASSES + 1):
            before = len(self._seen)
            self._repeats = 0
            for number, rows, is_end in self._pass(from_page, pass_number):
                is_complete = is_end and self._is_complete(pass_number, before)
                yield NumbersPage(
                    number,
                    rows,
                    pass_number,
                    is_last=is_complete or (is_end and pass_number == MOST_PASSES),
                    is_complete=is_complete,
                )
                if is_complete:
                    return
            from_page = 1

    def _pass(
        self, from_page: int, pass_number: int
    ) -> Iterator[tuple[int, tuple[ReadNumber, ...], bool]]:
        """Yield each page's number, its new rows, and whether it ends the list.

        A page shorter than one before ends it. A short first page alone does not, because the partner may
        allow fewer rows a page than were asked for; unless the rows expected have all come.
        """
        longest, number = 0, from_page
        while True:
            rows = self._fetch(number)
            new = tuple(row for row in rows if self._is_new(row, pass_number))
            if self._repeats > len(self._seen) + SPARE_REPEATS:
                raise unreadable()
            is_short = len(rows) < self._page_size and self._has_all()
            is_end = not rows or len(rows) < longest or is_short
            yield number, new, is_end
            if is_end:
                return
            longest, number = max(longest, len(rows)), number + 1

    def _is_new(self, row: ReadNumber, pass_number: int) -> bool:
        last = self._seen.get(row.id)
        self._seen[row.id] = pass_number
        if last == pass_number:
            self._repeats += 1
        return last is None

    def _has_all(self) -> bool:
        return self._expected is not None and len(self._seen) >= self._expected

    def _is_complete(self, pass_number: int, before: int) -> bool:
        if self._has_all():
            return True
        brought_nothing = pass_number > 1 and len(self._seen) == before
        return not self._repeats and (self._expected is None or brought_nothing)
