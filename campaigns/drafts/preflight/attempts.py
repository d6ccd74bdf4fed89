"""Rules about the calls to one person, and about what the dial plan finds."""

from collections.abc import Iterator

from campaigns.drafts.campaign import schedule
from campaigns.drafts.campaign.content import Hours
from campaigns.drafts.dialplan import findings
from campaigns.drafts.dialplan.plan import DayHours
from campaigns.drafts.models import Occasion
from campaigns.drafts.preflight.facts import Facts
from campaigns.drafts.preflight.problems import Problem, warning

# Minutes between the first two calls in the partner's own example.
LEAST_WAIT_MINUTES = 15


@warning("windows-too-short", "The calling windows are too short for the list")
def windows_hold_everybody(facts: Facts) -> Iterator[Problem]:
    """Warn if not everybody can be called once, with the assumed lines and length of a call."""
    for finding in _findings(facts):
        if isinstance(finding, findings.TooShort):
            yield Problem("finish_time", finding.sentence)


@warning("windows-unsure", "A calling window is shorter or longer than its times say")
def windows_are_sure(facts: Facts) -> Iterator[Problem]:
    """Warn if a window may mean different things to its author, the dial plan and the partner.

    `has_hours` reports a time that the clocks skip, so this rule does not.
    """
    zone = facts.draft.client.zone
    for finding in _findings(facts):
        if isinstance(finding, findings.ClocksChange):
            ends = (finding.hours.start, finding.hours.finish)
            if all(schedule.exists(finding.hours.day, clock, zone) for clock in ends):
                yield Problem(_day_of(facts, finding.hours), finding.sentence)
    for row, hours in enumerate((facts.draft.hours, *facts.draft.runover), start=-1):
        if sentence := schedule.doubt_on_uk_clock(hours, zone):
            yield Problem(_day(row), sentence)


@warning("calls-too-close", "Calls to a person are less than 15 minutes apart")
def calls_leave_time(facts: Facts) -> Iterator[Problem]:
    """Warn if calls to a person come too soon after each other to leave time to call back."""
    waits = enumerate(facts.draft.intervals[:-1])
    close = [row for row, minutes in waits if minutes is not None and minutes < LEAST_WAIT_MINUTES]
    if close:
        many = "A call is" if len(close) == 1 else f"{len(close)} calls are"
        sentence = (
            f"{many} less than {LEAST_WAIT_MINUTES} minutes after the previous call. Leave people "
            "time to call back."
        )
        yield Problem(f"attempt-{close[0]}-interval", sentence)


@warning("attempts-not-happening", "Some call attempts will not happen")
def attempts_happen(facts: Facts) -> Iterator[Problem]:
    """Warn if the windows do not hold every attempt, as far as the dial plan can tell."""
    for finding in _findings(facts):
        if isinstance(finding, findings.ReachesSome):
            yield Problem(f"attempt-{finding.attempt - 2}-interval", finding.sentence)
        elif isinstance(finding, findings.WillNotHappen):
            yield Problem(f"attempt-{finding.first - 2}-interval", finding.sentence)


@warning("sms-text-missing", "SMS on busy is chosen and the call flow has no SMS text")
def busy_lines_get_a_text(facts: Facts) -> Iterator[Problem]:
    """Warn if an SMS on busy is chosen and the call flow has no text for it."""
    flow = facts.draft.call_flow
    if facts.draft.sms_on_busy != Occasion.NEVER and flow and not flow.sms_text.strip():
        sentence = (
            "This call flow has no SMS text in the portal. Choose “Never”, or ask an administrator "
            "which text the partner sends."
        )
        yield Problem("sms_on_busy", sentence)


def _findings(facts: Facts) -> list[findings.Finding]:
    return facts.plan.findings if facts.plan else []


def _day_of(facts: Facts, hours: DayHours) -> str:
    """Return the form's field of the day that has these hours."""
    days: list[Hours] = list(facts.draft.runover)
    rows = [row for row, given in enumerate(days) if DayHours.of(given) == hours]
    return _day(rows[-1] if rows else -1)


def _day(row: int) -> str:
    """Return the form's field of a run-over day by its row, or of the campaign's own day: row -1."""
    return "start_date" if row < 0 else f"runover-{row}-day"
