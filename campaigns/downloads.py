"""Send downloads as blocks of bytes, never as an open file.

A server that is given an open file may send the bytes behind its file descriptor, with sendfile. For a
compressed file those are not the decompressed bytes, and the download is empty.
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
    """Return blocks as a response that the browser saves as a file and never shows.

    With `length`, in bytes, a browser notices a download that was cut short.
    """
    answer = StreamingHttpResponse(blocks, content_type=content_type)
    answer.headers["Content-Disposition"] = content_disposition_header(True, name) or "attachment"
    if length is not None:
        answer.headers["Content-Length"] = str(length)
    return answer


def blocks_of(file: BinaryIO | File[bytes]) -> Iterator[bytes]:
    """Yield the rest of an open file in blocks, and close the file."""
    with file:
        while block := file.read(BLOCK_BYTES):
            yield block
