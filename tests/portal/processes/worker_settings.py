"""The portal's settings for a worker that knows the tests' tasks too."""

from portal.settings import *  # noqa: F403
from portal.settings import CELERY_IMPORTS

CELERY_IMPORTS = [*CELERY_IMPORTS, "tests.portal.processes.tasks"]
