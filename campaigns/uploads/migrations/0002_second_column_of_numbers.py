"""Remember the second column of numbers too."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("uploads", "0001_initial")]

    operations = [
        migrations.AddField(
            "rememberedmapping",
            "second_number_heading",
            models.TextField(blank=True, db_default="", default=""),
        ),
    ]
