"""Frozen payloads in file storage: compressed, named by the SHA-256 of their uncompressed bytes."""

import gzip
import hashlib
import tempfile
import zlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from io import SEEK_END, BytesIO
from itertools import islice
from typing import Any, BinaryIO, cast

import ijson
from django.core.files import File
from django.core.files.storage import default_storage

from campaigns.partner import wire

# The gzip level. Level 1 shrinks a payload to a seventh, in a third of the time of the default level.
COMPRESSION = 1
# The largest payload, in bytes, that is kept in memory: some 25,000 numbers. Each process that delivers
# holds one payload at a time.
KEPT_BYTES = 4_000_000
# A sentence for people.
DAMAGED = "The prepared file is damaged or missing, so it can’t be shown, downloaded or sent."
# Exceptions that show, while a payload is read, that its file is gone or is not what was written.
_SIGNS = (OSError, EOFError, zlib.error, ijson.JSONError, ValueError, LookupError, TypeError)


class Damaged(Exception):
    """A payload's file is gone, or is not what was written."""


@dataclass(frozen=True, slots=True)
class Payload:
    """A stored payload: `size` in bytes and `sha256` in hex are those of the uncompressed bytes."""

    name: str
    sha256: str
    size: int


def store(blocks: Iterable[bytes]) -> Payload:
    """Write the blocks to storage, holding one at a time in memory. Equal payloads share one file.

    A file that already has the payload's name is kept only if it holds the same bytes. Raises OSError.
    """
    digest, size = hashlib.sha256(), 0
    with tempfile.TemporaryFile() as file:
        with gzip.GzipFile(fileobj=file, mode="wb", compresslevel=COMPRESSION, mtime=0) as packed:
            for block in blocks:
                digest.update(block)
                size += len(block)
                packed.write(block)
        sha256 = digest.hexdigest()
        name = f"payloads/{sha256[:2]}/{sha256}.json.gz"
        if default_storage.exists(name) and open_whole(name, sha256, size) is None:
            default_storage.delete(name)
        if not default_storage.exists(name):
            file.seek(0)
            name = default_storage.save(name, File(file))
    return Payload(name, sha256, size)


def open_payload(name: str) -> BinaryIO:
    """Open the uncompressed bytes. Read them inside `with reading()`, so that damage raises Damaged."""
    return cast(BinaryIO, gzip.GzipFile(fileobj=default_storage.open(name, "rb")))


@contextmanager
def reading() -> Iterator[None]:
    """Raise Damaged instead of any exception that a damaged payload causes inside the `with` block."""
    try:
        yield
    except _SIGNS as sign:
        raise Damaged from sign


def open_whole(name: str, sha256: str, size: int) -> BinaryIO | None:
    """Read the whole payload, and return it open for reading; None if it is not what was frozen.

    A payload of at most KEPT_BYTES is returned from memory: exactly the bytes that were checked. A larger
    one is unpacked a second time, from the same open file.
    """
    try:
        with reading():
            payload = _in_memory(name, size) if size <= KEPT_BYTES else open_payload(name)
            digest = hashlib.file_digest(payload, "sha256")  # type: ignore[arg-type]
            if digest.hexdigest() != sha256 or payload.seek(0, SEEK_END) != size:
                return None
            payload.seek(0)
    except Damaged:
        return None
    return payload


def _in_memory(name: str, size: int) -> BinaryIO:
    """Return the payload from memory, cut off one byte after the size that it should have.

    The extra byte shows that a file is too long, without reading all of it.
    """
    with open_payload(name) as file:
        return BytesIO(file.read(size + 1))


def first_entries(name: str, count: int) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """Return the campaign's own fields, and the first `count` entries of its phone numbers.

    Raises Damaged.
    """
    with reading():
        with open_payload(name) as payload:
            entries = list(islice(ijson.items(payload, f"{wire.PHONE_NUMBERS}.item"), count))
        with open_payload(name) as payload:
            return _head(payload), entries


def numbers(name: str) -> Iterator[str]:
    """Yield every phone number of the payload as E.164. Raises Damaged, at the latest at the end."""
    with reading(), open_payload(name) as payload:
        for number in ijson.items(payload, f"{wire.PHONE_NUMBERS}.item.{wire.NUMBER}"):
            yield wire.e164(number)


def entries(name: str) -> Iterator[bytes]:
    """Yield every entry of the phone numbers as JSON. Raises Damaged, at the latest at the end."""
    with reading(), open_payload(name) as payload:
        yield from wire.entries_in(_blocks(payload))


def _blocks(payload: BinaryIO) -> Iterator[bytes]:
    """Yield the payload's bytes. Raises EOFError if they do not end as a request body ends."""
    end = b""
    while block := payload.read(1 << 18):
        end = (end + block[-len(wire.END) :])[-len(wire.END) :]
        yield block
    if end != wire.END:
        raise EOFError


def _head(payload: BinaryIO) -> dict[str, Any]:
    """Return the campaign's own fields, which all come before the phone numbers."""
    builder = ijson.ObjectBuilder()
    for prefix, event, value in ijson.parse(payload, use_float=True):
        if prefix == "" and event == "map_key" and value == wire.PHONE_NUMBERS:
            break
        builder.event(event, value)
    return dict(builder.value)
