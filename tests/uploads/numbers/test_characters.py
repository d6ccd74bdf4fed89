"""The part of a text that is spoken and sent: only what can be seen."""

import sys
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from campaigns.uploads.numbers.characters import as_said

# "Format characters" that are visible: signs of Arabic, Syriac and Kaithi numbers.
VISIBLE_FORMATS = {*range(0x600, 0x606), 0x6DD, 0x70F, 0x890, 0x891, 0x8E2, 0x110BD, 0x110CD}
# Invisible, though Unicode classes them as letters, marks and symbols.
IGNORABLE = {
    0x34F, 0x115F, 0x1160, 0x17B4, 0x17B5, 0x2800, 0x3164, 0xFFA0, *range(0x180B, 0x1810),
    *range(0xFE00, 0xFE10), *range(0xE0100, 0xE01F0),
}  # fmt: skip


def is_seen(character: str) -> bool:
    if unicodedata.category(character) in {"Cc", "Cf", "Cs", "Zl", "Zp", "Zs"}:
        return ord(character) in VISIBLE_FORMATS or character == " "
    return ord(character) not in IGNORABLE and ord(character) & 0xFFFE != 0xFFFE


def test_exactly_the_visible_characters_are_kept() -> None:
    kept = {
        code for code in range(sys.maxunicode + 1) if as_said(f"a{chr(code)}b") == f"a{chr(code)}b"
    }
    seen = {code for code in range(sys.maxunicode + 1) if is_seen(chr(code))}
    assert sorted(map(hex, kept - seen)) == []
    # Visible to `is_seen` but not kept: only unassigned characters, reserved for future invisible ones.
    assert {unicodedata.category(chr(code)) for code in seen - kept} <= {"Cn"}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", ""), (" ", ""), ("\u200b\u200e\ufeff", ""), ("\xa0\u3000\t", ""), ("\x00", ""),
        ("\u3164\u2800", ""),
        (" Amara ", "Amara"), ("Amara\r\nAhmed", "Amara Ahmed"), ("a\tb", "a b"), ("a\xa0b", "a b"),
        ("a  b", "a b"), ("a\u2028b", "a b"), ("Am\xadara", "Amara"), ("\ufeffAmara", "Amara"),
        ("a\u200bb", "ab"), ("\u202eamarA\u202c", "amarA"), ("a\x07b", "ab"), ("a\u2800b", "a b"),
        ("Zoë", "Zoë"), ("محمد", "محمد"), ("❤\ufe0f", "❤"), ("Zo\ufffd", "Zo\ufffd"),
        ("£5 – “so”", "£5 – “so”"),
    ],
)  # fmt: skip
def test_blanks_become_single_and_invisible_characters_are_left_out(text: str, said: str) -> None:
    assert as_said(text) == said


@given(st.text(max_size=60))
def test_cleaning_a_text_twice_changes_nothing_more(text: str) -> None:
    said = as_said(text)
    assert as_said(said) == said
    assert all(map(is_seen, said))
    assert bool(said) == any(is_seen(character) and character != " " for character in text)
