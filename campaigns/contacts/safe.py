"""Cells that no spreadsheet runs."""

from typing import Any, Final

# A spreadsheet takes these for the beginning of a formula (OWASP, "CSV Injection").
FORMULA_STARTS: Final = ("=", "+", "-", "@", "\t", "\r")


def safe(cell: Any) -> str:
    """Return the cell as text that no spreadsheet runs. The apostrophe is dropped when read back."""
    text = str(cell)
    return f"'{text}" if text.startswith(FORMULA_STARTS) else text
