"""Say of suppressions that lost their number to a later one that they no longer apply.

Adding a number again used to delete the earlier entry and left its page "In force". Which number it
was is not known any more.
"""

from typing import Any

from django.db import migrations

_TOLD = "A later entry for the same number replaced this one, so it no longer applies."


def tell(apps: Any, _schema_editor: Any) -> None:
    suppressions = apps.get_model("contacts", "Suppression").objects
    numbers = apps.get_model("contacts", "SuppressedNumber").objects
    event = apps.get_model("clients", "Event")
    kinds = apps.get_model("contenttypes", "ContentType").objects
    typed = suppressions.filter(status="ready", file_name="")
    for pk, client_id in typed.values_list("pk", "client_id"):
        if numbers.filter(suppression_id=pk).exists():
            continue
        suppressions.filter(pk=pk).update(status="removed", removed_count=1)
        kind, _ = kinds.get_or_create(app_label="contacts", model="suppression")
        event.objects.create(thing_type=kind, thing_id=pk, client_id=client_id, sentence=_TOLD)


class Migration(migrations.Migration):
    dependencies = [
        ("contacts", "0004_headings_as_written"),
        ("clients", "0002_sign_in_limits_and_warnings"),
        ("contenttypes", "0002_remove_content_type_name"),
    ]

    operations = [migrations.RunPython(tell, migrations.RunPython.noop)]
