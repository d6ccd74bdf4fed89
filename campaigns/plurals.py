"""Counts with their nouns, for sentences that people read."""


def counted(count: int, thing: str) -> str:
    """Return a count with its noun: "1 row" or "2,000 rows"."""
    return f"{count:,} {thing}" if count == 1 else f"{count:,} {thing}s"
