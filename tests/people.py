"""The people of the tests, their clients, and lists and campaigns made the way the portal makes them.

Northgate is the client that most tests are about. Mina manages it, Alan approves, Vera only reads;
Sol manages Harbour, and should never learn that Northgate exists.
"""

import re
from collections.abc import Iterable, Sequence
from typing import Any, cast

from django.contrib.auth.models import User
from django.core.files.base import ContentFile
from django.http import HttpResponse
from django.test import Client as Browser
from django.urls import reverse

from campaigns.clients.models import (
    CallFlow,
    CallFlowParameter,
    Cli,
    Client,
    Membership,
    PartnerAccount,
    Role,
)
from campaigns.contacts.forms import MappingForm
from campaigns.contacts.importing import list_columns, pipeline
from campaigns.contacts.models import ContactList
from campaigns.drafts.campaign import schedule
from campaigns.drafts.campaign.content import DraftContent
from campaigns.drafts.models import Campaign
from campaigns.drafts.preflight import Tier, of_tier
from campaigns.drafts.views.saving import problems_of
from campaigns.submissions.demo import story
from campaigns.submissions.freezing import freeze
from campaigns.submissions.models import Part, Submission
from campaigns.submissions.review.review import Review
from campaigns.submissions.review.warning_groups import groups
from campaigns.submissions.submitting.resend_question import SEEN, TYPED, overlap_of
from campaigns.uploads.columns import mapping

HEADINGS = ("Phone", "Name", "First name", "Due date")
ROWS = (
    ("07700 900101", "Amara Ahmed", "Amara", "1 December"),
    ("+44 1632 960102", "Ben Brown", "Ben", "2 December"),
    ("(020) 7946 0103", "Chloe Clarke", "Chloe", "3 December"),
    ("not given", "Dev Davies", "Dev", "4 December"),
    ("07700 900101", "Amara Ahmed again", "Amara", "5 December"),
)


def person(username: str, *, is_admin: bool = False) -> User:
    """Make a person without a password: the tests sign in by `force_login`."""
    return User.objects.create_user(username, is_staff=is_admin, is_superuser=is_admin)


def member(username: str, client: Client, role: Role) -> User:
    user = person(username)
    join(user, client, role)
    return user


def join(user: User, client: Client, role: Role) -> None:
    Membership.objects.create(user=user, client=client, role=role)


def client(
    account: PartnerAccount, name: str, dm_client_id: str, *, call_flow: int, cli: int
) -> Client:
    """Make a client with one call flow, which says {Parameter1} and {Parameter2}, and one CLI.

    Its submissions are due at once; tests of the undo window set one.
    """
    made = Client.objects.create(
        name=name, dm_client_id=dm_client_id, partner_account=account, undo_seconds=0
    )
    flow = CallFlow.objects.create(
        client=made, partner_id=call_flow, name=f"{name} reminder", sms_text="{Parameter2}"
    )
    for number, label in enumerate(("First name", "Due date"), start=1):
        CallFlowParameter.objects.create(call_flow=flow, number=number, label=label)
    Cli.objects.create(client=made, partner_id=cli, number="020 7946 0999", description=name)
    return made


def lookups() -> dict[str, dict[str, list[int]]]:
    """Return every client's lookups as the sandbox takes them."""
    return {
        client.dm_client_id: {
            "callflows": list(client.callflows.values_list("partner_id", flat=True)),
            "clis": list(client.clis.values_list("partner_id", flat=True)),
        }
        for client in Client.objects.all()
    }


def csv_file(rows: Iterable[Sequence[str]], name: str = "readings.csv") -> ContentFile[bytes]:
    lines = [",".join(row) for row in (HEADINGS, *rows)]
    return ContentFile("\n".join(lines).encode(), name=name)


def contact_list(
    actor: User, client: Client, rows: Iterable[Sequence[str]] = ROWS, name: str = "Readings"
) -> ContactList:
    """Upload and import a list: three contacts and two refused rows, unless `rows` says otherwise."""
    made = ContactList.upload(actor, client, name, csv_file(rows))
    pipeline.run(made)
    made.refresh_from_db()
    return made


def columns_as_shown(contact_list: ContactList) -> dict[str, Any]:
    """Return what the page of columns posts when nothing on it is changed."""
    contact_list.refresh_from_db()
    assert contact_list.look is not None
    seen = mapping.Look.from_json(contact_list.look)
    form = MappingForm(seen, list_columns.propose(contact_list, seen))
    values = {name: form[name].value() for name in form.fields}
    return {name: "" if value is None else value for name, value in values.items()}


def content(client: Client, contacts: ContactList, name: str = "December") -> DraftContent:
    """Return a draft with nothing wrong, which starts in a week."""
    return story.complete(client, name, contacts, days=7)


def reviewed(campaign: Campaign) -> dict[str, Any]:
    """Return what the review posts once every warning is ticked and calling again is confirmed."""
    campaign.refresh_from_db()
    warnings = of_tier(Tier.WARNING, problems_of(campaign))
    read = {"read": [group.key for group in groups(warnings)]}
    return {"seen": Review(campaign).digest, **read, **confirming(campaign)}


def submit_in(
    browser: Browser, posted: dict[str, Any], draft: Campaign | None = None
) -> HttpResponse:
    """Press *Review and submit* in the builder and then the review's button, with every box ticked.

    Return the last answer: that of the builder where it leads to no review.
    """
    args = [draft.pk] if draft else None
    name = "submissions:review" if draft else "submissions:review_new"
    answer = browser.post(reverse(name, args=args), posted)
    found = re.fullmatch(r"/submissions/review/(\d+)/", answer.headers.get("Location", ""))
    if not found:
        return cast("HttpResponse", answer)
    campaign = Campaign.objects.get(pk=found[1])
    address = reverse("submissions:submit", args=[campaign.pk])
    return cast("HttpResponse", browser.post(address, reviewed(campaign)))


def confirming(campaign: Campaign) -> dict[str, str]:
    """Return the form's fields that confirm that people are called again."""
    confirmed = overlap_of(campaign).confirmed
    return {TYPED: confirmed.typed, SEEN: " ".join(confirmed.seen)}


def move_partner(url: str, kind: str = PartnerAccount.Kind.SANDBOX) -> None:
    """Move the partner to this address, as if it had been there when everything was frozen."""
    PartnerAccount.objects.update(api_url=url, kind=kind)
    Part.objects.update(api_url=url, account_kind=kind)


def submitted(campaign: Campaign, actor: User) -> Submission:
    """Submit a complete draft and freeze it, so that its first delivery comes next."""
    start = schedule.starts_at(campaign.content().hours, campaign.client.zone)
    submission = story.submit_confirmed(campaign, actor, start)
    freeze.freeze(submission)
    return submission
