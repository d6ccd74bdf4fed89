"""The secret key of an embedded portal: made once, under the data folder, readable by its owner."""

import os
import secrets
from pathlib import Path


def ensure(folder: Path) -> None:
    """Write `folder/secret_key` unless it is there. Two starts at once agree on one key."""
    folder.mkdir(parents=True, exist_ok=True)
    try:
        with open(folder / "secret_key", "x", opener=_private) as file:
            file.write(secrets.token_urlsafe(50))
    except FileExistsError:
        return


def _private(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)
