"""Uploaded files in their storage."""

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from django.db import DatabaseError, transaction
from django.db.models.fields.files import FieldFile

from portal import files


class NotStored(Exception):
    """The disk did not take an uploaded file or the row that names it. Neither of the two exists."""


@contextmanager
def on_disk(file: FieldFile) -> Iterator[Path]:
    """Yield a path of the stored file. If its storage is not a disk, the path is that of a temporary copy."""
    try:
        local = file.path
    except NotImplementedError:
        with tempfile.NamedTemporaryFile() as copy, file.open("rb") as stored:
            shutil.copyfileobj(stored, copy)
            copy.flush()
            yield Path(copy.name)
    else:
        yield Path(local)


@contextmanager
def with_its_row(run: Any) -> Iterator[None]:
    """Save a row that names an uploaded file inside the context. Afterwards both exist, or neither does.

    Raises NotStored if the disk is full or fails.
    """
    try:
        with transaction.atomic():
            yield
    except BaseException as problem:
        if run.file and run.file._committed:
            with suppress(OSError):
                run.file.storage.delete(run.file.name)
        if isinstance(problem, OSError) or (
            isinstance(problem, DatabaseError) and files.is_of_the_disk(problem)
        ):
            raise NotStored from problem
        raise
