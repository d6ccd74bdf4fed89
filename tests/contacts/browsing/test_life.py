"""A contact list after its upload: results, search, versions, archive, deletion."""

import csv
import io

import pytest
from django.contrib.auth.models import User
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client as Browser

from campaigns.clients.models import Client, Event
from campaigns.contacts import tasks
from campaigns.contacts.importing import pipeline
from campaigns.contacts.models import Contact, ContactList, RefusedRow
from campaigns.drafts.models import Campaign
from campaigns.submissions.models import Submission
from campaigns.uploads.runs import leftover_rows
from campaigns.uploads.runs.import_run import Status
from tests import people

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def browser(client: Browser, manager: User) -> Browser:
    client.force_login(manager)
    return client


def imported(
    actor: User,
    client: Client,
    content: bytes,
    name: str = "List",
    based_on: ContactList | None = None,
) -> ContactList:
    made = ContactList.upload(actor, client, name, ContentFile(content, "l.csv"), based_on)
    pipeline.run(made)
    made.refresh_from_db()
    return made


def page_of(browser: Browser, contact_list: ContactList) -> str:
    return browser.get(f"/contact-lists/{contact_list.pk}/").text


def act(browser: Browser, contact_list: ContactList, what: str, **data: str) -> str:
    return browser.post(f"/contact-lists/{contact_list.pk}/{what}/", data, follow=True).text


class TestTheResult:
    def test_refused_rows_are_counted_by_reason(
        self, browser: Browser, contact_list: ContactList
    ) -> None:
        assert contact_list.refused_by_reason() == [("duplicate", 1), ("not_a_number", 1)]
        assert "is also in an earlier row" in page_of(browser, contact_list)

    def test_a_number_under_another_name_is_a_warning_with_a_download(
        self, browser: Browser, manager: User, northgate: Client
    ) -> None:
        made = imported(
            manager,
            northgate,
            b"Phone,Name\n07700 900001,Ann Lee\n+447700900001,ANN  LEE\n07700900001,Bo Lee\n"
            b"07700 900001,\n",
        )
        assert made.other_name_count == 1
        assert "Same number, different names" in page_of(browser, made)
        answer = browser.get(f"/contact-lists/{made.pk}/other-names.csv")
        rows = list(csv.reader(io.StringIO(b"".join(answer).decode("utf-8-sig"))))
        assert rows == [
            ["Row", "Same number as row", "Phone", "Name"],
            ["4", "2", "07700900001", "Bo Lee"],
        ]

    def test_an_earlier_list_with_the_same_numbers_is_named_whatever_their_order_and_form(
        self, browser: Browser, manager: User, northgate: Client
    ) -> None:
        first = imported(manager, northgate, b"Phone\n07700 900001\n07700 900002\n", "March")
        again = imported(manager, northgate, b"Tel,X\n+447700900002,1\n+447700900001,2\n")
        other = imported(manager, northgate, b"Phone\n07700 900001\n")
        assert again.same_numbers() == first
        assert "the same numbers as in" in page_of(browser, again)
        assert other.same_numbers() is None
        assert first.same_numbers() is None

    def test_another_clients_list_with_the_same_numbers_is_not_named(
        self, manager: User, northgate: Client, stranger: User, harbour: Client
    ) -> None:
        imported(stranger, harbour, b"Phone\n07700 900001\n")
        assert imported(manager, northgate, b"Phone\n07700 900001\n").same_numbers() is None

    def test_the_original_file_is_downloaded_as_it_came(
        self, browser: Browser, manager: User, northgate: Client
    ) -> None:
        content = b"\xef\xbb\xbfPhone\r\n07700 900001\r\n"
        made = imported(manager, northgate, content)
        answer = browser.get(f"/contact-lists/{made.pk}/original/")
        assert b"".join(answer) == content
        assert answer.headers["Content-Disposition"].startswith("attachment")
        assert answer.headers["Content-Type"] == "application/octet-stream"


