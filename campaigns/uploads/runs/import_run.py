"""The states of reading an uploaded file: inspected, columns chosen, read, or given up.

A contact list and a file of numbers to suppress are each such a run; each adds what its rows become.
Every step is one conditional UPDATE, so if two processes take the same step at once only one succeeds.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import timedelta
from typing import Any, Self, TypeVar
from uuid import uuid4

from django.contrib.auth.models import User
from django.db import models, transaction
from django.db.models.fields.files import FieldFile
from django.utils import timezone

from campaigns import transitions
from campaigns.uploads.chosen_columns import Columns
from campaigns.uploads.runs.chosen_reading import Chosen
from campaigns.uploads.runs.progress import Progress

# An import writes its progress every second. One that has written nothing for so long has died.
IMPORT_DEAD_AFTER = timedelta(seconds=60)
# Most times that a step is tried. If a file needs too much memory, every worker that tries it is killed.
MOST_TRIES = 3


# The sentence for events. It leaves the reason out, because a reason may quote headings, and what was
# taken for a heading may be a person's name.
UNREADABLE = "The file could not be read."
UNEXPECTED = "The portal could not read this file. Tell an administrator."
KILLED_EACH_TIME = (
    f"The portal stopped {MOST_TRIES} times while reading this file. It may need too much memory: "
    "split it, or save it as CSV. If it is small, tell an administrator."
)


class ImportLost(Exception):
    """The import no longer belongs to this process: it was cancelled, or taken over after a long silence."""


class Status(models.TextChoices):
    UPLOADED = "uploaded", "Being looked at"
    CHOOSING = "choosing", "Columns to confirm"
    QUEUED = "queued", "Waiting to be read"
    IMPORTING = "importing", "Being read"
    READY = "ready", "Ready"
    FAILED = "failed", "Could not be read"
    CANCELLED = "cancelled", "Cancelled"
    DELETING = "deleting", "Being deleted"


RunT = TypeVar("RunT", bound="ImportRun")


class ImportRunQuerySet(models.QuerySet[RunT]):
    def waiting(self) -> Self:
        """Return the runs whose import should be running but is not."""
        return self._silent([Status.QUEUED, Status.IMPORTING])

    def unseen(self) -> Self:
        """Return the runs whose file a worker should have inspected long ago."""
        return self._silent([Status.UPLOADED])

    def _silent(self, states: list[Status]) -> Self:
        dead = timezone.now() - IMPORT_DEAD_AFTER
        return self.filter(status__in=states, progress_at__lt=dead)


class ImportRun(Progress, Chosen):
    """The state of one file's import. Of the file's content it holds only how the file is to be read.

    Subclasses have a `file`, the rows that an import writes (`written`) and the states after which nothing
    of these rows may remain (`GIVEN_UP`). `one_worker.carry_out` takes a run through its reading.
    """

    UNDER_WAY = (Status.UPLOADED, Status.QUEUED, Status.IMPORTING)
    # States in which the rows written so far are removed.
    GIVEN_UP: tuple[Status, ...]
    file: FieldFile
    refused_rows: Any

    status = models.CharField(max_length=9, choices=Status.choices, default=Status.UPLOADED)
    problem = models.CharField(max_length=1000, blank=True)
    # The kind of problem: see `problem_tiers`. "" for an unexpected exception.
    problem_code = models.CharField(max_length=30, blank=True)
    file_name = models.CharField(max_length=200, blank=True)
    # When the run ended, with or without success; empty before.
    finished_at = models.DateTimeField(null=True, db_index=True)
    import_token = models.CharField(max_length=32, blank=True)
    # Tries of the step that the file is at: the inspection or the import.
    tries = models.PositiveSmallIntegerField(default=0)

    class Meta:
        abstract = True

    # Mutators

    def begin_look(self) -> bool:
        """Count one more try at inspecting the file. Return False if the file is not to be inspected.

        After the last try the file is refused.
        """
        waiting = self._runs().filter(pk=self.pk, status=Status.UPLOADED, tries__lt=MOST_TRIES)
        if waiting.update(tries=models.F("tries") + 1, progress_at=timezone.now()):
            return True
        self.refuse(KILLED_EACH_TIME)
        return False

    def show(self, look: Mapping[str, Any], corrections: Mapping[str, Any]) -> bool:
        """Store what the file looks like, read with these corrections, so that a person can choose."""
        return self._move(
            [Status.UPLOADED, Status.CHOOSING],
            status=Status.CHOOSING,
            look=look,
            corrections=dict(corrections),
            problem="",
            tries=0,
        )

    def look_again(self, corrections: Mapping[str, Any]) -> bool:
        """Let the worker inspect the file again, read with these corrections."""
        return self._move(
            [Status.CHOOSING],
            status=Status.UPLOADED,
            corrections=dict(corrections),
            progress_at=timezone.now(),
            tries=0,
        )

    def refuse(self, problem: str, code: str = "") -> bool:
        """Store why the file can't be read, or why not as corrected if it could be read before."""
        if self.look is not None:
            return self._move([Status.UPLOADED], status=Status.CHOOSING, problem=problem)
        with transaction.atomic():
            moved = self._move([Status.UPLOADED], **self._failed(problem, code))
            if moved:
                self.record_event(UNREADABLE)
            return moved

    def choose(
        self,
        reading: Mapping[str, Any],
        headings: Sequence[str],
        columns: Columns,
        notices: Sequence[Any] = (),
    ) -> bool:
        """Settle how the file is read and which columns are used, and let it be imported."""
        return self._move(
            [Status.UPLOADED, Status.CHOOSING],
            status=Status.QUEUED,
            reading=dict(reading),
            headings=list(headings),
            number_column=columns.number,
            name_column=columns.name,
            second_number_column=columns.second,
            notices=list(notices),
            look=None,
            problem="",
            progress_at=timezone.now(),
            tries=0,
        )

    def claim_import(self) -> str:
        """Take the import for this process and return its token, or "" if another process has it.

        An import that was taken `MOST_TRIES` times without ending fails instead.
        """
        token = uuid4().hex
        free = models.Q(status__in=[Status.UPLOADED, Status.QUEUED]) | models.Q(
            status=Status.IMPORTING, progress_at__lt=timezone.now() - IMPORT_DEAD_AFTER
        )
        now = timezone.now()
        with transaction.atomic(durable=True):
            mine = self._runs().filter(free, pk=self.pk)
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
            if not claimed and mine.update(**self._failed(KILLED_EACH_TIME)):
                self.record_event(UNREADABLE)
        if claimed:
            # Columns may have been chosen after this object was loaded.
            self.refresh_from_db()
        return token if claimed else ""

    def report(self, token: str, fraction: float, rows: int = 0) -> None:
        """Write how much of the file has been read. Raises ImportLost if another process has the import."""
        now = timezone.now()
        self._update_claimed(token, progress=fraction, rows_read=rows, progress_at=now)

    def finish(self, token: str, **counts: Any) -> None:
        """Store that the whole file has been read. From here on its rows never change. Raises ImportLost."""
        now = timezone.now()
        with transaction.atomic():
            self._update_claimed(token, status=Status.READY, progress=1, finished_at=now, **counts)
            self.refresh_from_db()
            self.record_event(f"Read the file: {self.outcome}.")

    def fail(self, token: str, problem: str, code: str = "") -> None:
        """Store a sentence that says why the file can't be read. Raises ImportLost as `report` does."""
        with transaction.atomic():
            self._update_claimed(token, **self._failed(problem, code))
            self.record_event(UNREADABLE)

    @transaction.atomic
    def cancel(self, actor: User | None) -> bool:
        """Give the import up. A worker that is reading the file notices it at its next write.

        The rows written so far are removed afterwards (`leftover_rows`). Return False if nothing can be
        cancelled.
        """
        cancelled = self._move(
            [*self.UNDER_WAY, Status.CHOOSING],
            status=Status.CANCELLED,
            look=None,
            finished_at=timezone.now(),
        )
        if cancelled:
            self.record_event("Cancelled the import.", actor)
        return cancelled

    def forget_file(self) -> None:
        """Delete the stored file, if it is still there."""
        if self.file:
            self.file.delete(save=False)
            self._runs().filter(pk=self.pk).update(file="")

    def _failed(self, problem: str, code: str = "") -> dict[str, Any]:
        """Return the values that are written to a run that fails."""
        return {
            "status": Status.FAILED,
            "problem": problem,
            "problem_code": code,
            "finished_at": timezone.now(),
        }

    def _update_claimed(self, token: str, **values: Any) -> None:
        claimed = self._runs().filter(pk=self.pk, status=Status.IMPORTING, import_token=token)
        if not claimed.update(**values):
            raise ImportLost

    def _move(self, allowed: Iterable[str], **values: Any) -> bool:
        return transitions.move(self, "status", allowed, **values)

    def _runs(self) -> models.QuerySet[Any]:
        return type(self)._default_manager.all()

    def record_event(self, sentence: str, actor: User | None = None) -> None:
        """Record an event. Without an actor the portal itself is its author."""
        raise NotImplementedError

    def written(self) -> list[models.QuerySet[Any]]:
        """Return the rows that the import has written, in any order."""
        raise NotImplementedError

    @property
    def outcome(self) -> str:
        """Return the result of reading the file, in half a sentence."""
        raise NotImplementedError

    # Queries

    def refused_by_reason(self) -> list[tuple[str, int]]:
        """Return the codes of the reasons, each with its number of rows, the most frequent first."""
        reasons = self.refused_rows.order_by().values_list("reason")
        return list(reasons.annotate(rows=models.Count("pk")).order_by("-rows", "reason"))

    # Properties

    @property
    def is_under_way(self) -> bool:
        return self.status in self.UNDER_WAY

    @property
    def is_choosing(self) -> bool:
        return self.status == Status.CHOOSING

    @property
    def is_queued(self) -> bool:
        return self.status == Status.QUEUED

    @property
    def is_ready(self) -> bool:
        return self.status == Status.READY

    @property
    def may_be_cancelled(self) -> bool:
        return self.is_under_way or self.is_choosing
