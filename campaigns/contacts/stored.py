"""Uploaded files in their storage."""

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.db.models.fields.files import FieldFile


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
