"""Uploaded and frozen files in the storage. Each is whole or does not exist, whatever the disk does."""

import errno
import io
import sqlite3
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

from django.core.files.base import File
from django.core.files.storage import FileSystemStorage
from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import TemporaryFileUploadHandler
from django.http import multipartparser

from portal.atomic_files import PART, whole

NOT_WRITTEN = (
    "We could not save the file. The portal’s disk may be full. Nothing was kept. "
    "Tell an administrator, then try again."
)
# Characters that are kept of a file's name, the extension and the mark of a cut included.
LONGEST_NAME = 200
_LONGEST_EXTENSION = 10
_DISK = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EIO, errno.EROFS}
# The SQLSTATE of PostgreSQL for a full disk.
_POSTGRES_DISK_FULL = "53100"
# Seconds. Older than any upload or freeze that is still being written.
LEFT_BEHIND_SECONDS = 24 * 60 * 60


class WholeFiles(FileSystemStorage):
    """A folder of files in which no file is ever seen, or left behind, half written."""

    def _save(self, name: str, content: File[Any]) -> str:
        path = Path(self.path(name))
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        while True:
            try:
                with whole(path) as file:
                    for chunk in content.chunks():
                        file.write(chunk.encode() if isinstance(chunk, str) else chunk)
            except FileExistsError:
                # Another process has taken the name since it was found to be free.
                path = Path(self.path(self.get_available_name(name)))
            else:
                return path.relative_to(self.location).as_posix()

    def remove_what_was_left_behind(self) -> int:
        """Remove the unfinished files of killed processes. Return the number of files removed."""
        old = time.time() - LEFT_BEHIND_SECONDS
        count = 0
        for path in Path(self.location).rglob(f"*{PART}"):
            with suppress(OSError):
                if path.stat().st_mtime < old:
                    path.unlink()
                    count += 1
        return count


class NotWritten(UploadedFile):  # type: ignore[type-arg]
    """A placeholder in a form for a file that the disk did not take, so that the form can say so."""


def take_long_names() -> None:
    """Let Django read a form with a file whose name is long.

    Django refuses the whole form if what stands before a field or file, its name included, has more bytes.
    """
    multipartparser.MAX_TOTAL_HEADER_SIZE = 1 << 15  # type: ignore[attr-defined]


class UploadHandler(TemporaryFileUploadHandler):
    """A handler that writes an upload to a temporary file, and reads on if the disk fails.

    The rest of the form is still needed, so that the page can show again what was typed.
    """

    _is_written = True

    def new_file(self, field_name: str, file_name: str, *args: Any, **kwargs: Any) -> None:
        self._is_written = True
        try:
            # Django would end the temporary file's name like this one, which may be longer than a disk takes.
            super().new_file(field_name, "upload", *args, **kwargs)
        except OSError:
            self._is_written = False
        else:
            self.file.name = shortened_name(file_name)

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        if not self._is_written:
            return
        try:
            super().receive_data_chunk(raw_data, start)
        except OSError:
            self._give_up()

    def file_complete(self, file_size: int) -> Any:
        if self._is_written:
            try:
                return super().file_complete(file_size)
            except OSError:
                self._give_up()
        return NotWritten(io.BytesIO(), "upload", size=file_size)

    def _give_up(self) -> None:
        self._is_written = False
        # `close` may try once more to write what is buffered, and fail again.
        with suppress(OSError):
            self.file.close()


def shortened_name(name: str) -> str:
    """Return a file's name, with "…" before its extension if it had to be cut."""
    if len(name) <= LONGEST_NAME:
        return name
    extension = Path(name).suffix
    if len(extension) > _LONGEST_EXTENSION:
        extension = ""
    return f"{name[: LONGEST_NAME - len(extension) - 1]}…{extension}"


def is_of_the_disk(problem: BaseException | None) -> bool:
    """Return whether an exception, or one of its causes, means that a disk is full or fails."""
    return any(map(_is_of_the_disk, _with_causes(problem)))


def _is_of_the_disk(problem: BaseException) -> bool:
    if isinstance(problem, OSError):
        return problem.errno in _DISK
    if isinstance(problem, sqlite3.OperationalError):
        # The lowest byte is the primary result code. The others only give details.
        kind = getattr(problem, "sqlite_errorcode", 0) & 0xFF
        return kind in {sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR}
    return getattr(problem, "sqlstate", None) == _POSTGRES_DISK_FULL


def _with_causes(problem: BaseException | None) -> Iterator[BaseException]:
    seen: set[int] = set()
    while problem is not None and id(problem) not in seen:
        seen.add(id(problem))
        yield problem
        problem = problem.__cause__ or problem.__context__
