"""Downloads: blocks of bytes, never an open file.

A server that is given an open file may send what its descriptor reads, with sendfile. Of a compressed
file those are not the bytes that it stands for, and the download is empty.
"""

from collections.abc import Iterable, Iterator
from typing import BinaryIO

from django.core.files.base import File
from django.http import StreamingHttpResponse
from django.utils.http import content_disposition_header

BLOCK_BYTES = 1 << 16


def streamed(
    blocks: Iterable[bytes | str], name: str, content_type: str, length: int | None = None
) -> StreamingHttpResponse:
    """Return blocks as a file to keep, never to be shown in the browser.

    With `length`, in bytes, a browser notices a download that was cut short.
    """
    answer = StreamingHttpResponse(blocks, content_type=content_type)
    answer.headers["Content-Disposition"] = content_disposition_header(True, name) or "attachment"
    if length is not None:
        answer.headers["Content-Length"] = str(length)
    return answer


def blocks_of(file: BinaryIO | File[bytes]) -> Iterator[bytes]:
    """Yield what is left of an open file, and close it."""
    with file:
        while block := file.read(BLOCK_BYTES):
            yield block
