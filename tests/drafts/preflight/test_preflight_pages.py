"""Pre-flight on the builder's page, and the warnings that are kept with a submission."""

import re
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client as Browser
from django.urls import reverse
from django.utils import timezone

from campaigns.clients.models import Approval, Cli, Client, Event
from campaigns.contacts.models import ContactList
from campaigns.drafts.campaign.content import DraftContent
from campaigns.drafts.form.form_data import as_data
from campaigns.drafts.models import Campaign
from campaigns.submissions.freezing import freeze
from campaigns.submissions.models import Submission
from tests import people

OLD_CLI = "This CLI was last confirmed on"
NOTHING_WRONG = "There are no problems with this campaign. You can submit it."


@pytest.fixture
def old_cli(northgate: Client) -> None:
    Cli.objects.filter(client=northgate).update(confirmed_at=timezone.now() - timedelta(days=100))


@pytest.fixture
def posted(draft: Campaign) -> dict[str, Any]:
    """What a browser posts for the saved draft."""
    data = as_data(draft.content())
    return {**{name: data.getlist(name) for name in data}, "version": str(draft.version)}


def plain(page: Any) -> str:
    return " ".join(re.sub(r"<[^>]*>", " ", page.text).split())


def checked(browser: Browser, draft: Campaign, posted: dict[str, Any]) -> Any:
    return browser.post(reverse("drafts:check", args=[draft.pk]), posted, follow=True)


def submit(browser: Browser, draft: Campaign, posted: dict[str, Any]) -> Any:
    answer = people.submit_in(browser, posted, draft)
    return browser.get(answer.headers["Location"])


def test_nothing_is_wrong_without_blocking_problems_and_warnings(
    browser: Browser, draft: Campaign, posted: dict[str, Any]
) -> None:
    page = plain(checked(browser, draft, posted))
    assert NOTHING_WRONG in page
    assert "warning" not in page


@pytest.mark.usefixtures("old_cli")
def test_warnings_alone_are_shown_and_lead_to_their_field(
    browser: Browser, draft: Campaign, posted: dict[str, Any]
) -> None:
    page = checked(browser, draft, posted)
    assert NOTHING_WRONG not in plain(page)
    assert "1 warning You can submit this campaign. Check this warning first." in plain(page)
    assert re.search(rf'<a href="#id_cli">{OLD_CLI}', page.text)
    assert 'aria-invalid="true"' not in page.text


@pytest.mark.usefixtures("old_cli")
def test_both_tiers_are_shown_together(
    browser: Browser, draft: Campaign, posted: dict[str, Any]
) -> None:
    page = plain(checked(browser, draft, posted | {"name": ""}))
    assert "1 thing to fix Give the campaign a name." in page
    assert "1 warning You can submit with this warning, but check it first." in page
    assert OLD_CLI in page


@pytest.mark.usefixtures("old_cli")
def test_the_drafts_page_lists_both_tiers_at_any_time_and_marks_no_field(
    browser: Browser, draft: Campaign, posted: dict[str, Any]
) -> None:
    page = browser.post(reverse("drafts:edit", args=[draft.pk]), posted | {"name": ""}, follow=True)
    assert "Pre-flight: 1 thing to fix, 1 warning To fix Give the campaign a name." in plain(page)
    assert "aria-invalid" not in page.text
    Cli.objects.update(confirmed_at=timezone.now())
    draft.refresh_from_db()
    browser.post(reverse("drafts:edit", args=[draft.pk]), posted | {"version": str(draft.version)})
    page = browser.get(reverse("drafts:edit", args=[draft.pk]))
    assert "Pre-flight: no problems." in plain(page)


def test_blocking_problems_are_in_the_order_of_the_page(
    browser: Browser, draft: Campaign, posted: dict[str, Any]
) -> None:
    parameters = {name: "" for name in posted if name.startswith("parameter-")}
    wrong = {"cli": "", "start_date": "", "runover-count": "1", "runover-0-day": "", "name": ""}
    page = checked(browser, draft, posted | parameters | wrong).text
    top = page[page.index('id="mends"') : page.index('id="builder"')]
    fields = re.findall(r'href="#id_([^"]+)"', top)
    in_page = ["name", "cli", "parameter-1-source", "start_date", "runover-0-day"]
    assert [field for field in fields if field in in_page] == in_page


