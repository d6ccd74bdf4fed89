"""Excel workbooks to download, written row by row into a temporary file."""

import tempfile
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from typing import BinaryIO

import xlsxwriter
from django.http import StreamingHttpResponse
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from campaigns import downloads

# The whole file is written before its first byte is sent, so it must take a few seconds only: these rows
# take about five. CSV files stream, and have any number.
MOST_ROWS = 50_000
_KIND = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
# Nothing in the file says when it was made, so that the same rows always give the same bytes.
_MADE_AT = datetime(2000, 1, 1, tzinfo=UTC)
_WIDTH = 20

Cell = str | int | datetime | None


def excel_file(
    headings: Sequence[str], rows: Iterable[Sequence[Cell]], name: str
) -> StreamingHttpResponse:
    """Return rows as an Excel file to download. There may be at most MOST_ROWS of them.

    A text stays a text, even if it begins like a formula and somebody edits its cell.
    """
    # Closed by `blocks_of` once the response was sent.
    file = tempfile.TemporaryFile()  # noqa: SIM115
    try:
        _write(file, headings, rows)
        length = file.seek(0, 2)
        file.seek(0)
    except BaseException:
        file.close()
        raise
    return downloads.streamed(downloads.blocks_of(file), name, _KIND, length)


def _write(file: BinaryIO, headings: Sequence[str], rows: Iterable[Sequence[Cell]]) -> None:
    # With `constant_memory`, each row is on the disk as soon as the next one begins.
    with xlsxwriter.Workbook(file, {"constant_memory": True}) as book:
        book.set_properties({"created": _MADE_AT})
        bold = book.add_format({"bold": True})
        time = book.add_format({"num_format": "yyyy-mm-dd hh:mm"})
        quoted = book.add_format()
        # Has the effect of an apostrophe that a person types before a text.
        quoted.set_quote_prefix()
        sheet = book.add_worksheet()
        sheet.freeze_panes(1, 0)
        sheet.set_column(0, len(headings) - 1, _WIDTH)
        for place, heading in enumerate(headings):
            sheet.write_string(0, place, heading, bold)
        for number, row in enumerate(rows, start=1):
            for place, cell in enumerate(row):
                _put(sheet, (number, place), cell, time=time, quoted=quoted)


def _put(
    sheet: Worksheet, place: tuple[int, int], cell: Cell, *, time: Format, quoted: Format
) -> None:
    if isinstance(cell, datetime):
        sheet.write_datetime(*place, cell, time)
    elif isinstance(cell, int):
        sheet.write_number(*place, cell)
    elif cell:
        sheet.write_string(*place, cell, quoted)
