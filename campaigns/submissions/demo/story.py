"""What has happened in the demo. Every submission was really sent to the sandbox partner.

No state is written as a row: each is reached by the way that a campaign takes. Where that needs a
cause (a partner that misbehaves, a call flow that is withdrawn), the cause is brought about and undone.
"""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from datetime import date, time, timedelta

from django.conf import settings
from django.utils import timezone

from campaigns.clients.models import CallFlow, Client
from campaigns.contacts.models import ContactList
from campaigns.drafts import preflight, schedule
from campaigns.drafts.content import DraftContent, Hours, Source
from campaigns.drafts.models import Campaign
from campaigns.partner.sandbox import remote
from campaigns.partner.sandbox.behaviour import Mode
from campaigns.submissions import deliver, freeze
from campaigns.submissions.demo import lists, suppressed
from campaigns.submissions.demo.people import Cast
from campaigns.submissions.models import Delivery, Submission


def tell(cast: Cast) -> None:
    """Suppress some numbers, upload the lists, build the drafts, and send the submissions."""
    suppressed.suppress(cast)
    for_all, norths = suppressed.FOR_ALL, (suppressed.BY_NORTHGATE, suppressed.IN_THE_FILE)
    north = lists.upload(
        cast.manager, cast.northgate, "December readings", 2500, (*norths, for_all)
    )
    harbour = lists.upload(cast.manager, cast.harbour, "Rent accounts", 500, (for_all,))
    _drafts(cast, north)
    _submissions(cast, north, harbour)


def _drafts(cast: Cast, north: ContactList) -> None:
    """Three drafts: barely begun, half done, and ready to submit."""
    Campaign.start(cast.manager, DraftContent(cast.harbour, name="Spring repairs survey"))
    half = complete(cast.northgate, "Engineer visits, January", north, days=20)
    Campaign.start(
        cast.manager,
        DraftContent(
            cast.northgate,
            name=half.name,
            call_flow=half.call_flow,
            contact_lists=half.contact_lists,
            intervals=[30, None],
        ),
    )
    Campaign.start(cast.manager, complete(cast.northgate, "January meter readings", north, days=14))


def _submissions(cast: Cast, north: ContactList, harbour: ContactList) -> None:
    send(cast, complete(cast.northgate, "December meter readings", north, days=7))
    send(cast, complete(cast.harbour, "Rent reminder, north blocks", harbour, days=5), Mode.REFUSE)
    send(cast, complete(cast.harbour, "Rent reminder, south blocks", harbour, days=6), Mode.NO_ID)
    send(cast, complete(cast.northgate, "Late readings", north, days=8), Mode.CUT_BEFORE)
    send(
        cast,
        complete(cast.harbour, "Rent reminder, riverside", harbour, days=9),
        meanwhile=lambda: withdrawn(cast.harbour.callflows.get()),
    )
    send(
        cast,
        complete(cast.northgate, "Missed readings", north, days=3),
        meanwhile=lambda: longer_lead_time(cast.northgate),
    )


def send(
    cast: Cast,
    content: DraftContent,
    mode: Mode = Mode.NORMAL,
    *,
    meanwhile: Callable[[], AbstractContextManager[None]] = nullcontext,
) -> Submission:
    """Take one campaign all the way, with the partner behaving as `mode` says.

    `meanwhile` brings about what changes between the freeze and the delivery.
    """
    problems = preflight.check(content, timezone.now())
    if problems:
        message = f"the demo's own draft is wrong at {problems[0].place}"
        raise AssertionError(message)
    start = schedule.starts_at(content.hours, content.client.zone)
    campaign = Campaign.start(cast.manager, content)
    submission = Submission.submit(campaign, cast.manager, start)
    freeze.freeze(submission)
    remote.behave(settings.SANDBOX_URL, mode)
    delivery = Delivery.queue(submission.parts.get())
    with meanwhile():
        if delivery:
            # Read anew, as a worker would.
            deliver.deliver(Delivery.objects.get(pk=delivery.pk))
    remote.behave(settings.SANDBOX_URL, Mode.NORMAL)
    return submission


@contextmanager
def withdrawn(flow: CallFlow) -> Iterator[None]:
    """Withdraw a call flow, and offer it again afterwards."""
    flows = CallFlow.objects.filter(pk=flow.pk)
    flows.update(is_active=False)
    try:
        yield
    finally:
        flows.update(is_active=True)


@contextmanager
def longer_lead_time(client: Client) -> Iterator[None]:
    """Ask for a fortnight's notice, and for the usual notice again afterwards."""
    clients = Client.objects.filter(pk=client.pk)
    clients.update(lead_time_minutes=14 * 24 * 60)
    try:
        yield
    finally:
        clients.update(lead_time_minutes=client.lead_time_minutes)


def complete(client: Client, name: str, contact_list: ContactList, *, days: int) -> DraftContent:
    """Return a draft with nothing wrong, starting on a working day at least `days` from today."""
    first, second = working_days(days, 2)
    labels = {1: "First name", 2: "Due date"}
    flow = client.callflows.order_by("partner_id")[0]
    described = flow.parameters.values_list("number", flat=True)
    return DraftContent(
        client,
        name=name,
        call_flow=flow,
        cli=client.clis.order_by("partner_id")[0],
        contact_lists=[contact_list],
        hours=Hours(first, time(9), time(12, 30)),
        runover=[Hours(second, time(9), time(12, 30))],
        intervals=[15, 60, 120],
        sms_on_busy=1 if flow.sms_text else 0,
        parameters={number: Source("column", labels[number]) for number in described},
    )


def working_days(days: int, count: int) -> list[date]:
    """Return the first `count` weekdays that are at least `days` from today."""
    start = timezone.localdate() + timedelta(days=days)
    following = (start + timedelta(days=more) for more in range(count + 8))
    return [day for day in following if day.weekday() < 5][:count]
