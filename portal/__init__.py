"""The frame around the apps of campaigns: settings, URLs, sign-in, home page, health, processes."""

import os
import sys
from types import TracebackType

from django.core.exceptions import ImproperlyConfigured

from portal.celery import app as celery_app

__all__ = ["celery_app"]

# Every process imports this module first. Files that it then writes are for its own user only.
os.umask(0o077)


def _say_what_is_configured_wrongly(
    kind: type[BaseException], error: BaseException, trace: TracebackType | None
) -> None:
    """End a process with one line, in place of a traceback, if a setting is wrong."""
    if isinstance(error, ImproperlyConfigured):
        print(error, file=sys.stderr)
    else:
        sys.__excepthook__(kind, error, trace)


sys.excepthook = _say_what_is_configured_wrongly
