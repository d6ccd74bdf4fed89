"""How the places of parameters are written in a call flow's texts."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from campaigns.clients.lookups.placeholders import correction, misspelt, parameters_in


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ("", []),
        ("Hello {Parameter1}, due {Parameter2}{Parameter9}.", []),
        ("Hello {Parameter 1}", ["{Parameter 1}"]),
        ("Hello { Parameter1 }", ["{ Parameter1 }"]),
        ("Hello {parameter1}", ["{parameter1}"]),
        ("Hello {Parameter12}", ["{Parameter12}"]),
        ("Hello {Parameter0}", ["{Parameter0}"]),
        ("Hello {Parameter}", ["{Parameter}"]),
        ("Hello {name} and {name}", ["{name}"]),
        ("Hello {{Parameter1}}", ["{{Parameter1}}"]),
        ("Hello {{name}} <<Name>> [[name]]", ["{{name}}", "<<Name>>", "[[name]]"]),
        ("Hello {Parameter1", ["{Parameter1"]),
        ("Hello Parameter1}", ["}"]),
        ("Hello {}", ["{}"]),
        ("a < b, [c] and (d)", []),
    ],
)
def test_only_the_partners_own_spelling_is_right(text: str, wrong: list[str]) -> None:
    assert misspelt(text) == wrong


@pytest.mark.parametrize(
    ("field", "told"),
    [
        ("{Parameter 1}", "Write {Parameter1} instead of “{Parameter 1}”."),
        ("{{parameter2}}", "Write {Parameter2} instead of “{{parameter2}}”."),
        (
            "{Parameter12}",
            "“{Parameter12}” is not a parameter. Write {Parameter1} to {Parameter9}.",
        ),
        ("{name}", "“{name}” is not a parameter. Write {Parameter1} to {Parameter9}."),
    ],
)
def test_it_is_said_how_to_write_it(field: str, told: str) -> None:
    assert correction(field) == told


@given(
    st.lists(
        st.sampled_from(["{Parameter1}", "{Parameter9}", "a", " ", "{", "}", "{x}", "<<", ">>"])
    )
)
def test_a_text_is_right_if_and_only_if_nothing_but_parameters_is_in_braces(
    pieces: list[str],
) -> None:
    text = "".join(pieces)
    rest = text.replace("{Parameter1}", "").replace("{Parameter9}", "")
    is_right = "{" not in rest and "}" not in rest and ">>" not in rest.partition("<<")[2]
    if is_right and "<<" not in text:
        assert misspelt(text) == []
        assert parameters_in(text) == {n for n in (1, 9) if f"{{Parameter{n}}}" in text}
    if "{" in rest or "}" in rest:
        assert misspelt(text)
