"""Fill in the sources of parameters that nobody has chosen: as in an earlier campaign, or by name.

The form posts what was filled in along with what is chosen. While the two are the same, the choice is the
portal's own, and changes with the call flow and the lists. If they differ, a person has chosen, and the
choice stays, even if it is "Not used".
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Prefetch

from campaigns.clients.models import CallFlow, CallFlowParameter
from campaigns.contacts.models import ContactList
from campaigns.drafts.form.form_data import COLUMN_PREFIX, UNUSED
from campaigns.drafts.form.match_columns import distinguishable, heading_for
from campaigns.drafts.form.suggested_say_as import as_before, of_column
from campaigns.drafts.models import SOURCE_MAX_LENGTH, ParameterSource
from campaigns.drafts.spoken.script import parameters_in

Kind = ParameterSource.Kind
NUMBERS = range(1, 10)
# The most rows of earlier campaigns to look at: ten campaigns, if each uses all nine parameters.
EARLIER_SOURCES = 90


@dataclass(frozen=True, slots=True)
class Suggestion:
    """What to fill in: the choice, the fallback and "Say as" as the form posts them, and the reason."""

    choice: str
    fallback: str
    reason: str
    say_as: str = ""


Expected = Mapping[int, CallFlowParameter | None]
"""The parameters that a call flow describes or says, with what it says of them."""


def expected(flow: CallFlow | None) -> Expected:
    if flow is None:
        return {}
    said = dict.fromkeys(parameters_in(flow.script, flow.sms_text))
    return said | {row.number: row for row in flow.parameters.all()}


def suggestions(
    flow: CallFlow, parameters: Expected, lists: Sequence[ContactList], *, besides: int | None
) -> dict[int, Suggestion]:
    """Return what to fill in for a call flow's parameters, from columns that all of the lists have.

    `besides` is the campaign that is being built, which can't be an example for itself. A column that
    shares its heading with another one of its list, or that has no heading, is left to a person.
    """
    headings = _in_all(lists)
    earlier = _earlier(flow, besides)
    found: dict[int, Suggestion] = {}
    for number, described in parameters.items() if headings else ():
        row, is_required = earlier.get(number), bool(described and described.is_required)
        reason = f"As in “{row.campaign.title}”." if row else ""
        if row and row.kind == Kind.COLUMN and row.value in headings and _was_clear(row):
            say_as = as_before(row.say_as, of_column(lists, row.value))
            found[number] = Suggestion(COLUMN_PREFIX + row.value, row.fallback, reason, say_as)
        elif row and row.kind == Kind.UNUSED and not is_required:
            found[number] = Suggestion(UNUSED, "", reason)
        elif described and (heading := _by_name(described.label, lists) or "") in headings:
            say_as = of_column(lists, heading).say_as
            found[number] = Suggestion(COLUMN_PREFIX + heading, "", "Matched by name.", say_as)
    return found


def filled(data: Mapping[str, Any], suggested: Mapping[int, Suggestion]) -> dict[str, Any]:
    """Return a form's data, with the suggestions for the parameters for which nobody has chosen."""
    changed = {name: data[name] for name in data}
    for number in NUMBERS:
        was_filled = _is_filled(data, number)
        if not was_filled and data.get(f"parameter-{number}-source"):
            continue
        new = suggested.get(number) or (Suggestion("", "", "") if was_filled else None)
        if new:
            changed |= _as_posted(number, new)
    return changed


def without_stale(data: Mapping[str, Any]) -> dict[str, Any]:
    """Return a form's data without the portal's own "Say as" of a column that a person has replaced."""
    changed = {name: data[name] for name in data}
    for number in NUMBERS:
        prefix = f"parameter-{number}-"
        was, is_now = data.get(f"{prefix}filled-source"), data.get(f"{prefix}source")
        is_own = data.get(f"{prefix}say_as") == data.get(f"{prefix}filled-say_as")
        if was and was != is_now and is_own:
            changed[f"{prefix}say_as"] = ""
    return changed


def has_filled(data: Mapping[str, Any]) -> bool:
    return any(_is_filled(data, number) for number in NUMBERS)


def reason(data: Mapping[str, Any], number: int, suggested: Mapping[int, Suggestion]) -> str:
    """Return why a parameter has been filled in, or "" if a person has chosen."""
    suggestion = suggested.get(number)
    if suggestion is None or not _is_filled(data, number):
        return ""
    is_this = suggestion.choice == data.get(f"parameter-{number}-source")
    return suggestion.reason if is_this else ""


def _is_filled(data: Mapping[str, Any], number: int) -> bool:
    """Return whether a parameter has what was filled in, unchanged by a person."""
    prefix = f"parameter-{number}-"
    return bool(data.get(f"{prefix}filled-source")) and all(
        data.get(prefix + name, "") == data.get(f"{prefix}filled-{name}", "")
        for name in ("source", "fallback", "say_as")
    )


def _as_posted(number: int, new: Suggestion) -> dict[str, str]:
    prefix = f"parameter-{number}-"
    return {
        f"{prefix}source": new.choice,
        f"{prefix}fallback": new.fallback,
        f"{prefix}say_as": new.say_as,
        f"{prefix}filled-source": new.choice,
        f"{prefix}filled-fallback": new.fallback,
        f"{prefix}filled-say_as": new.say_as,
    }


def _was_clear(row: ParameterSource) -> bool:
    """Return whether no list of the earlier campaign had the column's heading twice.

    If that list had two columns called "Due date", a single one on the next list may be the one that was
    not chosen.
    """
    lists = [one.headings for one in row.campaign.contact_lists.all()]
    return all(row.value in distinguishable(known) for known in lists if row.value in known)


def _by_name(label: str, lists: Sequence[ContactList]) -> str | None:
    """Return the heading that the label means in every list, or None if the lists differ.

    Each list is matched by itself: a heading that one list has twice is in doubt, even if another has it
    once.
    """
    meant = {heading_for(label, one.headings) for one in lists}
    return meant.pop() if len(meant) == 1 else None


def _in_all(lists: Sequence[ContactList]) -> set[str]:
    """Return the headings that belong to one column only in every list, and that a draft can store."""
    clear = [set(distinguishable(one.headings)) for one in lists]
    both = set.intersection(*clear) if clear else set()
    return {heading for heading in both if len(heading) <= SOURCE_MAX_LENGTH}


def _earlier(flow: CallFlow, besides: int | None) -> dict[int, ParameterSource]:
    """Return each parameter's source in the newest campaign with this call flow that has a source for it."""
    rows = ParameterSource.objects.filter(campaign__call_flow=flow).exclude(campaign=besides)
    lists = Prefetch("campaign__contact_lists", ContactList.objects.only("headings"))
    newest = rows.select_related("campaign").order_by("-campaign__changed_at", "number")
    found: dict[int, ParameterSource] = {}
    for row in newest.prefetch_related(lists)[:EARLIER_SOURCES]:
        found.setdefault(row.number, row)
    return found
