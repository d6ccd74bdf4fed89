"""Where the reading of an uploaded file stands: looked at, columns chosen, read, or given up.

Every step is one conditional update, so that of two who take it at once only one does.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import timedelta
from typing import Any
from uuid import uuid4

from django.db import models, transaction
from django.utils import timezone

# An import writes its progress every second; one that was silent this long has died.
IMPORT_DEAD_AFTER = timedelta(seconds=60)
# A worker that runs out of memory is killed, and so is every one that tries the same file after it.
MOST_TRIES = 3


# Without the reason, which may quote headings, and what was taken for one may be a person's name.
UNREADABLE = "The file could not be read."
UNEXPECTED = "The portal could not read this file. Tell an administrator."
KILLED_EACH_TIME = (
    f"The portal broke off reading this file {MOST_TRIES} times. It may need more memory than there "
    "is: split it, or save it as CSV. If it is small, tell an administrator."
)


class ImportLost(Exception):
    """The import is not this process's any more: cancelled, or taken over after a long silence."""


class Status(models.TextChoices):
    UPLOADED = "uploaded", "Being looked at"
    CHOOSING = "choosing", "Columns to confirm"
    QUEUED = "queued", "Waiting to be read"
    IMPORTING = "importing", "Being read"
    READY = "ready", "Ready"
    FAILED = "failed", "Could not be read"
    CANCELLED = "cancelled", "Cancelled"
    DELETING = "deleting", "Being deleted"


