"""The choices that the builder offers to a person."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Self

from django.contrib.auth.models import User
from django.db.models import Q, QuerySet

from campaigns.clients import access
from campaigns.clients.models import CallFlow, Cli, Client, Role
from campaigns.contacts.models import ContactList
from campaigns.drafts.campaign.content import DraftContent


@dataclass(frozen=True, slots=True)
class Offer:
    clients: QuerySet[Client]
    client: Client | None
    call_flows: QuerySet[CallFlow]
    clis: QuerySet[Cli]
    contact_lists: QuerySet[ContactList]

    @classmethod
    def to(
        cls,
        person: User,
        client: int | None,
        contact_lists: Iterable[str],
        call_flow: int | None = None,
        cli: int | None = None,
    ) -> Self:
        """Offer the person's clients, and what is available of `client`.

        What is chosen already is still offered, even if it has been archived or withdrawn since.
        """
        clients = access.clients_of(person, at_least=Role.ACCOUNT_MANAGER)
        found = clients.filter(pk=client).first() if client else None
        return cls(
            clients=clients,
            client=found,
            call_flows=CallFlow.objects.filter(Q(is_active=True) | Q(pk=call_flow), client=found),
            clis=Cli.objects.filter(Q(is_active=True) | Q(pk=cli), client=found),
            contact_lists=_with_uploaders(
                ContactList.objects.filter(client=found).offered(also=contact_lists)
            ),
        )

    @classmethod
    def as_chosen(cls, content: DraftContent) -> Self:
        """Offer exactly what a campaign has, for a person who may only look at it."""
        flows = [content.call_flow.pk] if content.call_flow else []
        clis = [content.cli.pk] if content.cli else []
        return cls(
            clients=Client.objects.filter(pk=content.client.pk),
            client=content.client,
            call_flows=CallFlow.objects.filter(pk__in=flows),
            clis=Cli.objects.filter(pk__in=clis),
            contact_lists=_with_uploaders(
                ContactList.objects.filter(pk__in=[chosen.pk for chosen in content.contact_lists])
            ),
        )


def _with_uploaders(lists: QuerySet[ContactList]) -> QuerySet[ContactList]:
    """Load who uploaded each list as well, because the builder says it."""
    return lists.select_related("uploaded_by")
