"""Contact lists, their contacts and refused rows, and the counts of their columns."""

from campaigns.contacts.models.column_counts import SAY_AS_MAX_LENGTH, ColumnCounts
from campaigns.contacts.models.contact import Contact, RefusedRow
from campaigns.contacts.models.contact_list import DELETED, ContactList, ContactListQuerySet

__all__ = [
    "DELETED",
    "SAY_AS_MAX_LENGTH",
    "ColumnCounts",
    "Contact",
    "ContactList",
    "ContactListQuerySet",
    "RefusedRow",
]
