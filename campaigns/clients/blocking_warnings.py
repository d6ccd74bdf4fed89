"""The warnings that a client's settings can make blocking.

The app of drafts registers them, since clients must not import drafts.
"""

from campaigns.clients.models import Client
from campaigns.extension_points import Hook

warnings = Hook[[], list[tuple[str, str]]]("warnings that a client can make blocking, by their ids")


def warnings_offered() -> list[tuple[str, str]]:
    """Return the id and the label of each warning."""
    return [warning for offered in warnings() for warning in offered]


def warnings_blocking(client: Client) -> list[str]:
    """Return the labels of the warnings that are blocking for the client."""
    return [says for name, says in warnings_offered() if name in client.blocking_warnings]
