"""What is asked of the partner, how often, and what each wrong answer becomes."""

import socket
import threading
import time
import traceback
from collections.abc import Iterator

import pytest

from campaigns.partner.connection import Limits
from campaigns.partner.reading.errors import ReadError
from campaigns.partner.reading.reader import NameMatch, Reader
from campaigns.partner.reading.requests import ReadLimits
from tests.partner.fault_server import Connection, FaultServer, Script

EXCHANGE = Limits(connect=20, deadline=60)
LIMITS = ReadLimits(EXCHANGE, answer_bytes=10_000)
SECRET = "Nobody may read 07700900123"


class Waits:
    """Pauses that only remember how long they should have been."""

    def __init__(self) -> None:
        self.seconds: list[float] = []

    def __call__(self, seconds: float) -> None:
        self.seconds.append(seconds)


@pytest.fixture
def waits() -> Waits:
    return Waits()


def in_turn(*scripts: Script) -> Script:
    """Run the scripts for one connection each, and the last one for all further ones."""
    left = iter(scripts[:-1])

    def script(connection: Connection) -> None:
        next(left, scripts[-1])(connection)

    return script


def says(status: str, text: str = "[]", more: str = "", length: int | None = None) -> Script:
    def script(connection: Connection) -> None:
        connection.read_head()
        connection.answer(status, text, length, more)

    return script


def reset(connection: Connection) -> None:
    connection.read_head()
    connection.reset()


def reader(partner: FaultServer, waits: Waits, limits: ReadLimits = LIMITS) -> Reader:
    return Reader(partner.url, {"clientId": "TEST", "api-key": "k3y"}, limits, waits)


def test_the_request_is_a_get_with_the_clients_headers(waits: Waits) -> None:
    with FaultServer(says("200 OK")) as partner:
        assert reader(partner, waits).call_flows() == []
    head = partner.connections[0].head.decode()
    assert head.startswith("GET /api/CallFlows/ HTTP/1.1")
    for line in ("clientId: TEST", "api-key: k3y", "Accept-Encoding: identity"):
        assert line in head


def test_headers_are_asked_for_before_each_try(waits: Waits) -> None:
    tokens: Iterator[str] = iter(["old", "new"])
    with FaultServer(in_turn(says("503 So"), says("200 OK"))) as partner:
        Reader(partner.url, lambda: {"Authorization": next(tokens)}, LIMITS, waits).clis()
    assert [each.header(b"authorization") for each in partner.connections] == [b"old", b"new"]


def test_a_name_is_escaped_as_the_partners_filters_want(waits: Waits) -> None:
    page = '{"totalPages": 1, "items": []}'
    with FaultServer(says("200 OK", page)) as partner:
        reader(partner, waits).campaigns_named("a,b|c\\d & e", NameMatch.ENDS)
    assert partner.connections[0].path == (
        "/api/campaigns/voice/p?filters=Name_-%3Da%5C%2Cb%5C%7Cc%5C%5Cd+%26+e"
        "&sorts=-id&page=1&pageSize=100"
    )


def test_a_partner_that_ignores_the_filter_makes_no_campaign_up(waits: Waits) -> None:
    page = (
        '{"totalPages": 1, "items": [{"id": 1, "name": "Other"}, {"id": 2, "name": "Mine (X1)"}]}'
    )
    with FaultServer(says("200 OK", page)) as partner:
        found = reader(partner, waits).campaigns_named("(X1)", NameMatch.ENDS)
    assert [each.id for each in found] == [2]


def test_a_list_of_campaigns_without_end_is_refused(waits: Waits) -> None:
    script = says("200 OK", '{"totalPages": 999999, "items": []}')
    with FaultServer(script) as partner, pytest.raises(ReadError, match="too many"):
        reader(partner, waits).campaigns_named("x")
    assert len(partner.connections) == 50


@pytest.mark.parametrize("first", [says("429 So"), says("500 So"), says("503 So"), says("408 So")])
def test_what_may_pass_is_asked_again_after_a_growing_wait(first: Script, waits: Waits) -> None:
    with FaultServer(in_turn(first, first, says("200 OK"))) as partner:
        assert reader(partner, waits).call_flows() == []
    assert waits.seconds == [1, 2]


