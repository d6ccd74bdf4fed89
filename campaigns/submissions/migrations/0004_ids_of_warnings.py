"""Keep what pre-flight warned of by its rules' own ids, no longer by functions' names."""

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


def rewrite(apps: Apps, before: str, after: str, names: Mapping[str, str]) -> None:
    submissions = apps.get_model("submissions", "Submission").objects.exclude(warnings=[])
    for submission in submissions.only("warnings").iterator():
        submission.warnings = [_renamed(each, before, after, names) for each in submission.warnings]
        submission.save(update_fields=["warnings"])


def _renamed(
    warning: Mapping[str, str], before: str, after: str, names: Mapping[str, str]
) -> dict[str, str]:
    kept = {key: value for key, value in warning.items() if key != before}
    name = warning.get(before, "")
    return {after: names.get(name, name), **kept}


def forwards(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    rewrite(apps, "name", "rule", IDS)


def backwards(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    rewrite(apps, "rule", "name", {new: old for old, new in IDS.items()})


class Migration(migrations.Migration):
    dependencies = [("submissions", "0003_where_a_part_goes")]

    operations = [migrations.RunPython(forwards, backwards)]
