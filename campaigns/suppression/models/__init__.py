"""Suppressions, their numbers, and the rows of a file that hold no number."""

from campaigns.suppression.models.suppressed_number import (
    EVERYBODY,
    SuppressedNumber,
    SuppressionRefusedRow,
)
from campaigns.suppression.models.suppression import Suppression

__all__ = ["EVERYBODY", "SuppressedNumber", "Suppression", "SuppressionRefusedRow"]
