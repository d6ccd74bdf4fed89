"""Become an app of its own, apart from contact lists; the tables keep their names."""

import django.db.models.deletion
import django.db.models.expressions
import django.utils.timezone
from django.apps.registry import Apps
from django.conf import settings
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

import campaigns.suppression.models.suppression

_MODELS = ("suppression", "suppressednumber", "suppressionrefusedrow")


def rename_kinds(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Let events and permissions go on meaning the same models."""
    kinds = apps.get_model("contenttypes", "ContentType").objects
    kinds.filter(app_label="contacts", model__in=_MODELS).update(app_label="suppression")


class Migration(migrations.Migration):
    dependencies = [
        ("clients", "0006_words_of_the_resend_guard"),
        ("contacts", "0007_count_columns_by_more_kinds"),
        ("contenttypes", "0002_remove_content_type_name"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.CreateModel(
                    name="Suppression",
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
                        ("corrections", models.JSONField(default=dict)),
                        ("look", models.JSONField(null=True)),
                        ("reading", models.JSONField(default=dict)),
                        ("headings", models.JSONField(default=list)),
                        ("number_column", models.PositiveSmallIntegerField(null=True)),
                        ("name_column", models.PositiveSmallIntegerField(null=True)),
                        ("notices", models.JSONField(default=list)),
                        ("file_bytes", models.PositiveBigIntegerField(default=0)),
                        ("progress", models.FloatField(default=0)),
                        ("progress_at", models.DateTimeField(default=django.utils.timezone.now)),
                        ("started_at", models.DateTimeField(null=True)),
                        ("rows_read", models.PositiveIntegerField(default=0)),
                        ("problem", models.CharField(blank=True, max_length=1000)),
                        ("problem_code", models.CharField(blank=True, max_length=30)),
                        ("file_name", models.CharField(blank=True, max_length=200)),
                        ("finished_at", models.DateTimeField(db_index=True, null=True)),
                        ("import_token", models.CharField(blank=True, max_length=32)),
                        ("tries", models.PositiveSmallIntegerField(default=0)),
                        (
                            "status",
                            models.CharField(
                                choices=[
                                    ("uploaded", "Being looked at"),
                                    ("choosing", "Columns to confirm"),
                                    ("queued", "Waiting to be read"),
                                    ("importing", "Being read"),
                                    ("ready", "In force"),
                                    ("failed", "Could not be read"),
                                    ("cancelled", "Cancelled"),
                                    ("removing", "Being removed"),
                                    ("removed", "Removed"),
                                ],
                                default="uploaded",
                                max_length=9,
                            ),
                        ),
                        ("reason", models.CharField(max_length=200, verbose_name="Why")),
                        (
                            "until",
                            models.DateField(
                                help_text="The last day (UK) on which it holds.", null=True
                            ),
                        ),
                        ("added_at", models.DateTimeField(default=django.utils.timezone.now)),
                        (
                            "file",
                            models.FileField(
                                blank=True,
                                max_length=200,
                                upload_to=campaigns.suppression.models.suppression._stored_name,
                            ),
                        ),
                        ("row_count", models.PositiveIntegerField(default=0)),
                        ("number_count", models.PositiveIntegerField(default=0)),
                        ("already_count", models.PositiveIntegerField(default=0)),
                        ("blank_count", models.PositiveIntegerField(default=0)),
                        ("refused_count", models.PositiveIntegerField(default=0)),
                        ("removed_count", models.PositiveIntegerField(default=0)),
                        ("still_count", models.PositiveIntegerField(default=0)),
                        (
                            "added_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "client",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="suppressions",
                                to="clients.client",
                            ),
                        ),
                    ],
                    options={
                        "db_table": "contacts_suppression",
                        "ordering": ["-added_at", "-pk"],
                    },
                ),
                migrations.CreateModel(
                    name="SuppressedNumber",
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
                        ("number", models.CharField(max_length=16)),
                        ("scope", models.PositiveBigIntegerField()),
                        ("until", models.DateField(null=True)),
                        (
                            "suppression",
                            models.ForeignKey(
                                db_constraint=False,
                                db_index=False,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="numbers",
                                to="suppression.suppression",
                            ),
                        ),
                    ],
                    options={
                        "db_table": "contacts_suppressednumber",
                    },
                ),
                migrations.CreateModel(
                    name="SuppressionRefusedRow",
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
                        ("row_number", models.PositiveIntegerField()),
                        ("reason", models.CharField(max_length=30)),
                        ("cells", models.JSONField(default=list)),
                        (
                            "suppression",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="refused_rows",
                                to="suppression.suppression",
                            ),
                        ),
                    ],
                    options={
                        "db_table": "contacts_suppressionrefusedrow",
                        "ordering": ["row_number"],
                        "abstract": False,
                    },
                ),
                migrations.AddConstraint(
                    model_name="suppression",
                    constraint=models.CheckConstraint(
                        condition=models.Q(("reason", ""), _negated=True),
                        name="a_suppression_says_why",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="suppression",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("status", "ready"), _negated=True),
                            (
                                "row_count",
                                django.db.models.expressions.CombinedExpression(
                                    django.db.models.expressions.CombinedExpression(
                                        django.db.models.expressions.CombinedExpression(
                                            models.F("number_count"), "+", models.F("already_count")
                                        ),
                                        "+",
                                        models.F("blank_count"),
                                    ),
                                    "+",
                                    models.F("refused_count"),
                                ),
                            ),
                            _connector="OR",
                        ),
                        name="every_row_of_a_suppression_is_accounted_for",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="suppression",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("finished_at__isnull", True),
                                ("status__in", ["uploaded", "choosing", "queued", "importing"]),
                            ),
                            models.Q(
                                ("finished_at__isnull", False),
                                (
                                    "status__in",
                                    ["ready", "failed", "cancelled", "removing", "removed"],
                                ),
                            ),
                            _connector="OR",
                        ),
                        name="a_suppression_is_dated_when_it_is_finished",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="suppression",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("status", "queued"), _negated=True),
                            ("number_column__isnull", False),
                            _connector="OR",
                        ),
                        name="a_suppression_is_read_once_its_column_of_numbers_is_known",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="suppression",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            ("status__in", ["uploaded", "choosing"]),
                            ("look__isnull", True),
                            _connector="OR",
                        ),
                        name="rows_of_a_suppression_are_shown_only_while_its_columns_are_chosen",
                    ),
                ),
                migrations.AddIndex(
                    model_name="suppressednumber",
                    index=models.Index(
                        fields=["suppression", "id"], name="suppressed_in_their_order"
                    ),
                ),
                migrations.AddConstraint(
                    model_name="suppressednumber",
                    constraint=models.UniqueConstraint(
                        fields=("number", "suppression"),
                        name="a_number_stands_once_in_a_suppression",
                    ),
                ),
            ],
        ),
        migrations.RunPython(rename_kinds, migrations.RunPython.noop),
    ]
