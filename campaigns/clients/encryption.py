"""Secrets at rest: encrypted with a key that is not in the database.

`ENCRYPTION_KEYS` are Fernet keys. The first encrypts, all of them decrypt: a new key is put in front,
`manage.py reencrypt_secrets` is run, and then the old one can go.
"""

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings


class NoKey(Exception):
    """There is no key, or none that fits. The text is a sentence for people."""


def has_key() -> bool:
    return bool(settings.ENCRYPTION_KEYS)


def encrypt(secret: str) -> str:
    """Return the secret in a form that may be stored. Raises NoKey."""
    return _keys().encrypt(secret.encode()).decode()


def decrypt(stored: str) -> str:
    """Raises NoKey when no key fits."""
    try:
        return _keys().decrypt(stored).decode()
    except InvalidToken:
        raise _does_not_fit() from None


def reencrypt(stored: str) -> str:
    """Return the same secret under the first key. Raises NoKey when no key fits."""
    try:
        return _keys().rotate(stored).decode()
    except InvalidToken:
        raise _does_not_fit() from None


def _keys() -> MultiFernet:
    if not has_key():
        message = (
            "There is no key to read or keep a secret with: PORTAL_ENCRYPTION_KEYS is not set."
        )
        raise NoKey(message)
    return MultiFernet([Fernet(key) for key in settings.ENCRYPTION_KEYS])


def _does_not_fit() -> NoKey:
    return NoKey(
        "The secret can't be read with the keys in PORTAL_ENCRYPTION_KEYS: enter it again."
    )
