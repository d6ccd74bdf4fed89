"""Django settings: one file for all environments, set by environment variables (docs/settings.md)."""

from pathlib import Path
from typing import Any

import dj_database_url
import django_stubs_ext
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured

from portal import env, logs
from portal.processes import queues

django_stubs_ext.monkeypatch()

BASE_DIR = Path(__file__).resolve().parent.parent
DATA_DIR = env.folder("PORTAL_DATA_DIR", BASE_DIR / "var")

# --- Web ------------------------------------------------------------------------------------------

DEBUG = env.flag("PORTAL_DEBUG", default=False)
SECRET_KEY = env.secret("PORTAL_SECRET_KEY", DATA_DIR / "secret_key")
# Keys for values that must be unreadable in a stolen database. The first encrypts, the others only decrypt.
ENCRYPTION_KEYS = env.keys("PORTAL_ENCRYPTION_KEYS", DATA_DIR / "encryption_key")
PORT = env.whole("PORTAL_PORT", 8000, least=1, most=65535)
ALLOWED_HOSTS = env.words("PORTAL_HOSTS", "localhost,127.0.0.1,[::1]")
CSRF_TRUSTED_ORIGINS = env.words("PORTAL_TRUSTED_ORIGINS")

# On everywhere but on loopback: `make run` turns it off, because there is no proxy that ends TLS.
HTTPS = env.flag("PORTAL_HTTPS", default=True)
SECURE_SSL_REDIRECT = HTTPS
SECURE_REDIRECT_EXEMPT = [r"^healthz$"]
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = HTTPS
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
if env.flag("PORTAL_BEHIND_PROXY", default=False):
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")

SESSION_COOKIE_AGE = 12 * 60 * 60
CSRF_COOKIE_HTTPONLY = True
CSRF_FAILURE_VIEW = "portal.pages.errors.csrf_failure"
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
    }
}

ROOT_URLCONF = "portal.urls"
WSGI_APPLICATION = "portal.wsgi.application"

INSTALLED_APPS = [
    "portal",
    "campaigns.partner",
    "campaigns.clients",
    "campaigns.uploads",
    "campaigns.suppression",
    "campaigns.contacts",
    "campaigns.drafts",
    "campaigns.submissions",
    "campaigns.results",
    "whitenoise.runserver_nostatic",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "django.forms",
    "allauth",
    "allauth.account",
    "csp",
    "django_filters",
    "django_htmx",
    "django_tables2",
    "django_include_bootstrap",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "portal.accounts.sign_in.SignInKeepingWhatWasTyped",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "portal.accounts.htmx.SignInAsAPage",
]

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "portal.pages.context.frame",
            ],
            "builtins": ["portal.templatetags.sizes", "campaigns.template_filters"],
        },
    }
]

FORM_RENDERER = "portal.pages.form_renderer.FormRenderer"
DJANGO_TABLES2_TEMPLATE = "portal/table.html"
# Bootstrap's class names for the levels of Django's messages.
MESSAGE_TAGS = {10: "secondary", 20: "info", 25: "success", 30: "warning", 40: "danger"}

LANGUAGE_CODE = "en-gb"
TIME_ZONE = "Europe/London"
USE_TZ = True
USE_I18N = True

# --- Sign-in --------------------------------------------------------------------------------------

AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
        "NumericPasswordValidator",
    )
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "home"
ACCOUNT_ADAPTER = "portal.accounts.sign_in.ClosedToSignUp"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_LOGOUT_REDIRECT_URL = LOGIN_URL
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_FORMS = {"login": "portal.accounts.sign_in.SignInForm"}

# --- Data -----------------------------------------------------------------------------------------

DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
DATABASES: dict[str, Any] = {
    "default": dj_database_url.parse(
        env.url(
            "PORTAL_DATABASE_URL",
            f"sqlite:///{DATA_DIR / 'portal.sqlite3'}",
            schemes=("postgres", "postgresql", "sqlite"),
        ),
        conn_max_age=0,
    )
}
# IMMEDIATE makes a writer wait at the start of its transaction, where waiting is possible, instead of
# failing halfway. FULL makes a committed claim survive a power cut. The cache (16,000 KiB instead of the
# default 2,000) holds the index to which an import writes in random order: measured, in half the time.
SQLITE_OPTIONS = {
    "transaction_mode": "IMMEDIATE",
    "timeout": 30,
    "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA cache_size=-16000;",
}
# Seconds that a transaction may be idle. A process that hangs within a transaction would lock its rows
# until its task's limit. No transaction waits for the network or for a person, so none is idle so long.
DATABASE_IDLE_LIMIT = env.whole("PORTAL_DATABASE_IDLE_LIMIT", 60, least=1)
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    DATABASES["default"]["OPTIONS"] = SQLITE_OPTIONS
    # A file and not memory, because the tests' workers are processes of their own.
    DATABASES["default"]["TEST"] = {"NAME": str(DATA_DIR / "test.sqlite3")}
