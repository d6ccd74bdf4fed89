"""The lengths of the texts of an XLS file, which calamine copies for each cell that names one."""

import struct
from pathlib import Path

import pytest

from campaigns.uploads.spreadsheets import FileProblem, Limits, ProblemCode, inspect, rows
from campaigns.uploads.spreadsheets.xls import xls_texts
from tests.uploads.spreadsheets.odd_files import FILES, xls, xls_record

COUNTS = struct.pack("<II", 9, 9)


def text(characters: str, flags: int = 0, more: bytes = b"") -> bytes:
    written = characters.encode("utf-16-le" if flags & 1 else "latin-1")
    return struct.pack("<HB", len(characters), flags) + more + written


@pytest.mark.parametrize(
    ("records", "lengths"),
    [
        ([COUNTS], []),
        ([COUNTS + text("Ann") + text("") + text("Ben Baker")], [3, 0, 9]),
        ([COUNTS + text("Zoë", 1) + text("Ann")], [9, 3]),
        # With runs of formatting after the text; and with a pronunciation.
        ([COUNTS + text("Ann", 8, struct.pack("<H", 2)) + bytes(8) + text("Bo")], [3, 2]),
        ([COUNTS + text("Ann", 4, struct.pack("<I", 5)) + bytes(5) + text("Bo")], [3, 2]),
        # A text that continues in the next record, with wide characters there.
        (
            [COUNTS + struct.pack("<HB", 5, 0) + b"Ann", b"\1" + "ëë".encode("utf-16-le")],
            [9],
        ),
        # What follows the text continues in the next record, without a byte for the width.
        (
            [COUNTS + text("Ann", 8, struct.pack("<H", 2)) + bytes(3), bytes(5) + text("Bo")],
            [3, 2],
        ),
        # Texts begin with the next record.
        ([COUNTS + text("Ann"), text("Bo")], [3, 2]),
        # No more texts than the record says, whatever follows.
        ([struct.pack("<II", 1, 1) + text("Ann") + b"\0\0\0\0\0"], [3]),
    ],
)
def test_the_length_of_each_text_is_found(records: list[bytes], lengths: list[int]) -> None:
    assert xls_texts.lengths(records) == lengths


@pytest.mark.parametrize(
    "records",
    [
        [COUNTS[:5]],
        [COUNTS + b"\1"],
        [COUNTS + struct.pack("<HB", 9, 0) + b"Ann"],
        [COUNTS + struct.pack("<HBI", 3, 4, 2**31) + b"Ann"],
    ],
)
def test_malformed_texts_raise_an_error(records: list[bytes]) -> None:
    with pytest.raises((struct.error, IndexError)):
        xls_texts.lengths(records)


def test_the_text_of_a_file_is_limited() -> None:
    path = FILES / "excel-97.xls"
    sheet = inspect(path, Limits(cells=27))
    assert sheet.headings
    with pytest.raises(FileProblem, match=ProblemCode.TOO_MUCH_TEXT):
        inspect(path, Limits(cells=20))


def test_a_long_text_that_a_cell_names_is_read(tmp_path: Path) -> None:
    """Each character is counted as three bytes, though it takes two in the file."""
    cells = [(0, 0, 0, "Phone"), (0, 1, 0, "Note"), (1, 0, 0, "07700 900101")]
    note = xls_record(0x00FD, struct.pack("<HHHI", 1, 1, 0, 0))
    path = xls(tmp_path / "long.xls", cells, more=note, shared=["ë" * 4000])
    found = inspect(path, Limits())
    [[(_, row)]] = rows(path, found.reading, Limits(), 0)
    assert row == ["07700 900101", "ë" * 4000]
