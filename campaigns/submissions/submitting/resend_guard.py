"""The resend guard: a person must confirm calling people whom another campaign calls at about that time."""

from dataclasses import dataclass, replace

from django.db.models import QuerySet

from campaigns.drafts.models import Campaign
from campaigns.plurals import counted
from campaigns.submissions.models import Submission
from campaigns.submissions.submitting.shared_people import SharedPeople


@dataclass(frozen=True, slots=True)
class Confirmation:
    """A person's confirmation: the text typed, and the references of the submissions that were shown."""

    typed: str = ""
    seen: frozenset[str] = frozenset()


UNASKED = Confirmation()


@dataclass(frozen=True, slots=True)
class Earlier:
    """An earlier submission. `shared` is how many of the campaign's people it calls too."""

    submission: Submission
    shared: int

    def is_named_by(self, text: str) -> bool:
        """Return whether the text is its reference or its name, as a person would type it."""
        typed = " ".join(text.split()).strip("[]").casefold()
        name = " ".join(self.submission.name.split()).strip("[]").casefold()
        return typed in {self.submission.reference.casefold(), name}


@dataclass(frozen=True, slots=True)
class Overlap:
    """The number of a campaign's `people`, and of those `shared` with earlier submissions.

    `earlier` has these submissions, the one with the most shared people first. It is empty if no
    confirmation is needed. `limit_percent` is the client's limit, above which a person has to confirm.
    """

    people: int
    shared: int
    earlier: tuple[Earlier, ...]
    limit_percent: int

    @property
    def asks(self) -> bool:
        """Return whether a person has to confirm: above the client's limit, or if all people are shared."""
        above = self.shared * 100 > self.limit_percent * self.people
        return bool(self.shared) and (above or self.shared == self.people)

    @property
    def percent(self) -> int:
        """Return the share in whole percent. 0 and 100 mean exactly nobody and everybody."""
        if self.shared in {0, self.people}:
            return 100 if self.shared else 0
        return min(99, max(1, round(self.shared * 100 / self.people)))

    @property
    def named(self) -> Earlier:
        """Return the submission that the confirmation has to name."""
        return self.earlier[0]

    @property
    def confirmation_event(self) -> str:
        """Return the event to record when a person has confirmed."""
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
        """Return the confirmation of a person who has read all of this and wants to go on."""
        if not self.asks:
            return UNASKED
        return Confirmation(self.named.submission.reference, self.references)

    def is_confirmed_by(self, answer: Confirmation) -> bool:
        """Return whether `answer` confirms all of this, or no confirmation is needed."""
        if not self.asks:
            return True
        return self.references <= answer.seen and self.named.is_named_by(answer.typed)

    def require(self, answer: Confirmation) -> None:
        """Raise NotConfirmed if a confirmation is needed and `answer` does not confirm all of this."""
        if not self.is_confirmed_by(answer):
            raise NotConfirmed(self)


class NotConfirmed(Exception):
    """People of the campaign were submitted lately, and nobody has confirmed calling them again."""

    def __init__(self, overlap: Overlap) -> None:
        super().__init__()
        self.overlap = overlap


def overlap(campaign: Campaign, earlier: QuerySet[Submission]) -> Overlap:
    """Count the people that the campaign's lists share with the earlier submissions.

    Suppressed people are not counted. The submissions themselves are looked up only if a person has to
    confirm.
    """
    shared = SharedPeople(campaign, earlier)
    found = Overlap(*shared.totals(), (), campaign.client.resend_above_percent)
    if not found.asks:
        return found
    counts = shared.each()
    submissions = Submission.objects.select_related("submitted_by").in_bulk(counts)
    asked = [Earlier(submission, counts[pk]) for pk, submission in submissions.items()]
    asked.sort(key=lambda one: (-one.shared, -one.submission.pk))
    return replace(found, earlier=tuple(asked))
