"""Numbers in addresses and forms, which anybody can write as large as they like."""

# More pages than any list has, and few enough for every database to count the rows before them.
MOST_PAGES = 1_000_000
_LONGEST = len(str(MOST_PAGES))


def page_number(text: str | None) -> int:
    """Return a page's number within bounds; the first for whatever is no number."""
    text = (text or "").strip()
    if not (text.isascii() and text.isdecimal()):
        return 1
    return max(1, int(text)) if len(text) < _LONGEST else MOST_PAGES
