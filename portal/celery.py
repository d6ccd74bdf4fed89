"""The Celery application. Tasks carry ids only; the database row is the truth and a task a doorbell."""

import os
from typing import Any

from celery import Celery
from celery.signals import celeryd_init, setup_logging

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")

app = Celery("portal")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


@setup_logging.connect
def keep_the_portals_logging(**_: Any) -> None:
    """Celery would install handlers of its own, which print a task's arguments."""


@celeryd_init.connect
def wait_longer_than_a_page(conf: Any, **_: Any) -> None:
    """Give a worker more patience with the broker than a page may have."""
    from django.conf import settings

    if settings.CELERY_BROKER_URL.startswith("redis"):
        conf.broker_transport_options = (
            settings.CELERY_BROKER_TRANSPORT_OPTIONS | settings.WORKER_BROKER_PATIENCE
        )
