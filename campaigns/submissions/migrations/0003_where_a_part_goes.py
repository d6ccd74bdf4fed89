from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps
from django.db.models import OuterRef, Subquery

KINDS = [("sandbox", "Sandbox: nobody is called"), ("live", "Live: people's phones ring")]
FROZEN = {
    "account_kind": "kind",
    "api_url": "api_url",
    "cli_field": "cli_field",
    "reference_in_name": "reference_in_name",
}


def take_from_the_accounts(apps: StateApps, _: BaseDatabaseSchemaEditor) -> None:
    """Nothing was kept until now, so what the accounts say today counts as what was frozen."""
    accounts = apps.get_model("clients", "PartnerAccount").objects
    own = accounts.filter(pk=OuterRef("partner_account"))
    apps.get_model("submissions", "Part").objects.update(
        **{field: Subquery(own.values(name)[:1]) for field, name in FROZEN.items()}
    )
    clients = accounts.filter(clients=OuterRef("client"))
    apps.get_model("submissions", "Submission").objects.update(
        account_kind=Subquery(clients.values("kind")[:1])
    )


class Migration(migrations.Migration):
    dependencies = [
        ("clients", "0002_sign_in_limits_and_warnings"),
        ("submissions", "0002_parts_resends_windows_and_holding"),
    ]

    operations = [
        migrations.AddField(
            "part",
            "account_kind",
            models.CharField(choices=KINDS, default="", max_length=8),
            preserve_default=False,
        ),
        migrations.AddField(
            "part", "api_url", models.CharField(default="", max_length=200), preserve_default=False
        ),
        migrations.AddField(
            "part", "cli_field", models.CharField(default="", max_length=20), preserve_default=False
        ),
        migrations.AddField(
            "part", "reference_in_name", models.BooleanField(default=True), preserve_default=False
        ),
        migrations.AddField(
            "submission",
            "account_kind",
            models.CharField(choices=KINDS, default="", max_length=8),
            preserve_default=False,
        ),
        migrations.AlterField(
            "submission", "held_reason", models.CharField(blank=True, max_length=300)
        ),
        migrations.RunPython(take_from_the_accounts, migrations.RunPython.noop, elidable=True),
    ]
