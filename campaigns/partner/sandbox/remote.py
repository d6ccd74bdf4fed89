"""The remote control of a running sandbox, over its own HTTP, as a script would use it."""

import json
from datetime import datetime
from typing import Any
from urllib.error import URLError
from urllib.request import ProxyHandler, Request, build_opener

# A sandbox is never behind a proxy.
_OPENER = build_opener(ProxyHandler({}))
_TIMEOUT_SECONDS = 10


def is_up(url: str) -> bool:
    try:
        _call("GET", url, "/_sandbox/behaviour")
    except (URLError, ValueError, OSError):
        return False
    return True


def set_clients(url: str, clients: dict[str, dict[str, list[int]]]) -> None:
    _call("PUT", url, "/_sandbox/clients", clients)


def behave(url: str, mode: str, times: int = 1) -> None:
    """Set the sandbox's mode for the next `times` create requests."""
    _call("PUT", url, "/_sandbox/behaviour", {"mode": mode, "times": times})


def set_clock(url: str, now: datetime | None, speed: float) -> None:
    """Set the clock by which campaigns are played; None is this machine's time."""
    shown = now.isoformat() if now else None
    _call("PUT", url, "/_sandbox/clock", {"now": shown, "speed": speed})


def _call(method: str, url: str, path: str, body: Any = None) -> Any:
    data = None if body is None else json.dumps(body).encode()
    request = Request(url.rstrip("/") + path, data=data, method=method)  # noqa: S310
    with _OPENER.open(request, timeout=_TIMEOUT_SECONDS) as answer:
        return json.load(answer)
