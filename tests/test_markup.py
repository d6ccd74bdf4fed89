"""Every text that anybody can enter is full of markup and quotes: pages and e-mails show it as text."""

import csv
import html
import io
import json
from collections.abc import Iterator, Sequence
from dataclasses import replace

import pytest
from django.contrib.auth.models import User
from django.core import mail
from django.core.files.base import ContentFile
from django.test import Client as Browser
from django.urls import reverse

from campaigns.clients.models import Approval, Client, PartnerAccount, Role
from campaigns.contacts.importing import list_columns, pipeline
from campaigns.contacts.models import ContactList
from campaigns.drafts.campaign.content import Consent, DraftContent, Source
from campaigns.drafts.form.form_data import as_template
from campaigns.drafts.models import Campaign, CampaignTemplate
from campaigns.partner.sandbox.faults.server import Script
from campaigns.submissions.approval.approve_or_return import return_to_author
from campaigns.submissions.doubts import reminders
from campaigns.submissions.models import Submission
from campaigns.suppression.loading import load
from campaigns.suppression.models import Suppression
from tests import people
from tests.partner.fault_server import answering
from tests.routes import ROUTES, World
from tests.submissions.partner import send, silent

pytestmark = pytest.mark.django_db(transaction=True)

# Each text begins with a word of its own, which shows which text it is.
MARKUP = """<i id='x' class="y">&amp"""

SUPPRESSED = "07700 900199"


def odd(word: str) -> str:
    return word + MARKUP


SHOWN = (
    "Client",
    "First",
    "Last",
    "Flow",
    "Script",
    "Text",
    "Label",
    "Cli",
    "List",
    "File",
    "Heading",
    "Cell",
    "Person",
    "Refused",
    "Campaign",
    "Fixed",
    "Source",
    "Caller",
    "Override",
    "Template",
    "Suppressed",
    "Numbers",
    "Returned",
    "Answer",
    "Field",
    "Error",
    "Held",
    "Account",
    "Chosen",
)


@pytest.fixture
def mina(northgate: Client, account: PartnerAccount) -> User:
    """The manager of a client whose names and texts all hold markup."""
    flow = northgate.callflows.get()
    flow.name, flow.script = odd("Flow"), odd("Script") + " {Parameter1} {Parameter2}"
    flow.sms_text = odd("Text") + " {Parameter2}"
    flow.save()
    flow.parameters.update(label=odd("Label"))
    northgate.clis.update(description=odd("Cli"))
    account.name, northgate.name = odd("Account"), odd("Client")
    account.save()
    northgate.save()
    return _person("mina", northgate, Role.ACCOUNT_MANAGER)


@pytest.fixture
def alan(northgate: Client) -> User:
    return _person("alan", northgate, Role.APPROVER)


def _person(username: str, client: Client, role: Role) -> User:
    user = people.member(username, client, role)
    user.first_name, user.last_name = odd("First"), odd("Last")
    user.email = f"{username}@example.com"
    user.save()
    return user


def _file(
    name: str, numbers: Sequence[str] = ("07700 900101", "07700 900102")
) -> ContentFile[bytes]:
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(["Phone", "Name", odd("Heading")])
    for number in numbers:
        writer.writerow([number, odd("Person"), odd("Cell")])
    writer.writerow([odd("Refused"), odd("Person"), odd("Cell")])
    return ContentFile(text.getvalue().encode(), odd(name).replace("/", "") + ".csv")


@pytest.fixture
def odd_list(mina: User, northgate: Client) -> ContactList:
    made = ContactList.upload(mina, northgate, odd("List"), _file("File"))
    pipeline.run(made)
    made.refresh_from_db()
    assert made.contact_count == 2, (made.problem, made.status, made.refused_count)
    return made


@pytest.fixture
def said(northgate: Client, odd_list: ContactList) -> DraftContent:
    return replace(
        people.content(northgate, odd_list, odd("Campaign")),
        parameters={
            1: Source("column", odd("Heading"), odd("Fallback")),
            2: Source("text", odd("Fixed")),
        },
        purpose="marketing",
        consent=Consent(odd("Source"), None, odd("Caller")),
        override_reason=odd("Override"),
    )


