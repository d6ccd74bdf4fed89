"""Enqueue the tasks of submissions by their names.

The module with the tasks imports nearly everything else, so importing it here would be circular.
"""

from campaigns.enqueue import enqueue


def freeze(submission_id: int) -> None:
    """Enqueue a freeze once the transaction under way is committed."""
    enqueue("campaigns.submissions.tasks.freeze", submission_id)


def delivery(delivery_id: int) -> None:
    """Enqueue a delivery once the transaction under way is committed."""
    enqueue("campaigns.submissions.tasks.deliver", delivery_id)
