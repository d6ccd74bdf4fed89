"""A frozen body -> the partner."""

import re
from collections.abc import Callable, Iterator
from datetime import date, time
from pathlib import Path
from secrets import token_hex

from benchmarks import data, portal_side

# The campaign's name is within these, since it is the first field.
HEAD_BYTES = 300
HEADERS = {"Content-Type": "application/json", "clientId": "TEST"}


def frozen(path: str, count: int) -> Callable[[], None]:
    """Write a body of `count` numbers to storage, and its name and size to `path`."""
    portal_side.start()
    from campaigns.partner import wire
    from campaigns.submissions import payload_files

    window = wire.Window(date(2026, 12, 1), time(9), time(17))
    never = wire.Occasion.NEVER
    campaign = wire.VoiceCampaign("Benchmark", window, [], 101, 11, [30], never, never)

    def blocks() -> Iterator[bytes]:
        for start in range(0, count, 500):
            people = (
                wire.Recipient(f"+44{data.national(n)}", "Amara Ahmed", {1: "12.50", 2: "1 May"})
                for n in range(start, min(start + 500, count))
            )
            lead = wire.SEPARATOR if start else b""
            yield lead + wire.SEPARATOR.join(wire.entries(people))

    def timed() -> None:
        payload = payload_files.store(wire.body(wire.head(campaign), blocks()))
        Path(path).write_text(f"{payload.name} {payload.size}")

    return timed


def from_storage(path: str, url: str) -> Callable[[], None]:
    """Post as the portal does, unpacking the frozen body block by block."""
    portal_side.start()
    from campaigns.partner import client, connection
    from campaigns.submissions import payload_files

    name, size = Path(path).read_text().split()

    def timed() -> None:
        with payload_files.open_payload(name) as payload:
            exchange = client.create_campaign(
                url,
                HEADERS,
                payload,
                int(size),
                fence=lambda: None,
                limits=connection.Limits(10, 600),
            )
        assert exchange.answer.campaign_id

    return timed


def bare_post(path: str, url: str, times: int = 1) -> Callable[[], int]:
    """Post the same bytes from memory, and do nothing else."""
    portal_side.start()
    import requests

    from campaigns.partner import wire
    from campaigns.submissions import payload_files

    name, _ = Path(path).read_text().split()
    with payload_files.open_payload(name) as payload:
        body = payload.read()

    bodies = [_renamed(body) for _ in range(times)]

    def timed() -> int:
        for each in bodies:
            answer = requests.post(url + wire.CREATE_PATH, data=each, headers=HEADERS, timeout=600)
            assert answer.ok, answer.status_code
        return times

    return timed


def _renamed(body: bytes) -> bytes:
    """Replace the reference in a campaign's name, since the partner accepts each name once."""
    found = re.search(rb"\[\w+\]", body[:HEAD_BYTES])
    if found is None:
        return body
    start, end = found.span()
    another = token_hex(end).encode()[: end - start - 2]
    return b"%b[%b]%b" % (body[:start], another, body[end:])


def guarded(
    path: str, csv_path: str, url: str, times: int, stages_path: str, *, is_sandbox: bool
) -> Callable[[], int]:
    """Deliver parts as the worker does: claimed, checked, fenced, posted, settled.

    Writes the name and size of one frozen body to `path`, for `bare_post` to send the same, and what
    each stage took to `stages_path`.
    """
    portal_side.start(empty=True)
    from benchmarks import stages
    from campaigns.clients.models import PartnerAccount
    from campaigns.contacts.importing import pipeline
    from campaigns.partner.sandbox import remote
    from campaigns.submissions.delivering import deliver
    from campaigns.submissions.freezing import freeze
    from campaigns.submissions.models import Delivery, Part

    contact_list = portal_side.upload(Path(csv_path))
    if is_sandbox:
        remote.set_clients(url, portal_side.lookups())
    PartnerAccount.objects.update(kind=PartnerAccount.Kind.SANDBOX, api_url=url)
    pipeline.run(contact_list)
    for _ in range(times):
        freeze.freeze(portal_side.submit())
    for part in Part.objects.all():
        Path(path).write_text(f"{part.payload_file} {part.payload_bytes}")
        Delivery.queue(part)

    stages.watch_deliveries(Path(stages_path))

    def timed() -> int:
        for pk in Delivery.objects.values_list("pk", flat=True):
            stages.watch.start()
            deliver.deliver(Delivery.objects.get(pk=pk))
            stages.watch.stop()
        assert Delivery.objects.filter(state=Delivery.State.ACCEPTED).count() == times
        return times

    return timed
