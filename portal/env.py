"""Settings from the environment. A bad value ends the start with one sentence."""

import base64
import math
import os
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from urllib.parse import urlsplit

from django.core.exceptions import ImproperlyConfigured

_WORDS = {"1": True, "true": True, "on": True, "yes": True}
_WORDS |= {"0": False, "false": False, "off": False, "no": False}


def text(name: str, default: str = "") -> str:
    """Read a text. An empty text counts as not set."""
    return os.environ.get(name, "").strip() or default


def words(name: str, default: str = "") -> list[str]:
    """Read a comma-separated list. Blanks around words and empty words are dropped."""
    return [word.strip() for word in text(name, default).split(",") if word.strip()]


def flag(name: str, *, default: bool) -> bool:
    value = text(name)
    if not value:
        return default
    if value.lower() not in _WORDS:
        raise _refusal(name, "on or off")
    return _WORDS[value.lower()]


def whole(name: str, default: int, *, least: int = 0, most: int | None = None) -> int:
    return int(_number(name, default, int, "a whole number", (least, most)))


def seconds(name: str, default: float, *, least: float = 0.0) -> float:
    return _number(name, default, float, "a number of seconds", (least, None))


def many_seconds(name: str, default: str) -> list[float]:
    """Read numbers of seconds separated by commas, each greater than the one before."""
    try:
        values = [float(word) for word in words(name, default)]
    except ValueError:
        values = []
    rises = all(one < next_ for one, next_ in pairwise(values))
    if not values or not all(map(math.isfinite, values)) or values[0] < 0 or not rises:
        raise _refusal(name, "numbers of seconds with commas between, the smallest first")
    return values


def choice(name: str, default: str, *, among: tuple[str, ...]) -> str:
    value = text(name, default).lower()
    if value not in among:
        raise _refusal(name, f"{', '.join(among[:-1])} or {among[-1]}")
    return value


def url(name: str, default: str, *, schemes: tuple[str, ...]) -> str:
    """Read a URL. The error never repeats it, because it may contain a password."""
    value = text(name, default)
    starts = [f"{scheme}://" for scheme in schemes]
    if not value.startswith(tuple(starts)) or not _can_be_split(value):
        raise _refusal(name, f"an address that starts with {' or '.join(starts)}")
    return value


def _can_be_split(address: str) -> bool:
    try:
        return urlsplit(address).port != 0
    except ValueError:
        return False


def folder(name: str, default: Path) -> Path:
    """Read a folder's path and create the folder."""
    path = Path(text(name, str(default))).expanduser().resolve()
    try:
        path.mkdir(parents=True, exist_ok=True)
    except OSError:
        raise _refusal(name, "a folder that can be written") from None
    return path


def secret(name: str, file: Path) -> str:
    """Read a secret from the environment, else from the file that `make run` writes once."""
    value = text(name) or (file.read_text().strip() if file.is_file() else "")
    if not value:
        message = (
            f"{name} is not set. Production needs one; `make run` makes its own in {file.name}."
        )
        raise ImproperlyConfigured(message)
    return value


def keys(name: str, file: Path) -> list[str]:
    """Read encryption keys, newest first, else from the file that `make run` writes once.

    Each key is 32 bytes in base64, as `openssl rand -base64 32` prints them. No keys at all are allowed.
    """
    given = words(name) or (file.read_text().split() if file.is_file() else [])
    found = [key.replace("+", "-").replace("/", "_") for key in given]
    if not all(_is_key(key) for key in found):
        raise _refusal(name, "keys as `openssl rand -base64 32` prints them, with commas between")
    return found


def _is_key(text: str) -> bool:
    try:
        return len(base64.b64decode(text, altchars=b"-_", validate=True)) == 32
    except ValueError:
        return False


def _number(
    name: str,
    default: float,
    kind: Callable[[str], float],
    wanted: str,
    bounds: tuple[float, float | None],
) -> float:
    try:
        value = kind(text(name, str(default)))
    except ValueError:
        raise _refusal(name, wanted) from None
    least, most = bounds
    if not math.isfinite(value) or value < least or (most is not None and value > most):
        raise _refusal(
            name, f"{wanted} of at least {least}" + (f" and at most {most}" if most else "")
        )
    return value


def _refusal(name: str, wanted: str) -> ImproperlyConfigured:
    return ImproperlyConfigured(f"{name} must be {wanted}.")
