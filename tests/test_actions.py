"""Every link and button of every page does what its words say, and is shown to those who may use it."""

import re
from collections.abc import Iterable
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from django.contrib.auth.models import User
from django.test import Client as Browser
from django.urls import Resolver404, resolve, reverse

from campaigns.clients.models import Approval, Client, Role
from campaigns.contacts.models import ContactList
from campaigns.drafts.models import Campaign, CampaignTemplate
from campaigns.submissions import payload_files
from campaigns.submissions.models import Delivery, Submission
from campaigns.suppression.models import SuppressedNumber
from tests import people
from tests.drawn import Action, Page
from tests.routes import ADMIN, OPEN, ROUTES, World

BY_NAME = {route.name: route for route in ROUTES}
# Downloads, which a crawl need not read.
NOT_PAGES = (
    *("export", "export_csv", "export_excel", "payload"),
    *("original", "rejected", "other_names", "example"),
)


def signed_in(person: User) -> Browser:
    browser = Browser()
    browser.force_login(person)
    return browser


def name_of(url: str) -> str:
    """Return the name of the route that a link or form leads to."""
    try:
        return str(resolve(urlsplit(url).path).view_name)
    except Resolver404:
        pytest.fail(f"{url} leads nowhere.")


def pages_of(person: User, world: World) -> Iterable[Page]:
    """Return every page that the person may see of the world."""
    browser = signed_in(person)
    for route in ROUTES:
        if route.reads is None or route.name.partition(":")[2] in NOT_PAGES:
            continue
        answer = browser.get(route.url(world))
        if answer.status_code == 200 and answer.headers["Content-Type"].startswith("text/html"):
            yield Page(browser, route.url(world), answer.text)


@pytest.fixture
def rich(world: World, manager: User, approver: User, northgate: Client) -> World:
    """The world, with a campaign that awaits approval and an archived list."""
    northgate.approval = Approval.ALWAYS
    northgate.save()
    content = people.content(northgate, world.contact_list, "Asking")
    people.submitted(Campaign.start(manager, content), manager)
    people.contact_list(manager, northgate, name="Old").archive(manager)
    return world


def roles(action: Action) -> Role | None:
    """Return the least role for what a link or button does; None where everybody may do it."""
    name = name_of(action.url)
    if name in OPEN or name.startswith(f"{ADMIN}:"):
        return None
    route = BY_NAME[name]
    method = action.method.upper()
    needed = route.role(method)
    assert needed is not None, f"“{action.words}” asks {name} for {method}, which it does not know."
    return needed


@pytest.mark.parametrize("role", list(Role))
def test_nobody_is_shown_what_they_may_not_use(
    rich: World, manager: User, approver: User, viewer: User, role: Role
) -> None:
    person = {Role.VIEWER: viewer, Role.ACCOUNT_MANAGER: manager, Role.APPROVER: approver}[role]
    seen = 0
    for page in pages_of(person, rich):
        for action in page.actions():
            seen += 1
            needed = roles(action)
            assert needed is None or needed <= role, (page.url, action.words)
    assert seen > 150


def test_every_link_of_every_page_leads_to_something(rich: World, approver: User) -> None:
    browser = signed_in(approver)
    followed: set[str] = set()
    for page in pages_of(approver, rich):
        for link in page.links():
            url, _, anchor = link.url.partition("#")
            if urlsplit(url).path == urlsplit(page.url).path and anchor:
                assert f'id="{anchor}"' in page.html, (page.url, link.words, anchor)
            if url in followed or url == page.url:
                continue
            followed.add(url)
            assert browser.get(url).status_code in {200, 302}, (page.url, link)
    assert len(followed) > 30


# The routes to which a button or link may lead, by its words. Only links that act are listed.
DOES = {
    "Approve": "submissions:approve",
    "Return to author": "submissions:return",
    "Undo submission": "submissions:undo",
    "Campaign was created": "submissions:settle",
    "Campaign was not created": "submissions:settle",
    "Download payload": "submissions:payload",
    "Archive": "contacts:archive",
    "Restore from archive": "contacts:unarchive",
    "Choose other columns": "contacts:other_columns",
    "Rename": "contacts:rename drafts:template",
    "Delete the contact list": "contacts:delete",
    "Suppress number": "suppression:add",
    "Remove number": "suppression:remove",
    "Delete the draft": "drafts:delete",
    "Delete the template": "drafts:delete_template",
    "Save template": "drafts:keep_template",
    "Save draft": "drafts:edit drafts:new",
    "Check campaign": "drafts:check drafts:check_new",
    "New campaign with this list": "drafts:new",
    "Upload contact list": "contacts:upload contacts:add drafts:upload_list drafts:upload_list_new",
    "Review and submit": "submissions:review submissions:review_new",
    "Submit campaign": "submissions:submit",
    "Call me first": "submissions:test_call submissions:test_call_new",
    "Save your number": "own_number",
    "Request approval": "submissions:submit",
    "Copy campaign": "drafts:new",
    "Save as template": "drafts:keep_template",
    "Delete draft": "drafts:delete",
    "Sign out": "account_logout",
}


