"""Rules about who is called. [partner] marks what the partner is known to check too."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from operator import attrgetter

from django.urls import reverse

from campaigns.contacts.models import Contact
from campaigns.drafts.campaign import schedule
from campaigns.drafts.models import Precedence
from campaigns.drafts.people import overlaps
from campaigns.drafts.preflight.facts import Facts
from campaigns.drafts.preflight.hours import MOST_DAYS_AHEAD
from campaigns.drafts.preflight.problems import Problem, blocking, warning
from campaigns.plurals import counted
from campaigns.uploads.runs.import_run import Status

LISTS_STAND_FOR = timedelta(days=28)


@blocking("people-missing")
def has_people(facts: Facts) -> Iterator[Problem]:
    """[partner] Require one or more numbers to call."""
    # `has_lost_no_list` reports the lists that are marked as lost.
    lost = {found.name for found in facts.lost_lists}
    lists = [
        found
        for found in facts.draft.contact_lists
        if found.status != Status.DELETING or found.name not in lost
    ]
    gone = [found for found in lists if not found.is_ready]
    if not lists:
        yield Problem("contact_lists", "Choose at least one contact list.")
    elif gone:
        names = ", ".join(found.name for found in gone)
        which = "This list" if len(gone) == 1 else "These lists"
        sentence = f"{which} can no longer be used: {names}."
        yield Problem("contact_lists", sentence, lists=tuple(found.pk for found in gone))
    elif not facts.people.total:
        yield Problem("contact_lists", "There is nobody to call on these lists.")
    elif not facts.people.net:
        yield Problem(
            "contact_lists", "Everyone on these lists is suppressed. Choose another list."
        )


@blocking("list-lost")
def has_lost_no_list(facts: Facts) -> Iterator[Problem]:
    """Block a draft that has lost a deleted list, until a person says whether that is intended."""
    for lost in facts.lost_lists:
        sentence = f"{lost.sentence} Choose another list, or continue without it."
        yield Problem("contact_lists", sentence)


@blocking("number-fictional")
def calls_nobody_fictional(facts: Facts) -> Iterator[Problem]:
    """Block a list with fictional numbers, which was read for the sandbox, on a live account."""
    if not facts.draft.client.partner_account.is_live:
        return
    for found in facts.draft.contact_lists:
        if Contact.objects.filter(contact_list=found).fictional().exists():
            sentence = (
                f"“{found.name}” was imported for the sandbox and has fictional numbers. "
                "Upload it again."
            )
            yield Problem("contact_lists", sentence, lists=(found.pk,))


@warning("list-old", "A contact list is older than 28 days")
def lists_are_recent(facts: Facts) -> Iterator[Problem]:
    """Warn if a list is old: numbers get new owners, and amounts due are paid."""
    for found in facts.draft.contact_lists:
        age = facts.now - found.uploaded_at
        if age > LISTS_STAND_FOR:
            sentence = (
                f"“{found.name}” was uploaded {age.days} days ago. Numbers and details may have "
                "changed. Ask the client for a new list."
            )
            url = reverse("contacts:detail", args=[found.pk])
            yield Problem("contact_lists", sentence, url, lists=(found.pk,))


@warning("list-archived", "A contact list is archived")
def lists_are_in_use(facts: Facts) -> Iterator[Problem]:
    """Warn if a list is archived: it is not offered to new campaigns, but a copy brings it back."""
    for found in facts.draft.contact_lists:
        if found.archived_at:
            sentence = f"“{found.name}” is archived. Check that it is still the right list."
            url = reverse("contacts:detail", args=[found.pk])
            yield Problem("contact_lists", sentence, url, lists=(found.pk,))


@warning("lists-differ", "Lists have different names or values for the same number")
def lists_agree(facts: Facts) -> Iterator[Problem]:
    """Warn if lists differ about a number, which is called once with what one of them says."""
    lists = [found for found in facts.draft.lists_by_precedence if found.is_ready]
    if len(lists) < 2 or not facts.people.repeated:
        return
    if count := overlaps.count(lists, facts.draft.parameters):
        are = "number is" if count == 1 else "numbers are"
        which = Precedence(facts.draft.precedence).label
        sentence = (
            f"{count:,} {are} on several lists with different names or values. {which} is used: "
            f"“{lists[0].name}” comes first. You can change this below the lists."
        )
        yield Problem("precedence", sentence)


@warning("people-called-same-week", "People are called by another campaign within seven days")
def calls_nobody_twice_in_a_week(facts: Facts) -> Iterator[Problem]:
    """Warn if another campaign calls some of the people within seven days of the start.

    A draft without a start is checked for the days around today.
    """
    found = list(facts.people_elsewhere(_start(facts)))
    if not found:
        return
    most = max(found, key=attrgetter("shared"))
    on = schedule.named(most.starts_at, facts.draft.client.zone)
    others = len(found) - 1
    further = (
        f" Some are also in {counted(others, 'other campaign')} around those days."
        if others
        else ""
    )
    sentence = (
        f"{counted(most.shared, 'contact')} on these lists {'is' if most.shared == 1 else 'are'} also "
        f"in “{most.name}”, which starts on {on}.{further}"
    )
    yield Problem("contact_lists", sentence, most.url)


def _start(facts: Facts) -> datetime:
    """Return the start, or now if the start is not chosen or too far off to be meant."""
    hours, zone = facts.draft.hours, facts.draft.client.zone
    if hours.day is None or hours.start is None:
        return facts.now
    is_far = abs(hours.day - facts.now.astimezone(zone).date()).days > MOST_DAYS_AHEAD
    return facts.now if is_far else schedule.starts_at(hours, zone)
