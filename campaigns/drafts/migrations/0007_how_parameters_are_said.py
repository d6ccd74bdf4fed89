from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("drafts", "0006_campaigns_that_were_submitted")]

    operations = [
        migrations.AddField(
            "parametersource", "say_as", models.CharField(blank=True, default="", max_length=20)
        ),
    ]
