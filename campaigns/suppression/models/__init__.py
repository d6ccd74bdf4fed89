"""Decisions not to call, their numbers, and the rows of a file that hold none."""

from campaigns.suppression.models.suppressed_number import (
    EVERYBODY,
    SuppressedNumber,
    SuppressionRefusedRow,
)
from campaigns.suppression.models.suppression import Suppression

__all__ = ["EVERYBODY", "SuppressedNumber", "Suppression", "SuppressionRefusedRow"]
