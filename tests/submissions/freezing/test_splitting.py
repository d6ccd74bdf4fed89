"""A stream of entries is cut into parts that are as full as they may be, always in the same places."""

import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from campaigns.submissions.freezing.splitting import Capacity, EntryTooLong, Stretch, cut

PLENTY = 10**9


def cut_up(batches: list[list[bytes]], capacity: Capacity) -> list[bytes]:
    file = io.BytesIO()
    return [b"".join(stretch.blocks(file)) for stretch in cut(file, batches, capacity)]


@pytest.mark.parametrize(
    ("batches", "capacity", "parts"),
    [
        ([], Capacity(2, PLENTY), []),
        ([[]], Capacity(2, PLENTY), []),
        ([[b"a", b"b"]], Capacity(2, PLENTY), [b"a,b"]),
        ([[b"a"], [], [b"b"]], Capacity(2, PLENTY), [b"a,b"]),
        ([[b"a", b"b", b"c"]], Capacity(2, PLENTY), [b"a,b", b"c"]),
        ([[b"a"], [b"b", b"c"], [b"d"]], Capacity(2, PLENTY), [b"a,b", b"c,d"]),
        ([[b"a", b"b", b"c", b"d", b"e"]], Capacity(1, PLENTY), [b"a", b"b", b"c", b"d", b"e"]),
        # The comma counts: "aa,bb" is five bytes long.
        ([[b"aa", b"bb"]], Capacity(PLENTY, 5), [b"aa,bb"]),
        ([[b"aa", b"bb"]], Capacity(PLENTY, 4), [b"aa", b"bb"]),
        ([[b"aa"], [b"bb"]], Capacity(PLENTY, 5), [b"aa,bb"]),
        ([[b"aa"], [b"bb"]], Capacity(PLENTY, 4), [b"aa", b"bb"]),
        ([[b"aaaaa", b"b"]], Capacity(PLENTY, 5), [b"aaaaa", b"b"]),
    ],
)
def test_parts_are_as_full_as_they_may_be(
    batches: list[list[bytes]], capacity: Capacity, parts: list[bytes]
) -> None:
    assert cut_up(batches, capacity) == parts


def test_an_entry_longer_than_a_part_is_refused_wherever_it_stands() -> None:
    with pytest.raises(EntryTooLong):
        cut_up([[b"aaaaaa"]], Capacity(PLENTY, 5))
    with pytest.raises(EntryTooLong):
        cut_up([[b"a", b"aaaaaa"]], Capacity(PLENTY, 5))


def test_a_stretch_is_read_in_blocks_that_end_where_it_ends(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("campaigns.submissions.freezing.splitting.BLOCK", 4)
    assert list(Stretch(1, 11, 1).blocks(io.BytesIO(b"0123456789abcdef"))) == [
        b"1234",
        b"5678",
        b"9a",
    ]


@given(
    entries=st.lists(st.binary(min_size=1, max_size=9).map(lambda one: one.replace(b",", b";"))),
    batch=st.integers(1, 7),
    capacity=st.builds(Capacity, st.integers(1, 5), st.integers(9, 30)),
)
def test_nobody_is_lost_and_no_part_is_too_large(
    entries: list[bytes], batch: int, capacity: Capacity
) -> None:
    file = io.BytesIO()
    batches = [entries[at : at + batch] for at in range(0, len(entries), batch)]
    stretches = cut(file, batches, capacity)
    parts = [b"".join(stretch.blocks(file)) for stretch in stretches]
    assert [entry for part in parts for entry in part.split(b",")] == entries
    for stretch, part in zip(stretches, parts, strict=True):
        assert stretch.count == part.count(b",") + 1 <= capacity.numbers
        assert len(part) <= capacity.size
    # The cuts are in the same places, however the entries are batched.
    assert cut_up([entries], capacity) == parts
