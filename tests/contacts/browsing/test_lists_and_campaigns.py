"""A contact list leads to a campaign, and the builder names the lists that it offers."""

from datetime import UTC, datetime

import pytest
import time_machine
from django.contrib.auth.models import User
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client as Browser
from django.urls import reverse

from campaigns.clients.models import Client, Membership, Role
from campaigns.contacts import tasks
from campaigns.contacts.models import ContactList
from campaigns.drafts.form.form_data import as_data
from campaigns.drafts.models import Campaign
from tests import people
from tests.contacts import imports

pytestmark = pytest.mark.django_db

NEW = "/campaigns/new/"
WORDS = "New campaign with this list"


@pytest.fixture
def browser(client: Browser, manager: User) -> Browser:
    client.force_login(manager)
    return client


@pytest.fixture
def empty(manager: User, northgate: Client) -> ContactList:
    return imports.imported(manager, northgate, b"Phone\nnobody\n")


def page_of(browser: Browser, contact_list: ContactList) -> str:
    return str(browser.get(reverse("contacts:detail", args=[contact_list.pk])).text)


def offered(browser: Browser, client: Client, **more: str) -> list[str]:
    """Return the names of the lists that the builder offers, as it says them."""
    page = browser.post(reverse("drafts:redraw"), {"client": client.pk, **more})
    boxes = page.context["builder"].campaign["contact_lists"]
    return [str(box.choice_label) for box in boxes]


class TestNewCampaignWithThisList:
    def test_a_ready_list_leads_to_a_new_campaign_in_which_it_is_ticked(
        self, browser: Browser, contact_list: ContactList, manager: User, harbour: Client
    ) -> None:
        # With two clients none is chosen from the start.
        people.join(manager, harbour, Role.ACCOUNT_MANAGER)
        page = page_of(browser, contact_list)
        assert WORDS in page
        assert f'href="{NEW}?list={contact_list.pk}"' in page
        builder = browser.get(f"{NEW}?list={contact_list.pk}").context["builder"]
        assert builder.client == contact_list.client
        assert builder.chosen_lists == [contact_list]
        assert not Campaign.objects.exists()

    def test_the_button_comes_when_the_import_ends(
        self, browser: Browser, manager: User, northgate: Client
    ) -> None:
        made = imports.uploaded(manager, northgate, b"Phone\n07700 900001\n")
        address = reverse("contacts:detail", args=[made.pk])
        assert WORDS not in browser.get(address, headers={"HX-Request": "true"}).text
        tasks.import_list(made.pk)
        part = browser.get(address, headers={"HX-Request": "true"}).text
        assert WORDS in part
        assert 'id="head-buttons"' in part
        assert 'hx-swap-oob="only-changes"' in part

    def test_no_list_that_is_empty_or_archived_has_it(
        self, browser: Browser, manager: User, contact_list: ContactList, empty: ContactList
    ) -> None:
        contact_list.archive(manager)
        for other in (contact_list, empty):
            assert WORDS not in page_of(browser, other)
            assert browser.get(f"{NEW}?list={other.pk}").status_code == 404

    def test_only_who_may_write_has_it(
        self, client: Browser, viewer: User, stranger: User, contact_list: ContactList
    ) -> None:
        client.force_login(viewer)
        assert WORDS not in page_of(client, contact_list)
        assert client.get(f"{NEW}?list={contact_list.pk}").status_code == 403
        client.force_login(stranger)
        assert client.get(f"{NEW}?list={contact_list.pk}").status_code == 404

    @pytest.mark.parametrize("odd", ["", "x", "-1", "9" * 40])
    def test_anything_else_in_the_url_is_ignored(self, browser: Browser, odd: str) -> None:
        page = browser.get(NEW, {"list": odd})
        assert page.status_code == 200
        assert page.context["builder"].chosen_lists == []

    def test_a_template_keeps_the_list(
        self, browser: Browser, draft: Campaign, manager: User, contact_list: ContactList
    ) -> None:
        browser.post(reverse("drafts:keep_template", args=[draft.pk]), {"name": "Monthly"})
        start = browser.get(NEW, {"list": contact_list.pk})
        assert f'name="list" value="{contact_list.pk}"' in " ".join(start.text.split())
        (template,) = start.context["start"].templates
        page = browser.get(NEW, {"list": contact_list.pk, "template": template.pk})
        assert page.context["builder"].chosen_lists == [contact_list]
        assert page.context["builder"].call_flow == draft.call_flow


