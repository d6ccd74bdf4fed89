"""Cells that no spreadsheet runs."""

from typing import Any, Final

# A spreadsheet takes these for the beginning of a formula (OWASP, "CSV Injection").
FORMULA_STARTS: Final = ("=", "+", "-", "@", "\t", "\r")


def safe(cell: Any) -> str:
    """Return the cell as text that no spreadsheet runs, with an apostrophe that `unsafe` drops."""
    text = str(cell)
    return f"'{text}" if _runs(text) else text


def unsafe(cell: str) -> str:
    """Undo `safe`: "'=1" is "=1" again, and "'t Hooft" stays."""
    return cell[1:] if cell.startswith("'") and _runs(cell[1:]) else cell


def _runs(text: str) -> bool:
    """Tell whether a spreadsheet runs a text, or would once its own apostrophes are dropped."""
    return text.lstrip("'").startswith(FORMULA_STARTS)
