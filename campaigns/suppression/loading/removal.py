"""Take the numbers of a file away again: of one that was cancelled, or was uploaded by mistake."""

from campaigns.suppression.models import Suppression
from campaigns.uploads.runs import remains


def go_on(suppression: Suppression) -> None:
    """Remove what is to go, in short transactions. Doing it twice is harmless."""
    remains.remove_remains(suppression)
    while suppression.remove_some():
        pass
