"""Decide where the portal may send to. No other host ever receives a number, a key or a secret.

The decision is made when an address is saved, and again just before each connection, because the row may
have been changed by other means in between.
"""

import re
from dataclasses import dataclass
from ipaddress import ip_address
from typing import Self

from django.conf import settings
from django.utils.http import is_same_domain

# This pattern alone reads the whole address, so that no two parsers can disagree about where the
# host ends. It allows no user and password, no fragment, no backslash, no blank and no character
# beyond ASCII.
_ADDRESS = re.compile(
    r"(?P<scheme>https?)://"
    r"(?:(?P<name>[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?)|\[(?P<v6>[0-9a-f:.]+)\])"
    r"(?::(?P<port>[0-9]{1,5}))?"
    r"(?P<path>/[a-z0-9._~!$&'()*+,;=:@%/-]*)?"
    r"(?:\?[a-z0-9._~!$&'()*+,;=:@%/?-]*)?",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Address:
    scheme: str
    host: str
    port: int
    path: str

    @classmethod
    def read(cls, url: str) -> Self | None:
        """Return the parts of an address, or None if the text is not a plain web address."""
        found = _ADDRESS.fullmatch(url)
        if not found or (found["port"] and not 0 < int(found["port"]) < 65536):
            return None
        scheme = found["scheme"].lower()
        port = int(found["port"] or (443 if scheme == "https" else 80))
        return cls(scheme, (found["name"] or found["v6"]).lower(), port, found["path"] or "")

    @property
    def is_loopback(self) -> bool:
        try:
            return self.host == "localhost" or ip_address(self.host).is_loopback
        except ValueError:
            return False


def refusal(url: str, *, sandbox: bool) -> str:
    """Return a sentence that says why the portal may not send to `url`, or "" if it may.

    `sandbox` is for an account that calls nobody. The sentence contains the host but no other part of the
    address, which could contain a secret.
    """
    address = Address.read(url)
    if address is None:
        return (
            "Use a full address, such as https://api.example.com, without a username or password."
        )
    if sandbox and is_sandbox(url):
        return ""
    if address.scheme != "https":
        return "Use an address that starts with https://."
    if not any(is_same_domain(address.host, allowed.lower()) for allowed in settings.PARTNER_HOSTS):
        return (
            f"The portal is not allowed to send to {address.host[:60]}. If this is the partner's address, "
            "add it to PORTAL_PARTNER_HOSTS."
        )
    return ""


def is_sandbox(url: str) -> bool:
    """Return whether a sandbox may be there: on this machine, or on the host in SANDBOX_URL."""
    address, sandbox = Address.read(url), Address.read(settings.SANDBOX_URL)
    if address is None:
        return False
    return address.is_loopback or (sandbox is not None and address.host == sandbox.host)


def has_no_path(url: str) -> bool:
    address = Address.read(url)
    return address is not None and not address.path and "?" not in url
