"""The removal of a file's numbers, if the file was cancelled or uploaded by mistake."""

from campaigns.suppression.models import Suppression
from campaigns.uploads.runs import leftover_rows


def go_on(suppression: Suppression) -> None:
    """Remove what has to go, in short transactions. Doing it twice is harmless."""
    leftover_rows.remove_remains(suppression)
    while suppression.remove_some():
        pass
