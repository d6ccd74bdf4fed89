from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("drafts", "0005_lost_lists_and_precedence")]

    operations = [
        migrations.AddField("campaign", "was_submitted", models.BooleanField(default=False)),
    ]