def test_every_button_goes_where_its_words_say_and_to_the_thing_of_its_page(
    rich: World, approver: User, manager: User
) -> None:
    found: set[str] = set()
    for page in [*pages_of(approver, rich), *pages_of(manager, rich)]:
        for action in page.actions():
            if action.words not in DOES:
                continue
            found.add(action.words)
            match = resolve(urlsplit(action.url).path)
            assert match.view_name in DOES[action.words].split(), (page.url, action)
            own = things_of(page, match.view_name)
            shared = own.keys() & match.kwargs.keys() if action.words != "Sign out" else set()
            assert all(own[name] == match.kwargs[name] for name in shared), (page.url, action)
    assert len(found) > 14, sorted(found)


def things_of(page: Page, leads_to: str) -> dict[str, int]:
    """Return what the page is about, as the route would name it.

    The head of a submission's page has the buttons of its campaign.
    """
    found = resolve(urlsplit(page.url).path)
    if found.view_name == "submissions:detail" and leads_to.startswith("drafts:"):
        return {"pk": Submission.objects.get(pk=found.kwargs["pk"]).own_campaign.pk}
    return found.kwargs


class TestDeciding:
    @pytest.fixture
    def asking(self, manager: User, northgate: Client, contact_list: ContactList) -> Submission:
        northgate.approval = Approval.ALWAYS
        northgate.save()
        content = people.content(northgate, contact_list)
        return people.submitted(Campaign.start(manager, content), manager)

    @pytest.fixture
    def page(self, approver: User, asking: Submission) -> Page:
        return Page.get(signed_in(approver), reverse("submissions:detail", args=[asking.pk]))

    @pytest.mark.django_db(transaction=True)
    def test_approve_approves_what_the_page_shows(self, page: Page, asking: Submission) -> None:
        page.press("Approve")
        asking.refresh_from_db()
        assert asking.state == Submission.State.SCHEDULED

    def test_return_to_author_returns_it_with_the_reason(
        self, page: Page, asking: Submission
    ) -> None:
        page.press("Return to author", reason="The wrong day.")
        asking.refresh_from_db()
        assert asking.state == Submission.State.RETURNED
        assert asking.decision == "The wrong day."

    def test_nobody_else_is_shown_the_decision(
        self, page: Page, asking: Submission, manager: User, viewer: User
    ) -> None:
        for person in (manager, viewer):
            shown = Page.get(signed_in(person), page.url)
            assert not shown.offers("Approve")
            assert not shown.offers("Return to author")

    def test_undo_takes_it_back(self, manager: User, page: Page, asking: Submission) -> None:
        Page.get(signed_in(manager), page.url).press("Undo submission")
        asking.refresh_from_db()
        assert asking.state == Submission.State.UNDONE


class TestAList:
    def test_is_archived_and_restored_by_its_buttons(
        self, manager: User, contact_list: ContactList
    ) -> None:
        url = reverse("contacts:detail", args=[contact_list.pk])
        Page.get(signed_in(manager), url).press("Archive")
        contact_list.refresh_from_db()
        assert contact_list.archived_at
        page = Page.get(signed_in(manager), url)
        assert not page.offers("Archive")
        page.press("Restore from archive")
        contact_list.refresh_from_db()
        assert contact_list.archived_at is None

    def test_is_renamed_and_deleted_by_its_buttons(
        self, manager: User, contact_list: ContactList
    ) -> None:
        url = reverse("contacts:detail", args=[contact_list.pk])
        page = Page.get(signed_in(manager), url)
        page.press("Rename", name="Another name")
        contact_list.refresh_from_db()
        assert contact_list.name == "Another name"
        asked = page.follow("Delete…")
        Page(page.browser, asked.request["PATH_INFO"], asked.text).press("Delete the contact list")
        assert not ContactList.objects.ready().exists()


def test_each_part_has_its_own_payload_to_download(
    manager: User, northgate: Client, tmp_path: Path
) -> None:
    Client.objects.filter(pk=northgate.pk).update(most_numbers=1)
    northgate.refresh_from_db()
    contacts = people.contact_list(manager, northgate)
    made = people.submitted(Campaign.start(manager, people.content(northgate, contacts)), manager)
    detail = reverse("submissions:detail", args=[made.pk])
    parts = list(made.parts.all())
    assert len(parts) == 3
    for part in parts:
        page = Page.get(signed_in(manager), f"{detail}?part={part.position}")
        with payload_files.open_payload(part.payload_file) as frozen:
            expected = frozen.read()
        named = f"Download payload of part {part.position}"
        for words in ("Download payload", named):
            answer = page.follow(words)
            assert b"".join(answer.streaming_content) == expected, (words, part.position)


