"""A summary of a template, in a few lines for people."""

from collections.abc import Iterator, Mapping
from typing import Any

from django.db.models import QuerySet
from django.template.defaultfilters import pluralize

from campaigns.clients.models import CallFlow, Cli
from campaigns.drafts.form.form_data import row_count
from campaigns.drafts.models import CampaignTemplate, Occasion, Purpose

NOTHING = "Not chosen"


def facts_of(template: CampaignTemplate) -> list[tuple[str, str]]:
    """Return pairs of name and value, in the order of the builder."""
    return list(_facts(template))


def _facts(template: CampaignTemplate) -> Iterator[tuple[str, str]]:
    fields, client = template.fields, template.client
    yield "Purpose", Purpose(fields.get("purpose", Purpose.SERVICE)).label
    yield "Call flow", _named(CallFlow.objects.filter(client=client), fields.get("call_flow"))
    yield "CLI", _named(Cli.objects.filter(client=client), fields.get("cli"))
    yield "Parameters", _parameters(fields)
    yield "Hours", _hours(fields)
    yield "Calls", _calls(fields)
    yield "Answerphone message", _occasion(fields, "answerphone")
    yield "SMS on busy", _occasion(fields, "sms_on_busy")


def _named(lookups: QuerySet[Any], key: str | None) -> str:
    if not key:
        return NOTHING
    found = lookups.filter(pk=key).first()
    return str(found) if found else "No longer available"


def _parameters(fields: Mapping[str, str]) -> str:
    used = [str(number) for number in range(1, 10) if f"parameter-{number}-source" in fields]
    return ", ".join(used) or "None"


def _hours(fields: Mapping[str, str]) -> str:
    start, finish = fields.get("start_time", ""), fields.get("finish_time", "")
    if not (start or finish):
        return NOTHING
    return f"{start or '?'} to {finish or '?'}"


def _calls(fields: Mapping[str, str]) -> str:
    count = row_count(fields, "attempt") or 1
    waits = [fields.get(f"attempt-{row}-interval") or "?" for row in range(count - 1)]
    said = f"{count} call{pluralize(count)}"
    if not waits:
        return said
    listed = " and ".join(filter(None, (", ".join(waits[:-1]), waits[-1])))
    return f"{said}, with waits of {listed} minutes"


def _occasion(fields: Mapping[str, str], name: str) -> str:
    return Occasion(int(fields.get(name, Occasion.NEVER))).label
