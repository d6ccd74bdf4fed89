"""Encrypt stored secrets with keys that are not in the database.

`ENCRYPTION_KEYS` are Fernet keys. The first one encrypts, and all of them decrypt. To replace a key, put
the new one in front, run `manage.py reencrypt_secrets`, then remove the old one.
"""

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings


class NoKey(Exception):
    """No key is set, or none of the keys fits. The text is a sentence for people."""


def has_key() -> bool:
    return bool(settings.ENCRYPTION_KEYS)


def encrypt(secret: str) -> str:
    """Return the secret encrypted, for storing. Raises NoKey when no key is set."""
    return _keys().encrypt(secret.encode()).decode()


def decrypt(stored: str) -> str:
    """Return the secret. Raises NoKey when no key is set or none fits."""
    try:
        return _keys().decrypt(stored).decode()
    except InvalidToken:
        raise _does_not_fit() from None


def reencrypt(stored: str) -> str:
    """Return the secret encrypted with the first key. Raises NoKey when no key is set or none fits."""
    try:
        return _keys().rotate(stored).decode()
    except InvalidToken:
        raise _does_not_fit() from None


def _keys() -> MultiFernet:
    if not has_key():
        message = "Secrets can't be read or saved: PORTAL_ENCRYPTION_KEYS is not set."
        raise NoKey(message)
    return MultiFernet([Fernet(key) for key in settings.ENCRYPTION_KEYS])


def _does_not_fit() -> NoKey:
    return NoKey(
        "The secret can't be read with the keys in PORTAL_ENCRYPTION_KEYS. Enter it again."
    )
