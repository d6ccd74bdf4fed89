"""What an approver is shown beside the frozen campaign itself."""

from dataclasses import dataclass

from campaigns.drafts.preflight import Problem, Tier, dial_plan, of_tier
from campaigns.drafts.preflight.dial_plan import Planned
from campaigns.drafts.views import saving
from campaigns.submissions.approval import examples
from campaigns.submissions.approval.examples import Example
from campaigns.submissions.models import Submission
from campaigns.submissions.review.review import calls_on, windows_of
from campaigns.submissions.submitting.resend_guard import Overlap
from campaigns.submissions.submitting.resend_question import overlap_of


@dataclass(frozen=True, slots=True)
class Decision:
    """The facts for an approver's decision.

    `problems` are the blocking ones of today, since the start may have come near after the submission.
    The warnings from the time of the submission are stored with it. If `is_whole` is False, the
    submission can't be approved: its frozen bytes are damaged or gone.
    """

    title: str
    windows: list[str]
    numbers: int
    repeated: int
    suppressed: int
    problems: list[Problem]
    overlap: Overlap
    plan: Planned | None
    examples: list[Example]
    is_whole: bool


def decision(submission: Submission) -> Decision | None:
    """Return what to show before a submission is approved; None if it does not await approval."""
    if submission.state != Submission.State.AWAITING_APPROVAL:
        return None
    parts = list(submission.parts.all())
    numbers = sum(part.number_count for part in parts)
    campaign = submission.own_campaign
    content = campaign.content()
    return Decision(
        calls_on(content, numbers),
        windows_of(content),
        numbers,
        sum(part.repeated_count for part in parts),
        sum(part.suppressed_count for part in parts),
        of_tier(Tier.BLOCKING, saving.problems_of(campaign)),
        overlap_of(campaign),
        dial_plan.of_content(content, numbers),
        examples.of(submission),
        submission.is_whole,
    )
