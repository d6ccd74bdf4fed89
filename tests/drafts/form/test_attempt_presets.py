"""Call attempts that a button fills in."""

from itertools import accumulate
from typing import Any

import pytest
from django.test import Client as Browser
from django.urls import reverse

from campaigns.clients.models import Client
from campaigns.drafts.form.attempt_presets import PRESETS, Preset
from campaigns.drafts.models import LONGEST_INTERVAL_MINUTES, MOST_CALL_ATTEMPTS, Campaign

each_preset = pytest.mark.parametrize("preset", PRESETS, ids=lambda preset: preset.slug)


@pytest.fixture
def posted(northgate: Client) -> dict[str, Any]:
    typed = {f"attempt-{row}-interval": str(7 + row) for row in range(9)}
    return {"client": northgate.pk, "attempt-count": "9", "runover-count": "0"} | typed


def filled_in(browser: Browser, posted: dict[str, Any], button: str) -> list[str]:
    page = browser.post(reverse("drafts:redraw"), posted | {"change": button})
    assert page.status_code == 200
    return [form["interval"].value() or "" for form in page.context["builder"].attempts]


@pytest.mark.parametrize(
    ("slug", "called_after_hours"),
    [
        ("once", [0]),
        ("twice", [0, 2]),
        ("three", [0, 2, 4]),
        ("three-soon", [0, 0.5, 3.5]),
        ("daily", [0, 24, 48]),
        ("twice-daily", [0, 4, 24, 28, 48, 52]),
    ],
)
def test_each_preset_calls_when_its_name_says(slug: str, called_after_hours: list[float]) -> None:
    (preset,) = (preset for preset in PRESETS if preset.slug == slug)
    assert [after / 60 for after in accumulate(preset.waits, initial=0)] == called_after_hours


@each_preset
def test_a_preset_is_within_what_a_draft_may_say(preset: Preset) -> None:
    assert 1 <= len(preset.intervals) <= MOST_CALL_ATTEMPTS
    assert preset.intervals[-1] is None
    assert all(0 < wait <= LONGEST_INTERVAL_MINUTES for wait in preset.waits)


def test_no_two_presets_have_the_same_slug_label_or_waits() -> None:
    for attribute in ("slug", "label", "waits"):
        assert len({getattr(preset, attribute) for preset in PRESETS}) == len(PRESETS)


@each_preset
def test_a_presets_button_replaces_the_rows(
    browser: Browser, posted: dict[str, Any], preset: Preset
) -> None:
    assert filled_in(browser, posted, f"preset-{preset.slug}") == [*map(str, preset.waits), ""]
    assert not Campaign.objects.exists()


@each_preset
def test_the_rows_that_a_preset_fills_in_can_be_saved(
    browser: Browser, posted: dict[str, Any], preset: Preset
) -> None:
    rows = filled_in(browser, posted, f"preset-{preset.slug}")
    posted |= {f"attempt-{number}-interval": text for number, text in enumerate(rows)}
    browser.post(reverse("drafts:new"), posted | {"attempt-count": str(len(rows))})
    assert Campaign.objects.get().content().intervals == (preset.intervals if preset.waits else [])


def test_an_unknown_preset_changes_nothing(browser: Browser, posted: dict[str, Any]) -> None:
    assert len(filled_in(browser, posted, "preset-hourly")) == 9
