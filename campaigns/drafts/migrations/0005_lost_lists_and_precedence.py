"""Keep the lists that a campaign has lost, and which of several wins: so far it was the oldest."""

import django.db.models.deletion
import django.utils.timezone
from django.apps.registry import Apps
from django.conf import settings
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor


def keep_oldest(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    campaigns = apps.get_model("drafts", "Campaign").objects
    several = campaigns.annotate(lists=models.Count("contact_lists")).filter(lists__gt=1)
    campaigns.filter(pk__in=list(several.values_list("pk", flat=True))).update(precedence="oldest")


class Migration(migrations.Migration):
    dependencies = [
        ("drafts", "0004_edits_counted_by_the_page"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="campaign",
            name="precedence",
            field=models.CharField(
                choices=[("newest", "The newest list"), ("oldest", "The oldest list")],
                default="newest",
                max_length=6,
            ),
        ),
        migrations.CreateModel(
            name="LostList",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=80)),
                ("deleted_at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "campaign",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="lost_lists",
                        to="drafts.campaign",
                    ),
                ),
                (
                    "deleted_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ["pk"],
            },
        ),
        migrations.RunPython(keep_oldest, migrations.RunPython.noop),
    ]
