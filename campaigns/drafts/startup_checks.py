"""A start-up check that every warning which a client's settings make blocking exists.

`migrate` runs it, so a deployment with an unknown warning stops there. Otherwise campaigns would pass
that the client wants blocked.
"""

from collections.abc import Sequence
from typing import Any

from django.apps import AppConfig
from django.core.checks import CheckMessage, Error, Tags, register
from django.db import DatabaseError, connections
from django.db.migrations.recorder import MigrationRecorder

# Before this migration is applied, the stored ids are the old ones.
IDS_SINCE = ("clients", "0003_ids_of_warnings")


@register(Tags.database)
def warnings_are_known(
    app_configs: Sequence[AppConfig] | None, databases: Sequence[str] | None, **_: Any
) -> list[CheckMessage]:
    from campaigns.clients.models import Client
    from campaigns.drafts.preflight import warnings_by_id

    known = {rule_id for rule_id, _ in warnings_by_id()}
    for alias in databases or ():
        try:
            if IDS_SINCE not in MigrationRecorder(connections[alias]).applied_migrations():
                return []
            strict = Client.objects.using(alias).exclude(blocking_warnings=[])
            stored = dict(strict.values_list("name", "blocking_warnings"))
        except DatabaseError:
            return []
        return [
            _unknown(client, rule_id)
            for client, rule_ids in stored.items()
            for rule_id in rule_ids
            if rule_id not in known
        ]
    return []


def _unknown(client: str, rule_id: str) -> CheckMessage:
    return Error(
        f"{client} blocks submission on the warning “{rule_id}”, but there is no such warning.",
        hint="Write a migration that renames or removes the id in Client.blocking_warnings.",
        id="drafts.E001",
    )