class TestTheBuilder:
    def test_offers_no_list_without_contacts(
        self, browser: Browser, northgate: Client, contact_list: ContactList, empty: ContactList
    ) -> None:
        (only,) = offered(browser, northgate)
        assert only.startswith("Readings ·")

    def test_keeps_showing_a_list_without_contacts_that_is_chosen(
        self, browser: Browser, draft: Campaign, empty: ContactList
    ) -> None:
        draft.contact_lists.add(empty)
        builder = browser.get(reverse("drafts:edit", args=[draft.pk])).context["builder"]
        assert empty in builder.chosen_lists

    def test_says_name_file_day_person_and_contacts(
        self, browser: Browser, manager: User, northgate: Client
    ) -> None:
        User.objects.filter(pk=manager.pk).update(first_name="Mina", last_name="Sharma")
        manager.refresh_from_db()
        with time_machine.travel(datetime(2026, 7, 27, 23, 30, tzinfo=UTC)):
            people.contact_list(manager, northgate, name="July readings")
        said = {"2026": "28 Jul, Mina Sharma", "2027": "28 Jul 2026, Mina Sharma"}
        for year, uploaded in said.items():
            with time_machine.travel(datetime(int(year), 11, 28, tzinfo=UTC)):
                browser.force_login(manager)
                assert offered(browser, northgate) == [
                    f"July readings · readings.csv · {uploaded} · 3 contacts"
                ]

    def test_says_one_contact_in_the_singular(
        self, browser: Browser, manager: User, northgate: Client
    ) -> None:
        imports.imported(manager, northgate, b"Phone\n07700 900001\n")
        (only,) = offered(browser, northgate)
        assert only.endswith("· 1 contact")

    def test_asks_for_the_uploaders_of_all_lists_at_once(
        self, browser: Browser, northgate: Client
    ) -> None:
        offer = browser.post(reverse("drafts:redraw"), {"client": northgate.pk})
        lists = offer.context["builder"].campaign.fields["contact_lists"].queryset
        assert "uploaded_by" in lists.query.select_related


class TestTheSameName:
    def upload(self, browser: Browser, client: Client, name: str = "") -> str:
        file = SimpleUploadedFile("readings.csv", b"Phone\n07700 900001\n")
        posted = {"client": client.pk, "file": file, "name": name}
        page = browser.post(reverse("contacts:upload"), posted, follow=True)
        return " ".join(page.text.split())

    def test_is_warned_of_at_upload_and_can_be_used(
        self, browser: Browser, northgate: Client, contact_list: ContactList
    ) -> None:
        page = self.upload(browser, northgate)
        made = ContactList.objects.latest("pk")
        assert made.name == "readings"
        assert "Northgate Energy already has a list called" in page
        assert contact_list.origin in page
        columns = reverse("contacts:choose", args=[made.pk])
        browser.post(columns, people.columns_as_shown(made))
        made.refresh_from_db()
        assert made.is_queued

    def test_can_be_changed_where_it_is_warned_of(
        self, browser: Browser, northgate: Client, contact_list: ContactList
    ) -> None:
        self.upload(browser, northgate)
        made = ContactList.objects.latest("pk")
        rename = reverse("contacts:rename", args=[made.pk])
        page = browser.post(rename, {"name": "December"}, follow=True)
        assert page.redirect_chain[-1][0] == reverse("contacts:choose", args=[made.pk])
        assert "already has a list called" not in page.text
        made.refresh_from_db()
        assert made.name == "December"

    def test_of_another_client_or_a_given_up_list_is_not_warned_of(
        self, browser: Browser, manager: User, northgate: Client, harbour: Client, stranger: User
    ) -> None:
        people.contact_list(stranger, harbour)
        people.contact_list(manager, northgate).give_up(manager)
        assert "already has a list called" not in self.upload(browser, northgate)
        assert "already has a list called" not in self.upload(browser, northgate, "Other")


