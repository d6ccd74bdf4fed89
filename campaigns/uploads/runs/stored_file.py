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
    """The disk did not take an uploaded file, or the row that names it. Neither is there."""


@contextmanager
def on_disk(file: FieldFile) -> Iterator[Path]:
    """Give the stored file a path, copying it from storage that is not a disk."""
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
    """Save a row inside that names an uploaded file: both are there afterwards, or neither is.

    Raises NotStored when the disk is full or fails.
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
