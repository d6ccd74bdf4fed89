"""The sandbox's page, and who may change its behaviour."""

import re
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest
import requests

from campaigns.partner.sandbox.play.plan import ZONE
from tests.partner.sample import sample
from tests.partner.sandbox import LOOKUPS, SandboxProcess


@pytest.fixture
def sandbox(tmp_path: Path) -> Iterator[SandboxProcess]:
    with SandboxProcess(tmp_path / "ledger.sqlite3") as running:
        running.set_clients(LOOKUPS)
        yield running


def page(sandbox: SandboxProcess) -> str:
    answer = sandbox.http.get(sandbox.url, timeout=10)
    assert answer.status_code == 200
    return answer.text


def post_form(sandbox: SandboxProcess, **headers: str) -> requests.Response:
    return sandbox.http.post(
        f"{sandbox.url}/_sandbox/behaviour",
        data={"mode": "refuse", "times": "2"},
        headers=headers,
        timeout=10,
        allow_redirects=False,
    )


def test_an_empty_ledger_says_so(sandbox: SandboxProcess) -> None:
    assert "No create requests yet." in page(sandbox)


def test_the_page_shows_the_newest_request_first(sandbox: SandboxProcess) -> None:
    sandbox.create(sample(name="The older one"))
    sandbox.create(sample(name="The newer one"))
    shown = page(sandbox)
    assert 0 < shown.index("The newer one") < shown.index("The older one")


def test_what_came_from_outside_is_escaped(sandbox: SandboxProcess) -> None:
    attack = "<script>alert(1)</script>\"'&"
    sandbox.set_clients({attack: {"callflows": [1], "clis": [1]}})
    assert sandbox.create(sample(name=attack), client=attack).status_code == 201
    shown = page(sandbox)
    assert "<script" not in shown
    assert shown.count("&lt;script&gt;alert(1)&lt;/script&gt;&quot;&#x27;&amp;") == 5


def test_the_page_shows_how_far_a_campaign_has_come(sandbox: SandboxProcess) -> None:
    assert "No campaigns yet." in page(sandbox)
    people = [{"number": f"07700900{n:03}"} for n in range(60)]
    body = sample(phoneNumbers=people, attempts=[])
    sandbox.create(body)
    sandbox.set_clock(datetime.fromisoformat(f"{body['startDate']}T09:00:40").replace(tzinfo=ZONE))
    cells = re.findall(
        r'data-label="(Numbers|Called|Reached|To go|Status)">([^<]*)<', page(sandbox)
    )
    shown = dict(cells[:5])
    assert (shown["Numbers"], shown["Status"]) == ("60", "sending")
    called, reached, to_go = (int(shown[name]) for name in ("Called", "Reached", "To go"))
    assert 0 < reached < called < 40
    assert called + to_go == 60
    assert "stopped" in page(sandbox)


def test_the_form_sets_the_clock(sandbox: SandboxProcess) -> None:
    url = f"{sandbox.url}/_sandbox/clock"
    form = {"now": "2030-07-01T09:00", "speed": "0"}
    answer = sandbox.http.post(url, data=form, timeout=10, allow_redirects=False)
    assert (answer.status_code, answer.headers["Location"]) == (303, "/")
    assert "01 Jul 2030 09:00:00 UK time" in page(sandbox)
    for wrong in ({"now": "soon", "speed": "1"}, {"speed": "fast"}, {"speed": "nan"}):
        assert sandbox.http.post(url, data=wrong, timeout=10).status_code == 400
    assert sandbox.clock()["now"] == "2030-07-01T08:00:00.000+00:00"
    sandbox.http.post(url, data={"now": "", "speed": "60"}, timeout=10)
    assert "60 times as fast" in page(sandbox)


def test_the_page_runs_no_script_and_loads_only_its_own_style(sandbox: SandboxProcess) -> None:
    answer = sandbox.http.get(sandbox.url, timeout=10)
    assert "default-src 'none'; style-src 'self'" in answer.headers["Content-Security-Policy"]
    assert "/_sandbox/style.css" in answer.text
    style = sandbox.http.get(f"{sandbox.url}/_sandbox/style.css", timeout=10)
    assert (style.status_code, style.headers["Content-Type"]) == (200, "text/css; charset=utf-8")


def test_the_form_sets_the_behaviour_and_returns_to_the_page(sandbox: SandboxProcess) -> None:
    answer = post_form(sandbox, Origin=sandbox.url)
    assert (answer.status_code, answer.headers["Location"]) == (303, "/")
    assert sandbox.behaviour() == {"mode": "refuse", "times": 2, "seconds": None}
    assert "<strong>refuse</strong> for the next 2 requests" in page(sandbox)


@pytest.mark.parametrize("origin", ["https://example.com", "null", "http://127.0.0.1:1"])
def test_another_sites_page_can_change_nothing(sandbox: SandboxProcess, origin: str) -> None:
    assert post_form(sandbox, Origin=origin).status_code == 403
    for path in ("behaviour", "clients"):
        answer = sandbox.http.put(
            f"{sandbox.url}/_sandbox/{path}",
            data='{"mode": "refuse"}',
            headers={"Origin": origin},
            timeout=10,
        )
        assert answer.status_code == 403
    assert sandbox.behaviour()["mode"] == "normal"


@pytest.mark.parametrize(
    ("host", "status"),
    [("localhost", 200), ("127.0.0.1:99", 200), ("[::1]:80", 200), ("example.com", 403), ("", 403)],
)
def test_only_a_loopback_name_is_answered(sandbox: SandboxProcess, host: str, status: int) -> None:
    answer = sandbox.http.get(sandbox.url, headers={"Host": host}, timeout=10)
    assert answer.status_code == status


def test_any_name_is_answered_when_a_host_was_given(tmp_path: Path) -> None:
    with SandboxProcess(tmp_path / "ledger.sqlite3", "--host", "127.0.0.1") as sandbox:
        answer = sandbox.http.get(sandbox.url, headers={"Host": "sandbox:8001"}, timeout=10)
        assert answer.status_code == 200