class ImportRun(models.Model):
    """The state of one file's import, and nothing about what is in the file but how to read it."""

    UNDER_WAY = (Status.UPLOADED, Status.QUEUED, Status.IMPORTING)
    # What has no contacts, and what had been written of them is removed.
    GIVEN_UP = (Status.FAILED, Status.CANCELLED, Status.DELETING)

    status = models.CharField(max_length=9, choices=Status.choices, default=Status.UPLOADED)
    problem = models.CharField(max_length=1000, blank=True)
    # What kind of problem it is: see `tiers`. "" for what nobody foresaw.
    problem_code = models.CharField(max_length=30, blank=True)
    progress = models.FloatField(default=0)
    progress_at = models.DateTimeField(default=timezone.now)
    started_at = models.DateTimeField(null=True)
    rows_read = models.PositiveIntegerField(default=0)
    import_token = models.CharField(max_length=32, blank=True)
    # Of the step that the file is at: to be looked at, or to be read.
    tries = models.PositiveSmallIntegerField(default=0)

    # What a person has corrected of how the file is read: the arguments of `spreadsheets.inspect`.
    corrections = models.JSONField(default=dict)
    # What the file looks like, with its first rows: `mapping.Look` as JSON.
    look = models.JSONField(null=True)
    # How it is to be read: `spreadsheets.Reading` as JSON, once the columns are chosen.
    reading = models.JSONField(default=dict)
    headings = models.JSONField(default=list)
    number_column = models.PositiveSmallIntegerField(null=True)
    name_column = models.PositiveSmallIntegerField(null=True)
    # `notices.Stored`: what a person should know of how the file was read.
    notices = models.JSONField(default=list)

    class Meta:
        abstract = True

    # Mutators

    def begin_look(self) -> bool:
        """Count one more try at looking at the file. Returns False once it is not to be looked at.

        After the last try the file is refused.
        """
        waiting = self._lists().filter(pk=self.pk, status=Status.UPLOADED, tries__lt=MOST_TRIES)
        if waiting.update(tries=models.F("tries") + 1, progress_at=timezone.now()):
            return True
        self.refuse(KILLED_EACH_TIME)
        return False

    def show(self, look: Mapping[str, Any], corrections: Mapping[str, Any]) -> bool:
        """Show a person what the file looks like, read with these corrections."""
        return self._move(
            [Status.UPLOADED, Status.CHOOSING],
            status=Status.CHOOSING,
            look=look,
            corrections=dict(corrections),
            problem="",
            tries=0,
        )

    def look_again(self, corrections: Mapping[str, Any]) -> bool:
        """Have the worker look at the file again, read with these corrections."""
        return self._move(
            [Status.CHOOSING],
            status=Status.UPLOADED,
            corrections=dict(corrections),
            progress_at=timezone.now(),
            tries=0,
        )

    def refuse(self, problem: str, code: str = "") -> bool:
        """Say why the file can't be read; or, where it could before, why not as corrected."""
        if self.look is not None:
            return self._move([Status.UPLOADED], status=Status.CHOOSING, problem=problem)
        with transaction.atomic():
            moved = self._move(
                [Status.UPLOADED], status=Status.FAILED, problem=problem, problem_code=code
            )
            if moved:
                self.tell(UNREADABLE)
            return moved

    def choose(
        self,
        reading: Mapping[str, Any],
        headings: Sequence[str],
        columns: tuple[int, int | None],
        notices: Sequence[Any] = (),
    ) -> bool:
        """Settle how the file is read and its columns (number, name), and let it be imported."""
        return self._move(
            [Status.UPLOADED, Status.CHOOSING],
            status=Status.QUEUED,
            reading=dict(reading),
            headings=list(headings),
            number_column=columns[0],
            name_column=columns[1],
            notices=list(notices),
            look=None,
            problem="",
            progress_at=timezone.now(),
            tries=0,
        )

    def claim_import(self) -> str:
        """Take the import for this process and return its token, or "" when another has it.

        One that was taken `MOST_TRIES` times and never ended fails instead.
        """
        token = uuid4().hex
        free = models.Q(status__in=[Status.UPLOADED, Status.QUEUED]) | models.Q(
            status=Status.IMPORTING, progress_at__lt=timezone.now() - IMPORT_DEAD_AFTER
        )
        now = timezone.now()
        with transaction.atomic(durable=True):
            mine = self._lists().filter(free, pk=self.pk)
            claimed = mine.filter(tries__lt=MOST_TRIES).update(
                status=Status.IMPORTING,
                import_token=token,
                progress=0,
                progress_at=now,
                started_at=now,
                rows_read=0,
                look=None,
                tries=models.F("tries") + 1,
            )
            if not claimed and mine.update(
                status=Status.FAILED, problem=KILLED_EACH_TIME, problem_code=""
            ):
                self.tell(UNREADABLE)
        if claimed:
            # Columns may have been chosen after this was loaded.
            self.refresh_from_db()
        return token if claimed else ""

    def report(self, token: str, fraction: float, rows: int = 0) -> None:
        """Write how much of the file has been read. Raises ImportLost if it is no longer ours."""
        now = timezone.now()
        self._update_claimed(token, progress=fraction, rows_read=rows, progress_at=now)

    def finish(self, token: str, **counts: Any) -> None:
        """Make the list ready: from here on its contacts never change."""
        with transaction.atomic():
            self._update_claimed(token, status=Status.READY, progress=1, **counts)
            self.refresh_from_db()
            self.tell(f"Read the file: {self.outcome}.")

    def fail(self, token: str, problem: str, code: str = "") -> None:
        """Say in a sentence why the file can't be read. What was written of it goes next."""
        with transaction.atomic():
            self._update_claimed(token, status=Status.FAILED, problem=problem, problem_code=code)
            self.tell(UNREADABLE)

    def _update_claimed(self, token: str, **values: Any) -> None:
        claimed = self._lists().filter(pk=self.pk, status=Status.IMPORTING, import_token=token)
        if not claimed.update(**values):
            raise ImportLost

    def _move(self, allowed: Iterable[str], **values: Any) -> bool:
        """Change the row if it is still in one of these states."""
        moved = self._lists().filter(pk=self.pk, status__in=list(allowed)).update(**values)
        if moved:
            for name, value in values.items():
                setattr(self, name, value)
        return bool(moved)

    def _lists(self) -> models.QuerySet[Any]:
        return type(self)._default_manager.all()

    def tell(self, sentence: str) -> None:
        """Write an event that nobody but the portal is the author of."""
        raise NotImplementedError

    @property
    def outcome(self) -> str:
        """Return what came of the file, in half a sentence."""
        raise NotImplementedError

    # Properties

    @property
    def is_under_way(self) -> bool:
        return self.status in self.UNDER_WAY

    @property
    def is_choosing(self) -> bool:
        return self.status == Status.CHOOSING

    @property
    def is_ready(self) -> bool:
        return self.status == Status.READY

    @property
    def may_be_cancelled(self) -> bool:
        return self.is_under_way or self.is_choosing

    @property
    def percent(self) -> int:
        return int(self.progress * 100)

    @property
    def rows_a_second(self) -> int:
        """Rows read in a second, on the average so far; 0 before anything is known."""
        seconds = self._seconds_so_far
        return int(self.rows_read / seconds) if seconds > 0 else 0

    @property
    def seconds_left(self) -> int | None:
        """Seconds until the file is read at the speed so far, or None while nobody can know."""
        if not self.progress or self._seconds_so_far < 1:
            return None
        return round(self._seconds_so_far * (1 - self.progress) / self.progress)

    @property
    def _seconds_so_far(self) -> float:
        return (self.progress_at - self.started_at).total_seconds() if self.started_at else 0.0

    @property
    def number_heading(self) -> str:
        return self._heading(self.number_column)

    @property
    def name_heading(self) -> str:
        return self._heading(self.name_column)

    def _heading(self, column: int | None) -> str:
        known = column is not None and column < len(self.headings)
        return str(self.headings[column]) if known else ""