class TestFindingAContact:
    @pytest.mark.parametrize(
        ("sought", "found"),
        [
            ("07700 900101", ["Amara Ahmed"]),
            ("+44 7700 900101", ["Amara Ahmed"]),
            ("960102", ["Ben Brown"]),
            ("chloe", ["Chloe Clarke"]),
            ("nobody", []),
            ("", ["Amara Ahmed", "Ben Brown", "Chloe Clarke"]),
        ],
    )
    def test_by_name_or_number_in_any_form(
        self, browser: Browser, contact_list: ContactList, sought: str, found: list[str]
    ) -> None:
        page = browser.post(f"/contact-lists/{contact_list.pk}/contacts/", {"q": sought})
        assert [row.name for row in page.context["found"].people] == found

    def test_a_search_is_never_part_of_an_address(
        self, browser: Browser, contact_list: ContactList
    ) -> None:
        page = browser.post(f"/contact-lists/{contact_list.pk}/contacts/", {"q": "07700 900101"})
        assert not [line for line in page.text.split('"') if "?" in line and "900101" in line]
        asked = browser.get(f"/contact-lists/{contact_list.pk}/contacts/", {"q": "nobody"})
        assert len(asked.context["found"].people) == 3

    def test_pages_follow_each_other_without_loss(
        self, browser: Browser, manager: User, northgate: Client
    ) -> None:
        rows = "\n".join(f"07700 900{n:03}" for n in range(120))
        made = imported(manager, northgate, f"Phone\n{rows}".encode())
        pages = [
            browser.post(f"/contact-lists/{made.pk}/contacts/", {"page": n}).context["found"]
            for n in (1, 2, 3)
        ]
        assert [len(page.people) for page in pages] == [50, 50, 20]
        assert len({row.pk for page in pages for row in page.people}) == 120
        assert [page.has_next for page in pages] == [True, True, False]


class TestANewVersion:
    @pytest.fixture
    def fixed_rows(self, browser: Browser, contact_list: ContactList) -> bytes:
        answer = browser.get(f"/contact-lists/{contact_list.pk}/rejected.csv")
        return b"".join(answer).replace(b"not given", b"'+44 7700 900555")

    def test_holds_the_old_contacts_and_the_fixed_rows_once_each(
        self, manager: User, northgate: Client, contact_list: ContactList, fixed_rows: bytes
    ) -> None:
        made = imported(manager, northgate, fixed_rows, based_on=contact_list)
        assert made.status == Status.READY, made.problem
        assert made.headings == contact_list.headings
        numbers = list(made.contacts.order_by("pk").values_list("number", flat=True))
        assert numbers == ["+447700900101", "+441632960102", "+442079460103", "+447700900555"]
        assert made.contacts.get(number="+447700900555").values == [
            "+44 7700 900555",
            "Dev Davies",
            "Dev",
            "4 December",
        ]
        assert (made.row_count, made.carried_count, made.refused_count) == (5, 3, 1)
        assert contact_list.contacts.count() == 3

    def test_names_the_list_it_comes_from(
        self, browser: Browser, contact_list: ContactList, fixed_rows: bytes
    ) -> None:
        file = SimpleUploadedFile("mended.csv", fixed_rows)
        page = browser.post(f"/contact-lists/{contact_list.pk}/add/", {"file": file}, follow=True)
        assert "will be added to the 3 contacts of" in page.text
        made = ContactList.objects.latest("pk")
        form = page.context["form"]
        columns = f"/contact-lists/{made.pk}/columns/"
        data = {n: "" if form[n].value() is None else form[n].value() for n in form.fields}
        browser.post(columns, data)
        tasks.import_list(made.pk)
        page_text = page_of(browser, made)
        assert "3 contacts come from" in page_text
        assert "The number is already on the list that these rows were added to." in page_text

    def test_needs_the_columns_of_the_list_it_comes_from(
        self, manager: User, northgate: Client, contact_list: ContactList
    ) -> None:
        made = imported(manager, northgate, b"Phone\n07700 900999\n", based_on=contact_list)
        assert made.status == Status.FAILED
        assert "“Name”, “First name”, “Due date”" in made.problem


