"""Keep the warnings that are blocking for a client by their own ids, no longer by a function's name.

An id that was never offered is dropped: nothing has been blocking by it.
"""

from collections.abc import Mapping

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

IDS = {
    "name_is_unused": "name-used",
    "lookups_are_confirmed": "lookup-unconfirmed",
    "lists_are_recent": "list-old",
    "calls_nobody_twice_in_a_week": "people-called-same-week",
    "says_nothing_unknown": "parameter-unused",
    "nobody_lacks_a_value": "value-empty",
    "values_can_be_spoken": "value-unspeakable",
    "calling_hours_overridden": "hours-overridden",
    "windows_hold_everybody": "windows-too-short",
}


def rename(apps: Apps, names: Mapping[str, str]) -> None:
    for client in apps.get_model("clients", "Client").objects.exclude(blocking_warnings=[]):
        kept = [names[name] for name in client.blocking_warnings if name in names]
        client.blocking_warnings = list(dict.fromkeys(kept))
        client.save(update_fields=["blocking_warnings"])


def forwards(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    rename(apps, IDS)


def backwards(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    rename(apps, {new: old for old, new in IDS.items()})


class Migration(migrations.Migration):
    dependencies = [("clients", "0002_sign_in_limits_and_warnings")]

    operations = [migrations.RunPython(forwards, backwards)]
