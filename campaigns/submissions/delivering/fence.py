"""The fence: the point of no return, between the connection to the partner and the body's first byte.

Everything that forbids sending is checked there once more, in the database, and what passes it counts as
sent. The journal is written first, so that this is also known outside the database.
"""

import structlog
from django.db import InterfaceError, InternalError, OperationalError, connections

from campaigns.partner.client import FenceFailed, FenceLost
from campaigns.submissions.delivering import journal, sending_notes
from campaigns.submissions.models import Delivery

log = structlog.get_logger(__name__)

# Exceptions of a database that is away, locked, cut off, or read-only after a failover.
DATABASE_FAILED = (OperationalError, InterfaceError, InternalError)


class Fence:
    """The fence of one delivery. It is called once, when the connection to the partner is up.

    It closes the database connections at the end, so that none is held during the upload. `has_begun`
    says that the journal has the intent to send. `is_anothers` says that another worker is sending this
    very delivery: a database that had lost the first claim has given it to a second worker.
    """

    def __init__(self, delivery: Delivery) -> None:
        self._delivery = delivery
        self.has_begun = False
        self.is_anothers = False

    def __call__(self) -> None:
        try:
            passed = self._delivery.pass_fence(self._begin)
            if passed:
                sending_notes.write(self._delivery)
        except sending_notes.Taken:
            self.is_anothers = True
            raise FenceLost from None
        except (*DATABASE_FAILED, OSError, journal.NotWritten) as problem:
            log.warning(
                "the fence failed", delivery=self._delivery.pk, error=type(problem).__name__
            )
            raise FenceFailed from None
        finally:
            connections.close_all()
        if not passed:
            raise FenceLost

    def _begin(self) -> None:
        journal.begin(self._delivery)
        self.has_begun = True
