"""Find what has changed since a part was frozen, among everything that its sending depends on.

The comparison is made after the claim. The clock, suppression and the frozen bytes themselves are checked
elsewhere.
"""

from django.contrib.auth.models import User

from campaigns.clients import access
from campaigns.clients.models import CallFlow, Cli, Role
from campaigns.shortening import shortened
from campaigns.submissions.models.part import Part
from campaigns.submissions.submitting import client_rules

LONGEST_NAME = 60


def sentence(part: Part) -> str:
    """Return what has changed that forbids sending the part, and what to do; "" if nothing has."""
    return (
        _lost_access(part)
        or _withdrawn(part)
        or _elsewhere(part)
        or _sentence(part, _other_lookups(part))
        or _sentence(part, client_rules.changed(part.submission))
    )


def _lost_access(part: Part) -> str:
    """Name a person who submitted or approved it and no longer has the access for that; "" if none."""
    submission = part.submission
    for person, role, did in (
        (
            submission.submitted_by,
            Role.ACCOUNT_MANAGER,
            "made this test call" if submission.is_test_call else "submitted this",
        ),
        (submission.decided_by, Role.APPROVER, "approved this"),
    ):
        still_may = access.people_of(submission.client, at_least=role)
        if person and not still_may.filter(pk=person.pk).exists():
            otherwise = (
                "undo it and make a test call of your own"
                if submission.is_test_call
                else "have someone else submit the campaign again"
            )
            return (
                f"{_name(person)} {did}, but no longer has the access needed for it. Ask an "
                f"administrator to restore it, or {otherwise}."
            )
    return ""


def _withdrawn(part: Part) -> str:
    if not all(lookup and lookup.is_active for lookup in _lookups(part)):
        return "Its call flow or CLI is no longer available."
    return ""


def _lookups(part: Part) -> tuple[CallFlow | None, Cli | None]:
    """Return the call flow and the CLI with which the part was frozen, as they are now.

    The draft of a test call can be changed at any time, and the test call goes out as it was confirmed.
    So its lookups are found by the IDs that were frozen.
    """
    client, campaign = part.submission.client, part.submission.campaign
    if campaign:
        return campaign.call_flow, campaign.cli
    return (
        client.callflows.filter(partner_id=part.call_flow_id).first(),
        client.clis.filter(partner_id=part.cli_id).first(),
    )


def _elsewhere(part: Part) -> str:
    """Name the settings that differ from those at the freeze; "" if none does.

    With such a difference the frozen bytes would go to the wrong place or be wrong.
    """
    client = part.submission.client
    account = client.partner_account
    call_flow, cli = _lookups(part)
    compared = (
        ("partner account", part.partner_account_id, account.pk),
        ("partner account’s kind", part.account_kind, account.kind),
        ("partner account’s address", part.api_url, account.api_url),
        ("name of the CLI field", part.cli_field, account.cli_field),
        ("use of the reference in names", part.reference_in_name, account.reference_in_name),
        ("DM client ID", part.dm_client_id, client.dm_client_id),
        ("call flow’s ID", part.call_flow_id, call_flow and call_flow.partner_id),
        ("CLI’s ID", part.cli_id, cli and cli.partner_id),
    )
    changed = [name for name, frozen, now in compared if frozen != now]
    if not changed:
        return ""
    return _sentence(
        part, f"The {' and the '.join(changed[:2])} has changed since this was prepared."
    )


def _other_lookups(part: Part) -> str:
    """Name the lookups of a test call whose frozen IDs now belong to something else; "" if none does.

    They are found by these IDs, so a swap of the IDs of two call flows shows in their names alone. An
    empty name was not recorded.
    """
    if not part.submission.is_test_call:
        return ""
    call_flow, cli = _lookups(part)
    compared = (
        ("call flow", part.call_flow_named, str(call_flow)),
        ("CLI", part.cli_named, str(cli)),
    )
    changed = [name for name, frozen, now in compared if frozen and frozen != now]
    if not changed:
        return ""
    return f"The {' and the '.join(changed)} with the prepared ID has another name now."


def _sentence(part: Part, changed: str) -> str:
    again = "make another test call" if part.submission.is_test_call else "submit the draft again"
    return f"{changed} Undo it and {again}." if changed else ""


def _name(person: User) -> str:
    return shortened(person.get_full_name() or person.get_username(), LONGEST_NAME)
