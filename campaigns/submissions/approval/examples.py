"""Examples of what people of a submission will hear and read, from the very bytes that will be sent."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

import orjson

from campaigns.clients.models import CallFlow
from campaigns.drafts.spoken.script import Piece, parameters_in, rendered
from campaigns.partner import wire
from campaigns.submissions import payload_files
from campaigns.submissions.models import Submission


@dataclass(frozen=True, slots=True)
class Example:
    """What one person will hear and read. `who` says why this person is shown."""

    who: str
    number: str
    name: str
    script: list[Piece]
    sms: list[Piece]


def of(submission: Submission) -> list[Example]:
    """Return the first person, the last one, and the first one who lacks a value that the call flow says.

    Return an empty list if the call flow has no text, or if the frozen bytes can't be read.
    """
    flow = submission.own_campaign.call_flow
    if flow is None or not (flow.script or flow.sms_text):
        return []
    said = parameters_in(flow.script, flow.sms_text)
    try:
        chosen = _chosen(_entries(submission), said)
    except payload_files.Damaged:
        return []
    return [_example(who, orjson.loads(entry), flow) for who, entry in chosen]


def _entries(submission: Submission) -> Iterator[bytes]:
    for part in submission.parts.all():
        yield from payload_files.entries(part.payload_file)


def _chosen(entries: Iterable[bytes], said: frozenset[int]) -> list[tuple[str, bytes]]:
    """Return the entries of the people to show. Read all entries once, keeping only these in memory."""
    first = last = lacking = b""
    for entry in entries:
        first = first or entry
        last = entry
        if not lacking and not wire.says(entry, said):
            lacking = entry
    chosen: dict[bytes, str] = {}
    for entry, who in ((first, "First person"), (last, "Last person"), (lacking, "Lacks a value")):
        chosen.setdefault(entry, who)
    return [(who, entry) for entry, who in chosen.items() if entry]


def _example(who: str, entry: dict[str, Any], flow: CallFlow) -> Example:
    values = {row[wire.PARAMETER]: row[wire.VALUE] for row in entry.get(wire.PARAMETERS, [])}
    return Example(
        who,
        entry[wire.NUMBER],
        entry.get(wire.RECIPIENT_NAME, ""),
        rendered(flow.script, values),
        rendered(flow.sms_text, values),
    )
