"""The fault partner as a process of its own, and the rows of its ledger."""

import json
import sqlite3
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import requests

from tests.partner.partner_process import PartnerProcess


@dataclass(frozen=True, slots=True)
class Row:
    """One request as the partner saw it; `name` is None unless its body came whole."""

    pk: int
    received_at: datetime
    name: str | None
    complete: bool
    body_bytes: int
    body_sha256: str
    campaign_id: int | None


class FaultPartner(PartnerProcess):
    """`with FaultPartner(folder) as partner:` starts it and ends it."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder / "fault-partner.log")
        self.ledger_path = folder / "fault-ledger.sqlite3"
        self.addresses: dict[str, str] = {}

    def _arguments(self) -> list[str]:
        return ["campaigns.partner.sandbox.faults", "--ledger", str(self.ledger_path)]

    def _read_address(self, line: str) -> bool:
        self.addresses = json.loads(line) if line else {}
        return bool(self.addresses)

    def url(self, manners: str, over: str = "plain") -> str:
        """Return the API URL at which the partner has these manners."""
        return self.addresses.get(manners) or f"{self.addresses[over]}/{manners}"

    def wait_until_quiet(self) -> None:
        """Return when whatever a process sent before it was killed stands in the ledger."""
        for over in ("plain", "tls"):
            with requests.Session() as session:
                session.trust_env = False
                certificate = self.addresses["certificate"]
                session.get(self.url("quiet", over), verify=certificate, timeout=60)

    def rows(self, after: int = 0) -> list[Row]:
        """Return what the partner wrote into its ledger after the row `after`, oldest first."""
        uri = f"file:{self.ledger_path}?mode=ro"
        with closing(sqlite3.connect(uri, uri=True, timeout=30)) as db:
            found = db.execute(_SELECT, [after]).fetchall()
        return [
            Row(pk, datetime.fromisoformat(at), name, bool(complete), *rest)
            for pk, at, name, complete, *rest in found
        ]

    def last(self) -> int:
        """Return the number of the newest row, to be given to `rows` later."""
        rows = self.rows()
        return rows[-1].pk if rows else 0


_SELECT = (
    "SELECT id, received_at, name, complete, body_bytes, body_sha256, campaign_id "
    "FROM request WHERE id > ? ORDER BY id"
)
