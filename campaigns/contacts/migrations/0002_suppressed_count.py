import django.db.models.expressions
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("contacts", "0001_initial")]

    operations = [
        migrations.RemoveConstraint(
            model_name="contactlist",
            name="every_row_of_a_ready_list_is_a_contact_or_blank_or_refused",
        ),
        migrations.AddField(
            model_name="contactlist",
            name="suppressed_count",
            field=models.PositiveIntegerField(default=0),
        ),
        migrations.AddConstraint(
            model_name="contactlist",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("status", "ready"), _negated=True),
                    (
                        "row_count",
                        django.db.models.expressions.CombinedExpression(
                            django.db.models.expressions.CombinedExpression(
                                django.db.models.expressions.CombinedExpression(
                                    models.F("contact_count"), "+", models.F("blank_count")
                                ),
                                "+",
                                models.F("suppressed_count"),
                            ),
                            "+",
                            models.F("refused_count"),
                        ),
                    ),
                    _connector="OR",
                ),
                name="every_row_of_a_ready_list_is_a_contact_or_blank_or_refused",
            ),
        ),
    ]
