"""The frame around the campaign rooms: settings, URLs, sign-in, home page, health, processes."""

from portal.celery import app as celery_app

__all__ = ["celery_app"]
