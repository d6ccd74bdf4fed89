"""What a voice makes a mess of, and what it doesn't."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from campaigns.contacts.speaking import Unspeakable, is_whole_number, unspeakable

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
    Unspeakable.ERROR: ("#N/A", " #n/a ", "#REF!", "#DIV/0!", "#NAME?", "#VALUE!", "########"),
    Unspeakable.NULL: (
        "NULL",
        "null",
        "Null ",
        "N/A",
        "None",
        "NaN",
        "undefined",
        "(blank)",
        r"\N",
    ),
    Unspeakable.DAY_NUMBER: ("45992", " 36526 ", "54788"),
    Unspeakable.AMOUNT: ("12.50", "1,234.56", "-3.1", "0.5"),
    Unspeakable.EMOJI: ("Happy birthday 🎉", "☎", "1️⃣", "🇬🇧", "❤"),
    Unspeakable.BRACES: ("{first name", "Amara}", "a (b", "b)", "[x)", "(]"),
}
FINE = (
    "", "   ", "Amara", "Amara Ahmed", "Jean-Luc O’Neill", "1 December", "10:30", "£12.50", "12.50 €",
    "SW1A 1AA", "NG-00001234", "AJ", "NHS", "Chloë", "36525", "54789", "7", "07700 900101",
    "{Parameter1}", "Flat 2 (rear)", "[a (b) {c}]", "Nan", "Dr. Brown", "3.30 pm", "e.g. tomorrow",
    "St. Mary's", "No. 5", "#12", "محمد", "王小明", "½", "Annull",
)  # fmt: skip


@pytest.mark.parametrize(
    ("text", "kind"), [(text, kind) for kind, texts in CASES.items() for text in texts]
)
def test_each_kind_is_known(text: str, kind: Unspeakable) -> None:
    assert unspeakable(text) == (kind,)


def test_every_kind_has_cases_and_words() -> None:
    assert set(CASES) == set(Unspeakable)
    assert all(kind.words for kind in Unspeakable)


@pytest.mark.parametrize("text", FINE)
def test_what_is_spoken_well_is_left_alone(text: str) -> None:
    assert unspeakable(text) == ()


def test_one_text_may_have_several() -> None:
    assert unspeakable("PLEASE CALL 🎉 (NOW") == (
        Unspeakable.CAPITALS,
        Unspeakable.EMOJI,
        Unspeakable.BRACES,
    )


words = st.text("abcdefghijklmnopqrstuvwxyz", min_size=1, max_size=8)


@given(st.lists(words, min_size=1, max_size=6).map(" ".join))
def test_words_in_small_letters_are_never_suspected(text: str) -> None:
    assert unspeakable(text) == () or text in {"null", "none", "undefined"}


@given(st.text(max_size=40))
@example("\x00")
@example("٤٥٩٩٢")
@example("²")
def test_any_text_is_judged_and_blanks_around_it_change_nothing(text: str) -> None:
    found = unspeakable(text)
    assert unspeakable(f" {text}\t") == found
    assert len(set(found)) == len(found)


@given(st.integers(0, 99_999))
def test_whole_numbers_are_days_of_this_half_century_or_fine(number: int) -> None:
    text = str(number)
    assert is_whole_number(text)
    is_day = 36_526 <= number <= 54_788
    assert unspeakable(text) == ((Unspeakable.DAY_NUMBER,) if is_day else ())


balanced = st.recursive(
    words, lambda inner: st.tuples(st.sampled_from(["()", "[]", "{}"]), inner).map(
        lambda pair: f"{pair[0][0]}{pair[1]}{pair[0][1]}"
    ), max_leaves=5,
)  # fmt: skip


@given(balanced, st.sampled_from("()[]{}"))
def test_brackets_are_paired_or_told(text: str, further: str) -> None:
    assert Unspeakable.BRACES not in unspeakable(text)
    assert Unspeakable.BRACES in unspeakable(f"{text}a{further}")
