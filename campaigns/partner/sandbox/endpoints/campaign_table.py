"""The part of the sandbox's page that shows how far each campaign has come by the clock's time."""

from datetime import UTC, datetime
from html import escape

from campaigns.partner import wire
from campaigns.partner.codes import CampaignStatus
from campaigns.partner.sandbox.play.plan import ZONE
from campaigns.partner.sandbox.play.progress import status_at
from campaigns.partner.sandbox.state.campaigns import Accepted
from campaigns.partner.sandbox.state.sandbox import Sandbox

CAMPAIGNS = 20
_COLUMNS = ("Campaign ID", "Client", "Name", "Numbers", "Called", "Reached", "To go", "Status")


def clock(sandbox: Sandbox) -> str:
    """Return what the clock shows, as UK time, and how fast it goes."""
    shown = datetime.fromtimestamp(sandbox.clock.now(), UTC).astimezone(ZONE)
    speed = sandbox.clock.setting().speed
    how = {0.0: "stopped", 1.0: "as fast as a real one"}.get(speed, f"{speed:,g} times as fast")
    return f"<strong>{shown:%d %b %Y %H:%M:%S} UK time</strong>, {how}."


def render(sandbox: Sandbox) -> str:
    """Return the table of the last 20 campaigns, newest first."""
    now = sandbox.clock.now()
    found = sandbox.campaigns.newest(CAMPAIGNS)
    if not found:
        return '<p class="empty">No campaigns yet.</p>'
    head = "".join(f'<th scope="col">{title}</th>' for title in _COLUMNS)
    body = "".join(_row(sandbox, campaign, now) for campaign in found)
    return f'<table class="played"><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>'


def _row(sandbox: Sandbox, campaign: Accepted, now: float) -> str:
    count = sandbox.campaigns.progress(campaign).at(now)
    status = CampaignStatus.words_for(status_at(campaign.plan, now))
    cells = (
        str(campaign.id),
        escape(campaign.client_id),
        escape(str(campaign.body[wire.NAME])),
        f"{campaign.people:,}",
        f"{count.called:,}",
        f"{count.reached:,}",
        f"{count.to_go:,}",
        status,
    )
    body = (
        f'<td data-label="{title}">{cell}</td>' for title, cell in zip(_COLUMNS, cells, strict=True)
    )
    return f"<tr>{''.join(body)}</tr>"
