"""The filters above the submissions say what is wrong with them, and name people in full."""

import pytest
from django.contrib.auth.models import User
from django.test import Client as Browser

from campaigns.submissions.history.filters import FROM_AFTER_TO
from campaigns.submissions.models import Submission

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def browser(client: Browser, manager: User) -> Browser:
    client.force_login(manager)
    return client


def test_from_later_than_to_is_said_at_to(browser: Browser, submission: Submission) -> None:
    page = browser.get("/submissions/", {"since": "2026-03-02", "until": "2026-03-01"})
    assert page.context["form"].errors == {"until": [FROM_AFTER_TO]}
    assert FROM_AFTER_TO in page.text
    assert "Nothing was searched" in page.text
    assert submission.reference not in page.text


@pytest.mark.parametrize(
    "asked",
    [
        {"state": "sent"},
        {"kind": "tests"},
        {"client": "x"},
        {"client": "9" * 400},
        {"submitted_by": "0"},
        {"since": "yesterday"},
        {"until": "2026-02-31"},
        {"q": "a\0b"},
    ],
)
def test_an_invalid_filter_finds_nothing_and_says_so(
    browser: Browser, submission: Submission, asked: dict[str, str]
) -> None:
    page = browser.get("/submissions/", asked)
    assert "A filter has a value that can’t be used." in page.text
    assert 'class="invalid-feedback"' in page.text
    assert submission.reference not in page.text
    assert "Export CSV" not in page.text


def test_people_are_named_in_full_in_the_order_of_their_names(
    browser: Browser, submission: Submission, approver: User, second_submission: Submission
) -> None:
    second_submission.submitted_by = approver
    second_submission.save()
    User.objects.filter(username="mina").update(first_name="Aarti", last_name="Sharma")
    User.objects.filter(username="alan").update(first_name="Zoe", last_name="Adams")
    form = browser.get("/submissions/").context["form"]
    labels = [label for _, label in form.fields["submitted_by"].choices]
    assert labels == ["Everybody", "Aarti Sharma", "Zoe Adams"]


def test_somebody_without_a_name_is_listed_by_their_username(
    browser: Browser, submission: Submission
) -> None:
    labels = [
        label
        for _, label in browser.get("/submissions/").context["form"].fields["submitted_by"].choices
    ]
    assert labels == ["Everybody", "mina"]


def test_a_row_has_one_state_and_says_when_as_people_do(
    browser: Browser, submission: Submission
) -> None:
    submission.hold("Held by a test.")
    page = browser.get("/submissions/").text
    table = page[page.index("<tbody") : page.index("</tbody")]
    assert table.count('class="state ') == 1
    assert '<span class="state state-held">Scheduled to send, held</span>' in table
    assert ' UK time">' in table
