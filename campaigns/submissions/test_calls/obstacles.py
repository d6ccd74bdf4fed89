"""The reasons why a test call can't be made now, each a sentence for the person who asked for it."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from django.contrib.auth.models import User

from campaigns.clients.models import Client
from campaigns.contacts.models import Contact
from campaigns.drafts.campaign import schedule
from campaigns.drafts.campaign.content import DraftContent
from campaigns.drafts.models import Campaign
from campaigns.drafts.preflight import Tier, check, name_and_lookups, of_tier, parameters
from campaigns.submissions.models import Dispatch, OwnNumber, Submission
from campaigns.submissions.test_calls.soonest_hours import soonest, time_to_reach
from campaigns.suppression import matching
from campaigns.uploads.numbers.for_client import checker_for
from campaigns.uploads.numbers.reasons import Reason

# More in an hour are no longer tests.
MOST_IN_AN_HOUR = 5
AN_HOUR = timedelta(hours=1)
# Nothing proves that a number is the person's own. So a person who changes it waits before another phone
# rings.
BETWEEN_NUMBERS = timedelta(hours=24)

# What a draft needs so that one person's call can be made of it. Its name, dates, hours, call attempts and
# the other people on its lists may still be incomplete or wrong.
NEEDED = (
    name_and_lookups.has_lookups,
    parameters.has_parameters,
    parameters.says_what_is_chosen,
)


def of_draft(campaign: Campaign, now: datetime) -> Iterator[str]:
    """Yield what the draft lacks for a test call."""
    for problem in of_tier(Tier.BLOCKING, check(campaign.content(), now, campaign, NEEDED)):
        yield problem.sentence


def of_number(own: OwnNumber, content: DraftContent) -> Iterator[str]:
    """Yield why the person's number may not be called, by the rules for any number and by the draft."""
    client = content.client
    verdict = checker_for(client).check(own.number)
    if isinstance(verdict, Reason):
        yield f"Your number can’t be called for {client.name}. {_WHY.get(verdict, _OTHERWISE)}"
    elif matching.matcher(client).among([own.number]):
        yield f"Your number is suppressed for {client.name}, so it is not called."
    elif Contact.objects.filter(contact_list__in=content.contact_lists, number=own.number).exists():
        yield (
            "Your number is on a contact list of this campaign, so the campaign will call you anyway."
        )


_WHY = {
    Reason.FOREIGN: "It belongs to a country that this client does not call.",
    Reason.FICTIONAL: "It is a fictional number, reserved for films and tests.",
}
_OTHERWISE = "Check it on the page “Your number”."


def of_sending(client: Client) -> Iterator[str]:
    """Yield why nothing is sent for the client at the moment."""
    account = client.partner_account
    if Dispatch.is_held():
        yield "All sending is on hold, so no test call can be made. Try again once it is resumed."
    elif account.held_reason:
        yield f"Nothing is sent to {account.name} at the moment. An administrator has to check this account."
    elif account.is_waiting:
        yield "The partner asked us to wait before we send more. Try again in a few minutes."


def of_clock(client: Client, now: datetime) -> Iterator[str]:
    """Yield why the call would not come within the client's calling hours."""
    if soonest(client, now) is None:
        yield (
            f"Calls for {client.name} are only allowed from {client.calling_from:%H:%M} to "
            f"{client.calling_until:%H:%M} ({client.time_zone}). A test call takes about "
            f"{_minutes(time_to_reach(client))} minutes to reach you. Try again within these hours."
        )


def of_person(person: User, own: OwnNumber | None, now: datetime) -> Iterator[str]:
    """Yield why the person may not make another test call now."""
    made = Submission.with_test_calls.filter(
        is_test_call=True, submitted_by=person, submitted_at__gt=now - BETWEEN_NUMBERS
    )
    newest = made.order_by("-submitted_at").values_list("submitted_at", flat=True)
    latest = newest.first()
    if own and latest and own.changed_at > latest:
        yield (
            "You changed your number after a test call. You can make the next test call after "
            f"{schedule.named(latest + BETWEEN_NUMBERS, schedule.UK)}."
        )
    times = list(newest.filter(submitted_at__gt=now - AN_HOUR))
    if len(times) >= MOST_IN_AN_HOUR:
        again = (times[MOST_IN_AN_HOUR - 1] + AN_HOUR).astimezone(schedule.UK)
        yield (
            f"You can make {MOST_IN_AN_HOUR} test calls in an hour. You can make the next one after "
            f"{again:%H:%M} UK time."
        )


def _minutes(length: timedelta) -> int:
    """Return a time in minutes, rounded up."""
    return -(-length // timedelta(minutes=1))
