"""The sandbox partner as a real process on a real port, for any test that needs a partner."""

import re
import time
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import Any

import requests

from tests.partner.partner_process import PartnerProcess

CLIENT = "TEST-NORTH"
LOOKUPS = {CLIENT: {"callflows": [1], "clis": [1]}}


class SandboxProcess(PartnerProcess):
    """`with SandboxProcess(tmp_path / "ledger.sqlite3") as sandbox:` starts it and ends it.

    It takes a free port and keeps it at every later start. Options go to the command line.
    """

    def __init__(self, ledger: Path, *options: str, port: int = 0) -> None:
        super().__init__(ledger.with_suffix(".log"))
        self.ledger_path = ledger
        self.port = port
        self._options = options
        self.http = requests.Session()
        self.http.trust_env = False

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        super().__exit__(kind, error, trace)
        self.http.close()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def restart(self) -> None:
        """Crash it and start it again on the same port and ledger."""
        self.kill()
        self.start()

    def ledger(self) -> list[dict[str, Any]]:
        """Return the ledger's rows, newest last."""
        rows: list[dict[str, Any]] = self._call("GET", "/_sandbox/ledger")
        return rows

    def behave(self, mode: str, times: int = 1, *, seconds: float | None = None) -> None:
        """Let it misbehave for the next `times` create requests."""
        wanted = {"mode": mode, "times": times, "seconds": seconds}
        self._call("PUT", "/_sandbox/behaviour", wanted)

    def behaviour(self) -> dict[str, Any]:
        """Return the current mode and for how many more requests it applies."""
        state: dict[str, Any] = self._call("GET", "/_sandbox/behaviour")
        return state

    def behave_reading(self, mode: str, times: int = 1, *, seconds: float | None = None) -> None:
        """Let it misbehave for the next `times` reading requests."""
        wanted = {"mode": mode, "times": times, "seconds": seconds}
        self._call("PUT", "/_sandbox/reading-behaviour", wanted)

    def behave_webhooks(self, mode: str, times: int = 1, *, seconds: float | None = None) -> None:
        """Let it misbehave with the next `times` webhooks."""
        wanted = {"mode": mode, "times": times, "seconds": seconds}
        self._call("PUT", "/_sandbox/webhook-behaviour", wanted)

    def set_clock(self, now: datetime | None, speed: float = 0) -> None:
        """Set the clock by which campaigns are played; without a speed it stands still."""
        shown = now.isoformat() if now else None
        self._call("PUT", "/_sandbox/clock", {"now": shown, "speed": speed})

    def clock(self) -> dict[str, Any]:
        """Return `now` and `speed`."""
        state: dict[str, Any] = self._call("GET", "/_sandbox/clock")
        return state

    def set_clients(self, clients: dict[str, dict[str, list[int]]]) -> None:
        """Set the call flows and CLIs: `{"TEST-NORTH": {"callflows": [1], "clis": [1]}}`."""
        self._call("PUT", "/_sandbox/clients", clients)

    def want(self, kind: str, **more: Any) -> None:
        """Require this sign-in: `want("oauth", client_id="c", client_secret="s", life_seconds=60)`."""
        self._call("PUT", "/_sandbox/sign-in", {"kind": kind, **more})

    def token_requests(self) -> list[dict[str, Any]]:
        """Return every token request, newest last."""
        rows: list[dict[str, Any]] = self._call("GET", "/_sandbox/token-requests")
        return rows

    @property
    def token_url(self) -> str:
        return f"{self.url}/connect/token"

    def create(self, body: Any, *, client: str | None = CLIENT, **more: str) -> requests.Response:
        """Post one create request, without following redirects; `more` are further headers."""
        headers = ({"clientId": client} if client else {}) | more
        return self.http.post(
            f"{self.url}/api/Campaign/Voice/",
            json=body,
            headers=headers,
            timeout=30,
            allow_redirects=False,
        )

    def _call(self, method: str, path: str, body: Any = None) -> Any:
        answer = self.http.request(method, self.url + path, json=body, timeout=30)
        assert answer.ok, answer.text
        return answer.json()

    def _arguments(self) -> list[str]:
        options = ["--port", str(self.port), "--ledger", str(self.ledger_path), *self._options]
        return ["campaigns.partner.sandbox", *options]

    def _read_address(self, line: str) -> bool:
        found = re.search(r"http://[^:]+:(\d+)/", line)
        if found:
            self.port = int(found[1])
        return bool(found)


def eventually(look: Callable[[], list[Any]], seconds: float = 60) -> list[Any]:
    """Return what `look` finds as soon as it finds anything."""
    end = time.monotonic() + seconds
    while not (found := look()) and time.monotonic() < end:
        time.sleep(0.02)
    return found


def create_head(*lines: str) -> bytes:
    """Return the head of a create request, written by hand."""
    start = ["POST /api/Campaign/Voice/ HTTP/1.1", "Host: 127.0.0.1", f"clientId: {CLIENT}"]
    return "\r\n".join([*start, *lines, "", ""]).encode()
