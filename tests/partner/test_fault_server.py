"""The scripted partner takes only what its script reads, whatever else has arrived."""

import socket
from collections.abc import Iterator

import pytest

from tests.partner.fault_server import Connection

BODY = b'{"phoneNumbers":[]}'


@pytest.fixture
def connection() -> Iterator[Connection]:
    """A connection on which a whole request already waits, as when the server's thread is late."""
    ours, theirs = socket.socketpair()
    with ours, theirs:
        head = b"POST /x/ HTTP/1.1\r\nContent-Length: %d\r\n\r\n" % len(BODY)
        theirs.sendall(head + BODY)
        yield Connection(ours)


def test_reading_the_head_takes_nothing_of_the_body(connection: Connection) -> None:
    assert connection.read_head() == len(BODY)
    assert (connection.path, connection.body) == ("/x/", b"")


def test_reading_a_part_of_the_body_takes_no_more(connection: Connection) -> None:
    connection.read_head()
    connection.read(5)
    assert connection.body == BODY[:5]


def test_reading_all_takes_the_body_after_the_head(connection: Connection) -> None:
    connection.read_all()
    assert connection.body == BODY
