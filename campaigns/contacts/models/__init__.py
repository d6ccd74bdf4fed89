"""Contact lists, what their rows have become, and what was counted in their columns."""

from campaigns.contacts.models.column_counts import ColumnCounts
from campaigns.contacts.models.contact import Contact, RefusedRow
from campaigns.contacts.models.contact_list import ContactList, ContactListQuerySet

__all__ = ["ColumnCounts", "Contact", "ContactList", "ContactListQuerySet", "RefusedRow"]
