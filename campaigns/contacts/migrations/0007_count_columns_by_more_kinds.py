"""Forget what was counted in columns: it is counted again when it is needed.

More is known to be spoken badly, and of a list that was counted without it nobody would be warned.
"""

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor


def forget(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    apps.get_model("contacts", "ColumnCounts").objects.all().delete()


class Migration(migrations.Migration):
    dependencies = [("contacts", "0006_count_columns_by_what_is_said")]

    operations = [migrations.RunPython(forget, migrations.RunPython.noop)]
