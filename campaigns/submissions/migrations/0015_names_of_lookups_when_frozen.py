"""Keep what people called the call flow and the CLI when a part was frozen. Earlier parts have no names kept."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("submissions", "0014_test_calls"),
    ]

    operations = [
        migrations.AddField(
            model_name="part",
            name="call_flow_named",
            field=models.TextField(blank=True, db_default="", default=""),
        ),
        migrations.AddField(
            model_name="part",
            name="cli_named",
            field=models.TextField(blank=True, db_default="", default=""),
        ),
    ]
