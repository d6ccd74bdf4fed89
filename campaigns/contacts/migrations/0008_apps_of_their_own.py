"""Leave suppression, and how files are read for a client, to apps of their own."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ("contacts", "0007_count_columns_by_more_kinds"),
        ("suppression", "0001_initial"),
        ("uploads", "0001_initial"),
    ]

    operations = [
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.DeleteModel("SuppressionRefusedRow"),
                migrations.DeleteModel("SuppressedNumber"),
                migrations.DeleteModel("Suppression"),
                migrations.DeleteModel("RememberedMapping"),
            ]
        )
    ]
