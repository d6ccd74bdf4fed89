"""Structured logs: one line for each event, with ids and states only, never a number, name or value."""

import sys
import traceback
from typing import Any

import structlog

_CHATTY = ("celery.beat", "celery.worker.strategy", "celery.app.trace")
_SHARED: list[Any] = [
    structlog.contextvars.merge_contextvars,
    structlog.stdlib.add_log_level,
    structlog.stdlib.add_logger_name,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
]


def configure(*, json: bool) -> dict[str, Any]:
    """Return Django's LOGGING: JSON for machines, or plain lines for a person at a terminal."""
    structlog.configure(
        processors=[*_SHARED, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )
    renderer = (
        structlog.processors.JSONRenderer()
        if json
        else structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty())
    )
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {
            "line": {
                "()": structlog.stdlib.ProcessorFormatter,
                "foreign_pre_chain": _SHARED,
                "processors": [
                    structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                    _traceback_without_values,
                    renderer,
                ],
            }
        },
        "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
        "root": {"handlers": ["stderr"], "level": "INFO"},
        "loggers": {
            "django.server": {"handlers": [], "propagate": True},
            "celery.redirected": {"level": "ERROR"},
            # A line for every task enqueued would hide the lines that matter.
            **{name: {"level": "WARNING"} for name in _CHATTY},
            "kombu.connection": {"level": "ERROR"},
            "phonenumbers": {"level": "ERROR"},
        },
    }


def _traceback_without_values(_logger: Any, _method: str, event: dict[str, Any]) -> dict[str, Any]:
    """Keep an exception's traceback but drop its text, because a database's text may quote a whole row."""
    found = event.pop("exc_info", None)
    if found is True:
        found = sys.exc_info()
    if event.get("logger") == "celery.app.trace" and event.get("level") in {"error", "critical"}:
        # Celery's own message contains the exception's text.
        event["event"] = "task failed"
    if isinstance(found, tuple) and found[1] is not None:
        event["error"] = type(found[1]).__name__
        event["event"] = _without_text(str(event.get("event", "")), found[1])
        event["at"] = [
            f"{frame.filename}:{frame.lineno}" for frame in traceback.extract_tb(found[2])[-20:]
        ]
    return event


def _without_text(sentence: str, problem: BaseException) -> str:
    """Return a log sentence in which an exception's text is replaced by the exception's type."""
    for text in (repr(problem), str(problem)):
        if text:
            sentence = sentence.replace(text, type(problem).__name__)
    return sentence
