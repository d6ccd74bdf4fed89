"""Record changes made in Django's admin as events: who changed what, from which value to which."""

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any

from django.db import models

from campaigns.clients import access
from campaigns.clients.admin.sign_in_form import SignInFormSet
from campaigns.clients.events import Event
from campaigns.clients.free_text import holds_number
from campaigns.clients.models import Client, Membership
from campaigns.shortening import shortened

if TYPE_CHECKING:
    from django.http import HttpRequest

LONGEST_VALUE = 100


class RecordsChanges:
    """A mixin for a ModelAdmin that records an event for each changed field, row and object.

    Events contain no telephone number. Of a sign-in to the partner they say only that it was changed.
    """

    # Fields whose events leave out the values: long texts, telephone numbers, data about people.
    only_named: tuple[str, ...] = ()
    # Fields whose changes are not recorded here: some have an event of their own.
    not_recorded: tuple[str, ...] = ()

    def save_model(self, request: "HttpRequest", obj: Any, form: Any, change: bool) -> None:
        before = type(obj)._default_manager.get(pk=obj.pk) if change else None
        super().save_model(request, obj, form, change)  # type: ignore[misc]
        if before is None:
            _record(request, obj, f"Added the {_named(obj)}.")
            return
        for name in form.changed_data:
            if name not in self.not_recorded:
                _record(request, obj, self._changed(before, obj, name))

    def save_formset(self, request: "HttpRequest", form: Any, formset: Any, change: bool) -> None:
        super().save_formset(request, form, formset, change)  # type: ignore[misc]
        owner = formset.instance
        if isinstance(formset, SignInFormSet):
            if formset.has_changed():
                _record(request, owner, f"Changed how {owner.name} signs in to the partner.")
            return
        for sentence in _rows(formset):
            _record(request, owner, sentence)

    def delete_model(self, request: "HttpRequest", obj: models.Model) -> None:
        _record(request, obj, f"Deleted the {_named(obj)}.", is_going=True)
        super().delete_model(request, obj)  # type: ignore[misc]

    def delete_queryset(
        self, request: "HttpRequest", queryset: "models.QuerySet[models.Model]"
    ) -> None:
        for obj in queryset:
            _record(request, obj, f"Deleted the {_named(obj)}.", is_going=True)
        super().delete_queryset(request, queryset)  # type: ignore[misc]

    def _changed(self, before: models.Model, obj: models.Model, name: str) -> str:
        field = next((field for field in obj._meta.concrete_fields if field.name == name), None)
        if field is None or name in self.only_named:
            label = str(field.verbose_name) if field else name.replace("_", " ")
            return f"Changed the {label} of the {_named(obj)}."
        old, new = _value(before, field), _value(obj, field)
        told = f"Changed “{field.verbose_name}” of the {_named(obj)}"
        if holds_number(old) or holds_number(new):
            return f"{told}."
        return f"{told} from “{old}” to “{new}”."


def _value(obj: models.Model, field: "models.Field[Any, Any]") -> str:
    """Return a field's value as text for people."""
    display = getattr(obj, f"get_{field.name}_display", None)
    value = display() if display else getattr(obj, field.name)
    return shortened("" if value is None else str(value), LONGEST_VALUE)


def _rows(formset: Any) -> Iterator[str]:
    """Yield a sentence for each row of a saved formset that was added, changed or removed."""
    made: Iterable[models.Model] = formset.new_objects
    yield from (f"Added the {_named(row)}." for row in made)
    yield from (f"Changed it to the {_named(row)}." for row, _ in formset.changed_objects)
    yield from (f"Removed the {_named(row)}." for row in formset.deleted_objects)


def _named(obj: models.Model) -> str:
    """Return the kind and the name of an object. A lookup has its partner ID instead of its name."""
    kind = str(obj._meta.verbose_name)
    if isinstance(obj, Membership):
        return f"access of {obj.user.get_username()}: {obj.get_role_display()}"
    if partner_id := getattr(obj, "partner_id", None):
        return f"{kind} {partner_id}"
    return shortened(f"{kind} {obj}", LONGEST_VALUE)


def _record(
    request: "HttpRequest", obj: models.Model, sentence: str, *, is_going: bool = False
) -> None:
    """Record an event.

    The event of a client that is deleted belongs to no client, since it would be deleted with it.
    """
    client_id = obj.pk if isinstance(obj, Client) else getattr(obj, "client_id", None)
    if is_going and isinstance(obj, Client):
        client_id = None
    Event.record(obj, client_id, sentence, access.person(request))