@pytest.mark.parametrize("first", [reset, says("200 OK", "[", length=50), lambda _: None])
def test_a_broken_connection_and_half_an_answer_are_asked_again(
    first: Script, waits: Waits
) -> None:
    with FaultServer(in_turn(first, says("200 OK"))) as partner:
        assert reader(partner, waits).call_flows() == []
    assert waits.seconds == [1]


def test_it_gives_up_after_three_tries(waits: Waits) -> None:
    with FaultServer(says("503 So", SECRET)) as partner, pytest.raises(ReadError) as caught:
        reader(partner, waits).call_flows()
    assert (len(partner.connections), caught.value.may_pass, caught.value.status) == (3, True, 503)


@pytest.mark.parametrize("status", [302, 400, 401, 403, 405, 410, 422])
def test_what_cannot_pass_is_asked_once(status: int, waits: Waits) -> None:
    more = "Location: /elsewhere\r\n"
    script = says(f"{status} So", SECRET, more)
    with FaultServer(script) as partner, pytest.raises(ReadError) as caught:
        reader(partner, waits).call_flows()
    assert (len(partner.connections), caught.value.may_pass) == (1, False)
    assert caught.value.status == status
    assert "900123" not in "".join(traceback.format_exception(caught.value))


def test_an_unknown_campaign_is_none_and_its_numbers_are_an_error(waits: Waits) -> None:
    with FaultServer(says("404 Not Found", SECRET)) as partner:
        asked = reader(partner, waits)
        assert asked.campaign(5) is None
        with pytest.raises(ReadError, match="does not know this campaign") as caught:
            next(asked.phone_numbers(5))
    assert (caught.value.status, caught.value.may_pass) == (404, False)
    assert partner.connections[1].path == "/api/campaigns/voice/5/phonenumbers/500/1"


def test_retry_after_is_waited_for_if_it_is_short(waits: Waits) -> None:
    with FaultServer(in_turn(says("429 So", more="Retry-After: 7\r\n"), says("200 OK"))) as partner:
        reader(partner, waits).call_flows()
    assert waits.seconds == [7]


def test_a_long_retry_after_is_handed_on_at_once(waits: Waits) -> None:
    script = says("429 So", more="Retry-After: 3600\r\n")
    with FaultServer(script) as partner, pytest.raises(ReadError) as caught:
        reader(partner, waits).call_flows()
    assert (caught.value.retry_after, caught.value.may_pass, waits.seconds) == (3600, True, [])


def test_an_answer_that_is_too_large_is_not_read(waits: Waits) -> None:
    script = says("200 OK", "[" + " " * 20_000 + "]")
    with FaultServer(script) as partner, pytest.raises(ReadError, match="too large"):
        reader(partner, waits).call_flows()
    assert len(partner.connections) == 1


def test_an_answer_that_never_ends_stops_at_the_deadline(waits: Waits) -> None:
    def drips(connection: Connection) -> None:
        connection.read_head()
        connection.sock.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 9000\r\n\r\n")
        while True:
            connection.sock.sendall(b" ")
            time.sleep(0.05)

    limits = ReadLimits(Limits(connect=20, deadline=0.5), tries=1)
    with FaultServer(drips) as partner, pytest.raises(ReadError, match="in time") as caught:
        reader(partner, waits, limits).call_flows()
    assert caught.value.may_pass


def test_nobody_listening_is_an_error_that_may_pass(waits: Waits) -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{unused.getsockname()[1]}"
        with pytest.raises(ReadError, match="could not be reached") as caught:
            Reader(url, {}, LIMITS, waits).call_flows()
    assert caught.value.may_pass


def test_one_question_at_a_time_goes_to_an_address() -> None:
    together = threading.Semaphore(1)
    overlaps: list[int] = []

    def slow(connection: Connection) -> None:
        connection.read_head()
        if not together.acquire(blocking=False):
            overlaps.append(1)
        time.sleep(0.05)
        together.release()
        connection.answer("200 OK", "[]")

    with FaultServer(slow) as partner:
        readers = [reader(partner, Waits()) for _ in range(4)]
        threads = [threading.Thread(target=each.call_flows) for each in readers]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert (len(partner.connections), overlaps) == (4, [])
