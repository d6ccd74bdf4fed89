"""Numbers of things, for people."""


def counted(count: int, thing: str) -> str:
    """Return "1 row" or "2,000 rows"."""
    return f"{count:,} {thing}" if count == 1 else f"{count:,} {thing}s"
