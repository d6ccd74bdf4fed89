"""People hear what the preview has shown: both take each parameter from the same place."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

import orjson
import pytest
from django.contrib.auth.models import User
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from campaigns.clients.models import CallFlow, Client
from campaigns.contacts.browsing.narrowing import EMPTY, Narrowing
from campaigns.contacts.models import Contact, ContactList
from campaigns.drafts import preflight
from campaigns.drafts.campaign.content import DraftContent, Source
from campaigns.drafts.models import Campaign
from campaigns.drafts.spoken import preview
from campaigns.drafts.spoken.say_as import SayAs
from campaigns.submissions import payload_files
from campaigns.submissions.freezing.recipients import Recipients
from campaigns.suppression import matching
from campaigns.uploads.numbers.characters import as_said
from tests import people

pytestmark = pytest.mark.django_db

HEADINGS = ("First name", "Due date", "Amount")
EVERYTHING = "".join(f"{{Parameter{number}}}" for number in range(1, 10))

# Invisible characters, alone and within words; a database stores any character but NUL.
anything = st.text(
    st.characters(codec="utf-8", exclude_characters="\0")
    | st.sampled_from("\u200b\u202e\u3164\ufeff\x07\x1f\x9f\xad\n\t a"),
    max_size=8,
)
cells = (
    st.sampled_from(
        [
            "",
            " ",
            "\u2003",
            "\u200b",
            "Amara",
            "9 May",
            "AMARA",
            "01/12/2026",
            "9.30 pm",
            "12.5",
            "007",
        ]
    )
    | anything
)
columns = st.builds(
    Source,
    st.just("column"),
    st.sampled_from([*HEADINGS, "Gone"]),
    st.sampled_from(["", "", "\u200b", "customer"]) | anything,
    st.sampled_from(SayAs).map(str),
)
texts = st.builds(Source, st.just("text"), st.sampled_from(["", "in May"]) | anything)
sources = st.dictionaries(st.integers(1, 9), columns | texts)
rows = st.lists(st.tuples(cells, cells, cells), min_size=3, max_size=3)
orders = st.permutations(HEADINGS)


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(sources=sources, orders=st.tuples(orders, orders), rows=st.tuples(rows, rows))
def test_the_parameters_sent_are_those_that_the_preview_shows(
    manager: User,
    northgate: Client,
    flow: CallFlow,
    both: list[ContactList],
    sources: Mapping[int, Source],
    orders: Sequence[list[str]],
    rows: Sequence[Sequence[tuple[str, ...]]],
) -> None:
    for one, order, of_list in zip(both, orders, rows, strict=True):
        fill(one, order, of_list)
    sent = Recipients(both, sources, suppressed=matching.matcher(northgate)).batches()
    said = [dict(person.parameters) for batch in sent for person in batch]
    assert said == [previewed(flow, both, sources, position) for position in range(1, 7)]
    assert all(text == as_said(text) != "" for person in said for text in person.values())


NOTHING = ("", " ", "\u2003", "\u200b", "\u3164\t", "\x07", "\ufeff\n")


@pytest.mark.parametrize(
    ("fallback", "silent"), [("", len(NOTHING)), ("\u200b", len(NOTHING)), ("customer", 0)]
)
def test_those_who_hear_nothing_are_those_whom_pre_flight_and_the_list_count(
    northgate: Client, manager: User, flow: CallFlow, fallback: str, silent: int
) -> None:
    rows = [(f"07700 90015{n}", "Ann", "Ann", "9 May") for n in range(len(NOTHING) + 1)]
    asked = people.contact_list(manager, northgate, rows, "Odd")
    fill(asked, list(HEADINGS), [(cell, "", "") for cell in (*NOTHING, "Amara")])
    asked.column_counts.all().delete()
    sources = {1: Source("column", "First name", fallback)}
    sent = Recipients([asked], sources, suppressed=matching.matcher(northgate)).batches()
    assert sum(1 not in person.parameters for batch in sent for person in batch) == silent

    content = replace(
        DraftContent.blank(northgate), call_flow=flow, contact_lists=[asked], parameters=sources
    )
    told = {problem.rule: problem.sentence for problem in preflight.check(content, timezone.now())}
    assert ("value-empty" in told) == bool(silent)
    if silent:
        assert told["value-empty"].startswith(f"{silent} contacts on “Odd” have nothing")
    narrowing = Narrowing(asked, 0, EMPTY)
    assert len(list(narrowing.among(asked.contacts.all()))) == len(NOTHING)


@pytest.mark.parametrize("text", NOTHING)
def test_a_fixed_text_that_says_nothing_is_not_sent_and_asked_for(
    northgate: Client, contact_list: ContactList, text: str
) -> None:
    sources = {1: Source("text", text)}
    sent = Recipients([contact_list], sources, suppressed=matching.matcher(northgate)).batches()
    assert not any(person.parameters for batch in sent for person in batch)
    content = replace(
        DraftContent.blank(northgate), contact_lists=[contact_list], parameters=sources
    )
    problems = preflight.check(content, timezone.now())
    assert "parameter-1-text" in [problem.place for problem in problems]


def test_neither_names_nor_values_carry_invisible_characters(
    manager: User, northgate: Client
) -> None:
    """Check the bytes sent: the campaign's name, a person's name, a cell and a fixed text."""
    rows = [("07700 900150", "Zo\u200bë\x07 \u202eBell", "Zo\xadë", "1\u2028May")]
    said = people.content(
        northgate, people.contact_list(manager, northgate, rows), "De\u200bcember\u202e\t1"
    )
    said = replace(said, parameters={**said.parameters, 3: Source("text", "call\ufeff us\nsoon")})
    submission = people.submitted(Campaign.start(manager, said), manager)
    part = submission.parts.get()
    sent = orjson.loads(payload_files.open_payload(part.payload_file).read())
    assert sent["name"] == f"December 1 [{submission.reference}]"
    [person] = sent["phoneNumbers"]
    assert person["name"] == "Zoë Bell"
    assert [row["value"] for row in person["parameters"]] == ["Zoë", "1 May", "call us soon"]


@pytest.fixture
def flow(northgate: Client) -> CallFlow:
    return CallFlow.objects.create(
        client=northgate, partner_id=102, name="Everything", script=EVERYTHING
    )


@pytest.fixture
def both(manager: User, northgate: Client, contact_list: ContactList) -> list[ContactList]:
    """Two lists with three people each, nobody on both."""
    others = [(f"07700 90020{n}", "Ina", "Ina", "9 May") for n in range(3)]
    return [contact_list, people.contact_list(manager, northgate, others, "Other")]


def fill(one: ContactList, headings: list[str], rows: Sequence[tuple[str, ...]]) -> None:
    one.headings = headings
    one.save(update_fields=["headings"])
    contacts = list(one.contacts.order_by("pk"))
    for contact, values in zip(contacts, rows, strict=True):
        contact.values = list(values)
    Contact.objects.bulk_update(contacts, ["values"])


def previewed(
    flow: CallFlow, lists: Sequence[ContactList], sources: Mapping[int, Source], position: int
) -> dict[int, str]:
    shown = preview.shown(flow, lists, sources, position)
    assert shown
    return {piece.number: piece.text for piece in shown.script if piece.number and piece.text}