else:
    DATABASES["default"].setdefault("OPTIONS", {}).setdefault(
        "options", f"-c idle_in_transaction_session_timeout={DATABASE_IDLE_LIMIT}s"
    )

# The journal belongs to this machine, not to the database, and must not be in a backup (docs/operating.md).
JOURNAL_DIR = DATA_DIR / "journal"

STATIC_URL = "static/"
STATIC_ROOT = DATA_DIR / "static"
STATICFILES_DIRS = [BASE_DIR / "static"]
MEDIA_ROOT = DATA_DIR / "files"
# Static files are compressed only with HTTPS. It takes half a minute at every start and is no use on one
# machine.
_STATIC_FILES = (
    "whitenoise.storage.CompressedManifestStaticFilesStorage"
    if HTTPS
    else "django.contrib.staticfiles.storage.ManifestStaticFilesStorage"
)
STORAGES = {
    "default": {"BACKEND": "portal.files.WholeFiles"},
    "staticfiles": {"BACKEND": _STATIC_FILES},
}

# Uploads of any size go to disk, never to memory.
FILE_UPLOAD_HANDLERS = ["portal.files.UploadHandler"]
FILE_UPLOAD_PERMISSIONS = 0o600
DATA_UPLOAD_MAX_NUMBER_FIELDS = 5_000
UPLOAD_MAX_BYTES = env.whole("PORTAL_UPLOAD_MAX_BYTES", 200_000_000, least=1)
UPLOAD_MAX_ROWS = env.whole("PORTAL_UPLOAD_MAX_ROWS", 2_000_000, least=1)
# The national do-not-call registers have about 20 million rows, each with nothing but a number.
SUPPRESSION_MAX_ROWS = env.whole("PORTAL_SUPPRESSION_MAX_ROWS", 25_000_000, least=1)

# --- Work in the background -----------------------------------------------------------------------

BROKER_DIR = DATA_DIR / "broker"
CELERY_BROKER_URL = env.url(
    "PORTAL_BROKER_URL", "filesystem://", schemes=("redis", "rediss", "filesystem")
)
CELERY_IMPORTS = ["portal.processes.heartbeat"]
CELERY_TASK_DEFAULT_QUEUE = queues.DEFAULT
CELERY_TASK_QUEUES = queues.QUEUES
CELERY_TASK_ROUTES = queues.ROUTES
CELERY_TASK_IGNORE_RESULT = True
# Seconds, for a task without a limit of its own. When they are over its process is killed and replaced.
CELERY_TASK_TIME_LIMIT = env.whole("PORTAL_TASK_LIMIT", 4 * 60 * 60, least=1)
CELERY_TASK_ACKS_LATE = False
CELERY_TASK_PUBLISH_RETRY = False
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_DISABLE_PREFETCH = CELERY_BROKER_URL.startswith("redis")
CELERY_WORKER_SOFT_SHUTDOWN_TIMEOUT = 30.0
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_WORKER_SEND_TASK_EVENTS = False
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
# Retry without end. By default a worker gives up after a hundred tries, which take most of an hour.
CELERY_BROKER_CONNECTION_MAX_RETRIES = None
CELERY_TIMEZONE = "UTC"
CELERY_BEAT_SCHEDULE_FILENAME = str(DATA_DIR / "beat-schedule")
if CELERY_BROKER_URL.startswith("filesystem"):
    # Not a prefork pool: its children would share a lock here, and a child that is killed never releases it.
    CELERY_WORKER_POOL = "solo"
    for name in ("messages", "control"):
        (BROKER_DIR / name).mkdir(parents=True, exist_ok=True)
    CELERY_BROKER_TRANSPORT_OPTIONS: dict[str, Any] = {
        "data_folder_in": str(BROKER_DIR / "messages"),
        "data_folder_out": str(BROKER_DIR / "messages"),
        "control_folder": str(BROKER_DIR / "control"),
        "polling_interval": 0.2,
    }
else:
    CELERY_BROKER_TRANSPORT_OPTIONS = {
        "socket_timeout": 5.0,
        "socket_connect_timeout": 3.0,
        "visibility_timeout": 3_600,
    }

# --- The partner ----------------------------------------------------------------------------------

SANDBOX_PORT = env.whole("PORTAL_SANDBOX_PORT", 8001, least=1, most=65535)
SANDBOX_URL = env.url(
    "PORTAL_SANDBOX_URL", f"http://127.0.0.1:{SANDBOX_PORT}", schemes=("http", "https")
)
# Host names, or .example.com for all hosts under it. Campaigns are sent only to these and to a sandbox.
PARTNER_HOSTS = env.words("PORTAL_PARTNER_HOSTS")
SANDBOX_LEDGER = DATA_DIR / "sandbox-ledger.sqlite3"

