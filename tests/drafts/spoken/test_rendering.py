"""A script with a person's values in it."""

from collections.abc import Mapping

import pytest

from campaigns.drafts.spoken.script import Piece, parameters_in, rendered


@pytest.mark.parametrize(
    ("template", "values", "pieces"),
    [
        ("", {}, []),
        ("Good morning.", {1: "Amara"}, [Piece("Good morning.")]),
        (
            "Hello {Parameter1}, due on {Parameter2}.",
            {1: "Amara", 2: "1 May"},
            [Piece("Hello "), Piece("Amara", 1), Piece(", due on "), Piece("1 May", 2), Piece(".")],
        ),
        ("{parameter3}{ PARAMETER 3 }", {3: "x"}, [Piece("x", 3), Piece("x", 3)]),
        ("{Parameter1}", {}, [Piece("", 1)]),
        ("{Parameter1}", {1: "{Parameter2}", 2: "no"}, [Piece("{Parameter2}", 1)]),
        ("{Parameter0} {Parameter10} {Name}", {}, [Piece("{Parameter0} {Parameter10} {Name}")]),
        ("{Parameter1", {1: "x"}, [Piece("{Parameter1")]),
    ],
)
def test_values_are_put_in_the_places_of_parameters(
    template: str, values: Mapping[int, str], pieces: list[Piece]
) -> None:
    assert rendered(template, values) == pieces


@pytest.mark.parametrize(
    ("piece", "is_missing"),
    [
        (Piece("", 1), True),
        (Piece("  ", 1), True),
        (Piece("Amara", 1), False),
        (Piece(" "), False),
    ],
)
def test_a_place_without_a_value_is_missing(piece: Piece, is_missing: bool) -> None:
    assert piece.is_missing == is_missing


def test_the_parameters_of_all_texts_are_found() -> None:
    assert parameters_in("{Parameter1} {Parameter9}", "", "{parameter2} {Parameter1}") == {1, 2, 9}