def submitted(said: DraftContent, mina: User) -> Submission:
    service = replace(said, purpose="service", consent=Consent())
    return people.submitted(Campaign.start(mina, service), mina)


@pytest.fixture
def odd_world(
    mina: User, alan: User, northgate: Client, odd_list: ContactList, said: DraftContent
) -> World:
    draft = Campaign.start(mina, said)
    template = CampaignTemplate.keep(mina, northgate, odd("Template"), as_template(said))
    suppressed = Suppression.upload(
        mina, northgate, _file("Numbers", [SUPPRESSED]), odd("Suppressed"), None
    )
    load.run(suppressed)
    held = submitted(said, mina)
    held.hold(odd("Held"))
    return World(northgate, odd_list, draft, held, suppressed, template)


def refusing() -> Script:
    errors = {odd("Field"): [odd("Error")], "name": [odd("Answer")]}
    return answering("400 Bad Request", json.dumps({"errors": errors, "title": odd("Answer")}))


def pages(world: World, mina: User, alan: User, said: DraftContent) -> Iterator[str]:
    """Yield every page, including one for each state of a submission that shows other texts."""
    choosing = ContactList.upload(mina, world.client, odd("Chosen"), _file("File"))
    list_columns.look_now(choosing)
    refused = submitted(said, mina)
    send(refused, refusing())
    doubted = submitted(said, mina)
    send(doubted, silent)
    world.client.approval = Approval.ALWAYS
    world.client.save()
    asking, returned = submitted(said, mina), submitted(said, mina)
    assert return_to_author(returned, alan, odd("Returned"))
    detail = [
        reverse("submissions:detail", args=[s.pk]) for s in (asking, returned, doubted, refused)
    ]
    edits = [reverse("drafts:edit", args=[s.campaign_id]) for s in (returned, refused)]
    further = [
        *detail,
        *edits,
        reverse("contacts:choose", args=[choosing.pk]),
        f"{reverse('drafts:edit', args=[world.draft.pk])}?check=1",
        f"{reverse('drafts:new')}?copy={world.draft.pk}",
        f"{reverse('drafts:new')}?template={world.template.pk}",
    ]
    every = [route.url(world) for route in ROUTES if route.reads is not None]
    for person in (mina, alan):
        browser = Browser()
        browser.force_login(person)
        for url in (*every, *further):
            answer = browser.get(url)
            if answer.status_code == 200 and "html" in answer.headers["Content-Type"]:
                yield answer.text
        number = {"number": SUPPRESSED}
        yield browser.post(reverse("suppression:search"), number).text
        posted = world.filled_in() | {"name": odd("Campaign"), "form_token": "page"}
        yield browser.post(reverse("drafts:autosave"), posted).text
        yield browser.post(reverse("drafts:redraw"), posted | {"change": "person-next"}).text
        yield browser.post(
            reverse("drafts:edit", args=[world.draft.pk]), posted | {"version": "0"}
        ).text


def test_every_page_shows_every_text_as_text(
    odd_world: World, mina: User, alan: User, said: DraftContent
) -> None:
    left = set(SHOWN)
    for page in pages(odd_world, mina, alan, said):
        # A browser would take these for an element, or for the end of an attribute.
        for written in ("<i id=", "id='x'", 'class="y"', '&amp;"', 'y">&'):
            place = page.find(written)
            assert place < 0, page[max(0, place - 200) : place + 80]
        # Jinja2, which draws the controls of forms, has other codes for quotes.
        shown = page.replace("&#34;", "&quot;").replace("&#39;", "&#x27;")
        left -= {word for word in left if html.escape(odd(word)) in shown}
    assert not left


def test_every_mail_shows_every_text_as_it_is(
    odd_world: World, mina: User, alan: User, said: DraftContent
) -> None:
    send(submitted(said, mina), silent)
    reminders.write()
    assert len(mail.outbox) == 2
    for message in mail.outbox:
        text = f"{message.subject}\n{message.body}"
        for word in ("Campaign", "Client", "First"):
            assert odd(word) in text
        assert not [code for code in ("&lt;", "&#x27;", "&quot;", "&amp;") if code in text]
