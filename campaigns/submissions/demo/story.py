"""The history of the demo. Every submission is really sent to the sandbox partner.

No state is written to a row directly: a campaign reaches it in the usual way. If that needs a cause (a
partner that misbehaves, a call flow that is withdrawn), the demo produces the cause and undoes it.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from itertools import chain, repeat

from django.conf import settings
from django.contrib.auth.models import User
from django.utils import timezone

from campaigns.clients.models import CallFlow, Client
from campaigns.contacts.models import ContactList
from campaigns.drafts import preflight
from campaigns.drafts.campaign import schedule
from campaigns.drafts.campaign.content import DraftContent, Hours, SendAt, Source
from campaigns.drafts.campaign.working_days import next_after
from campaigns.drafts.form.form_data import as_template
from campaigns.drafts.models import Campaign, CampaignTemplate
from campaigns.drafts.preflight import Problem
from campaigns.drafts.views import saving
from campaigns.partner.sandbox import remote
from campaigns.partner.sandbox.state.behaviour import Mode
from campaigns.submissions.delivering import deliver
from campaigns.submissions.demo import lists, suppressed
from campaigns.submissions.demo.people import Cast
from campaigns.submissions.freezing import freeze
from campaigns.submissions.models import Delivery, Submission
from campaigns.submissions.submitting.resend_question import overlap_of
from campaigns.submissions.submitting.submit import submit as submit_campaign


def load(cast: Cast) -> None:
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
    """Create three drafts and a template.

    The drafts are barely begun, half done, and ready to submit. The template is made from the last one.
    """
    Campaign.start(
        cast.manager, replace(DraftContent.blank(cast.harbour), name="Spring repairs survey")
    )
    half = complete(cast.northgate, "Engineer visits, January", north, days=20)
    Campaign.start(
        cast.manager,
        replace(
            DraftContent.blank(cast.northgate),
            name=half.name,
            call_flow=half.call_flow,
            contact_lists=half.contact_lists,
            intervals=[30, None],
        ),
    )
    ready = complete(cast.northgate, "January meter readings", north, days=14)
    Campaign.start(cast.manager, ready)
    CampaignTemplate.keep(cast.manager, cast.northgate, "Meter readings", as_template(ready))


def _submissions(cast: Cast, north: ContactList, harbour: ContactList) -> None:
    send(cast, complete(cast.northgate, "December meter readings", north, days=2))
    with smaller_campaigns(cast.northgate, 1500):
        send(cast, complete(cast.northgate, "Tariff change", north, days=3))
        partly = complete(cast.northgate, "Boiler service", north, days=12)
        send(cast, partly, Mode.NORMAL, Mode.REFUSE)
    later = complete(cast.northgate, "New year opening hours", north, days=16)
    submit(cast, replace(later, send_at=SendAt(working_days(9, 1)[0], time(9))))
    send(cast, complete(cast.harbour, "Rent reminder, north blocks", harbour, days=5), Mode.REFUSE)
    send(cast, complete(cast.harbour, "Rent reminder, south blocks", harbour, days=6), Mode.NO_ID)
    send(cast, complete(cast.northgate, "Late readings", north, days=4), Mode.CUT_BEFORE)
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


def submit(cast: Cast, content: DraftContent) -> Submission:
    """Submit one campaign and freeze it."""
    campaign = Campaign.start(cast.manager, content)
    problems = saving.problems_of(campaign)
    wrong = preflight.of_tier(preflight.Tier.BLOCKING, problems)
    if wrong:
        message = f"the demo's own draft is wrong at {wrong[0].place}"
        raise AssertionError(message)
    start = schedule.starts_at(content.hours, content.client.zone)
    submission = submit_confirmed(campaign, cast.manager, start, problems)
    freeze.freeze(submission)
    return submission


def send(
    cast: Cast,
    content: DraftContent,
    *modes: Mode,
    meanwhile: Callable[[], AbstractContextManager[None]] = nullcontext,
) -> Submission:
    """Submit one campaign and deliver its parts, with the partner behaving for each in turn as `modes` say.

    After the last of the modes the partner behaves well. `meanwhile` changes something between the freeze
    and the delivery, and undoes it afterwards.
    """
    submission = submit(cast, content)
    for part, mode in zip(submission.parts.all(), chain(modes, repeat(Mode.NORMAL)), strict=False):
        remote.behave(settings.SANDBOX_URL, mode)
        delivery = Delivery.queue(part)
        with meanwhile():
            if delivery:
                # Loaded again, as a worker does.
                deliver.deliver(Delivery.objects.get(pk=delivery.pk))
    remote.behave(settings.SANDBOX_URL, Mode.NORMAL)
    return submission


def submit_confirmed(
    campaign: Campaign, actor: User, starts_at: datetime, warnings: Sequence[Problem] = ()
) -> Submission:
    """Submit it as a person who confirms that the same people are to be called again."""
    confirmed = overlap_of(campaign).confirmed
    return submit_campaign(campaign, actor, starts_at, confirmed, warnings)


@contextmanager
def smaller_campaigns(client: Client, numbers: int) -> Iterator[None]:
    """Let the client's campaigns hold at most `numbers` numbers, and afterwards as many as before."""
    usual, client.most_numbers = client.most_numbers, numbers
    client.save(update_fields=["most_numbers"])
    try:
        yield
    finally:
        client.most_numbers = usual
        client.save(update_fields=["most_numbers"])


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
    """Set the client's lead time to a fortnight, and afterwards back to the usual one."""
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
    return replace(
        DraftContent.blank(client),
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
    """Return the first `count` working days that are at least `days` days from today.

    Weekends and bank holidays are not working days.
    """
    day_before = timezone.localdate() + timedelta(days=days - 1)
    return next_after(day_before, schedule.UK, count)
