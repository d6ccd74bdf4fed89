"""Forget what was counted in columns by how cells were written: it is counted again when it is needed.

Empty, too long or badly spoken now means what is said of a cell, and more is known to be spoken badly.
"""

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor


def forget(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    apps.get_model("contacts", "ColumnCounts").objects.all().delete()


class Migration(migrations.Migration):
    dependencies = [("contacts", "0005_replaced_suppressions")]

    operations = [migrations.RunPython(forget, migrations.RunPython.noop)]
