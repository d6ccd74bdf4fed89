"""Read numbers from URLs and forms, where anybody can write a number of any size."""

# More pages than any list has, but few enough that every database can skip the rows before them.
MOST_PAGES = 1_000_000
# More than anything that is counted, but few enough that every database can compare it.
LARGEST = 10**18


def whole_number(text: str | None) -> int | None:
    """Return the number that a text of digits means, or None for any other text.

    A number above LARGEST is given as LARGEST: neither `int` nor a database takes digits of any length.
    """
    text = (text or "").strip()
    if not (text.isascii() and text.isdecimal()):
        return None
    digits = text.lstrip("0") or "0"
    return int(digits) if len(digits) < len(str(LARGEST)) else LARGEST


def page_number(text: str | None) -> int:
    """Return a page's number, from 1 to MOST_PAGES. Return 1 for a text that is not a number."""
    return min(max(1, whole_number(text) or 1), MOST_PAGES)
