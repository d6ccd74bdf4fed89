"""Any cells in two columns of numbers: each row is counted once, and the first column comes first."""

from collections.abc import Sequence

from hypothesis import given
from hypothesis import strategies as st

from campaigns.contacts.importing.sort_rows import RowSorter, Sorted
from campaigns.uploads.numbers.checker import NumberChecker, Reason

MADE_UP = "01234567890"
CELLS = st.sampled_from(
    ["", " ", "none", "=?", "4.47722E+11", MADE_UP, "07777777777", "0770", "\u200b"]
    + [f"07700 90000{n}" for n in range(5)]
)
ROWS = st.lists(st.tuples(CELLS, CELLS, st.sampled_from(["", "Ann"])), max_size=30)
CHECKER = NumberChecker(allow_fictional=True)
WITHHELD = "+447700900004"
MADE_UP_NUMBERS = {"+441234567890", "+447777777777"}


def sorted_rows(rows: Sequence[tuple[str, ...]], second: int | None) -> tuple[Sorted, RowSorter]:
    sorter = RowSorter(CHECKER, 0, 2, {WITHHELD}.intersection, columns=3, second_column=second)
    batch = [(number, list(cells)) for number, cells in enumerate(rows, 2)]
    return sorter.sort(batch), sorter


@given(ROWS)
def test_with_any_cells_each_row_is_counted_once_and_follows_the_rule(
    rows: list[tuple[str, ...]],
) -> None:
    found, sorter = sorted_rows(rows, 1)
    counts = sorter.counts()
    kinds = ("contact_count", "blank_count", "suppressed_count", "refused_count")
    assert counts["row_count"] == len(rows) == sum(counts[kind] for kind in kinds)
    assert counts["second_number_count"] == len(found.from_second)
    for _, number, _, cells in found.contacts:
        first, second = CHECKER.check(cells[0]), CHECKER.check(cells[1])
        is_second = number in found.from_second
        assert number == (second if is_second else first)
        assert not is_second or isinstance(first, Reason) or first in MADE_UP_NUMBERS
    for row in found.refused:
        if row.reason not in {Reason.DUPLICATE, Reason.SUPPRESSED}:
            first = CHECKER.check(row.cells[0])
            assert isinstance(CHECKER.check(row.cells[1]), Reason)
            assert row.reason == (CHECKER.check(row.cells[1]) if first == Reason.EMPTY else first)


@given(ROWS)
def test_a_second_column_of_nothing_changes_nothing(rows: list[tuple[str, ...]]) -> None:
    emptied = [(first, "", name) for first, _, name in rows]
    without, alone = sorted_rows(emptied, None)
    with_second, both = sorted_rows(emptied, 1)
    assert with_second == without
    assert both.counts() == alone.counts()
    assert both.numbers_hash() == alone.numbers_hash()


@given(ROWS)
def test_without_a_second_column_only_the_first_is_read(rows: list[tuple[str, ...]]) -> None:
    found, sorter = sorted_rows(rows, None)
    assert not found.from_second
    assert sorter.counts()["second_number_count"] == 0
    assert [CHECKER.check(cells[0]) for _, _, _, cells in found.contacts] == [
        number for _, number, _, _ in found.contacts
    ]
