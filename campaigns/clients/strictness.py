"""The warnings that a client's settings can make blocking. Clients know nothing of drafts.

A room sets on its AppConfig `client_warnings`: a dotted path `() -> [(id, what it says), ...]`.
"""

from django.apps import apps
from django.utils.module_loading import import_string

from campaigns.clients.models import Client


def warnings_offered() -> list[tuple[str, str]]:
    paths = (getattr(config, "client_warnings", "") for config in apps.get_app_configs())
    return [warning for path in paths if path for warning in import_string(path)()]


def warnings_blocking(client: Client) -> list[str]:
    """Return what the warnings say that are blocking for the client."""
    return [says for name, says in warnings_offered() if name in client.blocking_warnings]
