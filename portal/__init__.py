"""The frame around the apps of campaigns: settings, URLs, sign-in, home page, health, processes."""

import os

from portal.celery import app as celery_app

__all__ = ["celery_app"]

# Every process imports this module first. Files that it then writes are for its own user only.
os.umask(0o077)
