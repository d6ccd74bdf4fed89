"""Read the partner's answer to a create request.

The partner's page breaks off at "Campaign with campaign ID="; the same company's older page shows the
caption "Campaign with campaign ID" and a JSON body, the campaign echoed with an integer `id`. So an ID
is read from JSON, from an answer that is nothing but an ID, or from that text. An answer may be as large
as the request it echoes.

A wrong ID is worse than none, which a person settles. An ID counts only where the answer can't mean
another: not half of a number that was cut off, not one of two, not a number that only begins a text.
"""

import codecs
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

import ijson
import orjson

EXCERPT_BYTES = 64 * 1024
# The sentence, what is glued to its front, and the ID. Its digits have to end: not in a word, and not
# in the separators of a longer number or a GUID.
_CAMPAIGN_ID = re.compile(
    r"(\w?)campaign\s*id\s*=\s*(?:([0-9]{1,18})(?![\w]|[.,:'’/+\-\u2010-\u2015]\w))?", re.IGNORECASE
)
# What has come of an ID and its separator when the answer breaks off there: more digits may follow.
_CUT_ID = re.compile(r"[0-9]+[.,:'’/+\-\u2010-\u2015]?\Z")
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


def read(
    blocks: Iterable[bytes],
    *,
    most_bytes: int,
    on_campaign_id: Callable[[int], None] | None = None,
) -> Answer:
    """Read an answer of any length, at most `most_bytes` of it.

    `blocks` ends where the answer is known to be whole, and raises OSError where it broke off.
    `on_campaign_id` is called as soon as the first ID of a JSON object is certain to have come whole,
    while the rest may still be on its way. Never raises for what the answer says.
    """
    stream = _Stream(blocks, most_bytes)
    if stream.begins_json():
        campaign_id = _json_id(stream, on_campaign_id or (lambda _: None))
        stream.keep_excerpt()
        text = stream.text
    else:
        stream.keep_excerpt()
        text = stream.text
        campaign_id = _text_id(text, stream)
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
    """A bounded reader over blocks, without a byte-order mark, which keeps the first 64 KB."""

    def __init__(self, blocks: Iterable[bytes], most_bytes: int) -> None:
        self._blocks: Iterator[bytes] = iter(blocks)
        self._left = most_bytes
        self._ahead = b""
        self.kept = bytearray()
        # Whether the end has been reached, and whether it is the answer's own.
        self.is_over = False
        self.is_whole = False

    @property
    def text(self) -> str:
        return bytes(self.kept).decode("utf-8", "backslashreplace")

    def begins_json(self) -> bool:
        """Say whether the first sign of the answer opens a JSON object or list."""
        start = b""
        while len(start) < len(codecs.BOM_UTF8) or not start.removeprefix(codecs.BOM_UTF8).strip():
            block = self._next()
            start += block
            if not block or len(start) > EXCERPT_BYTES:
                break
        self._ahead = start.removeprefix(codecs.BOM_UTF8)
        return self._ahead.lstrip()[:1] in {b"{", b"["}

    def read(self, size: int = -1) -> bytes:
        if size == 0:
            # ijson asks for nothing once, to learn whether bytes or text will come.
            return b""
        block, self._ahead = self._ahead or self._next(), b""
        self.kept += block[: EXCERPT_BYTES - len(self.kept)]
        return block

    def _next(self) -> bytes:
        if self.is_over:
            return b""
        try:
            block = next(self._blocks)
        except StopIteration:
            self.is_over = self.is_whole = True
            return b""
        except OSError:
            self.is_over = True
            return b""
        self.is_over = len(block) >= self._left
        block = block[: self._left]
        self._left -= len(block)
        return block

    def keep_excerpt(self) -> None:
        """Read until the excerpt is full, and on to the end where that is near."""
        while len(self.kept) < EXCERPT_BYTES and self.read():
            pass


class _WithAnEnd:
    """The stream with a quotation mark behind its whole end, for ijson.

    yajl overlooks a text that begins behind the closing bracket and has no end of its own. With the
    mark that text has one, and is refused; where there is none, the mark itself is overlooked.
    """

    def __init__(self, stream: _Stream) -> None:
        self._stream = stream
        self._end = b' "'

    def read(self, size: int = -1) -> bytes:
        block = self._stream.read(size)
        if not block and size and self._stream.is_whole:
            block, self._end = self._end, b""
        return block


def _json_id(stream: _Stream, on_campaign_id: Callable[[int], None]) -> int | None:
    """Return the one ID at the top of a JSON object.

    What is deeper than the top is only counted through, for an echo is nearly all of that. A number is
    whole once another token has followed it. An answer that breaks off keeps the ID that has come
    whole; one that comes to its end, or is malformed before, must be JSON from end to end.
    """
    found: set[int] = set()
    candidate: int | None = None
    depth, key = 0, ""
    try:
        for event, value in ijson.basic_parse(_WithAnEnd(stream)):
            if candidate is not None:
                if not found:
                    on_campaign_id(candidate)
                found.add(candidate)
                candidate = None
            if event in _STEPS:
                depth += _STEPS[event]
            elif depth > 1:
                continue
            elif event == "map_key":
                key = value.lower()
            elif key == "id" and event in {"number", "string"}:
                candidate = _positive(value)
    except (ijson.JSONError, ValueError):
        if stream.is_whole or not stream.is_over:
            return None
        # The last of two may have been on its way when the answer broke off.
        found |= {candidate} if found and candidate else set()
    return found.pop() if len(found) == 1 else None


def _text_id(text: str, stream: _Stream) -> int | None:
    """Return the ID of an answer that is nothing else, or the one that the partner's sentence names.

    Where the sentence comes several times, each has to name the same.
    """
    if stream.is_whole and (only := _positive(_unquoted(text))):
        return only
    if len(stream.kept) == EXCERPT_BYTES:
        # What comes behind the excerpt is not searched, so another ID may be there.
        return None
    if not stream.is_whole:
        text = text[:-_TAIL] + _CUT_ID.sub("", text[-_TAIL:])
    found = {None if glued else _positive(digits) for glued, digits in _CAMPAIGN_ID.findall(text)}
    return found.pop() if len(found) == 1 else None


def _unquoted(text: str) -> str:
    text = text.strip()
    return text[1:-1].strip() if len(text) > 1 and text[0] == text[-1] == '"' else text


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
