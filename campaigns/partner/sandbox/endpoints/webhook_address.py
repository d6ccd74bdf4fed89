"""The setting of a client's webhook address: [public] `POST /api/integrations/UpdateWebHook?url=`."""

from email.message import Message
from urllib.parse import parse_qs, urlsplit

from campaigns.partner import wire
from campaigns.partner.sandbox.endpoints import answers
from campaigns.partner.sandbox.endpoints.answers import INSTEAD, Answer
from campaigns.partner.sandbox.endpoints.hosts import is_loopback
from campaigns.partner.sandbox.state.behaviour import Mode
from campaigns.partner.sandbox.state.sandbox import Sandbox


def answer(sandbox: Sandbox, headers: Message, target: str) -> Answer:
    """Return 204, or 400 for a wrong address. An empty one removes it.

    A sandbox that only answers loopback names also sends there only: phone numbers leave the machine to
    nobody by mistake.
    """
    if not sandbox.sign_in.admits(headers):
        return INSTEAD[Mode.UNAUTHORISED]
    client_id = headers.get(wire.CLIENT_HEADER)
    if not client_id or sandbox.clients.of(client_id) is None:
        return answers.refused(
            {wire.CLIENT_HEADER: ["is required, as a header, and must be known"]}
        )
    query = parse_qs(urlsplit(target).query)
    url = query.get(wire.WEBHOOK_URL, [""])[-1]
    if url and not _is_right(url, loopback_only=sandbox.loopback_only):
        return answers.refused({wire.WEBHOOK_URL: ["is not an address that the sandbox sends to"]})
    sandbox.webhook_addresses.set(client_id, url, sandbox.clock.now())
    return Answer(204)


def _is_right(url: str, *, loopback_only: bool) -> bool:
    try:
        parts = urlsplit(url)
        is_http = parts.scheme in {"http", "https"} and bool(parts.hostname) and parts.port != 0
    except ValueError:
        return False
    return is_http and (not loopback_only or is_loopback(parts.netloc.rpartition("@")[2]))
