"""What one of the people on a draft's lists will hear and read, with the draft as it stands."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import reduce
from operator import or_

from django.db.models import Q

from campaigns.clients.models import CallFlow
from campaigns.contacts.models import Contact, ContactList
from campaigns.drafts.rendering import Piece, parameters_in, rendered
from campaigns.drafts.sms import SmsLength, length
from campaigns.drafts.sources import Sources, places

STEPS = {"person-next": 1, "person-previous": -1}
LACKING = "person-lacking"


@dataclass(frozen=True, slots=True)
class Preview:
    """One person of the lists, at `position` from 1 to `total` in their order."""

    position: int
    total: int
    contact: Contact
    script: list[Piece]
    sms: list[Piece]
    nobody_lacks: bool

    @property
    def has_previous(self) -> bool:
        return self.position > 1

    @property
    def has_next(self) -> bool:
        return self.position < self.total

    @property
    def heard(self) -> str:
        return _text(self.script)

    @property
    def sms_length(self) -> SmsLength:
        return length(_text(self.sms))


def shown(
    flow: CallFlow | None,
    lists: Sequence[ContactList],
    sources: Sources,
    position: int,
    step: str = "",
) -> Preview | None:
    """Show the person there, or the one to whom a step leads from there: a key of STEPS, or LACKING.

    None where there is nobody, or nothing to say.
    """
    total = sum(one.contact_count for one in lists)
    if flow is None or not total or not (flow.script or flow.sms_text):
        return None
    lacking = _lacking_after(flow, lists, sources, position) if step == LACKING else None
    position = min(max((lacking or position) + STEPS.get(step, 0), 1), total)
    contact = _at(lists, position)
    if contact is None:
        return None
    found = places(contact.contact_list, sources)
    values = {number: place.said(contact.values) for number, place in found.items()}
    fallbacks = {number for number, place in found.items() if place.falls_back(contact.values)}
    script = rendered(flow.script, values, fallbacks)
    sms = rendered(flow.sms_text, values, fallbacks)
    nobody = step == LACKING and lacking is None
    return Preview(position, total, contact, script, sms, nobody_lacks=nobody)


def _lacking_after(
    flow: CallFlow, lists: Sequence[ContactList], sources: Sources, position: int
) -> int | None:
    """Return where the next person is who lacks something said, from the start again at the end."""
    said = parameters_in(flow.script, flow.sms_text)
    found = [*_lacking(lists, sources, said, position), *_lacking(lists, sources, said, 0)]
    return found[0] if found else None


def _lacking(
    lists: Sequence[ContactList], sources: Sources, said: frozenset[int], position: int
) -> list[int]:
    """Return the first position after `position` at which somebody lacks a value, if there is one."""
    before = 0
    for one in lists:
        contacts = Contact.objects.filter(contact_list=one).order_by("pk")
        skipped = max(0, position - before)
        if skipped < one.contact_count:
            since = contacts.values_list("pk", flat=True)[skipped]
            lacks = contacts.filter(_lacks(one, sources, said), pk__gte=since).first()
            if lacks:
                return [before + contacts.filter(pk__lte=lacks.pk).count()]
        before += one.contact_count
    return []


def _lacks(one: ContactList, sources: Sources, said: frozenset[int]) -> Q:
    """Return the condition that a contact of the list has no value for one of the parameters."""
    everybody, nobody = Q(pk__isnull=False), Q(pk__isnull=True)
    found = places(one, sources)
    empty = [nobody]
    for number in said:
        place = found.get(number)
        if place is None or place.column is None or place.text:
            empty.append(nobody if place and place.text.strip() else everybody)
        else:
            empty.append(Q(**{f"values__{place.column}": ""}))
    return reduce(or_, empty)


def _at(lists: Sequence[ContactList], position: int) -> Contact | None:
    for one in lists:
        if position <= one.contact_count:
            contacts = Contact.objects.filter(contact_list=one).select_related("contact_list")
            return contacts.order_by("pk")[position - 1 : position].first()
        position -= one.contact_count
    return None


def _text(pieces: Sequence[Piece]) -> str:
    return "".join(piece.text for piece in pieces)