def test_a_viewer_and_a_new_form_get_no_list_of_problems(
    client: Browser, manager: User, viewer: User, draft: Campaign
) -> None:
    client.force_login(viewer)
    assert "Pre-flight" not in client.get(reverse("drafts:edit", args=[draft.pk])).text
    client.force_login(manager)
    assert "Pre-flight" not in client.get(reverse("drafts:new")).text


def test_a_count_of_people_leads_to_them(
    browser: Browser, manager: User, draft: Campaign, northgate: Client
) -> None:
    rows = [("07700 900150", "Ann", "Ann", ""), ("07700 900151", "Bob", "Bob", "1 May")]
    contacts = people.contact_list(manager, northgate, rows, "Gaps")
    holed = Campaign.start(manager, people.content(northgate, contacts, "Holed"))
    page = browser.get(reverse("drafts:edit", args=[holed.pk]) + "?check=1")
    assert "1 contact on “Gaps” has nothing in “Due date”. Show" in plain(page)
    found = re.search(r'<a class="shows" href="([^"]+)"', page.text)
    assert found
    shown = browser.get(found[1].replace("&amp;", "&")).context["found"].people
    assert [contact.name for contact in shown] == ["Ann"]


def test_too_long_a_value_is_blocking_and_leads_to_its_people_too(
    browser: Browser, manager: User, northgate: Client
) -> None:
    contacts = people.contact_list(manager, northgate, [("07700 900150", "A", "A", "a" * 101)])
    long = Campaign.start(manager, people.content(northgate, contacts, "Long"))
    page = browser.get(reverse("drafts:edit", args=[long.pk]) + "?check=1")
    assert "1 thing to fix 1 contact on “Readings” has more than 100 characters" in plain(page)
    assert "with=longer&amp;than=100" in page.text


@pytest.mark.usefixtures("old_cli")
def test_warnings_do_not_stop_a_submission_and_are_kept_with_it(
    browser: Browser, draft: Campaign, posted: dict[str, Any]
) -> None:
    page = submit(browser, draft, posted)
    submission = Submission.objects.get()
    [warning] = submission.warnings
    assert warning["rule"] == "lookup-unconfirmed"
    assert warning["sentence"].startswith(OLD_CLI)
    assert "Warnings when it was submitted " + OLD_CLI in plain(page)
    assert "Submitted the campaign, having read 1 warning." in plain(page)
    assert "Read by mina" in plain(page)
    assert warning["read_by"] == submission.submitted_by_id
    Cli.objects.update(confirmed_at=timezone.now())
    page = browser.get(reverse("submissions:detail", args=[submission.pk]))
    assert OLD_CLI in plain(page)


@pytest.mark.usefixtures("old_cli")
def test_a_warning_that_the_clients_settings_make_blocking_stops_a_submission(
    browser: Browser, draft: Campaign, posted: dict[str, Any]
) -> None:
    Client.objects.update(blocking_warnings=["lookup-unconfirmed"])
    page = submit(browser, draft, posted)
    assert "1 thing to fix " + OLD_CLI in plain(page)
    assert 'aria-invalid="true"' in page.text
    assert not Submission.objects.exists()


def test_the_review_names_the_other_campaigns_of_the_week(
    browser: Browser, submission: Submission, draft: Campaign
) -> None:
    """Submit to people who are called on the same day by a campaign that was just submitted."""
    page = browser.get(reverse("submissions:review", args=[draft.pk]))
    assert "3 contacts on these lists are also in “November”" in plain(page)
    assert reverse("submissions:detail", args=[submission.pk]) in page.text


