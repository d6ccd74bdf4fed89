"""The sign-in to the partner in Django's admin: secrets can be entered and are never shown."""

from typing import Any

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import User
from django.http import HttpResponse
from django.test import Client as Browser
from pytest_django import Settings

from campaigns.clients.models import Client, Event, PartnerAccount, PartnerSignIn

Kind = PartnerSignIn.Kind
SECRET = "s3cret-of-a-test"


@pytest.fixture
def browser(admin: User) -> Browser:
    browser = Browser()
    browser.force_login(admin)
    return browser


def address(owner: PartnerAccount | Client) -> str:
    return f"/admin/clients/{owner._meta.model_name}/{owner.pk}/change/"


def post(browser: Browser, owner: PartnerAccount | Client, **changes: Any) -> HttpResponse:
    """Post the page as it is shown, with `changes` to its sign-in, whether or not there is one yet."""
    page = browser.get(address(owner))
    data: dict[str, Any] = {
        name: value
        for name, value in page.context["adminform"].form.initial.items()
        if value is not None and name != "members"
    }
    for inline in page.context["inline_admin_formsets"]:
        for hidden in inline.formset.management_form:
            data[hidden.html_name] = hidden.value()
    one = PartnerSignIn.objects.filter(
        **{"client" if isinstance(owner, Client) else "partner_account": owner}
    ).first()
    owner_field = "client" if isinstance(owner, Client) else "partner_account"
    defaults = one or PartnerSignIn()
    fields = ("kind", "key_header", "token_url", "oauth_client_id", "scope", "credentials_in")
    sign_in = {name: getattr(defaults, name) for name in fields} | changes
    data |= {f"sign_in-0-{name}": value for name, value in sign_in.items()}
    data |= {"membership_set-TOTAL_FORMS": 0, f"sign_in-0-{owner_field}": owner.pk}
    if one:
        data["sign_in-0-id"] = one.pk
    return browser.post(address(owner), data)  # type: ignore[return-value]


def saved(owner: PartnerAccount | Client) -> PartnerSignIn:
    owner.refresh_from_db()
    return PartnerSignIn.objects.get(
        **{"client" if isinstance(owner, Client) else "partner_account": owner}
    )


def key(browser: Browser, owner: PartnerAccount | Client) -> PartnerSignIn:
    answer = post(browser, owner, kind=Kind.API_KEY, entered=SECRET)
    assert answer.status_code == 302, answer.content.decode()
    return saved(owner)


@pytest.mark.parametrize("owner", ["account", "northgate"])
def test_a_secret_is_kept_and_never_shown_again(
    browser: Browser, owner: str, request: pytest.FixtureRequest
) -> None:
    owned = request.getfixturevalue(owner)
    assert "No secret is set" in browser.get(address(owned)).content.decode()
    sign_in = key(browser, owned)
    assert sign_in.open_secret() == SECRET
    shown = browser.get(address(owned)).content.decode()
    assert "A secret is set. Leave this empty to keep it." in shown
    assert SECRET not in shown
    assert sign_in.secret not in shown


def test_an_empty_field_keeps_the_secret_and_another_value_replaces_it(
    browser: Browser, account: PartnerAccount
) -> None:
    key(browser, account)
    assert post(browser, account, key_header="api-key").status_code == 302
    assert (saved(account).open_secret(), saved(account).key_header) == (SECRET, "api-key")
    assert post(browser, account, entered="another").status_code == 302
    assert saved(account).open_secret() == "another"


def test_ticking_forget_clears_the_secret(browser: Browser, account: PartnerAccount) -> None:
    key(browser, account)
    refused = post(browser, account, clear="on")
    assert "No secret is set for the sign-in" in refused.content.decode()
    assert saved(account).has_secret
    assert post(browser, account, clear="on", kind=Kind.NONE).status_code == 302
    assert not saved(account).has_secret


def test_a_key_never_becomes_the_secret_of_another_kind(
    browser: Browser, account: PartnerAccount
) -> None:
    key(browser, account)
    refused = post(
        browser,
        account,
        kind=Kind.OAUTH,
        token_url="http://127.0.0.1:9/token",
        oauth_client_id="portal",
    )
    assert "No secret is set for the sign-in" in refused.content.decode()
    assert saved(account).kind == Kind.API_KEY


