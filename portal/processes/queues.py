"""The queues of the background work: which task goes into which, and how often beat sends one."""

from typing import Any

from kombu import Exchange, Queue

# Each queue has a worker of its own: sweeps, which start and clear up deliveries, must not wait behind
# deliveries, and freezes must not wait behind an import.
NAMES = ("deliveries", "sweeps", "freezes", "bulk")
# The queue of every task that ROUTES does not name.
DEFAULT = "bulk"
QUEUES = [Queue(name, Exchange(name), routing_key=name) for name in NAMES]
ROUTES = {
    "*.tasks.deliver": {"queue": "deliveries"},
    "*.tasks.freeze": {"queue": "freezes"},
    "*.tasks.queue_due": {"queue": "sweeps"},
    "*.tasks.sweep": {"queue": "sweeps"},
    "*.tasks.write_of_doubts": {"queue": "sweeps"},
    "*.tasks.write_of_expiries": {"queue": "sweeps"},
}


def schedule(queue_due_every: float, sweep_every: float) -> dict[str, dict[str, Any]]:
    """Return what beat sends, and every how many seconds."""
    sweeps = {
        "sweep submissions": "campaigns.submissions.tasks.sweep",
        "write of doubts": "campaigns.submissions.tasks.write_of_doubts",
        "write of expiries": "campaigns.submissions.tasks.write_of_expiries",
        "sweep imports": "campaigns.contacts.tasks.sweep",
        "sweep suppression": "campaigns.suppression.tasks.sweep",
        "sweep results": "campaigns.results.tasks.sweep",
    }
    return {
        "queue due submissions": {
            "task": "campaigns.submissions.tasks.queue_due",
            "schedule": queue_due_every,
        },
        **{name: {"task": task, "schedule": sweep_every} for name, task in sweeps.items()},
        **{
            f"heartbeat of {queue}": {
                "task": "portal.heartbeat",
                "schedule": sweep_every,
                "options": {"queue": queue, "expires": sweep_every},
            }
            for queue in NAMES
        },
    }