class TestASuppressedNumber:
    @pytest.fixture
    def number(self, world: World) -> SuppressedNumber:
        return SuppressedNumber.objects.first() or pytest.fail("Nobody is suppressed.")

    def pages(self, person: User, number: SuppressedNumber) -> list[Page]:
        browser = signed_in(person)
        lookup = Page.get(browser, reverse("suppression:list"))
        found = lookup.press("Look up", number=number.number)
        return [
            Page.get(browser, reverse("suppression:detail", args=[number.suppression_id])),
            Page(browser, lookup.url, found.text),
        ]

    def test_is_removed_by_whoever_may(self, manager: User, number: SuppressedNumber) -> None:
        for page in self.pages(manager, number):
            [removing] = {
                action.url
                for action in page.links()
                if re.match("Remove", action.words)
                and name_of(action.url) == "suppression:remove"
                and resolve(action.url).kwargs == {"pk": number.pk}
            }
        page = Page.get(signed_in(manager), removing)
        page.press("Remove number", reason="They asked to be called again.")
        assert not SuppressedNumber.objects.filter(pk=number.pk).exists()

    def test_shows_a_viewer_nothing_to_remove_it_with(
        self, viewer: User, number: SuppressedNumber
    ) -> None:
        for page in self.pages(viewer, number):
            assert not [a.words for a in page.actions() if a.words.startswith("Remove")]


class TestADraft:
    @pytest.fixture
    def page(self, manager: User, draft: Campaign) -> Page:
        return Page.get(signed_in(manager), reverse("drafts:edit", args=[draft.pk]))

    def test_is_saved_as_the_form_has_it(self, page: Page, draft: Campaign) -> None:
        before = draft.content()
        assert page.press("Save draft", name="Typed").status_code == 302
        draft.refresh_from_db()
        assert draft.name == "Typed"
        page = Page.get(page.browser, page.url)
        page.press("Save draft", name=before.name)
        assert Campaign.objects.get(pk=draft.pk).content() == before

    def test_is_copied_kept_as_a_template_and_submitted_by_its_buttons(
        self, page: Page, draft: Campaign
    ) -> None:
        copied = page.follow("Copy campaign")
        assert f'value="Copy of {draft.name}"' in copied.text
        keeping = page.follow("Save as template")
        asked = Page(page.browser, keeping.request["PATH_INFO"], keeping.text)
        asked.press("Save template", name="Kept")
        assert CampaignTemplate.objects.get().name == "Kept"
        answer = page.press("Review and submit")
        review = Page.get(page.browser, answer.headers["Location"])
        [button] = [each for each in review.buttons() if each.words.startswith("Submit campaign")]
        assert review.press(button.words).status_code == 302
        assert Submission.objects.get().campaign_id == draft.pk

    def test_is_deleted_after_a_question(self, page: Page, draft: Campaign) -> None:
        asked = page.follow("Delete draft")
        assert Campaign.objects.filter(pk=draft.pk).exists()
        Page(page.browser, asked.request["PATH_INFO"], asked.text).press("Delete the draft")
        assert not Campaign.objects.exists()


@pytest.mark.django_db(transaction=True)
class TestADoubt:
    @pytest.fixture
    def page(self, manager: User, submission: Submission) -> Page:
        from tests.submissions.doubts.test_settle import doubted

        doubted(submission)
        url = reverse("submissions:detail", args=[submission.pk])
        return Page.get(signed_in(manager), url)

    def test_is_settled_by_the_button_that_was_pressed(self, page: Page) -> None:
        page.press("Campaign was created", campaign_id="4711", note="Asked Jo at 10:40.")
        delivery = Delivery.objects.get()
        assert (delivery.state, delivery.campaign_id) == (Delivery.State.ACCEPTED, 4711)

    def test_is_sent_again_only_by_the_other_button(self, page: Page) -> None:
        page.press("Campaign was not created", note="Asked Jo at 10:40.")
        first, second = Delivery.objects.order_by("pk")
        assert first.state == Delivery.State.RELEASED
        assert second.state == Delivery.State.QUEUED


def test_buttons_with_the_same_words_are_told_apart_by_what_is_around_them() -> None:
    html = (
        '<html><body><main><section>Part 1<form method="post" action="/1/"><button>Go</button></form>'
        '</section><section>Part 2<form method="post" action="/2/"><button>Go</button></form>'
        "</section></main></body></html>"
    )
    page = Page(Browser(), "/here/", html)
    with pytest.raises(AssertionError, match="Several differ"):
        page.press("Go")
    assert page._one("button", "Go", "Part 2").url == "/2/"
