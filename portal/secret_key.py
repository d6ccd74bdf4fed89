"""The keys of an embedded portal, made once in the data folder and readable only by their owner."""

import base64
import os
import secrets
from pathlib import Path

from portal.atomic_files import private

BASE_DIR = Path(__file__).resolve().parent.parent


def data_folder() -> Path:
    """Return the folder with the keys and all other data of an embedded portal."""
    return Path(os.environ.get("PORTAL_DATA_DIR") or BASE_DIR / "var").expanduser()


def ensure(folder: Path) -> None:
    """Write `folder/secret_key` and `folder/encryption_key` unless they exist.

    If two processes do this at once, both keep the same keys.
    """
    folder.mkdir(parents=True, exist_ok=True)
    _write_once(folder / "secret_key", secrets.token_urlsafe(50))
    _write_once(folder / "encryption_key", base64.b64encode(secrets.token_bytes(32)).decode())


def _write_once(path: Path, key: str) -> None:
    try:
        with open(path, "x", opener=private) as file:
            file.write(key)
    except FileExistsError:
        return


if __name__ == "__main__":
    ensure(data_folder())
