"""Keep the headings that a client's files were read by as they are written, not folded.

Folded ones that were kept before are still found where they are unique. Files whose columns are being
chosen are looked at again, since what was kept of them does not say which headings are the file's own.
"""

from typing import Any

from django.db import migrations

_GUESSED = {"repeated_headings", "empty_headings"}


def look_again(apps: Any, _schema_editor: Any) -> None:
    for name in ("ContactList", "Suppression"):
        model = apps.get_model("contacts", name)
        for run in model.objects.filter(status="choosing", look__isnull=False):
            look = run.look
            look["notices"] = [code for code in look["notices"] if code not in _GUESSED]
            look |= {"repeated": [], "unnamed": []}
            model.objects.filter(pk=run.pk).update(status="uploaded", look=look, tries=0)


class Migration(migrations.Migration):
    dependencies = [("contacts", "0003_column_counts")]

    operations = [
        migrations.RenameField("RememberedMapping", "number_key", "number_heading"),
        migrations.RenameField("RememberedMapping", "name_key", "name_heading"),
        migrations.RunPython(look_again, migrations.RunPython.noop),
    ]
