"""Read numbers from URLs and forms, where anybody can write a number of any size."""

# More pages than any list has, but few enough that every database can skip the rows before them.
MOST_PAGES = 1_000_000
_LONGEST = len(str(MOST_PAGES))


def page_number(text: str | None) -> int:
    """Return a page's number, from 1 to MOST_PAGES. Return 1 for a text that is not a number."""
    text = (text or "").strip()
    if not (text.isascii() and text.isdecimal()):
        return 1
    return max(1, int(text)) if len(text) < _LONGEST else MOST_PAGES
