"""The WSGI entry point for gunicorn."""

import os
import sys

from django.core.exceptions import ImproperlyConfigured
from django.core.wsgi import get_wsgi_application

# With this exit code of a worker gunicorn stops, in place of starting another one again and again.
CANNOT_BOOT = 3

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")
try:
    application = get_wsgi_application()
except ImproperlyConfigured as problem:
    print(problem, file=sys.stderr)
    sys.exit(CANNOT_BOOT)
