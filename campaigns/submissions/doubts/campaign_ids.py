"""Checks of campaign IDs that people type: does another campaign have the ID, and does it look mistyped?"""

from datetime import timedelta

from django.contrib.auth.models import User
from django.db.models import F, Max, Min
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from campaigns.clients import access
from campaigns.clients.models import Role
from campaigns.submissions.models import Delivery

# The partner gives ascending IDs, to all of its customers together. So an ID is compared with those
# that were given at most this long before or after. It may lie outside their range by LEAST_DISTANCE,
# or by twice the range if that is more.
OF_ITS_TIME = timedelta(days=7)
LEAST_DISTANCE = 1_000


def holder(delivery: Delivery, campaign_id: int | None, person: User) -> SafeString:
    """Return, with a link, which other campaign of the account has the ID; "" if none has.

    A campaign that the person may not see is not named.
    """
    others = Delivery.objects.filter(
        partner_account=delivery.partner_account_id, campaign_id=campaign_id
    ).exclude(pk=delivery.pk)
    found = others.select_related("part__submission__client").first() if campaign_id else None
    if found is None:
        return SafeString("")
    submission = found.part.submission
    if not access.has_role(person, submission.client, Role.VIEWER):
        return format_html(
            "A campaign of another client has the ID {}. Ask an administrator to check it.",
            campaign_id,
        )
    return format_html(
        '{}<a href="{}">“{}” [{}]</a> has the ID {}. If that ID is wrong, correct it there first.',
        found.part.event_prefix,
        reverse("submissions:detail", args=[submission.pk]),
        submission.name,
        submission.reference,
        campaign_id,
    )


def doubtful(delivery: Delivery, campaign_id: int) -> str:
    """Return a question about an ID that is far from those that the partner gave the account at that time.

    Return "" if the ID is near them, or if none is known.
    """
    at = delivery.sending_at or delivery.queued_at
    given = Delivery.objects.filter(
        partner_account=delivery.partner_account_id,
        campaign_id=F("answered_id"),
        sending_at__range=(at - OF_ITS_TIME, at + OF_ITS_TIME),
    ).exclude(pk=delivery.pk)
    known = given.aggregate(least=Min("campaign_id"), most=Max("campaign_id"))
    least, most = known["least"], known["most"]
    if least is None:
        return ""
    distance = max(LEAST_DISTANCE, 2 * (most - least))
    if least - distance <= campaign_id <= most + distance:
        return ""
    around = f"{least} to {most}" if least < most else f"around {least}"
    return (
        f"The partner’s IDs that week are {around}. Check {campaign_id} with the partner. If it "
        "is right, tick the box below and record it again."
    )
