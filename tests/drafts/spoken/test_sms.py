"""The length of an SMS, in characters and parts."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from campaigns.drafts.spoken.sms import length


@pytest.mark.parametrize(
    ("text", "characters", "parts", "unusual"),
    [
        ("", 0, 0, ""),
        ("a", 1, 1, ""),
        ("a" * 160, 160, 1, ""),
        ("a" * 161, 161, 2, ""),
        ("a" * 306, 306, 2, ""),
        ("a" * 307, 307, 3, ""),
        # Some characters of the GSM alphabet take the space of two.
        ("€" * 80, 80, 1, ""),
        ("€" * 81, 81, 2, ""),
        # It is not split between two parts, so one space of the first part stays empty here.
        ("a" * 152 + "€" + "a" * 151, 304, 2, ""),
        ("a" * 152 + "€" + "a" * 152, 305, 3, ""),
        ("£5 à la carte", 13, 1, ""),
        ("é" * 160, 160, 1, ""),
        ("’", 1, 1, "’"),
        ("a" * 69 + "’", 70, 1, "’"),
        ("a" * 70 + "’", 71, 2, "’"),
        ("a" * 133 + "’", 134, 2, "’"),
        ("a" * 134 + "’", 135, 3, "’"),
        ("ŵ’ŵ", 3, 1, "ŵ’"),
        # Outside the first 65,536 characters each is two code units.
        ("😀" * 35, 35, 1, "😀"),
        ("😀" * 36, 36, 2, "😀"),
        # The 67 code units of a part hold 33 of them, without splitting one.
        ("😀" * 66, 66, 2, "😀"),
        ("😀" * 67, 67, 3, "😀"),
    ],
)
def test_the_length_is_counted_in_characters_and_parts(
    text: str, characters: int, parts: int, unusual: str
) -> None:
    found = length(text)
    assert (found.characters, found.parts, found.unusual) == (characters, parts, unusual)


@given(st.text(max_size=700), st.characters())
def test_more_text_never_takes_fewer_parts(text: str, more: str) -> None:
    assert length(text + more).parts >= length(text).parts
