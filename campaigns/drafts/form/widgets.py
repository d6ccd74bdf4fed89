"""What the builder's forms are made of: inputs, kinds of fields, and a form that is shown unchecked."""

from collections.abc import Mapping
from typing import Any, TypeVar

from django import forms
from django.forms.utils import ErrorDict
from django.urls import reverse_lazy

from campaigns.clients.lookups.lookup import Lookup
from campaigns.contacts.models import ContactList
from campaigns.drafts.form.form_data import LONGEST_KEY
from campaigns.plurals import counted

LookupT = TypeVar("LookupT", bound=Lookup)


class DateInput(forms.DateInput):
    input_type = "date"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs, format="%Y-%m-%d")


class TimeInput(forms.TimeInput):
    input_type = "time"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs, format="%H:%M")


def redraws(part: str, *others: str, at_once: bool = False) -> dict[str, Any]:
    """Return the attributes that make a change of the field draw parts of the form again.

    `at_once` cancels a request under way, which this one makes needless. Without it, requests wait for
    each other, and each draws its own part. No field is disabled meanwhile: a disabled field is not
    posted, and Save may be pressed at any time.
    """
    attributes = {
        "hx-post": reverse_lazy("drafts:redraw"),
        "hx-trigger": "change",
        "hx-target": f"#{part}",
        "hx-select": f"#{part}",
        "hx-swap": "only-changes",
        "hx-sync": f"closest form:{'replace' if at_once else 'queue all'}",
    }
    if others:
        attributes["hx-select-oob"] = ",".join(f"#{other}:only-changes" for other in others)
    return attributes


class PatientForm(forms.Form):
    """A form that can be shown with its values before anybody has asked to validate them."""

    use_required_attribute = False

    def __init__(self, data: Mapping[str, Any], *, prefix: str = "", quiet: bool) -> None:
        self.quiet = quiet
        super().__init__(data, prefix=prefix or None)

    def full_clean(self) -> None:
        if self.quiet:
            self._errors = ErrorDict()
            self.cleaned_data = {}
        else:
            super().full_clean()

    def value_of(self, name: str) -> Any:
        """Return a field's value, even if the form is quiet. Return None if the value is invalid."""
        try:
            return self.fields[name].clean(self[name].data)
        except forms.ValidationError:
            return None


class LookupChoice(forms.ModelChoiceField[LookupT]):
    def label_from_instance(self, obj: LookupT) -> str:
        return str(obj) if obj.is_active else f"{obj} – no longer available"


class ListBoxes(forms.CheckboxSelectMultiple):
    """A box for each contact list. The boxes of the ids in `wrong` are marked."""

    wrong: frozenset[int] = frozenset()

    def create_option(self, name: str, value: Any, *args: Any, **kwargs: Any) -> dict[str, Any]:
        option: dict[str, Any] = super().create_option(name, value, *args, **kwargs)
        is_wrong = str(value) in map(str, self.wrong)
        option["attrs"]["class"] = "form-check-input is-invalid" if is_wrong else "form-check-input"
        if is_wrong:
            option["attrs"]["aria-invalid"] = "true"
        return option


class ListChoices(forms.ModelMultipleChoiceField[ContactList]):
    # Sentences about the lists that were deleted while they were chosen, by their ids.
    gone: Mapping[str, str] = {}
    drops_gone = False

    def label_from_instance(self, obj: ContactList) -> str:
        """Return what tells lists apart: name, file, day, person and number of contacts."""
        archived = ", archived" if obj.archived_at else ""
        return f"{obj.name} · {obj.origin} · {counted(obj.contact_count, 'contact')}{archived}"

    def clean(self, value: Any) -> Any:
        """Refuse deleted lists, or drop them, and refuse ids that no row can have.

        A database can't take a number of any length.
        """
        chosen = [str(pk) for pk in value or ()]
        if any(len(pk) > LONGEST_KEY for pk in chosen):
            raise forms.ValidationError(self.error_messages["invalid_pk_value"], params={"pk": "…"})
        told = [self.gone[pk] for pk in chosen if pk in self.gone]
        if told and not self.drops_gone:
            raise forms.ValidationError(told)
        return super().clean([pk for pk in chosen if pk not in self.gone])