class TestNamesAndTheArchive:
    def test_a_list_is_renamed(self, browser: Browser, contact_list: ContactList) -> None:
        act(browser, contact_list, "rename", name="December")
        contact_list.refresh_from_db()
        assert contact_list.name == "December"
        assert "was not renamed" in act(browser, contact_list, "rename", name="  ")

    def test_an_archived_list_is_offered_to_no_new_campaign_and_kept_by_a_draft_that_has_it(
        self, browser: Browser, northgate: Client, contact_list: ContactList, draft: Campaign
    ) -> None:
        act(browser, contact_list, "archive")
        assert not northgate.contact_lists.offered().exists()
        kept = browser.get(f"/campaigns/{draft.pk}/").context["builder"].campaign
        assert contact_list in kept.fields["contact_lists"].queryset
        assert contact_list.name not in browser.get("/contact-lists/").text
        assert contact_list.name in browser.get("/contact-lists/?tab=archived").text
        act(browser, contact_list, "unarchive")
        assert northgate.contact_lists.offered().exists()


class TestDeleting:
    def test_leaves_no_row_and_no_file_and_is_recorded(
        self, browser: Browser, contact_list: ContactList
    ) -> None:
        storage, name = contact_list.file.storage, contact_list.file.name
        assert "has been deleted" in act(browser, contact_list, "delete")
        tasks.remove_remains(contact_list.pk)
        left = (ContactList.objects, Contact.objects, RefusedRow.objects)
        assert [manager.count() for manager in left] == [0, 0, 0]
        assert not storage.exists(str(name))
        assert "Deleted" in Event.objects.about(contact_list).latest("pk").sentence

    def test_is_refused_while_a_submission_needs_the_list(
        self, browser: Browser, contact_list: ContactList, submission: Submission
    ) -> None:
        page = act(browser, contact_list, "delete")
        assert "can&#x27;t be deleted yet. It is needed by “November”" in page
        assert ContactList.objects.ready().filter(pk=contact_list.pk).exists()

    def test_names_the_drafts_that_lose_the_list(
        self, browser: Browser, contact_list: ContactList, draft: Campaign
    ) -> None:
        assert draft.title in browser.get(f"/contact-lists/{contact_list.pk}/delete/").text
        assert draft.title in page_of(browser, contact_list)

    def test_is_finished_by_the_sweeper_when_its_task_was_lost(
        self, browser: Browser, contact_list: ContactList
    ) -> None:
        act(browser, contact_list, "delete")
        assert list(ContactList.objects.with_remains()) == [contact_list]
        assert contact_list.name not in browser.get("/contact-lists/").text


class TestCancelling:
    def test_midway_leaves_nothing_behind(
        self, manager: User, northgate: Client, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        rows = "\n".join(f"07700 900{n % 1000:03}" for n in range(25_000))
        made = ContactList.upload(
            manager, northgate, "L", ContentFile(f"Phone\n{rows}".encode(), "l.csv")
        )
        commit = pipeline._commit

        def cancelled_after_the_first(*args: object) -> None:
            commit(*args)  # type: ignore[arg-type]
            if made.contacts.exists():
                ContactList.objects.get(pk=made.pk).cancel(manager)

        monkeypatch.setattr(pipeline, "_commit", cancelled_after_the_first)
        pipeline.run(made)
        made.refresh_from_db()
        assert made.status == Status.CANCELLED
        assert not made.contacts.exists()
        assert not made.refused_rows.exists()
        assert not made.file

    def test_is_too_late_for_a_list_that_is_ready(
        self, browser: Browser, contact_list: ContactList
    ) -> None:
        assert "ended before it could be cancelled" in act(browser, contact_list, "cancel")
        leftover_rows.remove_remains(contact_list)
        assert contact_list.contacts.count() == 3

    def test_a_cancelled_list_is_never_read(self, manager: User, northgate: Client) -> None:
        made = ContactList.upload(manager, northgate, "L", people.csv_file(people.ROWS))
        made.cancel(manager)
        tasks.look_at_list(made.pk)
        tasks.import_list(made.pk)
        made.refresh_from_db()
        assert made.status == Status.CANCELLED
