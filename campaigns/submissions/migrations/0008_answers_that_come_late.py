from django.conf import settings
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps
from django.db.models import F


def keep_what_the_partner_gave(apps: StateApps, _: BaseDatabaseSchemaEditor) -> None:
    """An ID that no person typed came in the partner's own answer."""
    deliveries = apps.get_model("submissions", "Delivery").objects
    by_itself = deliveries.filter(state="accepted", settled_by__isnull=True)
    by_itself.update(answered_id=F("campaign_id"))


class Migration(migrations.Migration):
    dependencies = [
        ("clients", "0005_holds_with_keys"),
        ("submissions", "0007_campaigns_that_were_submitted"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="delivery",
            name="answered_id",
            field=models.PositiveBigIntegerField(null=True),
        ),
        migrations.AddField(
            model_name="delivery",
            name="answered_late_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name="delivery",
            name="is_contradicted",
            field=models.BooleanField(default=False),
        ),
        migrations.RunPython(keep_what_the_partner_gave, migrations.RunPython.noop, elidable=True),
        migrations.AddConstraint(
            model_name="delivery",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("is_contradicted", False),
                    models.Q(("answered_late_at__isnull", False), ("settled_by__isnull", False)),
                    _connector="OR",
                ),
                name="only_a_late_answer_contradicts_a_person",
            ),
        ),
    ]
