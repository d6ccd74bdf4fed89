"""Texts that a voice reads badly, and texts that it reads well."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from campaigns.contacts.speech.unspeakable import Unspeakable, is_whole_number, unspeakable
from campaigns.uploads.numbers.characters import as_said

CASES = {
    Unspeakable.CAPITALS: ("AMARA AHMED", "O'NEILL", "12 HIGH STREET", "ZOË ÅKESSON", "ΜΑΡΙΑ"),
    Unspeakable.WEB_ADDRESS: (
        "https://example.com/pay",
        "pay at www.example.org",
        "example.co.uk",
        "HTTP://EXAMPLE.COM",
        "See northgate.com.",
    ),
    Unspeakable.EMAIL: ("amara@example.com", "write to a.b@example.co.uk today", "A@EXAMPLE.COM"),
    Unspeakable.ERROR: (
        "#N/A", " #n/a ", "#REF!", "#DIV/0!", "#NAME?", "#VALUE!", "########", "#ERROR!", "=?", "Err:502",
        "err:508", "=A2&B2", '=VLOOKUP(A2,"Sheet 2"!A:B,2)',
    ),
    Unspeakable.NULL: (
        "NULL", "null", "Null ", "N/A", "n.a.", "None", "NaN", "nan", "undefined", "(blank)", r"\N", "TBC",
        "tbc", "TBA", "To be confirmed", "Unknown", "xxx", "XXXX", "-", "--", "–", "?", "???", ".", "...",
        "*", "_", "/", "()", "Dear NULL", "NULL Smith", "Dear NULL,", "Dear UNDEFINED", "Dear undefined",
        "undefined Smith", "£undefined", "£NaN", "NaN pounds", "Invalid date", "Invalid Date",
        "due Invalid Date", "[object Object]", "Dear [object Object]",
    ),
    Unspeakable.UNREADABLE: (
        "Zo\ufffd", "\ufffd", "ZoÃ«", "Renâ€™s", "Â£12", "ÅukaszewskiÅ‚", "Ð˜Ð²Ð°Ð½", "ðŸŽ‰ soon", "ï»¿Amara",
        "Jos√©", "Zo\x8b", "a\x00b", "a\x07b", "Ann\x7f", "\u202eamarA", "a\u2066b", "Zo\ue000", "Zo├½",
        "Zo?e", "Ann_x0001_", "Ren??e", "Ren???s", "_x0041_", "Ann_x2019_s", "Jos\\u00e9",
        "Jos\\xe9", "Ann%20Lee", "Jos%C3%A9", "Lee%2C Ann",
    ),
    Unspeakable.MARKUP: (
        "Marks &amp; Spencer", "O&#39;Neill", "a&nbsp;b", "&#xE9;t", "<b>Amara</b>", "Amara<br/>",
        "<p class='x'>",
        "a <!-- b", "Marks &amp Spencer", "&amp", "&nbsp", "Ann&quot",
    ),
    Unspeakable.MERGE_FIELD: (
        "{{name}}", "<<Name>>", "«Name»", "{Parameter2}", "{Parameter 2}", "{name}", "Dear {0}", "[[name]]",
        "*|Fname|*", "%name%", "%%First name%%", "${name}", "[a (b) {c}]",
        "[First Name]", "Dear [first_name]", "[Name]", "[Insert name]", "[due date]", "[Amount due]",
        "$name$", "Dear $First Name$", "@name@", "@first_name@", "<%= name %>", "Dear <%name%>",
        "Parameter2", "parameter 1", "PARAMETER_9",
    ),
    Unspeakable.NO_DATE: (
        "1899-12-30", "1899-12-31", "1900-01-00", "1900-01-01", "0000-00-00", "1970-01-01 00:00:00",
        "30/12/1899",
        "00/01/1900", "1/1/1900", "30 December 1899", "on 1 Jan 1900", "9999-12-31", "31/12/9999",
        "9999-12-31 23:59:59", "31 Dec 9999", "31-Dec-9999", "2099-12-31", "1900-01-03", "03/01/1900",
        "1753-01-01", "0001-01-03", "2026-13-45", "31/02/2026", "31.02.2026", "13/13/2026", "2026-02-29",
        "2026-02-30 10:00", "2026-00-10", "30:00:00", "24:30:00", "100:00:00",
    ),
    Unspeakable.DAY_NUMBER: ("45992", " 36526 ", "54788"),
    Unspeakable.AMOUNT: ("12.50", "1,234.56", "-3.1", "0.5"),
    Unspeakable.SCIENTIFIC: (
        "1.23456789012346e+16", "1.23457E+11", "4,47722E+11", "5E+15", "-1.5E+10", "1.2E-05", "2.5e3",
        "ref 4.47722E+11",
    ),
    Unspeakable.EMOJI: ("Happy birthday 🎉", "☎", "1️⃣", "🇬🇧", "❤"),
    Unspeakable.BRACES: ("{first name", "Amara}", "a (b", "b)", "[x)", "(x]"),
}  # fmt: skip
FINE = (
    "", "   ", "Amara", "Amara Ahmed", "Jean-Luc O’Neill", "1 December", "10:30", "£12.50", "12.50 €",
    "SW1A 1AA", "NG-00001234", "AJ", "NHS", "Chloë", "36525", "54789", "7", "07700 900101",
    "Flat 2 (rear)", "[a (b) c]", "Nan", "Dr. Brown", "3.30 pm", "e.g. tomorrow",
    "St. Mary's", "No. 5", "#12", "محمد", "王小明", "½", "Annull",
    "Amara\u200b", "\ufeffAmara", "Am\u00adara", "Ama\u200era", "Amara\nAhmed", "Amara\tAhmed",
    "\u200b", "\x07",
    "CAFÉ’s", "Straße", "Łukasz", "Siân", "Ŵyn", "Иван", "Marks & Spencer", "R&D; more", "2 < 3", "a > b",
    "50% off, then 20% more", "Who? Me", "1 January 1901", "12/12/1970", "Exxon", "Tba Road 1", "X", "xx",
    "Flat 1-3", "A+", "No-one", "1899", "a=b", "3 × 4", "Ñuñoa", "Ärzte", "“Ann”", "Älmhult – Växjö",
    # The surname Null, and programmers' words that are also English words.
    "Ann Null", "Null Smith", "Null’s", "an undefined period", "NULLarbor Road", "None of these", "Nan Smith",
    "invalid date", "Invalid dates", "Parameter", "Parameters 2", "Parametric 2", "the parameter2 of it",
    # Brackets, marks and signs as people write them.
    "[sic]", "Ann [sic] Lee", "[rear]", "Flat 2 [back]", "What??", "What?? No", "What??No", "Really???",
    "Q&A", "AT&T", "M&S", "B&amps", "Fish &chips", "$5 or A$10", "$5 and $10$", "A$AP and Ke$ha", "@amara",
    "@ann and @bo", "10 @ £5", "50%", "50%25", "100% of 20%", "C:\\users", "Ann_Lee", "US$20",
    # Numbers, dates and times that somebody means.
    "12E45", "3E", "1E-5", "E1 6AN", "SE1 2E+", "12.5e", "£1,234.56", "$12.50", "1,000,000",
    "2026-12-31", "31/12/2026", "12/31/2026", "29/02/2028", "1901-01-03", "2098-12-31", "03.01.1950",
    "4821-13-45", "45/67/2026", "12-34-56", "20-45-1234", "2026-12-31 10:30", "10:30:00", "23:59:59",
    "24:00:00", "30:00", "9999", "1-2-3", "192.168.0.1",
)  # fmt: skip


@pytest.mark.parametrize(
    ("text", "kind"), [(text, kind) for kind, texts in CASES.items() for text in texts]
)
def test_each_kind_is_recognised(text: str, kind: Unspeakable) -> None:
    assert unspeakable(text) == (kind,)


def test_every_kind_has_cases_and_words() -> None:
    assert set(CASES) == set(Unspeakable)
    assert all(kind.words for kind in Unspeakable)


@pytest.mark.parametrize("text", FINE)
def test_text_that_is_spoken_well_is_not_suspected(text: str) -> None:
    assert unspeakable(text) == ()


def test_one_text_may_be_of_several_kinds() -> None:
    assert unspeakable("PLEASE CALL 🎉 (NOW") == (
        Unspeakable.CAPITALS,
        Unspeakable.EMOJI,
        Unspeakable.BRACES,
    )


words = st.text("abcdefghijklmnopqrstuvwxyz", min_size=1, max_size=8)


@given(st.lists(words, min_size=1, max_size=6).map(" ".join))
def test_words_in_small_letters_are_never_suspected(text: str) -> None:
    assert unspeakable(text) in {(), (Unspeakable.NULL,)}
    assert unspeakable(text) == () or len(text) <= len("to be confirmed")


@given(st.text(max_size=40))
@example("\x00")
@example("٤٥٩٩٢")
@example("²")
def test_any_text_can_be_checked_and_blanks_around_it_change_nothing(text: str) -> None:
    found = unspeakable(text)
    assert unspeakable(f" {text}\t") == found
    assert len(set(found)) == len(found)


@given(st.integers(0, 99_999))
def test_whole_numbers_are_days_of_this_half_century_or_fine(number: int) -> None:
    text = str(number)
    assert is_whole_number(text)
    is_day = 36_526 <= number <= 54_788
    assert unspeakable(text) == ((Unspeakable.DAY_NUMBER,) if is_day else ())


@given(
    st.sampled_from(
        [*range(0xA0, 0x180), *range(0x391, 0x3CA), *range(0x410, 0x450), 0x2019, 0x20AC]
    )
)
def test_utf_8_that_was_read_as_windows_1252_is_recognised(code: int) -> None:
    meant = f"Jo{chr(code)}n"
    raw = [bytes([byte]) for byte in meant.encode()]
    misread = "".join(
        one.decode("latin-1" if one in {b"\x81", b"\x8d", b"\x8f", b"\x90", b"\x9d"} else "cp1252")
        for one in raw
    )
    assert Unspeakable.UNREADABLE in unspeakable(misread)
    assert Unspeakable.UNREADABLE not in unspeakable(meant)


@given(st.text(st.characters(codec="utf-8"), max_size=60))
def test_invisible_characters_change_no_warning(text: str) -> None:
    """Control characters and direction marks are the exception: they have a warning of their own."""
    seen = set(unspeakable(as_said(text)))
    assert seen ^ set(unspeakable(text)) <= {Unspeakable.UNREADABLE, Unspeakable.NULL}


balanced = st.recursive(
    words, lambda inner: st.tuples(st.sampled_from(["()", "[]"]), inner).map(
        lambda pair: f"{pair[0][0]}{pair[1]}{pair[0][1]}"
    ), max_leaves=5,
)  # fmt: skip


@given(balanced, st.sampled_from("()[]{}"))
def test_unpaired_brackets_are_reported(text: str, further: str) -> None:
    assert Unspeakable.BRACES not in unspeakable(text)
    assert Unspeakable.BRACES in unspeakable(f"{text}a{further}")
