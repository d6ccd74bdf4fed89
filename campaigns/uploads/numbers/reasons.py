"""The reasons for which a row does not become a contact, and the sentence for each."""

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType


class Reason(StrEnum):
    """Codes of the reasons for which a row does not become a contact."""

    EMPTY = "empty"
    SHORTENED = "shortened"
    FORMULA_WITHOUT_VALUE = "formula_without_value"
    NOT_A_NUMBER = "not_a_number"
    SEVERAL_NUMBERS = "several_numbers"
    EXTENSION = "extension"
    SHORT_CODE = "short_code"
    IMPOSSIBLE_LENGTH = "impossible_length"
    NOT_IN_USE = "not_in_use"
    PREMIUM_RATE = "premium_rate"
    SHARED_COST = "shared_cost"
    FREEPHONE = "freephone"
    PAGER = "pager"
    FOREIGN = "foreign"
    FICTIONAL = "fictional"
    TOO_MANY_CELLS = "too_many_cells"
    DUPLICATE = "duplicate"
    SUPPRESSED = "suppressed"


SENTENCES: Mapping[Reason, str] = MappingProxyType(
    {
        Reason.EMPTY: "There is no number in this row. Add one.",
        Reason.SHORTENED: "Excel has shortened this number. "
        "Format the column as text and save again.",
        Reason.FORMULA_WITHOUT_VALUE: "This cell is a formula without a saved result. "
        "Open the file in Excel, save it and upload it again.",
        Reason.NOT_A_NUMBER: "This is not a telephone number. "
        "Leave only the number in the cell, in digits.",
        Reason.SEVERAL_NUMBERS: "There is more than one number in this cell. "
        "Leave one, and put each of the others in its own row.",
        Reason.EXTENSION: "This number has an extension, which can't be dialled. "
        "Use a direct number.",
        Reason.SHORT_CODE: "This is an emergency number or short code. Use a full number.",
        Reason.IMPOSSIBLE_LENGTH: "This number has too few or too many digits. "
        "Check it, and include the area code.",
        Reason.NOT_IN_USE: "No telephone has a number like this. Check it for a wrong digit.",
        Reason.PREMIUM_RATE: "This is a premium rate or personal (070) number, "
        "which campaigns don't call. Use another number.",
        Reason.SHARED_COST: "This is an 084 or 087 or other shared-cost number, "
        "which campaigns don't call. Use another number.",
        Reason.FREEPHONE: "This is a freephone number: the person called would pay. "
        "Use another number.",
        Reason.PAGER: "This is a pager or voicemail number, which nobody can answer. "
        "Use another number.",
        Reason.FOREIGN: "This number belongs to a country that this client does not call. "
        "Use a UK number, or ask an administrator to allow this country.",
        Reason.FICTIONAL: "This fictional number is reserved for films and tests. "
        "Use the real one.",
        Reason.TOO_MANY_CELLS: "This row has more cells than there are headings, so some are in the "
        "wrong column. Put text with a comma in quotation marks, or move each cell to its column.",
        Reason.DUPLICATE: "Duplicate of row {row}",
        Reason.SUPPRESSED: "This number is on a suppression list and must not be called.",
    }
)
"""Sentences with the problem and what to do. `DUPLICATE` is to be formatted with `row`."""
