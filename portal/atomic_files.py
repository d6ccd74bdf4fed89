"""Writing of a file whole or not at all: under another name first, then synced, then under its own name."""

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO
from uuid import uuid4

# The suffix of a file's name until the file is whole.
PART = ".part"


@contextmanager
def whole(path: Path, *, replace: bool = False, lasting: bool = True) -> Iterator[BinaryIO]:
    """Open a new file that gets the name `path` at the end, readable by its owner only.

    Raises OSError, leaving nothing behind, and FileExistsError if the name is taken and `replace` is false.
    With `lasting` false, the file may be gone after a power cut.
    """
    part = path.with_name(f"{uuid4().hex}{PART}")
    try:
        with open(part, "xb", opener=private) as file:
            yield file
            file.flush()
            if lasting:
                os.fsync(file.fileno())
        if replace:
            part.replace(path)
        else:
            os.link(part, path)
    finally:
        with suppress(FileNotFoundError):
            part.unlink()
    if lasting:
        sync_folder(path.parent)


def private(path: str, flags: int) -> int:
    """Open a file that its owner alone may read: an `opener` for `open`."""
    return os.open(path, flags, 0o600)


def sync_folder(folder: Path) -> None:
    """Sync the folder's own entry to the disk, so that a power cut does not take the new name."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
