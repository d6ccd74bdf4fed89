"""Cells that no spreadsheet runs as a formula."""

from typing import Any, Final

# A spreadsheet takes a cell that begins like this for a formula (OWASP, "CSV Injection").
FORMULA_STARTS: Final = ("=", "+", "-", "@", "\t", "\r")


def safe(cell: Any) -> str:
    """Return the cell as text that no spreadsheet runs.

    If necessary an apostrophe is put before it, which `unsafe` drops.
    """
    text = str(cell)
    return f"'{text}" if _runs(text) else text


def unsafe(cell: str) -> str:
    """Undo `safe`: "'=1" becomes "=1" again, but "'t Hooft" stays."""
    return cell[1:] if cell.startswith("'") and _runs(cell[1:]) else cell


def _runs(text: str) -> bool:
    """Return whether a spreadsheet would run a text, now or after its own apostrophes are dropped."""
    return text.lstrip("'").startswith(FORMULA_STARTS)
