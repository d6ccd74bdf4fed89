"""The numbers that a client's lists may contain."""

from campaigns.clients.models import Client
from campaigns.uploads.numbers.checker import NumberChecker


def checker_for(client: Client | None) -> NumberChecker:
    """Return the checker for a client's numbers; without a client, for numbers suppressed for all clients.

    Fictional numbers are allowed for clients of a sandbox only. Suppressing one for all is harmless.
    """
    if client is None:
        everywhere = frozenset().union(*(known.countries for known in Client.objects.all()))
        return NumberChecker(allow_fictional=True, countries=everywhere)
    return NumberChecker(
        allow_fictional=not client.partner_account.is_live, countries=client.countries
    )
