"""Texts cut to the length that their column or line takes."""


def shortened(text: str, most: int) -> str:
    """Return the text, or its beginning and "…" if it has more than `most` characters.

    Each code point counts, as in a column of the database. Django's Truncator does not count combining marks.
    """
    return text if len(text) <= most else f"{text[: most - 1]}…"
