"""The part of the builder's form that sets the source of one parameter's text."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django import forms

from campaigns.clients.models import CallFlow
from campaigns.contacts.models import ContactList
from campaigns.drafts.campaign.content import Source
from campaigns.drafts.form import suggested_columns
from campaigns.drafts.form.form_data import COLUMN_PREFIX, TEXT, UNUSED, as_key
from campaigns.drafts.form.suggested_say_as import hint_sentence, of_column, say_as_choices
from campaigns.drafts.form.widgets import PatientForm, redraws
from campaigns.drafts.models import SOURCE_MAX_LENGTH, ParameterSource
from campaigns.drafts.spoken.say_as import known
from campaigns.drafts.spoken.suggest_say_as import Hint


class ParameterForm(PatientForm):
    source = forms.ChoiceField(required=False)
    text = forms.CharField(
        required=False,
        max_length=SOURCE_MAX_LENGTH,
        widget=forms.TextInput(
            attrs={"placeholder": "The same text for everyone", **redraws("preview")}
        ),
    )
    fallback = forms.CharField(
        required=False,
        max_length=SOURCE_MAX_LENGTH,
        widget=forms.TextInput(attrs={"placeholder": "Used when the cell is empty"}),
    )
    say_as = forms.ChoiceField(required=False)

    def __init__(
        self,
        data: Mapping[str, Any],
        *,
        number: int,
        label: str,
        is_expected: bool,
        headings: Iterable[str],
        lists: Sequence[ContactList],
        filled_because: str,
        quiet: bool,
    ) -> None:
        """Build the form. `is_expected` is whether the call flow describes or contains the parameter.

        `filled_because` is the reason why the portal has filled it in, or "". `lists` suggest how a column is
        said.
        """
        super().__init__(data, prefix=f"parameter-{number}", quiet=quiet)
        self.number, self.is_expected, self.filled_because = number, is_expected, filled_because
        source = self.fields["source"]
        assert isinstance(source, forms.ChoiceField)
        source.label = f"Parameter {number}: {label}" if label else f"Parameter {number}"
        self.fields["text"].label = f"Fixed text {number}"
        self.fields["fallback"].label = f"If empty {number}"
        # The hint beside them is true only until one of them is changed.
        source.widget.attrs |= redraws("preview", self.hint_id, self.say_as_id, self.say_as_hint_id)
        self.fields["fallback"].widget.attrs |= redraws("preview", self.hint_id)
        if filled_because and quiet:
            source.widget.attrs["aria-describedby"] = self.hint_id
        source.choices = self._choices(headings)
        self._offer_to_say(lists)

    def _offer_to_say(self, lists: Sequence[ContactList]) -> None:
        """Offer the ways to say the chosen column: dates in the order of day and month that it can have."""
        field = self.fields["say_as"]
        assert isinstance(field, forms.ChoiceField)
        chosen = str(self.data.get(self.add_prefix("source"), ""))
        is_column = chosen.startswith(COLUMN_PREFIX)
        self._hint = of_column(lists, chosen.removeprefix(COLUMN_PREFIX)) if is_column else Hint()
        field.label = f"Say as {self.number}"
        field.choices = say_as_choices(self._hint, known(self["say_as"].value() or ""))
        field.error_messages["invalid_choice"] = "Choose one of the ways to say this."
        field.widget.attrs |= redraws("preview", self.hint_id, self.say_as_hint_id)
        if self.say_as_hint:
            field.widget.attrs["aria-describedby"] = self.say_as_hint_id

    @property
    def say_as_hint(self) -> str:
        """Return what to say of the chosen column as long as nobody has chosen how it is said, or ""."""
        if self["say_as"].value():
            return ""
        return hint_sentence(self._hint)

    @property
    def say_as_id(self) -> str:
        return f"parameter-{self.number}-say-as"

    @property
    def say_as_hint_id(self) -> str:
        return f"{self.say_as_id}-hint"

    @property
    def hint_id(self) -> str:
        return f"parameter-{self.number}-hint"

    @property
    def is_used(self) -> bool:
        """Return whether the call flow expects the parameter, or a source is chosen for it."""
        return self.is_expected or self.as_it_stands is not None

    @property
    def is_unused(self) -> bool:
        """Return whether a person has chosen that the parameter says nothing."""
        return bool(self.cleaned_data.get("source") == UNUSED)

    def _choices(self, headings: Iterable[str]) -> list[Any]:
        """Return the choices. A column that was chosen before stays, even if the lists lack it now."""
        offered = list(headings)
        chosen = str(self.data.get(self.add_prefix("source"), ""))
        if chosen.startswith(COLUMN_PREFIX) and chosen.removeprefix(COLUMN_PREFIX) not in offered:
            offered.append(chosen.removeprefix(COLUMN_PREFIX))
        columns = [
            (COLUMN_PREFIX + heading, heading)
            for heading in offered
            if len(heading) <= SOURCE_MAX_LENGTH
        ]
        grouped = [("Column of the contact lists", columns)] if columns else []
        return [*self._nothing(chosen), (TEXT, "Fixed text"), *grouped]

    def _nothing(self, chosen: str) -> list[tuple[str, str]]:
        """Return the choices that say nothing.

        An expected parameter has two: nothing chosen yet, and not used.
        """
        unused = (UNUSED, "Not used")
        if self.is_expected:
            return [("", "Choose a column or a text"), unused]
        return [unused if chosen == UNUSED else ("", "Not used")]

    @property
    def chosen(self) -> Source | None:
        return self._source(self.cleaned_data)

    @property
    def as_it_stands(self) -> Source | None:
        """Return the chosen source without validating it."""
        return self._source({name: str(self[name].value() or "") for name in self.fields})

    @staticmethod
    def _source(said: Mapping[str, str]) -> Source | None:
        source = said.get("source", "")
        if source == TEXT:
            return Source(TEXT, said.get("text", ""))
        if source.startswith(COLUMN_PREFIX):
            kind, heading = ParameterSource.Kind.COLUMN.value, source.removeprefix(COLUMN_PREFIX)
            say_as = known(said.get("say_as", "")).value
            return Source(kind, heading, said.get("fallback", "").strip(), say_as)
        return None


def parameter_forms(
    data: Mapping[str, Any],
    flow: CallFlow | None,
    lists: Sequence[ContactList],
    headings: Iterable[str],
    *,
    quiet: bool,
    fills: bool,
) -> list[ParameterForm]:
    """Return the forms of all parameters. They offer the headings as columns.

    `fills` fills in the parameters for which nobody has chosen, if there is a call flow and there are
    lists.
    """
    data = suggested_columns.without_stale(data)
    expected = suggested_columns.expected(flow)
    suggested = {}
    if flow and (fills or suggested_columns.has_filled(data)):
        own = as_key(str(data.get("campaign", "")))
        suggested = suggested_columns.suggestions(flow, expected, lists, besides=own)
    if fills:
        data = suggested_columns.filled(data, suggested)
    offered = list(headings)
    return [
        ParameterForm(
            data,
            number=number,
            label=described.label if (described := expected.get(number)) else "",
            is_expected=number in expected,
            headings=offered,
            lists=lists,
            filled_because=suggested_columns.reason(data, number, suggested),
            quiet=quiet,
        )
        for number in suggested_columns.NUMBERS
    ]
