"""The form in which a person corrects how a file is read and confirms its columns."""

import hashlib
from collections.abc import Mapping
from typing import Any

from django import forms

from campaigns.uploads.chosen_columns import Columns
from campaigns.uploads.columns.first_rows import shown
from campaigns.uploads.columns.mapping import Look, Proposal
from campaigns.uploads.spreadsheets import (
    ENCODINGS,
    LAST_HEADER_ROW,
    FileProblem,
    Inspection,
    Kind,
    ProblemCode,
    Sheet,
)

DELIMITERS = {
    ",": "Comma ( , )",
    ";": "Semicolon ( ; )",
    "\t": "Tab",
    "|": "Pipe ( | )",
    ":": "Colon ( : )",
    "^": "Caret ( ^ )",
    "~": "Tilde ( ~ )",
}
_FIELDS = {
    ProblemCode.WRONG_ENCODING: "encoding",
    ProblemCode.NO_SUCH_DELIMITER: "delimiter",
    ProblemCode.CELL_TOO_LONG: "delimiter",
    ProblemCode.UNCLOSED_QUOTE: "delimiter",
    ProblemCode.SWALLOWED_ROWS: "delimiter",
    ProblemCode.TOO_MANY_COLUMNS: "delimiter",
    ProblemCode.NO_SUCH_SHEET: "sheet",
    ProblemCode.EMPTY: "sheet",
    ProblemCode.TOO_MANY_CELLS: "sheet",
}
_LONGEST_EXAMPLE = 30
# When another column is chosen, htmx redraws the first rows and their refusals at once.
_REDRAWS = {
    "hx-post": "",
    "hx-trigger": "change",
    "hx-target": "#first-rows",
    "hx-select": "#first-rows",
    "hx-swap": "only-changes",
    "hx-vals": '{"look": "1"}',
    "hx-sync": "closest form:replace",
}


