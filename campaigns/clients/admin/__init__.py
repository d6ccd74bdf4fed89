"""Django's admin for clients. Every change that is made in it is recorded as an event."""

from campaigns.clients.admin import pages  # noqa: F401
