"""A list whose rows move from page to page while it is read loses no row and gives none twice."""

from collections.abc import Callable, Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from campaigns.partner.reading.errors import ReadError
from campaigns.partner.reading.rows import NumbersPage, ReadNumber
from campaigns.partner.reading.shifting_pages import MOST_PASSES, ShiftingPages

SIZE = 3
Order = Callable[[int], Sequence[int]]


def row(number: int) -> ReadNumber:
    return ReadNumber(number, "", "", (), ())


class Partner:
    """A list in the order that `order` gives for each request, counted from 0."""

    def __init__(self, order: Order, size: int = SIZE) -> None:
        self.order = order
        self.size = size
        self.asked: list[int] = []

    def fetch(self, page: int) -> list[ReadNumber]:
        ids = self.order(len(self.asked))
        self.asked.append(page)
        return [row(each) for each in ids[(page - 1) * self.size : page * self.size]]


def read(
    partner: Partner, from_page: int = 1, *, size: int = SIZE, expected: int | None = None
) -> tuple[list[int], NumbersPage]:
    pages = list(ShiftingPages(partner.fetch, size, expected=expected).pages(from_page))
    assert [page.is_last for page in pages] == [False] * (len(pages) - 1) + [True]
    return [each.id for page in pages for each in page.rows], pages[-1]


@pytest.mark.parametrize("count", range(8))
def test_a_list_that_stands_still_is_read_once(count: int) -> None:
    partner = Partner(lambda _: range(count))
    ids, last = read(partner)
    assert (ids, last.is_complete, last.pass_number) == (list(range(count)), True, 1)


def test_the_last_page_is_known_by_its_length() -> None:
    partner = Partner(lambda _: range(7))
    read(partner)
    assert partner.asked == [1, 2, 3]


def test_a_partner_that_gives_fewer_rows_a_page_than_asked_for_loses_none() -> None:
    partner = Partner(lambda _: range(8), size=2)
    ids, _ = read(partner, size=500)
    assert ids == list(range(8))


def test_a_short_first_page_with_all_the_rows_expected_is_the_last() -> None:
    partner = Partner(lambda _: range(2))
    assert read(partner, expected=2)[0] == [0, 1]
    assert partner.asked == [1]


def test_a_row_that_moves_to_a_page_read_before_is_not_lost() -> None:
    """Row 5 comes to page 1 after page 1 was read."""

    def order(request: int) -> list[int]:
        return [0, 1, 2, 3, 4, 5] if request == 0 else [5, 0, 1, 2, 3, 4]

    assert 5 not in {each.id for page in (1, 2) for each in _naive(order, page)}
    ids, last = read(Partner(order))
    assert (sorted(ids), last.is_complete, last.pass_number) == ([0, 1, 2, 3, 4, 5], True, 2)


def _naive(order: Order, page: int) -> list[ReadNumber]:
    return [row(each) for each in order(page - 1)[(page - 1) * SIZE : page * SIZE]]


def test_a_row_lost_by_another_ones_removal_is_found_if_the_count_is_known() -> None:
    def order(request: int) -> list[int]:
        return [0, 1, 2, 3, 4, 5, 6] if request == 0 else [1, 2, 3, 4, 5, 6]

    ids, last = read(Partner(order), expected=7)
    assert (sorted(ids), last.is_complete) == ([0, 1, 2, 3, 4, 5, 6], True)


def test_a_partner_that_left_numbers_out_is_read_twice_and_is_complete() -> None:
    partner = Partner(lambda _: range(4))
    ids, last = read(partner, expected=9)
    assert (ids, last.is_complete, last.pass_number) == ([0, 1, 2, 3], True, 2)


def test_more_rows_than_expected_are_all_read() -> None:
    assert read(Partner(lambda _: range(7)), expected=2)[0] == list(range(7))


def test_a_reading_goes_on_where_it_broke_off() -> None:
    partner = Partner(lambda _: range(8))
    assert read(partner, from_page=3)[0] == [6, 7]
    assert partner.asked == [3, 4]


def test_a_reading_that_went_on_and_met_shifts_begins_again_at_page_1() -> None:
    def order(request: int) -> list[int]:
        return [0, 1, 2, 3, 4, 5, 6] if request == 0 else [0, 1, 2, 6, 4, 5, 3]

    partner = Partner(order)
    ids, last = read(partner, from_page=2)
    assert (sorted(ids), last.is_complete) == (list(range(7)), True)
    assert partner.asked == [2, 3, 1, 2, 3]


def test_an_empty_answer_is_not_believed_at_once_if_rows_are_expected() -> None:
    partner = Partner(lambda request: [] if request == 0 else [0, 1])
    assert read(partner, expected=2)[0] == [0, 1]


def test_a_list_that_never_stands_still_is_given_up_and_says_so() -> None:
    """Every request but the first of a pass gives the first page again."""
    ids, last = read(Partner(lambda request: [0, 1, 2, 3] if request % 2 == 0 else [3, 4, 5, 0, 1]))
    assert (last.is_complete, last.pass_number) == (False, MOST_PASSES)
    assert len(ids) == len(set(ids))


def test_a_partner_that_gives_the_same_page_for_ever_ends() -> None:
    with pytest.raises(ReadError):
        for _ in ShiftingPages(lambda _: [row(1)], 1).pages(1):
            pass


@given(st.data())
def test_each_row_comes_once_however_they_move_until_they_stand_still(data: st.DataObject) -> None:
    count = data.draw(st.integers(0, 12), "count")
    moves = data.draw(
        st.lists(st.permutations(range(count)), max_size=(MOST_PASSES - 1) * (count // SIZE + 1))
    )
    still = data.draw(st.permutations(range(count)), "still")
    ids, last = read(Partner(lambda n: moves[n] if n < len(moves) else still))
    assert sorted(ids) == list(range(count))
    assert last.is_complete


@given(st.integers(0, 12), st.randoms(use_true_random=False), st.booleans())
def test_a_reading_that_claims_to_be_complete_is(count: int, random: object, known: bool) -> None:
    def order(_: int) -> list[int]:
        return random.sample(range(count), count)  # type: ignore[attr-defined, no-any-return]

    ids, last = read(Partner(order), expected=count if known else None)
    assert len(ids) == len(set(ids))
    if last.is_complete:
        assert sorted(ids) == list(range(count))
