"""Each way to say a cell: what becomes of cells, what is not converted, and what is never lost."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from campaigns.drafts.spoken.say_as import ORDERS, SayAs, converter, known, say
from campaigns.uploads.numbers.characters import as_said, plain_characters

DATE, US_DATE = SayAs.DATE_DAY_FIRST, SayAs.DATE_MONTH_FIRST
DAY_DATE, US_DAY_DATE = SayAs.DAY_DATE_DAY_FIRST, SayAs.DAY_DATE_MONTH_FIRST
TIME, MONEY, NUMBER, DIGITS, NAME = (
    SayAs.TIME, SayAs.MONEY, SayAs.NUMBER, SayAs.DIGITS, SayAs.NAME,
)  # fmt: skip
FIRST = "1 December"
TUESDAY = "Tuesday 1 December"
CONVERTED = [kind for kind in SayAs if kind]


@pytest.mark.parametrize(
    "cell",
    [
        "2026-12-01", "2026/12/01", "2026.12.1", "2026-12-01 00:00:00", "2026-12-01T09:30:00",
        "2026-12-01T09:30:00.123", "1/12/2026", "01/12/2026", "01-12-26", "1.12.26", "01/12/26",
        "01/12/2026 09:30", "01/12/2026 9:30 pm", "1/12/2026, 09:30:00", "1 Dec 2026", "1 dec 26",
        "01-Dec-2026", "1-DEC-26", "1/Dec/2026", "1st December 2026", "1st of December 2026",
        "1 December, 2026", "December 1, 2026", "December 1 2026", "Dec 1st, 2026", "Dec. 1, 2026",
        "Tuesday 1 December 2026", "Tue, 1 Dec 2026", "Tue 01/12/2026", "1 Dec 2026 at 9.30 am",
        " 1\xa0December  2026 ", "１/１２/２０２６", "1–12–2026",
    ],
)  # fmt: skip
def test_dates_are_said_without_their_year(cell: str) -> None:
    assert say(DATE, cell) == FIRST
    assert say(DAY_DATE, cell) == TUESDAY


@pytest.mark.parametrize(
    "cell", ["2026-06-30T23:00:00Z", "2026-07-01T00:30:00+01:00", "2026-07-01 09:30:00+0000"]
)
def test_a_time_with_an_offset_is_not_converted(cell: str) -> None:
    """It is another time, perhaps of another day, where people are: 1 July in London for the first."""
    assert all(say(kind, cell) is None for kind in (DATE, DAY_DATE, US_DATE, SayAs.TIME))


@pytest.mark.parametrize(
    ("cell", "day_first", "month_first"),
    [
        ("01/02/2026", "1 February", "2 January"),
        ("13/02/2026", "13 February", None),
        ("02/13/2026", None, "13 February"),
        ("Fri 02/01/2026", "2 January", None),
        ("2026-02-01", "1 February", "1 February"),
        ("3 March 2026", "3 March", "3 March"),
        ("03/03/26", "3 March", "3 March"),
    ],
)
def test_numbers_are_read_with_the_day_or_the_month_first(
    cell: str, day_first: str | None, month_first: str | None
) -> None:
    assert (say(DATE, cell), say(US_DATE, cell)) == (day_first, month_first)


@pytest.mark.parametrize(
    ("cell", "date", "day_and_date"),
    [
        ("1 December", FIRST, None), ("1st Dec", FIRST, None), ("26-Dec", "26 December", None),
        ("Dec 1st", FIRST, None), ("Tue 1 Dec", FIRST, TUESDAY), (TUESDAY, FIRST, TUESDAY),
        ("29 February", "29 February", None),
    ],
)  # fmt: skip
def test_a_date_without_a_year_has_a_day_only_if_it_names_it(
    cell: str, date: str, day_and_date: str | None
) -> None:
    assert (say(DATE, cell), say(DAY_DATE, cell)) == (date, day_and_date)


@pytest.mark.parametrize(
    "cell",
    [
        "", " ", "TBC", "tomorrow", "N/A", "-", "45992", "1/12", "31/11/2026", "29 February 2026",
        "2026-13-01", "2026-00-10", "Monday 1 December 2026", "Dec 26", "Dec-26", "December 2026",
        "1899-12-30", "1900-01-00", "1970-01-01", "01/01/0001", "9999-12-31", "01/12-2026", "1 Dez 2026",
        "1/12/2026 and 2/12/2026", "01122026", "1/12/026", "32 December", "0 December", "#VALUE!",
    ],
)  # fmt: skip
def test_what_is_no_date_is_not_said_as_one(cell: str) -> None:
    for kind in (DATE, US_DATE, DAY_DATE, US_DAY_DATE):
        assert say(kind, cell) is None


@pytest.mark.parametrize(
    ("cell", "said"),
    [
        ("9:00", "9 am"), ("09:00", "9 am"), ("09:00:00", "9 am"), ("9am", "9 am"), ("9 AM", "9 am"),
        ("9 a.m.", "9 am"), ("9.30 pm", "9:30 pm"), ("9.30", "9:30 am"), ("21:30", "9:30 pm"),
        ("16:05:59", "4:05 pm"), ("12:00", "midday"), ("12 pm", "midday"), ("noon", "midday"),
        ("12 noon", "midday"), ("00:00", "midnight"), ("24:00:00", "midnight"), ("12 am", "midnight"),
        ("0:30", "12:30 am"), ("12:30", "12:30 pm"), ("12:30 am", "12:30 am"), ("1:00 pm", "1 pm"),
        ("2026-12-01 09:30:00", "9:30 am"), ("13/12/2026 14:00", "2 pm"), ("1 Dec 2026 9:15pm", "9:15 pm"),
        ("12/13/2026 9:00 PM", "9 pm"),
        ("9", None), ("0.375", None), ("9:3", None), ("25:00", None), ("24:01", None), ("13 pm", None),
        ("9:60", None), ("612:00:00", None), ("2026-12-01", None), ("2026-12-01 00:00:00", None),
        ("9:00-11:00", None), ("morning", None), ("", None),
    ],
)  # fmt: skip
def test_times(cell: str, said: str | None) -> None:
    assert say(TIME, cell) == said


@pytest.mark.parametrize(
    ("cell", "said"),
    [
        ("1234.5", "£1,234.50"), ("1234.50", "£1,234.50"), ("£1,234.50", "£1,234.50"), ("1234", "£1,234"),
        ("£1234.00", "£1,234.00"), ("£ 12.50", "£12.50"), ("12.50 GBP", "£12.50"), ("GBP 12.50", "£12.50"),
        ("gbp12", "£12"), ("€12.50", "€12.50"), ("12.50 €", "€12.50"), ("EUR 5", "€5"),
        ("$1000000", "$1,000,000"),
        ("USD 5.00", "$5.00"), ("-12.5", "-£12.50"), ("£-12.50", "-£12.50"), ("-£12.50", "-£12.50"),
        ("(12.50)", "-£12.50"), ("(£12.50)", "-£12.50"), (".5", "£0.50"), ("0.99", "£0.99"), ("£0", "£0"),
        ("−5", "-£5"), ("£12 GBP", "£12"),
        ("£12 EUR", None), ("12,50", None), ("1.234,50", None), ("12.345", None), ("007.50", None),
        ("£", None), ("-", None), ("", None), ("12.", None), ("1,00,000", None), ("£1.2m", None),
        ("12.50 CR", None), ("--5", None), ("-£-5", None), ("1.23E+11", None), ("nil", None),
    ],
)  # fmt: skip
def test_money(cell: str, said: str | None) -> None:
    assert say(MONEY, cell) == said


@pytest.mark.parametrize(
    ("cell", "said"),
    [
        ("1234", "1,234"), ("1,234", "1,234"), ("999", "999"), ("0", "0"), ("1234567.891", "1,234,567.891"),
        ("-1234", "-1,234"), (".25", "0.25"), ("1.10", "1.10"), ("45992", "45,992"), ("12.5", "12.5"),
        ("007", None), ("+5", None), ("1,23", None), ("12%", None), ("£5", None), ("1 234", None),
        ("9" * 19, None), ("five", None), ("", None), ("5.", None), ("1/2", None),
    ],
)  # fmt: skip
def test_numbers(cell: str, said: str | None) -> None:
    assert say(NUMBER, cell) == said


@pytest.mark.parametrize(
    ("cell", "said"),
    [
        ("1234", "1 2 3 4"), ("007", "0 0 7"), ("1 2 3 4", "1 2 3 4"), ("12-34-56", "1 2 3 4 5 6"),
        ("0207 946 0000", "0 2 0 7 9 4 6 0 0 0 0"), ("12/3", "1 2 3"), ("AB12CD", "A B 1 2 C D"),
        ("REF-12", "R E F 1 2"), ("5", "5"), ("9" * 30, " ".join("9" * 30)),
        ("1.5", None), ("1,234", None), ("+44", None), ("ab12", None), ("ABCDE1", None), ("ABC", None),
        ("12 HIGH STREET", None), ("-12", None), ("1--2", None), ("", None), ("1.23E+11", None),
    ],
)  # fmt: skip
def test_digit_by_digit(cell: str, said: str | None) -> None:
    assert say(DIGITS, cell) == said


@pytest.mark.parametrize(
    ("cell", "said"),
    [
        ("MR SMITH", "Mr Smith"), ("mr smith", "Mr Smith"), ("AMARA", "Amara"), ("Amara", "Amara"),
        ("MCDONALD", "McDonald"), ("MACDONALD", "MacDonald"), ("MACKEY", "Mackey"), ("MACK", "Mack"),
        ("O'BRIEN", "O'Brien"), ("o’neill", "O’Neill"), ("D'ARCY", "D'Arcy"), ("SMITH'S", "Smith's"),
        ("SMITH-JONES", "Smith-Jones"), ("ANNE-MARIE O'MCKAY", "Anne-Marie O'McKay"),
        ("MARIA DE SOUZA", "Maria de Souza"), ("JAN VAN DER BERG", "Jan van der Berg"),
        ("DE LA CRUZ", "De la Cruz"), ("VAN", "Van"), ("MR LE", "Mr Le"), ("de souza", "De Souza"),
        ("J SMITH", "J Smith"), ("J. R. SMITH", "J. R. Smith"), ("J.R. SMITH", "J.R. Smith"),
        ("JP MORGAN", "JP Morgan"), ("MRS NG", "Mrs Ng"), ("DR ST JOHN", "Dr St John"), ("PH", "PH"),
        ("HENRY VIII", "Henry Viii"), ("JOHN SMITH II", "John Smith II"), ("SMITH LTD", "Smith Ltd"),
        ("ZOË ÅKESSON", "Zoë Åkesson"), ("JOSE\u0301E", "Jose\u0301e"), ("STRAßE", "STRAßE"),
        ("van der Berg", "van der Berg"), ("deSouza", "deSouza"), ("Jane SMITH", "Jane Smith"),
        ("Dr Chloe O'NEILL", "Dr Chloe O'Neill"), ("JP Walker", "JP Walker"),
        ("Ann McDONALD", "Ann McDONALD"),
        ("محمد", "محمد"), ("李", "李"), ("  AMARA \t AHMED ", "Amara Ahmed"),
        ("", None), ("-", None), ("N/A", None), ("NULL", None), ("nan", None), ("TBC", None),
        ("SMITH 2", None), ("A@EXAMPLE.COM", None), ("{NAME}", None), ("#N/A", None), ("ZO\ufffd", None),
    ],
)  # fmt: skip
def test_names(cell: str, said: str | None) -> None:
    assert say(NAME, cell) == said


def test_as_it_is_only_tidies_the_blanks() -> None:
    assert say("", " MR  SMITH ") == "MR SMITH"
    assert say("", " ") is None
    assert converter("") is None


def test_an_id_that_no_version_knows_leaves_cells_as_they_are() -> None:
    assert known("backwards") == SayAs.AS_IT_IS
    assert converter("backwards") is None


def test_every_way_has_words_of_its_own_and_an_id_that_can_be_stored() -> None:
    assert len({kind.noun for kind in SayAs}) == len(SayAs)
    assert len({(kind.label, kind.order) for kind in SayAs}) == len(SayAs)
    assert max(map(len, SayAs)) <= 20
    assert {*ORDERS, *ORDERS.values()} == {DATE, US_DATE, DAY_DATE, US_DAY_DATE}


# Properties

days = st.dates().filter(lambda day: 1901 <= day.year <= 2098)
written = st.sampled_from(
    (
        "%Y-%m-%d",
        "%d/%m/%Y",
        "%m/%d/%y",
        "%d %B %Y",
        "%b %d, %Y",
        "%A %d %b %Y",
        "%d-%b-%y",
        "%d %b",
    )
)
words = st.text("abcDEF oO'’-.ß Iİıǆé\u0301MmAaCc", max_size=20)
amounts = st.from_regex(
    r"[-(]?[£€$]?[0-9]{0,7}([.,][0-9]{1,3}){0,3} ?(GBP|EUR)?\)?", fullmatch=True
)
references = st.from_regex(r"([A-Z]{0,5}[0-9]{0,5}[ /-]?){0,4}", fullmatch=True)
clocks = st.from_regex(r"[0-9]{1,2}([:.][0-9]{2}){0,2} ?([ap]\.?m)?", fullmatch=True)
cells = st.one_of(
    st.text(max_size=30),
    words,
    amounts,
    references,
    clocks,
    st.builds(lambda day, form: day.strftime(form), days, written),
)


@given(st.sampled_from(CONVERTED), cells)
@example(NAME, "ß")
@example(NAME, "ŉa")
@example(NAME, "ǆa")
@example(NAME, "aİ")
@example(NAME, "ͅ")
def test_what_was_converted_is_converted_to_itself(kind: SayAs, cell: str) -> None:
    said = say(kind, cell)
    if said is not None:
        assert said == as_said(said) != ""
        assert say(kind, said) == said


def digits(text: str) -> str:
    return "".join(sign for sign in plain_characters(text) if sign in "0123456789")


@given(st.sampled_from([MONEY, NUMBER, DIGITS, NAME]), cells)
def test_no_digit_is_lost_and_only_zeros_are_added(kind: SayAs, cell: str) -> None:
    said = say(kind, cell)
    if said is not None:
        kept = digits(said)
        assert kept.strip("0") == digits(cell).strip("0")
        assert len(kept) >= len(digits(cell))
        assert kind != DIGITS or kept == digits(cell)


@given(cells)
def test_a_name_only_has_its_capitals_changed(cell: str) -> None:
    said = say(NAME, cell)
    if said is not None:
        assert said.casefold() == as_said(cell).casefold()


@given(days, st.sampled_from(["%d/%m/%Y", "%Y-%m-%d", "%d %B %Y", "%d %b %y", "%d.%m.%Y %H:%M"]))
def test_every_day_is_read_as_it_was_written(day: object, form: str) -> None:
    text = f"{day:{form}}"
    if say(DATE, text) is None:
        # Only the day that computers show where there is no date.
        assert f"{day}" == "1970-01-01"
        return
    assert say(DATE, text) == f"{day:%d %B}".removeprefix("0")
    if "%y" not in form:
        assert say(DAY_DATE, text) == f"{day:%A} {say(DATE, text)}"