class MappingForm(forms.Form):
    """A form that knows what the person was shown. Columns chosen for another reading are not accepted."""

    unchosen = "Choose the column to call"

    number = forms.TypedChoiceField(
        label="Column with the telephone numbers", coerce=int, empty_value=None, required=False
    )
    second = forms.TypedChoiceField(
        label="If there is no usable number, use",
        coerce=int,
        empty_value=None,
        required=False,
        help_text="For rows where the first column is empty or has no number that can be called.",
    )
    name = forms.TypedChoiceField(
        label="Column with the names", coerce=int, empty_value=None, required=False
    )
    sheet = forms.ChoiceField(label="Sheet", required=False)
    delimiter = forms.ChoiceField(label="Cells are separated by", required=False)
    encoding = forms.ChoiceField(
        label="Encoding",
        required=False,
        choices=list(ENCODINGS.items()),
        help_text="Change it if names with accents look wrong.",
    )
    header_row = forms.IntegerField(
        label="Row with the headings",
        required=False,
        min_value=0,
        max_value=LAST_HEADER_ROW,
        help_text="Use the spreadsheet's row number. Enter 0 if there are no headings.",
    )
    shown = forms.CharField(widget=forms.HiddenInput)

    def __init__(self, seen: Look, proposal: Proposal, data: Any = None) -> None:
        """Make the form. `data` is what was posted, or None to show the proposal."""
        self._inspection = seen.inspection
        self._proposal = proposal
        reading = seen.inspection.reading
        initial = {
            "number": proposal.number,
            "name": proposal.name,
            "second": proposal.second,
            "sheet": reading.sheet,
            "delimiter": reading.delimiter,
            "encoding": reading.encoding,
            "header_row": reading.header_row,
            "shown": _fingerprint(seen.inspection),
        }
        super().__init__(data, initial=initial)
        self._offer(seen.inspection)

    def _offer(self, found: Inspection) -> None:
        columns = [(index, _described(found, index)) for index in range(len(found.headings))]
        self._choices("number", [("", self.unchosen), *columns])
        self._choices("second", [("", "No other column"), *columns])
        self._choices("name", [("", "No names"), *columns])
        self._choices("sheet", [(sheet.name, _called(sheet)) for sheet in found.sheets])
        delimiter = found.reading.delimiter
        known = DELIMITERS | ({} if delimiter in DELIMITERS else {delimiter: delimiter})
        self._choices("delimiter", list(known.items()))
        is_text = found.reading.kind == Kind.CSV
        for name in ("sheet",) if is_text else ("delimiter", "encoding"):
            del self.fields[name]

    def _choices(self, name: str, choices: list[tuple[Any, str]]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        field.choices = choices
        if name in {"number", "second", "name"}:
            field.widget.attrs |= _REDRAWS

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if "look" in self.data or self.errors or self.is_read_otherwise:
            return cleaned
        if self._proposal.is_fixed:
            # Ignore what was posted: the columns are those of the list that the file is added to.
            offered = self._proposal
            cleaned |= {"number": offered.number, "name": offered.name, "second": offered.second}
            if self._proposal.problem:
                self.add_error("number", "This file can’t be added as it is.")
        elif self._proposal.problem and cleaned.get("number") is None:
            self.add_error("number", f"{self.unchosen}.")
        elif cleaned.get("number") is None:
            self.add_error("number", "Choose the column with the telephone numbers.")
        else:
            self._check_columns_differ(Columns(*self._chosen(cleaned)))
        return cleaned

    def _check_columns_differ(self, chosen: Columns) -> None:
        if chosen.number == chosen.name:
            self.add_error("name", "This is the column with the numbers. Choose another, or none.")
        if chosen.second == chosen.number:
            self.add_error(
                "second", "This is the first column of numbers already. Choose another, or none."
            )
        elif chosen.second is not None and chosen.second == chosen.name:
            self.add_error("second", "This is the column with the names. Choose another, or none.")

    @property
    def is_read_otherwise(self) -> bool:
        """Return whether the person wants the file read in another way than it was shown."""
        return self.is_outdated or bool(self.changes)

    @property
    def is_outdated(self) -> bool:
        """Return whether somebody else has changed the reading of the file since this form was shown."""
        return bool(self.cleaned_data.get("shown") != self.initial["shown"])

    @property
    def changes(self) -> dict[str, Any]:
        names = [n for n in ("sheet", "delimiter", "encoding", "header_row") if n in self.fields]
        wanted = {name: self.cleaned_data.get(name) for name in names}
        return {name: value for name, value in wanted.items() if value != self.initial[name]}

    @property
    def corrections(self) -> dict[str, Any]:
        """Return how the file is to be read, as arguments of `spreadsheets.inspect`.

        Fields that were left empty are not included, so `inspect` guesses them again.
        """
        wanted: dict[str, Any] = {
            name: self.cleaned_data[name]
            for name in ("sheet", "delimiter", "encoding", "header_row")
            if name in self.fields and self.cleaned_data[name] not in {None, ""}
        }
        is_other_table = "sheet" in self.changes or "delimiter" in self.changes
        if is_other_table and "header_row" not in self.changes:
            # Guess the row of headings anew, unless the person has changed it as well.
            wanted.pop("header_row", None)
        return wanted

    @property
    def columns(self) -> Columns:
        return Columns(*self._chosen(self.cleaned_data))

    @property
    def shown_columns(self) -> tuple[int | None, int | None, int | None]:
        """Return the columns by which the rows are shown, those chosen so far, in the order of `Columns`.

        A second column that can't be chosen, because it has another use, is left out.
        """
        if not self.is_bound:
            return self._proposal.number, self._proposal.name, self._proposal.second
        number, name, second = self._chosen(self.cleaned_data)
        return number, name, None if second in {number, name} else second

    @staticmethod
    def _chosen(cleaned: Mapping[str, Any]) -> tuple[Any, int | None, int | None]:
        return cleaned.get("number"), cleaned.get("name"), cleaned.get("second")

    def say(self, problem: FileProblem) -> None:
        """Add an error, at the field concerned, that says why the file can't be read as corrected."""
        field = _FIELDS.get(problem.code)
        self.add_error(field if field in self.fields else None, problem.sentence)


class NumbersForm(MappingForm):
    """The same form for a file of numbers to suppress, of which only the number is read."""

    unchosen = "Choose the column with the numbers to suppress"

    def __init__(self, seen: Look, proposal: Proposal, data: Any = None) -> None:
        super().__init__(seen, proposal, data)
        del self.fields["name"], self.fields["second"]


def _fingerprint(found: Inspection) -> str:
    shown = repr((found.reading, found.headings))
    return hashlib.sha256(shown.encode()).hexdigest()[:16]


def _described(found: Inspection, index: int) -> str:
    cells = (shown(cells[index].strip()) for _, cells in found.sample if index < len(cells))
    example = next(filter(None, cells), "")
    heading = found.headings[index][:60]
    if not example:
        return f"{heading} (empty in the first rows)"
    short = example[:_LONGEST_EXAMPLE] + ("…" if len(example) > _LONGEST_EXAMPLE else "")
    return f"{heading}: {short}"


def _called(sheet: Sheet) -> str:
    return f"{sheet.name} (hidden)" if sheet.hidden else sheet.name
