"""The portal's settings, with a Redis that gives a message to another worker after three seconds."""

from portal.settings import *  # noqa: F403
from portal.settings import CELERY_BROKER_TRANSPORT_OPTIONS

CELERY_BROKER_TRANSPORT_OPTIONS |= {"visibility_timeout": 3}
