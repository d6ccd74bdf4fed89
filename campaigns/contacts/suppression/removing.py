"""Take the numbers of a file away again: of one that was cancelled, or was uploaded by mistake."""

from campaigns.contacts import removing
from campaigns.contacts.suppression.models import Suppression


def go_on(suppression: Suppression) -> None:
    """Remove what is to go, in short transactions. Doing it twice is harmless."""
    removing.remove_remains(suppression)
    while suppression.remove_some():
        pass
