"""Write times, lengths of time and counts for the dial plan's sentences."""

from datetime import date, datetime, timedelta

from campaigns.drafts.dialplan.plan import DayHours


def day(given: date) -> str:
    return f"{given:%a %-d %b}"


def moment(at: datetime) -> str:
    return f"{at:%H:%M} on {day(at)}"


def hours(given: DayHours) -> str:
    return f"{given.start:%H:%M} to {given.finish:%H:%M}"


def span(given: timedelta) -> str:
    """Return a length of time in hours and minutes, or in seconds if it is less than a minute."""
    seconds = round(given.total_seconds())
    if seconds < 60:
        return _count(seconds, "second")
    whole, minutes = divmod(round(seconds / 60), 60)
    parts = [f"{whole:,} h"] if whole else []
    parts += [f"{minutes} min"] if minutes or not whole else []
    return " ".join(parts)


def attempts(first: int, last: int) -> str:
    """Return the name of attempts at the beginning of a sentence: "Attempt 2", "Attempts 2 to 4"."""
    if first == last:
        return f"Attempt {first}"
    return f"Attempts {first} {'and' if last == first + 1 else 'to'} {last}"


def people(number: int) -> str:
    return _count(number, "number")


def lines(number: int) -> str:
    return _count(number, "line")


def seconds(number: int) -> str:
    return _count(number, "second")


def _count(number: int, what: str) -> str:
    return f"{number:,} {what}" if number == 1 else f"{number:,} {what}s"
