"""Add the field that files of every kind share. A file of numbers to suppress has one column of them."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("suppression", "0001_initial")]

    operations = [
        migrations.AddField(
            "suppression", "second_number_column", models.PositiveSmallIntegerField(null=True)
        ),
    ]
