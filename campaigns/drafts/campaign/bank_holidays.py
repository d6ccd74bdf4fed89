"""Bank holidays in the country of a client's time zone. For the United Kingdom, those of England.

No other module uses the package `holidays`.
"""

from collections.abc import Iterable
from datetime import date
from functools import cache
from importlib import resources
from zoneinfo import ZoneInfo

import holidays

# The part that is used of a country whose parts have their own holidays.
PARTS = {"GB": "ENG"}
LANGUAGES = ("en_GB", "en_US")


def among(days: Iterable[date], zone: ZoneInfo) -> dict[date, str]:
    """Return those of the days that are bank holidays, with their names, in English if possible.

    Empty if the zone belongs to no country, such as UTC, or if the package has no list for the country.
    """
    country = _countries().get(zone.key, "")
    return {day: name for day in days if (name := _of_year(country, day.year).get(day))}


@cache
def _of_year(country: str, year: int) -> dict[date, str]:
    if country not in holidays.list_supported_countries():
        return {}
    named_in = holidays.list_localized_countries().get(country, [])
    language = next((language for language in LANGUAGES if language in named_in), None)
    return dict(
        holidays.country_holidays(country, subdiv=PARTS.get(country), years=year, language=language)
    )


@cache
def _countries() -> dict[str, str]:
    """Return each zone's country code: columns 3 and 1 of the time zone database's list."""
    table = (resources.files("tzdata") / "zoneinfo" / "zone.tab").read_text(encoding="utf-8")
    rows = [line.split("\t") for line in table.splitlines() if not line.startswith("#")]
    return {row[2]: row[0] for row in rows}
