"""Which numbers may stand on a client's lists."""

from campaigns.clients.models import Client
from campaigns.uploads.numbers.checker import NumberChecker


def checker_for(client: Client | None) -> NumberChecker:
    """Return what judges a client's numbers; without one, those that are suppressed for all.

    Fictional numbers are for a sandbox only; suppressing one for all harms nobody.
    """
    if client is None:
        everywhere = frozenset().union(*(known.countries for known in Client.objects.all()))
        return NumberChecker(allow_fictional=True, countries=everywhere)
    return NumberChecker(
        allow_fictional=not client.partner_account.is_live, countries=client.countries
    )
