"""Enqueue what workers do for submissions, by the names of the tasks, which import everything else."""

from campaigns.enqueue import enqueue


def freeze(submission_id: int) -> None:
    """Enqueue a freeze once the transaction under way is committed."""
    enqueue("campaigns.submissions.tasks.freeze", submission_id)


def delivery(delivery_id: int) -> None:
    """Enqueue a delivery once the transaction under way is committed."""
    enqueue("campaigns.submissions.tasks.deliver", delivery_id)
