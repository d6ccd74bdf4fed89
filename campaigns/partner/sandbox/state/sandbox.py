"""The objects that all requests of one sandbox share."""

from dataclasses import dataclass
from pathlib import Path
from typing import Self

from campaigns.partner.sandbox.state.behaviour import Mode, ReadingMode, WebhookMode
from campaigns.partner.sandbox.state.campaigns import Campaigns
from campaigns.partner.sandbox.state.clients import Clients
from campaigns.partner.sandbox.state.clock import Clock
from campaigns.partner.sandbox.state.ledger import Ledger
from campaigns.partner.sandbox.state.sign_in import SignIn
from campaigns.partner.sandbox.state.store import Store
from campaigns.partner.sandbox.state.turns import (
    Turns,
    create_turns,
    reading_turns,
    webhook_turns,
)
from campaigns.partner.sandbox.state.webhook_addresses import WebhookAddresses


@dataclass(frozen=True, slots=True)
class Sandbox:
    """The shared objects. `loopback_only` refuses requests to other host names; `timeout` is in seconds."""

    ledger: Ledger
    create_turns: Turns[Mode]
    clients: Clients
    sign_in: SignIn
    campaigns: Campaigns
    clock: Clock
    reading_turns: Turns[ReadingMode]
    webhook_turns: Turns[WebhookMode]
    webhook_addresses: WebhookAddresses
    loopback_only: bool
    timeout: float

    @classmethod
    def open(cls, path: Path, *, loopback_only: bool, timeout: float) -> Self:
        """Open or create the ledger's file. Raises sqlite3.Error or OSError."""
        store = Store(path)
        return cls(
            Ledger(store),
            create_turns(store),
            Clients(store),
            SignIn(store),
            Campaigns(store),
            Clock(store),
            reading_turns(store),
            webhook_turns(store),
            WebhookAddresses(store),
            loopback_only,
            timeout,
        )
