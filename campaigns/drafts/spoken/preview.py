"""The preview: what one person on a draft's lists will hear and read, as the draft is now."""

from collections.abc import Sequence
from dataclasses import dataclass

from campaigns.clients.models import CallFlow
from campaigns.contacts.models import Contact, ContactList
from campaigns.drafts.spoken import spoken_problems
from campaigns.drafts.spoken.parameter_sources import Sources, places, sayer
from campaigns.drafts.spoken.script import Piece, rendered
from campaigns.drafts.spoken.sms import SmsLength, length
from campaigns.suppression import matching

STEPS = {"person-next": 1, "person-previous": -1}
TROUBLED = "person-troubled"


@dataclass(frozen=True, slots=True)
class Preview:
    """The preview for one person, at `position` from 1 to `total` in the order of the lists."""

    position: int
    total: int
    contact: Contact
    script: list[Piece]
    sms: list[Piece]
    # The reason why this person is not called at all; "" if the person is called.
    left_out: str
    troubles: list[str]
    nobody_is_troubled: bool

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
    """Return the preview for the person at `position`, or for the one to whom `step` leads from there.

    `step` is a key of STEPS, or TROUBLED for the next person with a problem. Return None if there is
    nobody, or nothing to say.
    """
    total = sum(one.contact_count for one in lists)
    if flow is None or not total or not (flow.script or flow.sms_text):
        return None
    found = None
    if step == TROUBLED:
        found = spoken_problems.next_after(position, lists, sources, flow)
    position = min(max((found or position) + STEPS.get(step, 0), 1), total)
    contact = _at(lists, position)
    if contact is None or not contact.contact_list.is_ready:
        return None
    said = places(contact.contact_list, sources)
    values = sayer(contact.contact_list, sources)(contact.values)
    origins = {number: place.origin(contact.values) for number, place in said.items()}
    return Preview(
        position,
        total,
        contact,
        rendered(flow.script, values, origins),
        rendered(flow.sms_text, values, origins),
        _left_out(contact, lists),
        spoken_problems.Judge(contact.contact_list, sources, flow).troubles(contact.values),
        nobody_is_troubled=step == TROUBLED and found is None,
    )


def _at(lists: Sequence[ContactList], position: int) -> Contact | None:
    for one in lists:
        if position <= one.contact_count:
            contacts = Contact.objects.filter(contact_list=one).select_related(
                "contact_list__client"
            )
            return contacts.order_by("pk")[position - 1 : position].first()
        position -= one.contact_count
    return None


def _left_out(contact: Contact, lists: Sequence[ContactList]) -> str:
    """Return why the freeze would leave a contact out, or "" if it would not.

    Only the lists and the suppressed numbers are considered.
    """
    earlier = lists[: lists.index(contact.contact_list)]
    same = Contact.objects.filter(contact_list__in=earlier, number=contact.number)
    having = set(same.values_list("contact_list", flat=True))
    if first := next((one for one in earlier if one.pk in having), None):
        return f"This person is also on “{first.name}”. They are called once, with the values from there."
    if matching.matcher(contact.contact_list.client).among([contact.number]):
        return "This person is not called: the number is suppressed."
    return ""


def _text(pieces: Sequence[Piece]) -> str:
    return "".join(piece.text for piece in pieces)
