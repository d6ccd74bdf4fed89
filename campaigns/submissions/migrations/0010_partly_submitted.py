from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

TOO_LATE = "It would have started before it could be sent."


def name_what_was_partly_accepted(apps: StateApps, _: BaseDatabaseSchemaEditor) -> None:
    """What the partner has a part of was called after what became of the rest."""
    submissions = apps.get_model("submissions", "Submission").objects
    deliveries = apps.get_model("submissions", "Delivery").objects
    accepted = deliveries.filter(state="accepted").values("part__submission")
    partly = submissions.filter(pk__in=accepted)
    partly.filter(state="expired", decision="").update(decision=TOO_LATE)
    ended = ["refused", "expired", "returned", "undone"]
    partly.filter(state__in=ended).update(state="partly_submitted")


class Migration(migrations.Migration):
    dependencies = [("submissions", "0009_memory_of_what_was_sent")]

    operations = [
        migrations.AlterField(
            "submission",
            "state",
            models.CharField(
                choices=[
                    ("preparing", "Preparing"),
                    ("awaiting_approval", "Awaiting approval"),
                    ("scheduled", "Scheduled to send"),
                    ("sending", "Sending"),
                    ("submitted", "Submitted"),
                    ("partly_submitted", "Partly submitted"),
                    ("refused", "Refused"),
                    ("needs_checking", "Needs checking"),
                    ("undone", "Undone"),
                    ("returned", "Returned"),
                    ("expired", "Expired"),
                ],
                default="preparing",
                max_length=17,
            ),
        ),
        migrations.RunPython(
            name_what_was_partly_accepted, migrations.RunPython.noop, elidable=True
        ),
    ]
