"""The page on which a person checks how an uploaded file is read, for every kind of file."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Generic

from celery import Task
from django.contrib.auth.models import User
from django.forms import Form
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse

from campaigns.clients import access
from campaigns.enqueue import enqueue
from campaigns.uploads.chosen_columns import Columns
from campaigns.uploads.columns import cell_forms, foreseen
from campaigns.uploads.columns.better_column import BetterColumn
from campaigns.uploads.columns.first_rows import Preview
from campaigns.uploads.columns.foreseen import Foreseen
from campaigns.uploads.columns.mapping import Corrections, Look, Proposal
from campaigns.uploads.columns.mapping_form import MappingForm
from campaigns.uploads.numbers.checker import NumberChecker
from campaigns.uploads.runs import notices
from campaigns.uploads.runs.import_run import RunT
from campaigns.uploads.runs.stored_file import NotStored, on_disk
from campaigns.uploads.spreadsheets import FileProblem, Inspection, Kind, Notice
from portal import files

# Bytes up to which a file is inspected while the person waits. Workbooks have the lower limit because
# they must be unpacked first.
TEXT_AT_ONCE = 2_000_000
WORKBOOK_AT_ONCE = 500_000
# The names of the buttons in the headings of the first rows, and of the button that takes a second column
# of numbers. Their values are columns.
PICK = "pick"
PICK_SECOND = "pick_second"


@dataclass(frozen=True, slots=True)
class ColumnsPage(Generic[RunT]):
    """The functions and tasks in which one kind of file differs on its way from upload to import."""

    app: str
    """The namespace of its URLs and the folder of its templates."""
    form: type[MappingForm]
    look: Callable[[RunT, Path, Corrections], Look]
    look_now: Callable[[RunT], None]
    propose: Callable[[RunT, Look], Proposal]
    foresee: Callable[[RunT, Inspection, Columns], Foreseen]
    choose: Callable[[RunT, Look, Columns, User], bool]
    checker: Callable[[RunT], NumberChecker]
    look_task: Task[[int], None]
    import_task: Task[[int], None]

    def keep(self, form: Form, upload: Callable[[], RunT]) -> HttpResponse | None:
        """Store an uploaded file and start work on it. Return None if the disk does not take the file.

        In that case the form's file field has the error.
        """
        try:
            run = upload()
        except NotStored:
            form.add_error("file", files.NOT_WRITTEN)
            return None
        return self.begin(run)

    def begin(self, run: RunT) -> HttpResponse:
        """Inspect a small file at once, and leave a large one to the worker."""
        is_text = Path(run.file_name).suffix.lower() in {".csv", ".txt", ".tsv"}
        if run.file_bytes <= (TEXT_AT_ONCE if is_text else WORKBOOK_AT_ONCE):
            self.look_now(run)
            if run.is_queued:
                enqueue(self.import_task, run.pk)
        else:
            enqueue(self.look_task, run.pk)
        return self.to(run)

    def to(self, run: RunT) -> HttpResponse:
        return redirect(f"{self.app}:{'choose' if run.is_choosing else 'detail'}", run.pk)

    def away(self, request: HttpRequest, run: RunT) -> HttpResponse:
        """Redirect from a page that is out of date. For htmx, redirect the whole page, not a part of it."""
        there = self.to(run)
        if request.htmx:  # type: ignore[attr-defined]
            return HttpResponse(headers={"HX-Redirect": there.headers["Location"]})
        return there

    def show(self, request: HttpRequest, run: RunT) -> HttpResponse:
        """Show the first rows of a file whose columns are to be chosen, or handle the posted form.

        The form either has the file read in another way or confirms the columns.
        """
        seen = Look.from_json(run.look or {})
        offered = _Offered(seen, self.propose(run, seen))
        if request.method == "GET":
            form = self.form(offered.seen, offered.proposal)
            return self._render(request, run, offered, form)
        form = self.form(offered.seen, offered.proposal, _with_picked(request.POST))
        if request.htmx:  # type: ignore[attr-defined]
            return self._redraw(request, run, offered, form)
        if not form.is_valid():
            return self._render(request, run, offered, form)
        if form.is_read_otherwise:
            return self._look_again(request, run, offered, form)
        if "look" in form.data:
            return self._render(request, run, offered, form)
        if self.choose(run, seen, form.columns, access.person(request)):
            enqueue(self.import_task, run.pk)
        return self.to(run)

    def _redraw(
        self, request: HttpRequest, run: RunT, offered: "_Offered", form: MappingForm
    ) -> HttpResponse:
        """Show the rows again with the columns chosen so far, even if other fields are invalid."""
        form.is_valid()
        if form.is_outdated:
            return self.away(request, run)
        answer = self._render(request, run, offered, form)
        answer.status_code = 200
        return answer

    def _look_again(
        self, request: HttpRequest, run: RunT, offered: "_Offered", form: MappingForm
    ) -> HttpResponse:
        """Show the file as read with the corrections, or an error at the field that is wrong."""
        if not _is_quick(run.file_bytes, offered.seen.inspection.reading.kind):
            if run.look_again(form.corrections):
                enqueue(self.look_task, run.pk)
            return self.to(run)
        try:
            with on_disk(run.file) as path:
                again = self.look(run, path, form.corrections)
        except FileProblem as problem:
            form.say(problem)
            return self._render(request, run, offered, form)
        run.show(again.to_json(), form.corrections)
        return redirect(f"{self.app}:choose", run.pk)

    def _render(
        self, request: HttpRequest, run: RunT, offered: "_Offered", form: MappingForm
    ) -> HttpResponse:
        inspection = offered.seen.inspection
        number, name, second = form.shown_columns
        better, seen = None, foreseen.NOTHING
        if number is not None:
            columns = Columns(number, name, second)
            seen = self.foresee(run, inspection, columns)
            if not offered.proposal.is_fixed:
                check = self.checker(run)
                better = BetterColumn.than(
                    inspection, columns, check, may_fill="second" in form.fields
                )
        context = {
            "run": run,
            "cancel_url": reverse(f"{self.app}:cancel", args=[run.pk]),
            "form": form,
            "proposal": offered.proposal,
            "better": better,
            "number_heading": _heading(inspection, number),
            "second_heading": _heading(inspection, second),
            "preview": Preview.of(inspection, (number, name, second), seen),
            "notices": notices.sentences(_to_say(notices.found(inspection))),
            "arriving": cell_forms.sentences(inspection, (number, second)),
        }
        status = 422 if form.errors else 200
        return render(request, f"{self.app}/choose.html", context, status=status)


def _heading(found: Inspection, column: int | None) -> str:
    return "" if column is None else found.headings[column]


@dataclass(frozen=True, slots=True)
class _Offered:
    """A file as a person is shown it, and the columns proposed to that person."""

    seen: Look
    proposal: Proposal


def _with_picked(data: QueryDict) -> QueryDict:
    """Return the posted form as if the column whose button was pressed had been chosen in its field.

    The file is then shown again. The column has no other use any more, if it had one.
    """
    field = "number" if PICK in data else "second"
    picked = data.get(PICK, data.get(PICK_SECOND))
    if picked is None:
        return data
    changed = data.copy()
    changed["look"] = "1"
    for other in ("name", "second"):
        if changed.get(other) == picked:
            changed[other] = ""
    changed[field] = picked
    return changed


def _is_quick(file_bytes: int, kind: Kind) -> bool:
    """Return whether a page can wait for a second inspection. Of a text file only the start is read."""
    return kind == Kind.CSV or file_bytes <= WORKBOOK_AT_ONCE


def _to_say(found: Iterable[notices.Stored]) -> list[notices.Stored]:
    """Return the notices without that of the rows above the headings, which the page shows themselves."""
    return [notice for notice in found if notice[0] != Notice.ROWS_ABOVE]
