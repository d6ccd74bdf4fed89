"""The reader of a request's body, which also reports whether the whole body came."""

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from email.message import Message
from io import BufferedIOBase
from itertools import islice

# The whole body is held in memory, and is parsed into objects about five times its size.
MAX_BYTES = 512 * 1024 * 1024
BLOCK_BYTES = 64 * 1024
_MAX_LINE_BYTES = 1024


class FramingError(Exception):
    """The request doesn't state the length of its body, or states too much. `status` is the answer."""

    def __init__(self, status: int) -> None:
        super().__init__(status)
        self.status = status


@dataclass(slots=True)
class Body:
    """The part of a body that came. `sha256` is over the bytes that came, all of them or not.

    `refusal` is an HTTP status if reading stopped because of the framing, else None.
    """

    data: bytearray = field(default_factory=bytearray)
    complete: bool = False
    sha256: str = hashlib.sha256().hexdigest()
    refusal: int | None = None


def read(stream: BufferedIOBase, headers: Message, *, half: bool = False) -> Body:
    """Read a body by its Content-Length, or in chunks. It ends early if the client goes or stalls.

    With `half`, stop after half of it (of a chunked body, after the first chunk).
    """
    body, digest = Body(), hashlib.sha256()
    try:
        for block in _blocks(stream, headers, half=half):
            body.data += block
            digest.update(block)
            if len(body.data) > MAX_BYTES:
                raise FramingError(413)
        body.complete = not half
    except FramingError as problem:
        body.refusal = problem.status
    except (OSError, EOFError):
        pass
    body.sha256 = digest.hexdigest()
    return body


def _blocks(stream: BufferedIOBase, headers: Message, *, half: bool) -> Iterator[bytes]:
    if "Transfer-Encoding" in headers:
        if headers["Transfer-Encoding"].strip().lower() != "chunked" or "Content-Length" in headers:
            raise FramingError(400)
        return islice(_chunks(stream), 1) if half else _chunks(stream)
    length = _length(headers)
    return _exactly(stream, length // 2 if half else length)


def _length(headers: Message) -> int:
    value = headers.get("Content-Length")
    if value is None:
        raise FramingError(411)
    if not re.fullmatch("[0-9]{1,18}", value.strip()):
        raise FramingError(400)
    if int(value) > MAX_BYTES:
        raise FramingError(413)
    return int(value)


def _exactly(stream: BufferedIOBase, count: int) -> Iterator[bytes]:
    """Yield `count` bytes as they come. Raises EOFError if the client goes before."""
    while count:
        block = stream.read1(min(BLOCK_BYTES, count))
        if not block:
            raise EOFError
        count -= len(block)
        yield block


def _chunks(stream: BufferedIOBase) -> Iterator[bytes]:
    """Yield the content of a chunked body (RFC 9112, section 7.1), without extensions and trailers."""
    while size := _chunk_size(stream):
        yield from _exactly(stream, size)
        _line(stream)
    while _line(stream):
        pass


def _chunk_size(stream: BufferedIOBase) -> int:
    size = _line(stream).split(b";")[0].strip()
    if not re.fullmatch(b"[0-9A-Fa-f]{1,15}", size):
        raise FramingError(400)
    return int(size, 16)


def _line(stream: BufferedIOBase) -> bytes:
    line = stream.readline(_MAX_LINE_BYTES)
    if not line.endswith(b"\n"):
        raise EOFError
    return line.strip()
