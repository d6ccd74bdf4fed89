"""The authentication that the sandbox asks for (none, an API key, OAuth 2.0) and the tokens it gives."""

import base64
import hashlib
import secrets
import time
from binascii import Error as Base64Error
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from email.message import Message
from enum import StrEnum
from hmac import compare_digest
from typing import Any, Self
from urllib.parse import parse_qs, unquote_plus

import orjson

from campaigns.partner.sandbox.state.store import Store

MAX_LIFE_SECONDS = 86_400


class Kind(StrEnum):
    NONE = "none"
    API_KEY = "api_key"
    OAUTH = "oauth"


class TokenMode(StrEnum):
    """The treatment of token requests, until another mode is set."""

    NORMAL = "normal"
    UNAVAILABLE = "unavailable"
    GARBAGE = "garbage"
    HANG = "hang"


class SignInError(ValueError):
    """The authentication asked for is invalid. The text says what to give instead."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """The authentication asked for. An API key is a bearer token in Authorization, else it is bare."""

    kind: Kind = Kind.NONE
    header: str = "Authorization"
    key: str = ""
    client_id: str = ""
    client_secret: str = ""
    life_seconds: int = 3_600
    token_mode: TokenMode = TokenMode.NORMAL

    @classmethod
    def read(cls, given: object) -> Self:
        """Return what the API's JSON object asks for. Raises SignInError."""
        names = {field.name for field in fields(cls)}
        if not isinstance(given, Mapping) or given.keys() - names:
            message = 'Give an object like {"kind": "api_key", "header": "api-key", "key": "..."}.'
            raise SignInError(message)
        try:
            kind = Kind(given.get("kind", ""))
            mode = TokenMode(given.get("token_mode", "normal"))
        except ValueError:
            message = (
                f"kind must be one of {', '.join(Kind)}, token_mode of {', '.join(TokenMode)}."
            )
            raise SignInError(message) from None
        life = given.get("life_seconds", 3_600)
        if type(life) is not int or not 0 <= life <= MAX_LIFE_SECONDS:
            message = f"life_seconds must be a whole number from 0 to {MAX_LIFE_SECONDS}."
            raise SignInError(message)
        texts = {name: _text(given, name) for name in ("key", "client_id", "client_secret")}
        header = _text(given, "header") or "Authorization"
        _require(kind, texts)
        return cls(kind, header, **texts, life_seconds=life, token_mode=mode)

    def as_json(self) -> dict[str, Any]:
        """Return all fields but the key and the secret."""
        shown = asdict(self)
        return {name: shown[name] for name in shown if name not in {"key", "client_secret"}}


class SignIn:
    """The authentication asked for and all token requests, stored in the ledger's file. Tokens are hashed."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def wanted(self) -> Wanted:
        with self._store.transaction() as db:
            row = db.execute("SELECT wanted FROM sign_in").fetchone()
        return Wanted.read(orjson.loads(row[0])) if row else Wanted()

    def want(self, wanted: Wanted) -> None:
        """Ask for this from now on. Tokens given before stay valid until they expire."""
        stored = orjson.dumps(asdict(wanted)).decode()
        with self._store.transaction() as db:
            db.execute("INSERT OR REPLACE INTO sign_in (id, wanted) VALUES (1, ?)", [stored])

    def admits(self, headers: Message) -> bool:
        """Return whether a create request has the authentication asked for."""
        wanted = self.wanted()
        shown = headers.get("Authorization", "")
        match wanted.kind:
            case Kind.NONE:
                return True
            case Kind.API_KEY if wanted.header.lower() != "authorization":
                return _same(headers.get(wanted.header, ""), wanted.key)
            case Kind.API_KEY:
                return _same(shown, f"Bearer {wanted.key}")
        with self._store.transaction() as db:
            found = db.execute(
                "SELECT 1 FROM token_request WHERE token_sha256 = ? AND expires_at > ?",
                [_hash(shown.removeprefix("Bearer ")), time.time()],
            ).fetchone()
        return shown.startswith("Bearer ") and found is not None

    def give_token(self, headers: Message, form: bytes) -> dict[str, Any] | str:
        """Return a token's JSON, or the `error` code of RFC 6749, section 5.2."""
        wanted = self.wanted()
        asked = {name: found[-1] for name, found in parse_qs(form.decode(errors="replace")).items()}
        if asked.get("grant_type") != "client_credentials":
            return self._refuse("unsupported_grant_type", 400)
        client_id, secret = _credentials(headers, asked)
        known = wanted.kind is Kind.OAUTH and _same(client_id, wanted.client_id)
        if not (known and _same(secret, wanted.client_secret)):
            return self._refuse("invalid_client", 401)
        token = secrets.token_urlsafe(32)
        self._record(200, _hash(token), time.time() + wanted.life_seconds)
        return {"access_token": token, "token_type": "Bearer", "expires_in": wanted.life_seconds}

    def failed(self, status: int | None) -> None:
        """Record a token request that gave no token."""
        self._record(status, None, None)

    def requests(self) -> list[dict[str, Any]]:
        """Return every token request, newest last, without the tokens."""
        with self._store.transaction() as db:
            rows = db.execute(
                "SELECT received_at, answer_status, expires_at FROM token_request ORDER BY id"
            ).fetchall()
        names = ("received_at", "answer_status", "expires_at")
        return [dict(zip(names, row, strict=True)) for row in rows]

    def _refuse(self, error: str, status: int) -> str:
        self._record(status, None, None)
        return error

    def _record(self, status: int | None, token: str | None, expires_at: float | None) -> None:
        with self._store.transaction() as db:
            db.execute(
                "INSERT INTO token_request (received_at, answer_status, token_sha256, expires_at) "
                "VALUES (?, ?, ?, ?)",
                [time.time(), status, token, expires_at],
            )


def _credentials(headers: Message, form: Mapping[str, str]) -> tuple[str, str]:
    """Return client id and secret from a Basic header, else from the form (section 2.3.1)."""
    scheme, _, encoded = headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "basic":
        return form.get("client_id", ""), form.get("client_secret", "")
    try:
        pair = base64.b64decode(encoded, validate=True).decode()
    except (Base64Error, UnicodeDecodeError):
        return "", ""
    client_id, _, secret = pair.partition(":")
    return unquote_plus(client_id), unquote_plus(secret)


def _require(kind: Kind, texts: Mapping[str, str]) -> None:
    needed = {Kind.API_KEY: ("key",), Kind.OAUTH: ("client_id", "client_secret")}.get(kind, ())
    if missing := [name for name in needed if not texts[name]]:
        message = f"{kind} needs {' and '.join(missing)}."
        raise SignInError(message)


def _text(given: Mapping[str, Any], name: str) -> str:
    value = given.get(name, "")
    if not isinstance(value, str):
        message = f"{name} must be a text."
        raise SignInError(message)
    return value


def _same(one: str, other: str) -> bool:
    return compare_digest(one.encode(), other.encode())


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
