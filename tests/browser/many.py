"""A long choice of everything: made inside the portal's own environment."""

from datetime import timedelta

from django.contrib.auth.models import User
from django.core.files.base import ContentFile
from django.utils import timezone

from campaigns.clients.models import CallFlow, Cli, Client, Membership, PartnerAccount, Role
from campaigns.contacts.importing import pipeline
from campaigns.contacts.models import ContactList

NAME = "Westmoor Water"
MANY = 40
_ABOUT = ("Meter reading", "Engineer visit", "Repair", "Café opening")


def make() -> None:
    """Give the demo's manager many clients, one with forty call flows, CLIs and contact lists."""
    manager = User.objects.get(username="manager")
    for other in range(10):
        _client(manager, f"Other client {other}")
    client = _client(manager, NAME)
    stale = timezone.now() - timedelta(days=120)
    for n in range(MANY):
        about = _ABOUT[n % len(_ABOUT)]
        CallFlow.objects.create(client=client, partner_id=300 + n, name=f"{about} {n}")
        number = f"020 7946 0{500 + n}"
        Cli.objects.create(
            client=client, partner_id=700 + n, number=number, description=about, confirmed_at=stale
        )
        _list(manager, client, f"{about} list {n:02}", n)


def _client(manager: User, name: str) -> Client:
    account = PartnerAccount.objects.first()
    assert account
    made = Client.objects.create(name=name, dm_client_id=name.upper(), partner_account=account)
    Membership.objects.create(user=manager, client=made, role=Role.ACCOUNT_MANAGER)
    return made


def _list(manager: User, client: Client, name: str, first: int) -> None:
    """Import two people, of whom the next list has the second too."""
    rows = "".join(f"07700 900{first + more:03},Ann Example\n" for more in range(2))
    file = ContentFile(f"Phone,Name\n{rows}".encode(), name="people.csv")
    made = ContactList.upload(manager, client, name, file)
    pipeline.run(made)
