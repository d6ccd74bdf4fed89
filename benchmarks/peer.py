"""The same file read by django-import-export, as fast as its own documentation makes it."""

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from benchmarks import portal_side
from benchmarks.data import HEADINGS

if TYPE_CHECKING:
    from campaigns.contacts.models import ContactList

BATCH_ROWS = 1000


def import_export(path: str) -> Callable[[], None]:
    """Store the same contacts in bulk, without diffs or look-ups of rows, with the library's numbers.

    It does less than the portal: refused rows are counted and not kept, nobody sees progress, and
    the whole file is in memory.
    """
    portal_side.start(empty=True)
    import tablib

    from campaigns.contacts.models import Contact

    contact_list = portal_side.upload(Path(path))
    resource = _resource(contact_list)

    def timed() -> None:
        with Path(path).open(encoding="utf-8", newline="") as file:
            dataset = tablib.Dataset().load(file, format="csv")
        result = resource.import_data(dataset, use_transactions=True)
        assert not result.has_errors()
        assert Contact.objects.count() > 0.9 * len(dataset)

    return timed


def _resource(contact_list: "ContactList") -> Any:
    from django.core.exceptions import ValidationError
    from import_export import fields, resources, widgets

    from campaigns.contacts.models import Contact

    # The plain widget passes cells on as they are; those for a model's fields do more work.
    as_it_is = partial(fields.Field, widget=widgets.Widget())
    seen: set[str] = set()

    class Contacts(resources.ModelResource):  # type: ignore[misc]
        number = as_it_is(attribute="number", column_name="number")
        name = as_it_is(attribute="name", column_name="Name")
        values = as_it_is(attribute="values", column_name="values")

        class Meta:
            model = Contact
            fields = ("number", "name", "values")
            import_id_fields = ()
            force_init_instance = True
            use_bulk = True
            batch_size = BATCH_ROWS
            use_transactions = True
            skip_diff = True
            skip_unchanged = False
            report_skipped = False

        def before_import_row(self, row: dict[str, Any], **_: Any) -> None:
            number = _e164(row["Phone"])
            if number is None or number in seen:
                message = "no number that may be called, or a duplicate"
                raise ValidationError(message)
            seen.add(number)
            row["values"] = [row[heading] for heading in HEADINGS]
            row["number"] = number

        def after_init_instance(
            self, instance: Contact, _new: bool, _row: dict[str, Any], **about: Any
        ) -> None:
            instance.contact_list_id = contact_list.pk
            instance.row_number = about["row_number"] + 1

    return Contacts()


def _e164(text: str) -> str | None:
    import phonenumbers

    try:
        number = phonenumbers.parse(text.removesuffix(".0"), "GB")
    except phonenumbers.NumberParseException:
        return None
    if not phonenumbers.is_valid_number(number):
        return None
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