class TestUploadingForADraft:
    @pytest.fixture
    def posted(self, draft: Campaign) -> dict[str, object]:
        """What the builder posts after the name was changed."""
        data = as_data(draft.content())
        posted: dict[str, object] = {name: data.getlist(name) for name in data}
        return posted | {"campaign": draft.pk, "version": draft.version, "name": "Typed"}

    def upload(self, browser: Browser, client: Client, address: str) -> ContactList:
        file = SimpleUploadedFile("more.csv", b"Phone\n07700 900001\n")
        browser.post(address, {"client": client.pk, "file": file})
        return ContactList.objects.latest("pk")

    def test_saves_the_draft_and_presets_its_client(
        self,
        browser: Browser,
        posted: dict[str, object],
        draft: Campaign,
        manager: User,
        harbour: Client,
    ) -> None:
        people.join(manager, harbour, Role.ACCOUNT_MANAGER)
        button = reverse("drafts:upload_list", args=[draft.pk])
        assert button in browser.get(reverse("drafts:edit", args=[draft.pk])).text
        page = browser.post(button, posted, follow=True)
        draft.refresh_from_db()
        assert draft.name == "Typed"
        assert page.redirect_chain[-1][0] == f"/contact-lists/upload/?draft={draft.pk}"
        assert page.context["form"]["client"].value() == draft.client_id
        assert f'href="/campaigns/{draft.pk}/"' in page.text

    def test_saves_a_new_campaign_too(
        self, browser: Browser, posted: dict[str, object], draft: Campaign
    ) -> None:
        button = reverse("drafts:upload_list_new")
        assert button in browser.get(NEW).text
        page = browser.post(button, {**posted, "campaign": "", "version": ""})
        made = Campaign.objects.latest("pk")
        assert made.pk != draft.pk
        assert page.headers["Location"] == f"/contact-lists/upload/?draft={made.pk}"

    def test_what_cannot_be_saved_is_not_left(
        self, browser: Browser, posted: dict[str, object], draft: Campaign
    ) -> None:
        button = reverse("drafts:upload_list", args=[draft.pk])
        page = browser.post(button, {**posted, "start_date": "nonsense"})
        assert page.status_code == 422
        assert 'value="Typed"' in page.text

    def test_the_lists_page_leads_back_to_the_draft(
        self, browser: Browser, draft: Campaign, northgate: Client, approver: User
    ) -> None:
        made = self.upload(browser, northgate, f"/contact-lists/upload/?draft={draft.pk}")
        browser.post(reverse("contacts:choose", args=[made.pk]), people.columns_as_shown(made))
        tasks.import_list(made.pk)
        page = page_of(browser, made)
        assert "Back to the campaign “December”" in page
        assert f'href="/campaigns/{draft.pk}/"' in page
        # It is the way back of whoever came from there.
        browser.force_login(approver)
        assert "Back to the campaign" not in page_of(browser, made)

    def test_only_a_draft_that_the_person_may_edit_and_of_the_lists_client_counts(
        self, browser: Browser, draft: Campaign, manager: User, harbour: Client, stranger: User
    ) -> None:
        address = f"/contact-lists/upload/?draft={draft.pk}"
        people.join(manager, harbour, Role.ACCOUNT_MANAGER)
        other = self.upload(browser, harbour, address)
        assert "Back to the campaign" not in page_of(browser, other)
        browser.force_login(stranger)
        assert draft.title not in browser.get(address).text
        assert "Back to the campaign" not in page_of(
            browser, self.upload(browser, harbour, address)
        )

    def test_a_draft_that_was_submitted_or_a_role_that_ended_leads_nowhere(
        self, browser: Browser, draft: Campaign, northgate: Client, manager: User
    ) -> None:
        made = self.upload(browser, northgate, f"/contact-lists/upload/?draft={draft.pk}")
        assert "Back to the campaign" in page_of(browser, made)
        Membership.objects.filter(user=manager).update(role=Role.VIEWER)
        assert "Back to the campaign" not in page_of(browser, made)
        Membership.objects.filter(user=manager).update(role=Role.ACCOUNT_MANAGER)
        people.submitted(draft, manager)
        assert "Back to the campaign" not in page_of(browser, made)

    @pytest.mark.parametrize("odd", ["x", "0", "9" * 40, "-1"])
    def test_anything_else_in_the_url_is_ignored(self, browser: Browser, odd: str) -> None:
        page = browser.get("/contact-lists/upload/", {"draft": odd})
        assert page.status_code == 200
        assert page.context["draft"] is None
