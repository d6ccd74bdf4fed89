"""A start-up check that the keys that are set can decrypt every secret in the database.

`migrate` runs it, so a deployment with wrong keys stops there. Otherwise every submission would be held.
"""

from collections.abc import Sequence
from typing import Any

from django.apps import AppConfig
from django.core.checks import CheckMessage, Error, Tags, register
from django.db import DatabaseError, connections

from campaigns.clients.partner_credentials import encryption
from campaigns.clients.partner_credentials.sign_ins import PartnerSignIn


@register(Tags.database)
def secrets_can_be_read(
    app_configs: Sequence[AppConfig] | None, databases: Sequence[str] | None, **_: Any
) -> list[CheckMessage]:
    for alias in databases or ():
        try:
            with connections[alias].cursor() as cursor:
                tables = connections[alias].introspection.table_names(cursor)
        except DatabaseError:
            return []
        if PartnerSignIn._meta.db_table in tables:
            # This column alone: `migrate` comes here before it has added the newest ones.
            secrets = (
                PartnerSignIn.with_secret().select_related(None).values_list("secret", flat=True)
            )
            return _unreadable(list(secrets))
    return []


def _unreadable(secrets: list[str]) -> list[CheckMessage]:
    try:
        for secret in secrets:
            encryption.decrypt(secret)
    except encryption.NoKey:
        hint = "Set PORTAL_ENCRYPTION_KEYS to the keys that encrypted the secrets."
        return [Error("A secret for the partner can't be read.", hint=hint, id="clients.E001")]
    return []
