"""The resend guard on pages: the question of the review, its answer, and what an approver sees."""

from dataclasses import dataclass

from django.http import HttpRequest

from campaigns.drafts.models import Campaign
from campaigns.submissions.models import queries
from campaigns.submissions.submitting import resend_guard
from campaigns.submissions.submitting.resend_guard import Confirmation, Overlap

TYPED, SEEN = "resend_confirm", "resend_seen"
FIELD_ID = f"id_{TYPED}"
# The longest typed answer, in characters, that is read. Names are shorter.
LONGEST = 200


def answer_in(request: HttpRequest) -> Confirmation:
    """Return the answer that was posted with the form; an empty one if there is none."""
    seen = frozenset(request.POST.get(SEEN, "")[:10_000].split())
    return Confirmation(_typed(request), seen)


@dataclass(frozen=True, slots=True)
class Question:
    """The question whether people whom another campaign calls too are to be called again.

    `error` says what is wrong with the `typed` answer, or is "" if nothing is.
    """

    overlap: Overlap
    typed: str
    error: str
    field_id: str = FIELD_ID


def ask(request: HttpRequest, campaign: Campaign, *, is_posted: bool) -> Question | None:
    """Return the question about people whom another campaign calls too; None if none is needed."""
    overlap = overlap_of(campaign)
    if not overlap.asks:
        return None
    is_wrong = is_posted and not overlap.is_confirmed_by(answer_in(request))
    return Question(overlap, _typed(request), _error(request, overlap) if is_wrong else "")


def overlap_of(campaign: Campaign) -> Overlap:
    return resend_guard.overlap(campaign, queries.earlier(campaign))


def _typed(request: HttpRequest) -> str:
    return request.POST.get(TYPED, "").strip()[:LONGEST]


def _error(request: HttpRequest, overlap: Overlap) -> str:
    wanted = overlap.named.submission.reference
    if not _typed(request):
        return (
            f"{overlap.percent} % of these people are in another campaign that was sent in the last "
            f"24 hours or is due to be sent. To call them again, type the reference {wanted}."
        )
    if overlap.named.is_named_by(_typed(request)):
        return (
            "Another campaign with these people has just been submitted. Check it. To call these "
            "people again, submit again."
        )
    return f"That is not the earlier submission’s reference. Type {wanted}, or its name."
