"""Text that is typed and kept permanently: it may hold no telephone number, in any form of the portal."""

from collections.abc import Iterator

import pytest
from django import forms
from django.core.exceptions import ValidationError
from django.urls import get_resolver

from campaigns.clients.free_text import holds_number, names_no_number


@pytest.mark.parametrize(
    "text",
    [
        "07700 900101",
        "Asked Ann on 07700900101 today",
        "call +44 7700 900 101.",
        "0044 7700 900101",
        "447700900101",
        "+44 (0)20 7946 0103",
        "(020) 7946-0103",
        "01632.960102",
        "7700900101",
        "At 10 07700900101",
        "28.11.2026 07700900101",
        "+33 1 99 00 12 34",
        "０7700\N{EN DASH}900101",
        "07700\N{NO-BREAK SPACE}900101",
        "077\N{ZERO WIDTH SPACE}00900101",
        "tel07700900101",
    ],
)
def test_a_number_is_found_however_it_is_written(text: str) -> None:
    assert holds_number(text)
    with pytest.raises(ValidationError, match="Leave out the telephone number"):
        names_no_number(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "December 2026",
        "2026-11-28 10:00 to 2026-11-29 12:30",
        "07-12-2026 09:00",
        "From 01.12.2026 to 31.12.2026",
        "Campaign ID 3234567890123",
        "ID 4711, asked Ann at 10:15 on 28/11/2026",
        "Batch 20261128 0930",
        "2,500 of 10,000 people in 24 hours",
        "Q4 2026, part 2 of 5",
    ],
)
def test_dates_ids_and_counts_are_not_telephone_numbers(text: str) -> None:
    assert not holds_number(text)


# Fields not kept as notes: typed to search, to be called, or to be spoken to people.
NOT_KEPT = {
    "AccountForm.hold_key",
    "FindForm.page",
    "FindForm.q",
    "MappingForm.shown",
    "NumberForm.number",
    "NumbersForm.shown",
    # A number is all that it takes, and it is the person's own.
    "OwnNumberForm.number",
    "ParameterForm.fallback",
    "ParameterForm.text",
    "ReadingForm.sheet",
    "SearchForm.number",
    "SignInForm.entered",
}


def texts() -> Iterator[tuple[str, forms.Field]]:
    """Yield every field of text that a form of the portal declares."""
    assert get_resolver().url_patterns  # every form is imported
    found, waiting = set(), list(forms.BaseForm.__subclasses__())
    while waiting:
        form = waiting.pop()
        waiting += form.__subclasses__()
        if form.__module__.startswith("campaigns.") and form not in found:
            found.add(form)
            for name, field in getattr(form, "declared_fields", {}).items():
                if type(field) is forms.CharField:
                    yield f"{form.__name__}.{name}", field


def test_every_text_that_a_form_takes_refuses_a_number_or_is_known_not_to_be_kept() -> None:
    fields = dict(texts())
    assert len(fields) > len(NOT_KEPT)
    taking = {name for name, field in fields.items() if names_no_number not in field.validators}
    assert {name for name in taking if name not in NOT_KEPT} == set()
