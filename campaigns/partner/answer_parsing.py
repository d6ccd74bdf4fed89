"""The reader of the partner's answer to a create request.

The partner's page breaks off at "Campaign with campaign ID=". An older page of the same company shows the
caption "Campaign with campaign ID" and a JSON body, the campaign echoed with an integer `id`. So an ID is
read from JSON, from an answer that is only an ID, or from that text. An answer may be as large as the
request that it echoes.

A wrong ID is worse than none, because a person settles a missing one. So an ID counts only if the answer
can't mean another: not if the number was cut off, not if there are two, not if the number only begins a
text.
"""

import codecs
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

import ijson
import orjson

EXCERPT_BYTES = 64 * 1024
# The sentence, any letter or digit directly before it, and the ID. The ID's digits must not run into a
# word, or into the separators of a longer number or a GUID.
_CAMPAIGN_ID = re.compile(
    r"(\w?)campaign\s*id\s*=\s*(?:([0-9]{1,18})(?![\w]|[.,:'’/+\-\u2010-\u2015]\w))?", re.IGNORECASE
)
# An ID, perhaps with a separator, at the point where the answer breaks off: more digits may follow.
_CUT_ID = re.compile(r"[0-9]+[.,:'’/+\-\u2010-\u2015]?\Z")
# Characters that people put between the digits of a number: blanks, brackets, dots, slashes and all
# dashes, also escaped as in JSON. No comma and no line break, because these separate values.
_BETWEEN = (
    r"(?:[ \t\u00a0\u2009\u202f().\-/\u2010-\u2015\u2212]|\\u(?i:00a0|2009|202f|201[0-5]|2212))"
)
_DATE_OR_NUMBER = re.compile(
    r"(?<!\d)(?P<date>20\d\d-[01]\d-[0-3]\d(?:[ T][0-2]\d:\d\d)?)(?!\d)"
    rf"|\+?\(?\d(?:{_BETWEEN}{{0,3}}\d){{8,}}"
)
_CUT_NUMBER = re.compile(rf"[+\d](?:{_BETWEEN}|\d)*\Z")
# Characters. Longer than a number with separators between all its digits.
_TAIL = 64
_STEPS = {"start_map": 1, "start_array": 1, "end_map": -1, "end_array": -1}
_PROBLEM_DETAILS = {"type", "title", "status", "traceId", "detail", "instance"}


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer. `excerpt` is its first 64 KB as text, with everything that may be a phone number masked."""

    campaign_id: int | None = None
    excerpt: str = ""
    errors: dict[str, list[str]] = field(default_factory=dict)


def read(
    blocks: Iterable[bytes],
    *,
    most_bytes: int,
    on_campaign_id: Callable[[int], None] | None = None,
) -> Answer:
    """Read an answer of any length, but at most `most_bytes` of it.

    `blocks` ends if the answer is known to be whole, and raises OSError if it broke off. `on_campaign_id` is
    called as soon as the first ID of a JSON object is certain to be whole, while the rest may still be on its
    way. Never raises because of the answer's content.
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
        # The cut may have left the start of a phone number, too short to be recognised and masked.
        text = text[:-_TAIL] + _CUT_NUMBER.sub("…", text[-_TAIL:])
    return Answer(campaign_id, mask(text), _errors(bytes(stream.kept)))


def mask(text: str) -> str:
    """Hide all but the last three digits of everything that may be a phone number, however it is written.

    That is nine digits or more with nothing but blanks, brackets, dots, slashes and dashes between them. A
    date stays. NUL is replaced too: PostgreSQL stores it in no text, and an ID beside it would be lost.
    """
    return _DATE_OR_NUMBER.sub(_masked, text).replace("\0", "\ufffd")


def _masked(found: re.Match[str]) -> str:
    if found["date"]:
        return found[0]
    return "…" + re.sub(r"\\u[0-9a-fA-F]{4}|\D", "", found[0])[-3:]


class _Stream:
    """A bounded reader over blocks that drops a byte-order mark and keeps the first 64 KB."""

    def __init__(self, blocks: Iterable[bytes], most_bytes: int) -> None:
        self._blocks: Iterator[bytes] = iter(blocks)
        self._left = most_bytes
        self._ahead = b""
        self.kept = bytearray()
        # `is_over`: nothing more is read. `is_whole`: the answer was read to its own end.
        self.is_over = False
        self.is_whole = False

    @property
    def text(self) -> str:
        return bytes(self.kept).decode("utf-8", "backslashreplace")

    def begins_json(self) -> bool:
        """Return whether the first visible character of the answer opens a JSON object or list."""
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
            # ijson reads 0 bytes once, to learn whether it gets bytes or text.
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
        """Read until the excerpt is full, or to the end if it comes earlier."""
        while len(self.kept) < EXCERPT_BYTES and self.read():
            pass


class _WithAnEnd:
    """The stream followed, if it is whole, by a quotation mark for ijson.

    yajl overlooks a text that begins after the closing bracket and is not closed itself. The mark closes such
    a text, so that yajl refuses it. If there is no such text, yajl overlooks the mark.
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
    """Return the only ID at the top level of a JSON object.

    Deeper levels are only counted, because an echo is mostly these. A number is known to be whole when
    another token has followed it. If the answer breaks off, an ID that came whole is kept. An answer that
    comes to its end, or that is malformed before, must be JSON from beginning to end.
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
        # A second ID may have been on its way when the answer broke off. It counts as another ID.
        found |= {candidate} if found and candidate else set()
    return found.pop() if len(found) == 1 else None


def _text_id(text: str, stream: _Stream) -> int | None:
    """Return the ID of an answer that is only an ID, or the ID in the partner's sentence.

    If the sentence occurs several times, each must have the same ID.
    """
    if stream.is_whole and (only := _positive(_unquoted(text))):
        return only
    if len(stream.kept) == EXCERPT_BYTES:
        # The text after the excerpt is not searched, so it may contain another ID.
        return None
    if not stream.is_whole:
        text = text[:-_TAIL] + _CUT_ID.sub("", text[-_TAIL:])
    found = {None if glued else _positive(digits) for glued, digits in _CAMPAIGN_ID.findall(text)}
    return found.pop() if len(found) == 1 else None


def _unquoted(text: str) -> str:
    text = text.strip()
    return text[1:-1].strip() if len(text) > 1 and text[0] == text[-1] == '"' else text


def _positive(value: Any) -> int | None:
    """Return an ID given as an integer or in digits, or None for any other value."""
    if isinstance(value, str) and re.fullmatch(r"\s*[0-9]{1,18}\s*", value):
        value = int(value)
    if isinstance(value, int) and not isinstance(value, bool) and 0 < value < 10**18:
        return value
    return None


def _errors(start: bytes) -> dict[str, list[str]]:
    """Return the partner's messages by field, from `{"errors": {...}}` or `{"field": ["text"]}`.

    Under `errors` a field may have a single text instead of a list. Elsewhere a single text may be an echo.
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