def test_a_page_that_is_refused_does_not_repeat_the_secret(
    browser: Browser, account: PartnerAccount
) -> None:
    refused = post(browser, account, kind=Kind.OAUTH, entered=SECRET)
    assert refused.status_code == 200
    assert SECRET not in refused.content.decode()


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"kind": Kind.API_KEY}, "No secret is set for the sign-in"),
        ({"kind": Kind.API_KEY, "entered": "two words"}, "without spaces"),
        ({"kind": Kind.API_KEY, "entered": "a\r\nHost: b"}, "without spaces"),
        ({"kind": Kind.API_KEY, "entered": "x", "clear": "on"}, "not both"),
        ({"kind": Kind.API_KEY, "entered": "x", "key_header": "Content-Length"}, "such as api-key"),
        ({"kind": Kind.API_KEY, "entered": "x", "key_header": "a: b"}, "such as api-key"),
        ({"kind": Kind.NONE, "entered": "x"}, "Choose what the secret is"),
        ({"kind": Kind.OAUTH, "entered": "x", "oauth_client_id": "c"}, "Use a full address"),
        (
            {"kind": Kind.OAUTH, "entered": "x", "token_url": "http://127.0.0.1:9/token"},
            "Enter the client ID",
        ),
        (
            {
                "kind": Kind.OAUTH,
                "entered": "x",
                "oauth_client_id": "c",
                "token_url": "https://evil.example/token",
            },
            "The portal is not allowed to send to evil.example.",
        ),
    ],
)
@pytest.mark.parametrize("owner", ["account", "northgate"])
def test_a_value_that_cannot_be_used_is_refused_at_its_field(
    browser: Browser,
    owner: str,
    changes: dict[str, str],
    sentence: str,
    request: pytest.FixtureRequest,
) -> None:
    refused = post(browser, request.getfixturevalue(owner), **changes)
    assert refused.status_code == 200
    assert sentence in refused.content.decode()
    assert not PartnerSignIn.objects.exists()


def test_without_an_encryption_key_no_secret_is_kept_and_the_page_says_so(
    browser: Browser, account: PartnerAccount, settings: Settings
) -> None:
    settings.ENCRYPTION_KEYS = []
    refused = post(browser, account, kind=Kind.API_KEY, entered=SECRET)
    assert "PORTAL_ENCRYPTION_KEYS is not set" in refused.content.decode()
    assert not PartnerSignIn.objects.exists()


def test_a_change_of_the_token_request_forgets_the_token(
    browser: Browser, account: PartnerAccount
) -> None:
    oauth = {"token_url": "http://127.0.0.1:9/token", "oauth_client_id": "c"}
    assert post(browser, account, kind=Kind.OAUTH, entered=SECRET, **oauth).status_code == 302
    PartnerSignIn.objects.update(token="something")
    assert post(browser, account, scope="Other").status_code == 302
    assert saved(account).token == ""
    assert saved(account).open_secret() == SECRET


def test_the_change_is_recorded_without_the_secret(
    browser: Browser, account: PartnerAccount, northgate: Client, admin: User
) -> None:
    key(browser, account)
    key(browser, northgate)
    recorded = list(Event.objects.filter(sentence__contains="signs in to the partner"))
    assert [(event.actor, event.client) for event in recorded] == [
        (admin, None),
        (admin, northgate),
    ]
    entries = [entry.change_message for entry in LogEntry.objects.all()]
    assert not any(SECRET in text for text in (*entries, *(event.sentence for event in recorded)))


def test_an_account_must_have_an_address_that_the_portal_may_send_to(
    browser: Browser, account: PartnerAccount, settings: Settings
) -> None:
    live = {"name": "Live", "kind": "live", "cli_field": "cli_Id"}
    live |= {f"sign_in-{name}": "0" for name in ("TOTAL_FORMS", "INITIAL_FORMS")}
    for url, sentence in (
        ("https://api.example.com", "The portal is not allowed to send to api.example.com."),
        ("http://api.example.com", "https://"),
        ("https://user:word@api.example.com", "Use an address such as"),
        ("https://api.example.com/v1", "Use an address such as"),
    ):
        refused = browser.post("/admin/clients/partneraccount/add/", live | {"api_url": url})
        assert sentence in refused.content.decode()
    settings.PARTNER_HOSTS = ["api.example.com"]
    url = "https://api.example.com"
    assert (
        browser.post("/admin/clients/partneraccount/add/", live | {"api_url": url}).status_code
        == 302
    )
