"""Addresses that the portal may send to, and those that only look like them."""

import pytest
from pytest_django import Settings

from campaigns.clients.partner_credentials import allowed_hosts


@pytest.fixture(autouse=True)
def hosts(settings: Settings) -> None:
    settings.PARTNER_HOSTS = ["api.example.com", ".partner.example", "[::1]"]
    settings.SANDBOX_URL = "http://sandbox:8001"


@pytest.mark.parametrize(
    "url",
    [
        "https://api.example.com",
        "https://API.Example.Com:8443/connect/token",
        "https://api.example.com/token?tenant=1",
        "https://partner.example",
        "https://login.partner.example/connect/token",
    ],
)
@pytest.mark.parametrize("sandbox", [True, False])
def test_a_host_that_the_settings_name_is_allowed_over_https(url: str, sandbox: bool) -> None:
    assert allowed_hosts.refusal(url, sandbox=sandbox) == ""


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1:8001",
        "http://localhost:8001/connect/token",
        "http://[::1]:8001",
        "http://127.9.9.9",
        "http://sandbox:8001",
    ],
)
def test_a_sandbox_may_be_on_this_machine_or_where_the_settings_say(url: str) -> None:
    assert allowed_hosts.refusal(url, sandbox=True) == ""
    assert "https" in allowed_hosts.refusal(url, sandbox=False)


@pytest.mark.parametrize(
    ("url", "sentence"),
    [
        ("https://api.example.org", "not allowed to send to api.example.org"),
        ("https://example.com", "not allowed to send"),
        ("https://xapi.example.com", "not allowed to send"),
        ("https://xpartner.example", "not allowed to send"),
        ("https://api.example.com.evil.example", "not allowed to send"),
        ("https://127.0.0.1.example.org", "not allowed to send"),
        ("https://169.254.169.254/latest", "not allowed to send"),
        ("http://api.example.com", "https://"),
        ("http://127.0.0.1.example.com", "https://"),
        ("ftp://api.example.com", "full address"),
        ("api.example.com", "full address"),
        ("", "full address"),
        ("https://", "full address"),
        ("https://user:word@api.example.com", "full address"),
        ("https://api.example.com@evil.example", "full address"),
        ("https://api.example.com#@evil.example", "full address"),
        ("https://api.example.com/#part", "full address"),
        ("https://api.example.com\\@evil.example", "full address"),
        ("https://evil.example\\.api.example.com", "full address"),
        ("https://api.example.com ", "full address"),
        ("https://api.example.com\n", "full address"),
        ("https://api.example.com\t.evil.example", "full address"),
        ("https://api。example.com", "full address"),
        ("https://api.example.com:0", "full address"),
        ("https://api.example.com:99999", "full address"),
        ("https://api.example.com:x", "full address"),
        ("https://-api.example.com", "full address"),
    ],
)
def test_every_other_address_is_refused_with_what_to_do(url: str, sentence: str) -> None:
    for sandbox in (True, False):
        assert sentence in allowed_hosts.refusal(url, sandbox=sandbox)


def test_without_a_setting_nothing_but_the_sandbox_is_allowed(settings: Settings) -> None:
    settings.PARTNER_HOSTS = []
    assert allowed_hosts.refusal("https://api.example.com", sandbox=False)


def test_the_sentence_names_no_more_of_an_address_than_its_host() -> None:
    for url in ("https://u:hunter2@h.example", "https://h.example/hunter2?key=hunter2"):
        assert "hunter2" not in allowed_hosts.refusal(url, sandbox=False)
    assert len(allowed_hosts.refusal(f"https://{'h' * 190}", sandbox=False)) <= 200
