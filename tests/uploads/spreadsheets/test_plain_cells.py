"""The search of plainly written sheets: it finds what a parser finds, and nothing can hide from it."""

import random
from collections.abc import Iterator
from contextlib import suppress

import pytest

from campaigns.uploads.spreadsheets import FileProblem, Limits, ProblemCode
from campaigns.uploads.spreadsheets.dates_and_times import Formats, Shows
from campaigns.uploads.spreadsheets.facts import SheetFacts
from campaigns.uploads.spreadsheets.markup import parse
from campaigns.uploads.spreadsheets.table import column_letters
from campaigns.uploads.spreadsheets.xlsx.plain_cells import NotPlainError, searched
from campaigns.uploads.spreadsheets.xlsx.shared_texts import SharedTexts
from campaigns.uploads.spreadsheets.xlsx.xlsx_facts import _Parser

LIMITS = Limits()

_CELLS = (
    '<c r="{}"><v>7</v></c>',
    '<c r="{}" s="1" t="s"><v>0</v></c>',
    '<c r="{}" t="inlineStr"><is><t>&lt;c r=&quot;ZZ9</t></is></c>',
    '<c r="{}" s="3"/>',
    '<c r="{}" t="e"><v>#N/A</v></c>',
    '<c r="{}" t="e"><f>A1/0</f><v>#DIV/0!</v></c>',
    '<c r="{}"><f>A1</f></c>',
    '<c r="{}" t="str"><f>A1</f><v></v></c>',
    '<c r="{}" s="10"><v>45992</v></c>',
    '<c r="{}" s="10"><f>A1</f><v>-1.5</v></c>',
    '<c r="{}" s="11" t="n"><v>60</v></c>',
    '<c r="{}" s="11"><v>4.5992E4</v></c>',
    '<c r="{}" s="12"><v>45992.00000001</v></c>',
    '<c r="{}" s="12"><v>45992.5</v></c>',
    '<c r="{}" s="13"><v>1.25</v></c>',
    '<c r="{}" s="13"><v>0.25</v></c>',
    '<c r="{}" s="13"><v>-2E-1</v></c>',
    '<c r="{}" t="s" s="11"><v>0</v></c>',
    '<c r="{}" s="14"><v>-0.5</v></c>',
)
_FORMATS = Formats(
    {10: Shows.BOTH, 11: Shows.DAY, 12: Shows.BOTH, 13: Shows.CLOCK, 14: Shows.ELAPSED}
)


def sheet(chance: random.Random, prefix: str) -> str:
    rows = []
    for number in sorted(chance.sample(range(1, 1200), chance.randrange(1, 120))):
        places = sorted(chance.sample(range(40), chance.randrange(12)))
        cells = (chance.choice(_CELLS).format(f"{column_letters(at)}{number}") for at in places)
        hidden = ' hidden="1"' if chance.random() < 0.1 else ""
        rows.append(f'<row r="{number}"{hidden}>{"".join(cells)}</row>')
    if chance.random() < 0.2:
        chance.shuffle(rows)
    columns = '<cols><col min="2" max="3" hidden="1"/><col min="4" max="9" width="1"/></cols>'
    content = f"<worksheet>{columns}<sheetData>{''.join(rows)}</sheetData></worksheet>"
    if prefix:
        content = content.replace("<", f"<{prefix}:").replace(f"<{prefix}:/", f"</{prefix}:")
    return content


def pieces(content: str, size: int) -> Iterator[bytes]:
    """Cut a sheet into blocks; the first is long enough to hold the first tag."""
    whole = content.encode()
    yield whole[:60]
    for at in range(60, len(whole), size):
        yield whole[at : at + size]


def parsed(content: str) -> SheetFacts:
    collector = _Parser(LIMITS, SharedTexts(), formats=_FORMATS)
    parse([content.encode()], collector.start, collector.end, collector.text)
    return collector.facts


def comparable(facts: SheetFacts) -> tuple[object, ...]:
    marks = [facts.marked(row) for row in range(facts.marked_rows)]
    hidden = facts.hidden_rows, facts.hidden_columns
    return facts.rows, facts.columns, hidden, [sorted(row, key=str) for row in marks]