def test_an_approver_sees_the_warnings_as_they_were_at_submission(
    client: Browser, approver: User, manager: User, northgate: Client, draft: Campaign,
    posted: dict[str, Any], old_cli: None,
) -> None:  # fmt: skip
    Client.objects.update(approval=Approval.ALWAYS)
    client.force_login(manager)
    marketing = {
        "purpose": "marketing",
        "consent_source": "Web form <b>",
        "consent_date": "2026-01-31",
        "caller_name": "Northgate",
        "start_time": "07:15",
        "override_reason": "Agreed with the client",
    }
    submit(client, draft, posted | marketing)
    submission = Submission.objects.get()
    freeze.freeze(submission)
    Cli.objects.update(confirmed_at=timezone.now())
    client.force_login(approver)
    page = client.get(reverse("submissions:detail", args=[submission.pk]))
    assert (
        "Purpose Marketing Consent Web form &lt;b&gt;, 31 Jan 2026 Caller name Northgate"
        in plain(page)
    )
    assert "Warnings when it was submitted " + OLD_CLI in plain(page)
    override = (
        "Calls for Northgate Energy are only allowed from 08:00 to 20:00 (Europe/London). "
        "This campaign calls outside these hours, because: “Agreed with the client”"
    )
    assert plain(page).count(override) == 2, "beside the campaign, and in the history"
    assert "No longer valid" not in page.text


def recorded_overrides(draft: Campaign) -> list[str]:
    events = Event.objects.about(draft).filter(sentence__contains="calls outside the client’s")
    return list(events.values_list("sentence", flat=True))


def test_an_override_is_recorded_when_it_is_given_changed_and_withdrawn(
    browser: Browser, draft: Campaign, posted: dict[str, Any]
) -> None:
    for version, reason in enumerate(["Agreed", "Agreed", "Agreed by letter", ""], start=1):
        extra = {"override_reason": reason, "name": f"Name {version}", "over": str(version)}
        browser.post(reverse("drafts:edit", args=[draft.pk]), posted | extra)
    calls = "calls outside the client’s calling hours"
    assert recorded_overrides(draft) == [
        f"Allowed {calls}, because: “Agreed”",
        f"Allowed {calls}, because: “Agreed by letter”",
        f"Stopped allowing {calls}.",
    ]


def test_the_override_of_a_new_draft_is_recorded(manager: User, northgate: Client) -> None:
    made = Campaign.start(manager, replace(DraftContent.blank(northgate), override_reason="Agreed"))
    assert len(recorded_overrides(made)) == 1


@pytest.mark.parametrize(
    ("start", "reason", "is_open"),
    [("07:00", "", True), ("09:00", "", False), ("09:00", "Agreed", True), ("07:00", "x", True)],
)
def test_the_field_for_a_reason_is_open_where_it_is_needed(
    browser: Browser, draft: Campaign, posted: dict[str, Any],
    start: str, reason: str, is_open: bool,
) -> None:  # fmt: skip
    page = checked(browser, draft, posted | {"start_time": start, "override_reason": reason})
    found = re.search(r'<details id="override"([^>]*)>', page.text)
    assert found
    assert ("open" in found[1]) is is_open


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ({}, False),
        ({"purpose": "marketing"}, True),
        ({"purpose": "service", "caller_name": "Northgate"}, True),
    ],
)
def test_fields_of_consent_show_for_marketing_and_where_they_are_filled_in(
    browser: Browser, posted: dict[str, Any], typed: dict[str, str], shown: bool
) -> None:
    page = browser.post(reverse("drafts:redraw"), posted | typed).text
    assert ('name="consent_source"' in page) is shown
    if "caller_name" in typed:
        assert 'value="Northgate"' in page
        assert "Consent is only needed for marketing" in page


@pytest.mark.parametrize(
    ("field", "typed"),
    [
        ("purpose", "fun"),
        ("consent_date", "last year"),
        ("consent_source", "x" * 201),
        ("caller_name", "x" * 81),
        ("override_reason", "x" * 201),
    ],
)
def test_a_value_that_cannot_be_kept_is_reported_at_its_field(
    browser: Browser, draft: Campaign, posted: dict[str, Any], field: str, typed: str
) -> None:
    page = browser.post(reverse("drafts:edit", args=[draft.pk]), posted | {field: typed})
    assert page.status_code == 422
    assert f'href="#id_{field}"' in page.text
    assert f'id="id_{field}"' in page.text
    if field != "purpose":
        assert f'value="{typed}"' in page.text
    found = re.search(r'<details id="override"([^>]*)>', page.text)
    assert found
    assert ("open" in found[1]) is (field == "override_reason")


def test_a_form_without_a_purpose_is_a_service_campaign(
    browser: Browser, northgate: Client, contact_list: ContactList
) -> None:
    browser.post(reverse("drafts:new"), {"client": northgate.pk, "attempt-count": "1"})
    assert Campaign.objects.get().purpose == "service"
