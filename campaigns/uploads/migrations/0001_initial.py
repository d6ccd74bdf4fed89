"""Take over how files are read for a client from contact lists; its table keeps its name."""

import django.db.models.deletion
import django.utils.timezone
from django.apps.registry import Apps
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

_MODELS = ("rememberedmapping",)


def rename_kinds(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Let events and permissions go on meaning the same models."""
    kinds = apps.get_model("contenttypes", "ContentType").objects
    kinds.filter(app_label="contacts", model__in=_MODELS).update(app_label="uploads")


class Migration(migrations.Migration):
    dependencies = [
        ("clients", "0006_words_of_the_resend_guard"),
        ("contacts", "0007_count_columns_by_more_kinds"),
        ("contenttypes", "0002_remove_content_type_name"),
    ]

    operations = [
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.CreateModel(
                    name="RememberedMapping",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True,
                                primary_key=True,
                                serialize=False,
                                verbose_name="ID",
                            ),
                        ),
                        ("headings_hash", models.CharField(max_length=64)),
                        ("number_heading", models.TextField()),
                        ("name_heading", models.TextField(blank=True)),
                        ("corrections", models.JSONField(default=dict)),
                        ("changed_at", models.DateTimeField(default=django.utils.timezone.now)),
                        (
                            "client",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to="clients.client",
                            ),
                        ),
                    ],
                    options={
                        "db_table": "contacts_rememberedmapping",
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("client", "headings_hash"),
                                name="a_client_has_one_mapping_for_a_set_of_headings",
                            )
                        ],
                    },
                ),
            ],
        ),
        migrations.RunPython(rename_kinds, migrations.RunPython.noop),
    ]
