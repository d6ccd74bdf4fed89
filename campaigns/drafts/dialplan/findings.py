"""The findings about a plan. Each one has its facts, and a sentence for people.

Their instants are in the client's zone. A warning is something that a person should correct or know
before the campaign is submitted. The other findings describe how the calls go.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import ClassVar

from campaigns.drafts.dialplan import wording
from campaigns.drafts.dialplan.plan import DayHours


class Closed(StrEnum):
    """Why no call is made at an instant."""

    BEFORE = "before the window opens"
    BETWEEN = "between two windows"
    AFTER = "after the window closes"
    NO_WINDOW = "a day without a window"


@dataclass(frozen=True, slots=True)
class TooShort:
    """The windows end before everybody has been called once."""

    kind: ClassVar = "too_short"
    is_warning: ClassVar = True
    open_time: timedelta
    needed: timedelta
    called: int
    people: int
    lines: int
    seconds: int

    @property
    def sentence(self) -> str:
        return (
            f"The calling windows are too short for the list. They are open for "
            f"{wording.span(self.open_time)} in total, but calling {wording.people(self.people)} once "
            f"takes about {wording.span(self.needed)} with {wording.lines(self.lines)} and "
            f"{wording.seconds(self.seconds)} a call. About {self.called:,} will be called."
        )


@dataclass(frozen=True, slots=True)
class Moves:
    """A call falls due while no window is open, and is made when the next one opens."""

    kind: ClassVar = "moves"
    is_warning: ClassVar = False
    attempt: int
    of_the_last: bool
    due: datetime
    closed: Closed
    at: datetime

    @property
    def sentence(self) -> str:
        what = f"Attempt {self.attempt}"
        if self.of_the_last:
            what = f"For the last numbers, attempt {self.attempt}"
        due, at = wording.moment(self.due), wording.moment(self.at)
        return f"{what} is due at {due}, {self.closed}, so it moves to {at}."


@dataclass(frozen=True, slots=True)
class WaitsForRound:
    """An interval ends before everybody has been called in the attempt before."""

    kind: ClassVar = "waits_for_round"
    is_warning: ClassVar = False
    attempt: int
    due: datetime
    at: datetime

    @property
    def sentence(self) -> str:
        return (
            f"Attempt {self.attempt} is due at {wording.moment(self.due)}, but attempt "
            f"{self.attempt - 1} still uses all lines then. Attempt {self.attempt} starts at "
            f"{wording.moment(self.at)}."
        )


@dataclass(frozen=True, slots=True)
class GoesOn:
    """A round is not over when a day's calling ends, and continues on another day."""

    kind: ClassVar = "goes_on"
    is_warning: ClassVar = False
    attempt: int
    begins: datetime
    ends: datetime

    @property
    def sentence(self) -> str:
        return (
            f"Attempt {self.attempt} does not finish on {wording.day(self.begins)}. Its last number "
            f"is called at {wording.moment(self.ends)}."
        )


@dataclass(frozen=True, slots=True)
class ReachesSome:
    """The windows end before an attempt has reached everybody. For the first attempt see TooShort."""

    kind: ClassVar = "reaches_some"
    is_warning: ClassVar = True
    attempt: int
    called: int
    people: int

    @property
    def sentence(self) -> str:
        return (
            f"Attempt {self.attempt} calls about {self.called:,} of {wording.people(self.people)} "
            "before the last window closes. The others are not called in this attempt."
        )


@dataclass(frozen=True, slots=True)
class WillNotHappen:
    """The attempts from `first` to `last` fall after the last window.

    `due` is when the first of them would fall, or None if the attempt before it has not called everybody
    by then.
    """

    kind: ClassVar = "will_not_happen"
    is_warning: ClassVar = True
    first: int
    last: int
    due: datetime | None
    closes: datetime

    @property
    def sentence(self) -> str:
        what = f"{wording.attempts(self.first, self.last)} will not happen"
        it = "it" if self.first == self.last else f"attempt {self.first}"
        if self.due is None:
            return (
                f"{what}: the last window closes at {wording.moment(self.closes)}, before attempt "
                f"{self.first - 1} is finished."
            )
        return (
            f"{what}: {it} is due at {wording.moment(self.due)}, after the last window closes "
            f"at {wording.moment(self.closes)}."
        )


@dataclass(frozen=True, slots=True)
class WaitIsMissing:
    """The minutes to wait before this attempt are missing."""

    kind: ClassVar = "wait_is_missing"
    is_warning: ClassVar = True
    attempt: int

    @property
    def sentence(self) -> str:
        return (
            f"Enter the minutes after call {self.attempt - 1} to see when attempt {self.attempt} "
            "happens."
        )


@dataclass(frozen=True, slots=True)
class Overlap:
    """Two windows of a day overlap. The time that they share counts once."""

    kind: ClassVar = "overlap"
    is_warning: ClassVar = True
    one: DayHours
    other: DayHours

    @property
    def sentence(self) -> str:
        return (
            f"Two windows on {wording.day(self.one.day)} overlap: {wording.hours(self.one)} and "
            f"{wording.hours(self.other)}. The time they share counts once."
        )


@dataclass(frozen=True, slots=True)
class Unused:
    """Hours of a run-over day that come before the campaign's start, or that the clocks skip."""

    kind: ClassVar = "unused"
    is_warning: ClassVar = True
    hours: DayHours

    @property
    def sentence(self) -> str:
        return (
            f"Nobody is called on {wording.day(self.hours.day)}, {wording.hours(self.hours)}: this "
            "is before the campaign starts, or in an hour that the clocks skip."
        )


@dataclass(frozen=True, slots=True)
class OnBankHoliday:
    """A window is on a bank holiday."""

    kind: ClassVar = "bank_holiday"
    is_warning: ClassVar = True
    day: date
    name: str

    @property
    def sentence(self) -> str:
        return f"{wording.day(self.day)} is a bank holiday: {self.name}."


@dataclass(frozen=True, slots=True)
class ClocksChange:
    """A window in which the clocks change.

    `length` is how long it really lasts. `jump` is how much longer that is than its times say.
    """

    kind: ClassVar = "clocks_change"
    is_warning: ClassVar = True
    hours: DayHours
    length: timedelta
    jump: timedelta

    @property
    def sentence(self) -> str:
        window = f"the window from {wording.hours(self.hours)}"
        lasts = wording.span(self.length)
        if not self.jump:
            how = f"change: {window} starts or ends in an hour that happens twice or is skipped"
        elif self.jump < timedelta(0):
            how = f"go forward: {window} lasts only {lasts}"
        else:
            how = f"go back: {window} lasts {lasts}, because some of it happens twice"
        return f"On {wording.day(self.hours.day)} the clocks {how}."


Finding = (
    TooShort
    | Moves
    | WaitsForRound
    | GoesOn
    | ReachesSome
    | WillNotHappen
    | WaitIsMissing
    | Overlap
    | Unused
    | OnBankHoliday
    | ClocksChange
)