# A submission that is larger than this in one request is sent as several campaigns.
MOST_REQUEST_BYTES = env.whole("PORTAL_MOST_REQUEST_BYTES", 20_000_000, least=100_000)

# Seconds. PARTNER_CONNECT_TIMEOUT, PARTNER_DEADLINE, DELIVERY_TASK_LIMIT and DELIVERY_DEAD_AFTER must be in
# this order (docs/settings.md): the connection is given up first, then the whole exchange, then the task.
# Only then may the sweeper take the delivery for dead.
PARTNER_CONNECT_TIMEOUT = env.seconds("PORTAL_PARTNER_CONNECT_TIMEOUT", 10, least=0.1)
PARTNER_TOKEN_TIMEOUT = env.seconds("PORTAL_PARTNER_TOKEN_TIMEOUT", 30, least=0.1)
PARTNER_DEADLINE = env.seconds("PORTAL_PARTNER_DEADLINE", 600, least=0.1)
DELIVERY_TASK_LIMIT = env.whole("PORTAL_DELIVERY_TASK_LIMIT", 720, least=1)
FREEZE_TASK_LIMIT = env.whole("PORTAL_FREEZE_TASK_LIMIT", 1_800, least=1)
SWEEP_TASK_LIMIT = env.whole("PORTAL_SWEEP_TASK_LIMIT", 300, least=1)
DELIVERY_DEAD_AFTER = env.seconds("PORTAL_DELIVERY_DEAD_AFTER", 900, least=0.3)
SETTLE_AFTER = env.seconds("PORTAL_SETTLE_AFTER", 900, least=0.1)
QUEUE_DUE_EVERY = env.seconds("PORTAL_QUEUE_DUE_EVERY", 3, least=0.5)
SWEEP_EVERY = env.seconds("PORTAL_SWEEP_EVERY", 30, least=0.5)
# Queues and the sweeper record a heartbeat every SWEEP_EVERY seconds. One that is silent for this many
# seconds counts as dead.
HEARTBEAT_LATE_AFTER = env.seconds("PORTAL_HEARTBEAT_LATE_AFTER", 120, least=1)

if not PARTNER_CONNECT_TIMEOUT < PARTNER_DEADLINE < DELIVERY_TASK_LIMIT < DELIVERY_DEAD_AFTER:
    message = (
        "PORTAL_PARTNER_CONNECT_TIMEOUT, PORTAL_PARTNER_DEADLINE, PORTAL_DELIVERY_TASK_LIMIT and "
        "PORTAL_DELIVERY_DEAD_AFTER must each be longer than the one before."
    )
    raise ImproperlyConfigured(message)
if HEARTBEAT_LATE_AFTER <= SWEEP_EVERY:
    message = "PORTAL_HEARTBEAT_LATE_AFTER must be longer than PORTAL_SWEEP_EVERY."
    raise ImproperlyConfigured(message)

# When people are e-mailed about a submission that needs checking, in seconds after it came to that.
NEEDS_CHECKING_MAIL_AFTER = env.many_seconds("PORTAL_NEEDS_CHECKING_MAIL_AFTER", "0,3600,14400")
# If held, nothing is sent until an administrator resumes dispatch (docs/operating.md).
DISPATCH_HELD = env.choice("PORTAL_DISPATCH", "on", among=("on", "held")) == "held"

CELERY_BEAT_SCHEDULE = queues.schedule(QUEUE_DUE_EVERY, SWEEP_EVERY)

# --- E-mail ---------------------------------------------------------------------------------------

# The base URL of links in e-mails.
PUBLIC_URL = env.url("PORTAL_PUBLIC_URL", f"http://127.0.0.1:{PORT}", schemes=("http", "https"))
EMAIL_HOST = env.text("PORTAL_EMAIL_HOST")
EMAIL_PORT = env.whole("PORTAL_EMAIL_PORT", 587, least=1, most=65535)
EMAIL_HOST_USER = env.text("PORTAL_EMAIL_USER")
EMAIL_HOST_PASSWORD = env.text("PORTAL_EMAIL_PASSWORD")
_SECURITY = env.choice("PORTAL_EMAIL_SECURITY", "starttls", among=("starttls", "tls", "none"))
EMAIL_USE_TLS, EMAIL_USE_SSL = _SECURITY == "starttls", _SECURITY == "tls"
EMAIL_TIMEOUT = 10
DEFAULT_FROM_EMAIL = SERVER_EMAIL = env.text("PORTAL_EMAIL_FROM", "voice-portal@localhost")
# Without an e-mail server each e-mail is written to a file.
EMAIL_FILE_PATH = DATA_DIR / "mail"
EMAIL_BACKEND = "django.core.mail.backends." + (
    "smtp.EmailBackend" if EMAIL_HOST else "filebased.EmailBackend"
)

# --- Logs -----------------------------------------------------------------------------------------

LOGGING = logs.configure(json=env.flag("PORTAL_LOG_JSON", default=True))
