"""The sign-in that the sandbox requires of a caller, over HTTP alone."""

import base64
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import requests

from tests.partner.sample import sample
from tests.partner.sandbox import LOOKUPS, SandboxProcess

OAUTH = {"client_id": "portal", "client_secret": "w:or/d"}
GRANT = {"grant_type": "client_credentials", "scope": "CoreAPI"}


@pytest.fixture
def sandbox(tmp_path: Path) -> Iterator[SandboxProcess]:
    with SandboxProcess(tmp_path / "ledger.sqlite3") as running:
        running.set_clients(LOOKUPS)
        yield running


def ask(sandbox: SandboxProcess, **form: str) -> requests.Response:
    return sandbox.http.post(sandbox.token_url, data=form, timeout=10)


def token(sandbox: SandboxProcess) -> str:
    given = ask(sandbox, **GRANT, **OAUTH).json()
    assert given["token_type"] == "Bearer"
    value: str = given["access_token"]
    return value


def created(sandbox: SandboxProcess, **headers: str) -> bool:
    answer = sandbox.create(sample(name=f"Campaign {len(sandbox.ledger())}"), **headers)
    assert answer.status_code in {201, 401}
    return answer.status_code == 201


@pytest.mark.parametrize(
    ("header", "right", "wrong"),
    [
        ("Authorization", "Bearer k3y", ("k3y", "Bearer k3", "Bearer k3y ", "")),
        ("api-key", "k3y", ("Bearer k3y", "k3", "")),
    ],
)
def test_an_api_key_is_required_exactly_and_in_its_header(
    sandbox: SandboxProcess, header: str, right: str, wrong: tuple[str, ...]
) -> None:
    sandbox.want("api_key", header=header, key="k3y")
    assert created(sandbox, **{header: right})
    assert not created(sandbox)
    for value in wrong[:2]:
        assert not created(sandbox, **{header: value})
    assert [row["campaign_id"] is None for row in sandbox.ledger()] == [False, True, True, True]


def test_a_token_is_accepted_until_it_expires(sandbox: SandboxProcess) -> None:
    sandbox.want("oauth", life_seconds=2, **OAUTH)
    bearer = f"Bearer {token(sandbox)}"
    assert created(sandbox, Authorization=bearer)
    end = sandbox.token_requests()[-1]["expires_at"]
    time.sleep(max(0.0, end - time.time()) + 0.05)
    assert not created(sandbox, Authorization=bearer)
    assert not created(sandbox, Authorization="Bearer made-up")
    assert not created(sandbox)


def test_a_token_survives_a_crash(sandbox: SandboxProcess) -> None:
    sandbox.want("oauth", **OAUTH)
    bearer = f"Bearer {token(sandbox)}"
    sandbox.restart()
    assert created(sandbox, Authorization=bearer)


def test_credentials_may_come_in_a_basic_header(sandbox: SandboxProcess) -> None:
    sandbox.want("oauth", **OAUTH)
    pair = base64.b64encode(b"portal:w%3Aor%2Fd").decode()
    answer = sandbox.http.post(
        sandbox.token_url, data=GRANT, headers={"Authorization": f"Basic {pair}"}, timeout=10
    )
    assert answer.status_code == 200


@pytest.mark.parametrize(
    ("form", "status", "error"),
    [
        (GRANT | OAUTH | {"client_secret": "x"}, 401, "invalid_client"),
        (GRANT | OAUTH | {"client_id": "x"}, 401, "invalid_client"),
        (GRANT, 401, "invalid_client"),
        (OAUTH, 400, "unsupported_grant_type"),
        (OAUTH | {"grant_type": "password"}, 400, "unsupported_grant_type"),
    ],
)
def test_a_token_is_refused_as_the_rfc_says(
    sandbox: SandboxProcess, form: dict[str, str], status: int, error: str
) -> None:
    sandbox.want("oauth", **OAUTH)
    answer = ask(sandbox, **form)
    assert (answer.status_code, answer.json()) == (status, {"error": error})
    assert [row["answer_status"] for row in sandbox.token_requests()] == [status]


def test_the_token_address_can_fail(sandbox: SandboxProcess) -> None:
    sandbox.want("oauth", token_mode="unavailable", **OAUTH)
    assert ask(sandbox, **GRANT, **OAUTH).status_code == 503
    sandbox.want("oauth", token_mode="garbage", **OAUTH)
    assert "Welcome" in ask(sandbox, **GRANT, **OAUTH).text
    sandbox.want("oauth", token_mode="hang", **OAUTH)
    with pytest.raises(requests.ReadTimeout):
        sandbox.http.post(sandbox.token_url, data=GRANT | OAUTH, timeout=0.5)


@pytest.mark.parametrize(
    "wanted",
    [
        [],
        {},
        {"kind": "magic"},
        {"kind": "api_key"},
        {"kind": "api_key", "key": 7},
        {"kind": "oauth", "client_id": "c"},
        {"kind": "oauth", "client_id": "c", "client_secret": "s", "life_seconds": -1},
        {"kind": "oauth", "client_id": "c", "client_secret": "s", "life_seconds": "60"},
        {"kind": "oauth", "client_id": "c", "client_secret": "s", "token_mode": "odd"},
        {"kind": "none", "password": "x"},
    ],
)
def test_a_sign_in_that_it_can_not_require_is_refused_with_a_sentence(
    sandbox: SandboxProcess, wanted: Any
) -> None:
    answer = sandbox.http.put(f"{sandbox.url}/_sandbox/sign-in", json=wanted, timeout=10)
    assert answer.status_code == 400
    assert answer.json()["error"].endswith(".")
    assert created(sandbox), "nothing has changed"


def test_the_page_sets_the_sign_in_and_shows_all_but_the_secret(sandbox: SandboxProcess) -> None:
    form = {"kind": "oauth", "life_seconds": "90", "token_mode": "normal", "header": "", "key": ""}
    answer = sandbox.http.post(
        f"{sandbox.url}/_sandbox/sign-in", data=form | OAUTH, timeout=10, allow_redirects=False
    )
    assert (answer.status_code, answer.headers["Location"]) == (303, "/")
    page = sandbox.http.get(sandbox.url, timeout=10).text
    assert "<strong>oauth</strong> for the client ID portal; tokens live 90 seconds" in page
    assert OAUTH["client_secret"] not in page
    shown = sandbox.http.get(f"{sandbox.url}/_sandbox/sign-in", timeout=10).json()
    assert (shown["kind"], shown["life_seconds"]) == ("oauth", 90)
    assert "client_secret" not in shown
    assert ask(sandbox, **GRANT, **OAUTH).json()["expires_in"] == 90
