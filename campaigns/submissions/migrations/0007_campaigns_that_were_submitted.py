from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps


def mark_those_submitted(apps: StateApps, _: BaseDatabaseSchemaEditor) -> None:
    submitted = apps.get_model("submissions", "Submission").objects.values("campaign")
    campaigns = apps.get_model("drafts", "Campaign").objects
    campaigns.filter(pk__in=submitted).update(was_submitted=True)


class Migration(migrations.Migration):
    dependencies = [
        ("drafts", "0006_campaigns_that_were_submitted"),
        ("submissions", "0006_when_a_submission_expired"),
    ]

    operations = [
        migrations.RunPython(mark_those_submitted, migrations.RunPython.noop, elidable=True)
    ]