@pytest.mark.parametrize("prefix", ["", "x"])
@pytest.mark.parametrize("seed", range(60))
def test_a_plain_sheet_is_searched_as_it_would_be_parsed(seed: int, prefix: str) -> None:
    chance = random.Random(seed)
    content = sheet(chance, prefix)
    found = searched(pieces(content, chance.choice([50, 300, 5000])), LIMITS, 0, _FORMATS)
    assert comparable(found) == comparable(parsed(content))


_ROW = '<row r="1"><c r="A1"><v>1</v></c><c r="B1"><v>1</v></c>{}</row>'


@pytest.mark.parametrize(
    "cell",
    [
        '<c r="XFD1048576" x="/>"><v>1</v></c>',
        "<c r=\"XFD1048576\" x='/>'><v>1</v></c>",
        '<c r="XFD1048576" x=">"><v>1</v></c>',
        '<c r="XFD1048576"><v>1</v></c >',
    ],
)
def test_a_far_cell_is_not_mistaken_for_an_empty_one(cell: str) -> None:
    with pytest.raises(FileProblem) as raised:
        searched([_ROW.format(cell).encode(), b"</sheetData>"], LIMITS)
    assert raised.value.code == ProblemCode.TOO_MANY_COLUMNS


@pytest.mark.parametrize(
    "cell",
    [
        '<c\tr="XFD1048576"><v>1</v></c>',
        '<c s="1" r="XFD1048576"><v>1</v></c>',
        "<c r='XFD1048576'><v>1</v></c>",
        '<y:c r="XFD1048576"><v>1</v></y:c>',
        '<c r="A2" r="XFD1048576"><v>1</v></c>',
        "<c><v>1</v></c>",
        '<!-- <c r="A1"/> -->',
    ],
)
def test_a_cell_that_is_not_plainly_written_is_left_to_the_parser(cell: str) -> None:
    with pytest.raises(NotPlainError):
        searched([_ROW.format(cell).encode()], LIMITS)


def test_a_sheet_is_refused_at_the_row_that_makes_it_too_long() -> None:
    rows = ((f'<row r="{n}"><c r="A{n}"><v>1</v></c></row>').encode() for n in range(1, 9_000_000))
    with pytest.raises(FileProblem) as raised:
        searched(rows, Limits(rows=10))
    assert raised.value.code == ProblemCode.TOO_MANY_ROWS
    assert next(rows).startswith(b'<row r="10')


@pytest.mark.parametrize("unpacked_bytes", [0, 200_000])
def test_too_much_text_is_refused_as_soon_as_it_is_certain(unpacked_bytes: int) -> None:
    """Refuse sooner where the sheet's length is known: reading on could take seconds."""
    text = '<row r="{0}"><c r="A{0}" t="inlineStr"><is><t>Some text</t></is></c></row>'
    rows = (text.format(number).encode() for number in range(1, 3000))
    with pytest.raises(FileProblem) as raised:
        searched(rows, Limits(cells=3000), unpacked_bytes)
    assert raised.value.code == ProblemCode.TOO_MUCH_TEXT
    # After n cells, the rest of the limit leaves 70 bytes for each of 3,000 - n cells. n texts of 32 bytes
    # are more than that from 2,060 cells, and from 240 where the sheet's length beyond 60 bytes a cell
    # counts as text too.
    certain = 240 if unpacked_bytes else 2060
    assert next(rows).startswith(b'<row r="%d"' % (certain + 1))


@pytest.mark.parametrize("start", ['<c r="', '<c r="A1" ', '<c r="A1" t="e" ', "<c ", "<f "])
def test_a_long_tag_without_an_end_is_searched_in_little_time(start: str) -> None:
    """Guard against patterns that scan the rest from each start, which would take hours."""
    for filler in ((start + ' t="e" r="x"') * 200_000, start + ' t="e"' * 900_000):
        with suppress(NotPlainError, FileProblem):
            searched([_ROW.format(filler).encode()] * 4, LIMITS)
