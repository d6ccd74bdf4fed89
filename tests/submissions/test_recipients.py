"""Who is called hears what the preview has shown: both say each parameter from the same place."""

from collections.abc import Mapping, Sequence

import pytest
from django.contrib.auth.models import User
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from campaigns.clients.models import CallFlow, Client
from campaigns.contacts import suppression
from campaigns.contacts.models import Contact, ContactList
from campaigns.drafts import preview
from campaigns.drafts.content import Source
from campaigns.submissions.recipients import Recipients
from tests import people

pytestmark = pytest.mark.django_db

HEADINGS = ("First name", "Due date", "Amount")
EVERYTHING = "".join(f"{{Parameter{number}}}" for number in range(1, 10))

cells = st.sampled_from(["", " ", "\u2003", "Amara", "9 May"])
columns = st.builds(
    Source,
    st.just("column"),
    st.sampled_from([*HEADINGS, "Gone"]),
    st.sampled_from(["", "", "customer"]),
)
texts = st.builds(Source, st.just("text"), st.sampled_from(["", "in May"]))
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
    sent = Recipients(both, sources, suppressed=suppression.matcher(northgate)).batches()
    said = [dict(person.parameters) for batch in sent for person in batch]
    assert said == [previewed(flow, both, sources, position) for position in range(1, 7)]


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
