"""The part of the builder's form that says where one parameter's text comes from."""

from collections.abc import Iterable, Mapping
from typing import Any

from django import forms

from campaigns.drafts.content import Source
from campaigns.drafts.form_data import COLUMN_PREFIX, TEXT
from campaigns.drafts.forms import PatientForm, redraws
from campaigns.drafts.models import SOURCE_MAX_LENGTH, ParameterSource


class ParameterForm(PatientForm):
    source = forms.ChoiceField(required=False, widget=forms.Select(attrs=redraws("preview")))
    text = forms.CharField(
        required=False,
        max_length=SOURCE_MAX_LENGTH,
        widget=forms.TextInput(
            attrs={"placeholder": "The same text for everybody", **redraws("preview")}
        ),
    )
    fallback = forms.CharField(
        required=False,
        max_length=SOURCE_MAX_LENGTH,
        widget=forms.TextInput(
            attrs={"placeholder": "Said where the cell is empty", **redraws("preview")}
        ),
    )

    def __init__(
        self,
        data: Mapping[str, Any],
        *,
        number: int,
        description: str,
        headings: Iterable[str],
        quiet: bool,
    ) -> None:
        super().__init__(data, prefix=f"parameter-{number}", quiet=quiet)
        label = f"Parameter {number}"
        self.fields["source"].label = f"{label}: {description}" if description else label
        self.fields["text"].label = f"Fixed text {number}"
        self.fields["fallback"].label = f"If empty {number}"
        source = self.fields["source"]
        assert isinstance(source, forms.ChoiceField)
        source.choices = self._choices(headings)

    def _choices(self, headings: Iterable[str]) -> list[Any]:
        """Return the choices; a column chosen before stays, though the lists may lack it now."""
        known = list(headings)
        chosen = str(self.data.get(self.add_prefix("source"), ""))
        if chosen.startswith(COLUMN_PREFIX) and chosen.removeprefix(COLUMN_PREFIX) not in known:
            known.append(chosen.removeprefix(COLUMN_PREFIX))
        columns = [
            (COLUMN_PREFIX + heading, heading)
            for heading in known
            if len(heading) <= SOURCE_MAX_LENGTH
        ]
        grouped = [("Column of the contact lists", columns)] if columns else []
        return [("", "Not used"), (TEXT, "Fixed text"), *grouped]

    @property
    def chosen(self) -> Source | None:
        return self._source(self.cleaned_data)

    @property
    def as_it_stands(self) -> Source | None:
        """Return what is chosen before anybody has judged it."""
        return self._source({name: str(self[name].value() or "") for name in self.fields})

    @staticmethod
    def _source(said: Mapping[str, str]) -> Source | None:
        source = said.get("source", "")
        if source == TEXT:
            return Source(TEXT, said.get("text", ""))
        if source.startswith(COLUMN_PREFIX):
            kind, heading = ParameterSource.Kind.COLUMN.value, source.removeprefix(COLUMN_PREFIX)
            return Source(kind, heading, said.get("fallback", "").strip())
        return None
