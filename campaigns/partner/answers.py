"""Read the partner's answer to a create request.

The partner's page breaks off at "Campaign with campaign ID="; the same company's older page shows the
caption "Campaign with campaign ID" and a JSON body, the campaign echoed with an integer `id`. So an ID
is looked for as JSON first, then as that text. An answer may be as large as the request it echoes.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

import ijson
import orjson

EXCERPT_BYTES = 64 * 1024
_CAMPAIGN_ID = re.compile(r"campaign\s*id\s*=\s*(\d{1,18})(?!\d)", re.IGNORECASE)
# What people put between the digits of a number: blanks, brackets, dots, slashes and every dash, also
# as JSON escapes them. No comma and no line break, which part one value from the next.
_BETWEEN = (
    r"(?:[ \t\u00a0\u2009\u202f().\-/\u2010-\u2015\u2212]|\\u(?i:00a0|2009|202f|201[0-5]|2212))"
)
_DATE_OR_NUMBER = re.compile(
    r"(?<!\d)(?P<date>20\d\d-[01]\d-[0-3]\d(?:[ T][0-2]\d:\d\d)?)(?!\d)"
    rf"|\+?\(?\d(?:{_BETWEEN}{{0,3}}\d){{8,}}"
)
_CUT_NUMBER = re.compile(rf"[+\d](?:{_BETWEEN}|\d)*\Z")
# Longer than a number with every digit apart.
_TAIL = 64
_STEPS = {"start_map": 1, "start_array": 1, "end_map": -1, "end_array": -1}
_PROBLEM_DETAILS = {"type", "title", "status", "traceId", "detail", "instance"}


@dataclass(frozen=True, slots=True)
class Answer:
    """`excerpt` is the first 64 KB as text, with whatever may be a phone number masked."""

    campaign_id: int | None = None
    excerpt: str = ""
    errors: dict[str, list[str]] = field(default_factory=dict)


def read(blocks: Iterable[bytes], *, most_bytes: int) -> Answer:
    """Read an answer of any length, at most `most_bytes` of it.

    Never raises for what the answer says. What the connection raises while being read ends the
    answer: an ID that has come whole by then counts.
    """
    stream = _Stream(blocks, most_bytes)
    is_json, campaign_id = _json_id(stream)
    stream.drain()
    text = bytes(stream.kept).decode("utf-8", "backslashreplace")
    if not is_json:
        # Digits at the end of an answer that broke off may be only the first of more.
        campaign_id = _text_id(text if stream.is_whole else text.rstrip("0123456789"))
    if len(stream.kept) == EXCERPT_BYTES:
        # The cut may have left the start of a number, too short to be known as one.
        text = text[:-_TAIL] + _CUT_NUMBER.sub("…", text[-_TAIL:])
    return Answer(campaign_id, mask(text), _errors(bytes(stream.kept)))


def mask(text: str) -> str:
    """Hide all but the last three digits of whatever may be a phone number, however it is written.

    That is nine digits or more with nothing but blanks, brackets, dots, slashes and dashes between
    them; a date stays. NUL is replaced too: PostgreSQL takes it in no text, and an ID beside it
    would be lost.
    """
    return _DATE_OR_NUMBER.sub(_masked, text).replace("\0", "\ufffd")


def _masked(found: re.Match[str]) -> str:
    if found["date"]:
        return found[0]
    return "…" + re.sub(r"\\u[0-9a-fA-F]{4}|\D", "", found[0])[-3:]


class _Stream:
    """A bounded reader over blocks, which keeps the first 64 KB of what it gave."""

    def __init__(self, blocks: Iterable[bytes], most_bytes: int) -> None:
        self._blocks: Iterator[bytes] = iter(blocks)
        self._left = most_bytes
        self.kept = bytearray()
        self.is_whole = True

    def read(self, size: int = -1) -> bytes:
        if size == 0:
            # ijson asks for nothing once, to learn whether bytes or text will come.
            return b""
        block = self._next()[: self._left]
        self._left -= len(block)
        self.kept += block[: EXCERPT_BYTES - len(self.kept)]
        return block

    def _next(self) -> bytes:
        if self._left <= 0:
            self.is_whole = False
            return b""
        try:
            return next(self._blocks, b"")
        except OSError:
            # requests' and urllib3's errors of a broken connection are all OSErrors or end here.
            self._left = 0
            self.is_whole = False
            return b""

    def drain(self) -> None:
        while len(self.kept) < EXCERPT_BYTES and self.read():
            pass


def _json_id(stream: _Stream) -> tuple[bool, int | None]:
    """Return whether the answer is JSON, and the campaign ID it gives.

    What stands deeper than the top is only counted through, for an echo is nearly all of that.
    """
    is_json = False
    depth, key = 0, ""
    try:
        for event, value in ijson.basic_parse(stream, use_float=True):
            is_json = True
            if event in _STEPS:
                depth += _STEPS[event]
            elif depth > 1:
                continue
            elif event == "map_key":
                key = value.lower()
            elif event in {"number", "string"} and (depth == 0 or key == "id"):
                return True, _top_id(stream, event, value, is_bare=depth == 0)
    except (ijson.JSONError, ValueError):
        # Text may begin like JSON ("123 created"); an object that breaks off stays JSON.
        return is_json and bytes(stream.kept).lstrip()[:1] in {b"{", b"["}, None
    return is_json, None


def _top_id(stream: _Stream, event: str, value: Any, *, is_bare: bool) -> int | None:
    if event == "number" and not stream.is_whole:
        # The parser ends a number where the answer broke off.
        return None
    if event == "string" and is_bare:
        return _positive(value) or _text_id(value)
    return _positive(value)


def _text_id(text: str) -> int | None:
    found = _CAMPAIGN_ID.search(text)
    if found:
        return _positive(found.group(1))
    return _positive(text)


def _positive(value: Any) -> int | None:
    """Return an ID given as an integer or in digits; no other shape is trusted."""
    if isinstance(value, str) and re.fullmatch(r"\s*[0-9]{1,18}\s*", value):
        value = int(value)
    if isinstance(value, int) and not isinstance(value, bool) and 0 < value < 10**18:
        return value
    return None


def _errors(start: bytes) -> dict[str, list[str]]:
    """Return the partner's words by field from `{"errors": {...}}` or `{"field": ["text"]}`.

    Under `errors` a field may have one text instead of several; elsewhere a text may be an echo.
    """
    try:
        said = orjson.loads(start)
    except orjson.JSONDecodeError:
        return {}
    if not isinstance(said, dict):
        return {}
    fields = said.get("errors", said)
    if not isinstance(fields, dict):
        return {}
    if "errors" in said:
        fields = {name: [one] if isinstance(one, str) else one for name, one in fields.items()}
    return {
        mask(str(name)): [mask(str(text)) for text in texts if isinstance(text, str)]
        for name, texts in fields.items()
        if isinstance(texts, list) and name not in _PROBLEM_DETAILS
    }
