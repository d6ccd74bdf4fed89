"""Tell contact lists how a column's cells are said, since they count and show them as they are heard."""

from campaigns.contacts.browsing.said_cells import Saying
from campaigns.drafts.spoken.say_as import converter, known


def saying(say_as: str) -> Saying | None:
    """Return the way to say cells with this id, or None if cells are said as they are."""
    convert = converter(say_as)
    return Saying(convert, known(say_as).noun) if convert else None
