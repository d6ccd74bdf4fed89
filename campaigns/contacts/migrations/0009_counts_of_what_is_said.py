"""Count a column once for each way in which its cells are said. What was counted is of cells as they are."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("contacts", "0008_apps_of_their_own")]

    operations = [
        migrations.RemoveConstraint("columncounts", "a_column_is_counted_once"),
        migrations.AddField(
            "columncounts", "not_converted", models.PositiveIntegerField(default=0)
        ),
        migrations.AddField(
            "columncounts", "say_as", models.CharField(blank=True, default="", max_length=20)
        ),
        migrations.AddConstraint(
            "columncounts",
            models.UniqueConstraint(
                fields=["contact_list", "column", "say_as"],
                name="a_column_is_counted_once_as_it_is_said",
            ),
        ),
    ]
