"""What the sandbox lets be read, asked by the portal's own reading client and by hand."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any

import pytest
import requests

from campaigns.partner.codes import CampaignStatus, Outcome
from campaigns.partner.reading.errors import ReadError
from campaigns.partner.reading.reader import NameMatch, Reader
from campaigns.partner.reading.rows import ReadNumber
from campaigns.partner.wire import Window
from tests.partner.sample import sample
from tests.partner.sandbox import CLIENT, SandboxProcess

OTHER = "TEST-SOUTH"
# A week from now at noon UK time is in no window of the sample's second day.
MONTH = timedelta(days=31)


@pytest.fixture(scope="module")
def process(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SandboxProcess]:
    ledger: Path = tmp_path_factory.mktemp("sandbox") / "ledger.sqlite3"
    with SandboxProcess(ledger) as running:
        yield running


@pytest.fixture
def sandbox(process: SandboxProcess) -> SandboxProcess:
    known = {"callflows": [1, 101], "clis": [1]}
    process.set_clients({CLIENT: known, OTHER: known})
    process.set_clock(None, 1)
    process.want("none")
    process.behave_reading("normal")
    return process


@pytest.fixture
def name(request: pytest.FixtureRequest) -> str:
    return str(request.node.name)


def people(count: int) -> list[dict[str, str]]:
    return [{"number": f"07700900{n:03}", "name": f"Person {n}"} for n in range(count)]


def created(sandbox: SandboxProcess, name: str, count: int = 25, **changes: Any) -> int:
    answer = sandbox.create(sample(name=name, phoneNumbers=people(count), **changes))
    assert answer.status_code == 201, answer.text
    identifier: int = answer.json()["id"]
    return identifier


def reader(sandbox: SandboxProcess, client: str = CLIENT, **headers: str) -> Reader:
    return Reader(sandbox.url, {"clientId": client, **headers}, pause=lambda _: None)


def get(sandbox: SandboxProcess, path: str, client: str | None = CLIENT) -> requests.Response:
    headers = {"clientId": client} if client else {}
    return sandbox.http.get(sandbox.url + path, headers=headers, timeout=30)


def rows(sandbox: SandboxProcess, campaign_id: int, page_size: int = 7) -> list[ReadNumber]:
    pages = reader(sandbox).phone_numbers(campaign_id, page_size=page_size)
    return [row for page in pages for row in page.rows]


def test_call_flows_and_clis(sandbox: SandboxProcess) -> None:
    asked = reader(sandbox)
    assert [(each.id, each.name) for each in asked.call_flows()] == [
        (1, "Call flow 1"),
        (101, "Call flow 101"),
    ]
    assert [(each.id, each.number) for each in asked.clis()] == [(1, "01632960001")]


def test_a_campaign_as_it_was_created(sandbox: SandboxProcess, name: str) -> None:
    body = sample()
    campaign_id = created(sandbox, name)
    found = reader(sandbox).campaign(campaign_id)
    assert found
    assert (found.id, found.name, found.call_flow_id, found.cli_id) == (campaign_id, name, 1, 1)
    assert (found.status, found.call_count) == (CampaignStatus.PENDING, 25)
    assert (found.start_date, found.start_time, found.finish_time) == (
        date.fromisoformat(body["startDate"]),
        time(9),
        time(12),
    )
    assert [(each.number, each.interval) for each in found.attempts] == [(1, 15), (2, 60), (3, 120)]
    extra = date.fromisoformat(body["runoverDays"][0]["date"])
    assert found.runover == (Window(extra, time(9), time(12)),)


def test_the_partners_odd_spellings(sandbox: SandboxProcess, name: str) -> None:
    campaign_id = created(sandbox, name, 1)
    sandbox.set_clock(datetime.now(UTC) + MONTH)
    row = get(sandbox, "/api/campaigns/voice").json()[-1]
    assert row.keys() == {
        "id",
        "name",
        "startDate",
        "starttime",
        "finishtime",
        "type",
        "callFlow_Id",
        "campaignStatus",
        "callCount",
        "cli_id",
    }
    whole = get(sandbox, f"/api/campaigns/voice/{campaign_id}").json()
    assert whole.keys() - row.keys() == {"attempts", "runOverDays"}
    [number] = get(sandbox, f"/api/campaigns/voice/{campaign_id}/phonenumbers").json()
    assert number.keys() == {"id", "number", "name", "parameters", "calls", "smss"}
    assert number["calls"][0].keys() == {
        "startTime",
        "endTime",
        "stage",
        "outcome",
        "userInput",
        "price",
        "isTransferCall",
        "attemptNumber",
        "secondsDuration",
    }
    assert "Z" not in number["calls"][0]["startTime"]


def test_calls_come_as_the_clock_goes_on_and_stay(sandbox: SandboxProcess, name: str) -> None:
    campaign_id = created(sandbox, name, 40)
    assert not any(row.calls for row in rows(sandbox, campaign_id))
    start = datetime.fromisoformat(f"{sample()['startDate']}T09:00:00+00:00")
    # In the winter's or the summer's time, it is ten minutes after the start or more.
    earlier: list[ReadNumber] = []
    for hours in (2, 8, 24 * 5):
        sandbox.set_clock(start + timedelta(hours=hours))
        later = rows(sandbox, campaign_id)
        assert len(later) == 40
        for before, after in zip(earlier, later, strict=bool(earlier)):
            assert after.calls[: len(before.calls)] == before.calls
        earlier = later
    found = reader(sandbox).campaign(campaign_id)
    assert found
    assert found.status == CampaignStatus.COMPLETED
    calls = [call for row in earlier for call in row.calls]
    assert {Outcome.ANSWERED, Outcome.NO_ANSWER} < {call.outcome for call in calls}
    assert all(call.started_at and call.ended_at and call.price is not None for call in calls)


def test_a_fast_clock_is_fast(sandbox: SandboxProcess) -> None:
    sandbox.set_clock(datetime(2030, 1, 1, tzinfo=UTC), 100_000)
    assert sandbox.clock()["speed"] == 100_000
    moments = [datetime.fromisoformat(sandbox.clock()["now"]) for _ in range(20)]
    assert moments[0] >= datetime(2030, 1, 1, tzinfo=UTC)
    assert moments[-1] - moments[0] > timedelta(minutes=5)


@pytest.mark.parametrize(
    "body",
    [[], {"time": 1}, {"now": 5}, {"now": "soon"}, {"now": "2200-01-01T00:00:00Z"}]
    + [{"speed": speed} for speed in (-1, "1", True, 100_001)],
)
def test_a_clock_of_another_shape_is_refused(sandbox: SandboxProcess, body: Any) -> None:
    sandbox.set_clock(datetime(2030, 1, 1, tzinfo=UTC))
    answer = sandbox.http.put(f"{sandbox.url}/_sandbox/clock", json=body, timeout=10)
    assert answer.status_code == 400
    assert sandbox.clock() == {"now": "2030-01-01T00:00:00.000+00:00", "speed": 0}


@pytest.mark.parametrize("count", [1, 6, 7, 8, 14, 25])
@pytest.mark.parametrize("page_size", [1, 7, 500])
def test_every_number_is_read_once(
    sandbox: SandboxProcess, name: str, count: int, page_size: int
) -> None:
    found = rows(sandbox, created(sandbox, name, count), page_size)
    assert [row.number for row in found] == [f"+447700900{n:03}" for n in range(count)]


@pytest.mark.parametrize("requests_before", range(5))
def test_pages_that_shift_while_they_are_read_lose_nothing(
    sandbox: SandboxProcess, name: str, requests_before: int
) -> None:
    campaign_id = created(sandbox, name, 25)
    found: list[int] = []
    for page in reader(sandbox).phone_numbers(campaign_id, page_size=7):
        found += [row.id for row in page.rows]
        if len(found) > requests_before * 7 and page.pass_number == 1:
            sandbox.behave_reading("shifted", 2)
    assert page.is_complete
    assert len(found) == len(set(found)) == 25


def test_a_client_sees_its_own_campaigns_alone(sandbox: SandboxProcess, name: str) -> None:
    campaign_id = created(sandbox, name)
    asked = reader(sandbox, OTHER)
    assert asked.campaign(campaign_id) is None
    assert asked.campaigns_named(name) == []
    with pytest.raises(ReadError, match="does not know this campaign"):
        next(asked.phone_numbers(campaign_id))
    assert campaign_id not in [
        row["id"] for row in get(sandbox, "/api/campaigns/voice", OTHER).json()
    ]


@pytest.mark.parametrize("client", [None, "TEST-NOBODY"])
def test_a_client_that_is_not_known_reads_nothing(sandbox: SandboxProcess, client: str) -> None:
    assert get(sandbox, "/api/CallFlows/", client).status_code == 400


def test_reading_wants_the_same_sign_in_as_creating(sandbox: SandboxProcess) -> None:
    sandbox.want("api_key", header="api-key", key="k3y")
    with pytest.raises(ReadError, match="sign-in") as caught:
        reader(sandbox).clis()
    assert (caught.value.status, caught.value.may_pass) == (401, False)
    assert reader(sandbox, **{"api-key": "k3y"}).clis()


@pytest.mark.parametrize("odd", ["a,b", "a|b", "a\\b", "\\,|\\\\", "x & y=z %2C +", "Fête 100%"])
def test_a_name_with_any_character_finds_its_campaign(
    sandbox: SandboxProcess, name: str, odd: str
) -> None:
    text = f"{len(name)} {odd} end"
    campaign_id = created(sandbox, text)
    created(sandbox, f"{text} more")
    for match, part, count in [
        (NameMatch.EQUALS, text, 1),
        (NameMatch.BEGINS, text, 2),
        (NameMatch.ENDS, f"{odd} end", 1),
        (NameMatch.CONTAINS, odd, 2),
    ]:
        found = reader(sandbox).campaigns_named(part, match)
        assert len(found) == count
        assert campaign_id in {each.id for each in found}


def test_many_campaigns_are_read_page_by_page_newest_first(sandbox: SandboxProcess) -> None:
    ids = [created(sandbox, f"Paged {n}", 1) for n in range(104)]
    found = reader(sandbox).campaigns_named("Paged ", NameMatch.BEGINS)
    assert [each.id for each in found] == ids[::-1]


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("filters=Name@=Sieve&sorts=name", ["Sieve a", "Sieve b", "Sieve c"]),
        ("filters=Name@=Sieve&sorts=-name", ["Sieve c", "Sieve b", "Sieve a"]),
        ("filters=Name@=Sieve,Name!=Sieve b&sorts=name", ["Sieve a", "Sieve c"]),
        ("filters=Name==Sieve a|Sieve c&sorts=name", ["Sieve a", "Sieve c"]),
        ("filters=name==*SIEVE A", ["Sieve a"]),
        ("filters=Name==SIEVE A", []),
        ("filters=Name@=Sieve,CallFlow_Id==101", []),
        ("filters=Name@=Sieve,callCount>=2&sorts=name", ["Sieve b", "Sieve c"]),
        ("filters=Name@=Sieve,callCount<3,callCount>1", ["Sieve b"]),
        ("filters=Name@=Sieve&sorts=name&pageSize=2&page=2", ["Sieve c"]),
    ],
)
def test_filters_and_sorts(sandbox: SandboxProcess, query: str, names: list[str]) -> None:
    for count, letter in enumerate("abc", start=1):
        sandbox.create(sample(name=f"Sieve {letter}", phoneNumbers=people(count)))
    page = get(sandbox, f"/api/campaigns/voice/p?{query}").json()
    assert [each["name"] for each in page["items"]] == names
    assert page.keys() == {"pageIndex", "totalPages", "totalRecords", "items"}


@pytest.mark.parametrize(
    "query", ["filters=Nothing==1", "filters=Name", "filters=id==x", "sorts=what", "page=0"]
)
def test_a_wrong_filter_is_refused(sandbox: SandboxProcess, name: str, query: str) -> None:
    created(sandbox, name)
    assert get(sandbox, f"/api/campaigns/voice/p?{query}").status_code == 400


@pytest.mark.parametrize(
    ("path", "status", "first", "count"),
    [
        ("", 200, 0, 10),
        ("/2", 200, 10, 10),
        ("/3", 200, 20, 2),
        ("/4", 200, None, 0),
        ("/5/2", 200, 5, 5),
        ("/10000/1", 200, 0, 22),
        ("/0", 400, None, 0),
        ("/0/1", 400, None, 0),
        ("/10001/1", 400, None, 0),
        ("/x", 404, None, 0),
    ],
)
def test_the_pages_of_the_numbers(
    sandbox: SandboxProcess, name: str, path: str, status: int, first: int | None, count: int
) -> None:
    campaign_id = created(sandbox, name, 22)
    answer = get(sandbox, f"/api/campaigns/voice/{campaign_id}/phonenumbers{path}")
    assert answer.status_code == status
    if status == 200:
        assert len(answer.json()) == count
    if first is not None:
        assert answer.json()[0]["name"] == f"Person {first}"


@pytest.mark.parametrize("mode", ["too_many", "server_error", "half_page"])
def test_a_fault_that_passes_is_not_noticed(sandbox: SandboxProcess, mode: str) -> None:
    sandbox.behave_reading(mode, 2)
    assert reader(sandbox).clis()


@pytest.mark.parametrize(
    ("mode", "sentence", "may_pass"),
    [
        ("too_many", "asks us to wait", True),
        ("server_error", "status 500", True),
        ("half_page", "could not be reached", True),
        ("wrong_json", "could not be read", True),
        ("vanished", "does not know this campaign", False),
    ],
)
def test_a_fault_that_stays_is_one_error(
    sandbox: SandboxProcess, name: str, mode: str, sentence: str, may_pass: bool
) -> None:
    campaign_id = created(sandbox, name)
    sandbox.behave_reading(mode, 3)
    with pytest.raises(ReadError, match=sentence) as caught:
        rows(sandbox, campaign_id)
    assert caught.value.may_pass is may_pass
    sandbox.behave_reading("normal")
    assert len(rows(sandbox, campaign_id)) == 25


def test_slow_answers_later_and_leaves_creating_alone(sandbox: SandboxProcess, name: str) -> None:
    sandbox.behave_reading("slow", seconds=0.5)
    created(sandbox, name)
    start = datetime.now(UTC)
    assert reader(sandbox).clis()
    assert datetime.now(UTC) - start >= timedelta(seconds=0.5)


def test_an_unknown_reading_mode_is_answered_with_the_known_ones(sandbox: SandboxProcess) -> None:
    url = f"{sandbox.url}/_sandbox/reading-behaviour"
    answer = sandbox.http.put(url, json={"mode": "hang"}, timeout=10)
    assert answer.status_code == 400
    assert "half_page" in answer.json()["modes"]


def test_deleted_numbers_leave_the_campaign(sandbox: SandboxProcess, name: str) -> None:
    campaign_id = created(sandbox, name)
    sandbox.http.delete(f"{sandbox.url}/_sandbox/numbers", timeout=10)
    assert rows(sandbox, campaign_id) == []
    assert reader(sandbox).campaign(campaign_id) is not None
