"""The portal's settings for a worker that also knows the tests' tasks."""

from portal.settings import *  # noqa: F403
from portal.settings import CELERY_IMPORTS

CELERY_IMPORTS = [*CELERY_IMPORTS, "tests.portal.processes.tasks"]
