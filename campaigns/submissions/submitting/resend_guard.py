"""The resend guard: people whom another campaign calls these days are called again only if confirmed."""

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from campaigns.counted import counted
from campaigns.drafts.models import Campaign
from campaigns.submissions.submitting.shared_people import SharedPeople

if TYPE_CHECKING:
    from campaigns.submissions.models import Submission
    from campaigns.submissions.models.queries import SubmissionQuerySet


@dataclass(frozen=True, slots=True)
class Confirmation:
    """What a person answers: the text typed, and the references of the submissions shown."""

    typed: str = ""
    seen: frozenset[str] = frozenset()


UNASKED = Confirmation()


@dataclass(frozen=True, slots=True)
class Earlier:
    """A submission with `shared` of the people asked about."""

    submission: "Submission"
    shared: int

    def is_named_by(self, text: str) -> bool:
        """Say whether the text is its reference, or its name, as a person would type it."""
        typed = " ".join(text.split()).strip("[]").casefold()
        name = " ".join(self.submission.name.split()).strip("[]").casefold()
        return typed in {self.submission.reference.casefold(), name}


@dataclass(frozen=True, slots=True)
class Overlap:
    """How many of a campaign's `people` are `shared` with earlier submissions.

    `earlier` are those, the most shared first; empty where nothing is asked.
    """

    people: int
    shared: int
    earlier: tuple[Earlier, ...]
    limit_percent: int

    @property
    def asks(self) -> bool:
        """Say whether a person has to confirm it: above the client's limit, or all of them."""
        above = self.shared * 100 > self.limit_percent * self.people
        return bool(self.shared) and (above or self.shared == self.people)

    @property
    def percent(self) -> int:
        """Return the share in whole percent: 0 and 100 only where it is none and all."""
        if self.shared in {0, self.people}:
            return 100 if self.shared else 0
        return min(99, max(1, round(self.shared * 100 / self.people)))

    @property
    def named(self) -> Earlier:
        """Return the submission that the confirmation has to name."""
        return self.earlier[0]

    @property
    def confirmation_event(self) -> str:
        """Return what the history says of whoever confirmed it."""
        named = self.named.submission
        others = len(self.earlier) - 1
        also = f" and {counted(others, 'other submission')}" if others else ""
        return (
            f"Confirmed that {self.shared:,} of {self.people:,} people were submitted before, "
            f"in “{named.name}” [{named.reference}]{also}."
        )

    @property
    def references(self) -> frozenset[str]:
        return frozenset(each.submission.reference for each in self.earlier)

    @property
    def confirmed(self) -> Confirmation:
        """Return what whoever has read it, and means it all the same, answers."""
        if not self.asks:
            return UNASKED
        return Confirmation(self.named.submission.reference, self.references)

    def require(self, answer: Confirmation) -> None:
        """Raise NotConfirmed unless nothing is asked, or the answer is to all of this."""
        if not self.asks:
            return
        if not (self.references <= answer.seen and self.named.is_named_by(answer.typed)):
            raise NotConfirmed(self)


class NotConfirmed(Exception):
    """People of the campaign were submitted lately, and nobody has confirmed that it is meant."""

    def __init__(self, overlap: Overlap) -> None:
        super().__init__()
        self.overlap = overlap


def overlap(campaign: Campaign, earlier: "SubmissionQuerySet") -> Overlap:
    """Count whom the campaign's lists share with the earlier submissions, without the suppressed.

    Which of the submissions it is, is looked up only where that has to be asked about.
    """
    shared = SharedPeople(campaign, earlier)
    found = Overlap(*shared.totals(), (), campaign.client.resend_above_percent)
    if not found.asks:
        return found
    counts = shared.each()
    submissions = earlier.model.objects.select_related("submitted_by").in_bulk(counts)
    asked = [Earlier(submission, counts[pk]) for pk, submission in submissions.items()]
    asked.sort(key=lambda one: (-one.shared, -one.submission.pk))
    return replace(found, earlier=tuple(asked))
