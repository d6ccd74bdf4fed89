"""Keep which column has the numbers of rows without one in the first. Lists read earlier have no such column.

The contacts' column has nulls, so that neither database writes the contacts anew.
"""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("contacts", "0009_counts_of_what_is_said")]

    operations = [
        migrations.AddField(
            "contactlist", "second_number_column", models.PositiveSmallIntegerField(null=True)
        ),
        migrations.AddField(
            "contactlist",
            "second_number_count",
            models.PositiveIntegerField(db_default=0, default=0),
        ),
        migrations.AddField("contact", "from_second_column", models.BooleanField(null=True)),
        migrations.AddField("refusedrow", "from_second_column", models.BooleanField(null=True)),
    ]
