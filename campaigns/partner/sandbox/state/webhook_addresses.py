"""The address to which each client's webhooks go, and the instant up to which they were sent."""

from typing import NamedTuple

from campaigns.partner.sandbox.state.store import Store


class Webhook(NamedTuple):
    """A client's address. `sent_until` is on the sandbox's clock, in seconds since 1970."""

    client_id: str
    url: str
    sent_until: float


class WebhookAddresses:
    """The addresses, stored in the ledger's file."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def all(self) -> list[Webhook]:
        with self._store.transaction() as db:
            rows = db.execute("SELECT client_id, url, sent_until FROM webhook").fetchall()
        return [Webhook(*row) for row in rows]

    def set(self, client_id: str, url: str, now: float) -> None:
        """Send what happens from `now` on to this address; to none if it is empty."""
        with self._store.transaction() as db:
            db.execute("DELETE FROM webhook WHERE client_id = ?", [client_id])
            if url:
                db.execute(
                    "INSERT INTO webhook (client_id, url, sent_until) VALUES (?, ?, ?)",
                    [client_id, url, now],
                )

    def sent(self, webhook: Webhook, until: float) -> None:
        """Record what was sent, unless the address was changed meanwhile."""
        with self._store.transaction() as db:
            db.execute(
                "UPDATE webhook SET sent_until = ? WHERE client_id = ? AND url = ? AND sent_until = ?",
                [until, webhook.client_id, webhook.url, webhook.sent_until],
            )
