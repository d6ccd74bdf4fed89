"""The demo's partner account, clients, lookups and people."""

from dataclasses import dataclass

from django.conf import settings
from django.contrib.auth.models import User
from django.db import transaction

from campaigns.clients.models import (
    CallFlow,
    CallFlowParameter,
    Cli,
    Client,
    Membership,
    PartnerAccount,
    Role,
)
from campaigns.partner.sandbox import remote

# Long enough to see the undo window, short enough to try things out.
UNDO_SECONDS = 10
USERNAMES = ("manager", "approver", "viewer", "admin")
_NAMES = {
    "manager": ("Mina", "Sharma"),
    "approver": ("Alan", "Reid"),
    "viewer": ("Vera", "Lindqvist"),
    "admin": ("Ada", "Okafor"),
}


@dataclass(frozen=True, slots=True)
class Cast:
    """The people and clients of the demo."""

    manager: User
    admin: User
    northgate: Client
    harbour: Client


@transaction.atomic
def settle_in(password: str) -> Cast:
    """Create everything that has no history, and give the lookups to the sandbox."""
    account = PartnerAccount.objects.create(
        name="Sandbox",
        kind=PartnerAccount.Kind.SANDBOX,
        api_url=settings.SANDBOX_URL,
        reads_back=True,
    )
    northgate = Client.objects.create(
        name="Northgate Energy",
        dm_client_id="DEMO-NORTHGATE",
        partner_account=account,
        undo_seconds=UNDO_SECONDS,
    )
    harbour = Client.objects.create(
        name="Harbour Housing",
        dm_client_id="DEMO-HARBOUR",
        partner_account=account,
        undo_seconds=UNDO_SECONDS,
    )
    _northgate_lookups(northgate)
    _harbour_lookups(harbour)
    users = {username: _user(username, password) for username in USERNAMES}
    for client in (northgate, harbour):
        _join(users["manager"], client, Role.ACCOUNT_MANAGER)
        _join(users["approver"], client, Role.APPROVER)
    _join(users["viewer"], northgate, Role.VIEWER)
    remote.set_clients(
        settings.SANDBOX_URL,
        {client.dm_client_id: _lookups(client) for client in (northgate, harbour)},
    )
    return Cast(users["manager"], users["admin"], northgate, harbour)


def _user(username: str, password: str) -> User:
    first_name, last_name = _NAMES[username]
    is_admin = username == "admin"
    return User.objects.create_user(
        username,
        # Nobody's address. E-mails to it become files unless a mail server is set.
        email=f"{username}@example.com",
        password=password,
        first_name=first_name,
        last_name=last_name,
        is_staff=is_admin,
        is_superuser=is_admin,
    )


def _join(user: User, client: Client, role: Role) -> None:
    Membership.objects.create(user=user, client=client, role=role)


def _lookups(client: Client) -> dict[str, list[int]]:
    return {
        "callflows": list(client.callflows.values_list("partner_id", flat=True)),
        "clis": list(client.clis.values_list("partner_id", flat=True)),
    }


def _northgate_lookups(client: Client) -> None:
    reading = CallFlow.objects.create(
        client=client,
        partner_id=101,
        name="Meter reading reminder",
        script="Hello {Parameter1}, this is Northgate Energy. Your meter reading is due on "
        "{Parameter2}. Press 1 to give it now, or 2 to speak to us.",
        sms_text="Northgate Energy: your meter reading is due on {Parameter2}.",
    )
    visit = CallFlow.objects.create(
        client=client,
        partner_id=102,
        name="Engineer visit",
        script="Hello {Parameter1}, this is Northgate Energy. Our engineer visits you on "
        "{Parameter2}, between 8 in the morning and noon. Press 1 to confirm, 2 to choose another "
        "day, or 9 to hear this again.",
        sms_text="Northgate Energy: {Parameter1}, our engineer visits on {Parameter2}, 8am to noon. "
        "To change it call 020 7946 0100.",
    )
    for flow, second in ((reading, "Due date"), (visit, "Visit date")):
        _describe(flow, "First name", second)
    Cli.objects.create(
        client=client, partner_id=11, number="020 7946 0100", description="Customer service"
    )
    Cli.objects.create(client=client, partner_id=12, number="01632 960100", description="Engineers")


def _harbour_lookups(client: Client) -> None:
    rent = CallFlow.objects.create(
        client=client,
        partner_id=201,
        name="Rent reminder",
        script="Hello {Parameter1}, this is Harbour Housing about your rent account. A payment is "
        "due. Press 1 to pay by card, 2 to speak to your housing officer, or 9 to hear this again.",
        sms_text="Harbour Housing: {Parameter1}, a rent payment is due. To talk about it call 020 7946 "
        "0200.",
    )
    _describe(rent, "Name")
    Cli.objects.create(
        client=client, partner_id=21, number="020 7946 0200", description="Housing office"
    )


def _describe(flow: CallFlow, *labels: str) -> None:
    for number, label in enumerate(labels, start=1):
        CallFlowParameter.objects.create(call_flow=flow, number=number, label=label)
