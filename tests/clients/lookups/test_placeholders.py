"""The spelling of parameters in a call flow's texts."""

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
    ("field", "advice"),
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
def test_a_misspelt_parameter_gets_advice_on_its_spelling(field: str, advice: str) -> None:
    assert correction(field) == advice


@given(
    st.lists(
        st.sampled_from(["{Parameter1}", "{Parameter9}", "a", " ", "{", "}", "{x}", "<<", ">>"])
    )
)
def test_a_text_is_right_only_if_its_braces_hold_nothing_but_parameters(
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
