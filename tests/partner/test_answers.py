"""What is read out of the partner's answer."""

import json
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from campaigns.partner import answers

MOST = 2_000_000


def read(text: str | bytes, block: int = 7, most: int = MOST) -> answers.Answer:
    data = text.encode() if isinstance(text, str) else text
    return answers.read(
        (data[at : at + block] for at in range(0, len(data), block)), most_bytes=most
    )


@pytest.mark.parametrize(
    ("answer", "campaign_id"),
    [
        ('{"id": 123}', 123),
        ('{"Id": 123, "name": "x"}', 123),
        ('{"ID": "123"}', 123),
        ('{"name": "x", "phoneNumbers": [{"id": 9}], "id": 123}', 123),
        ("123", 123),
        (" 123\n", 123),
        ('"123"', 123),
        ('"Campaign with campaign ID=123"', 123),
        ("Campaign with campaign ID=123", 123),
        ("campaign with CAMPAIGN id = 123.", 123),
        ("CampaignID=\n123", 123),
        ("<p>Campaign with campaign ID=123</p>", 123),
        # Nothing that can be trusted:
        ("", None),
        ("{}", None),
        ('{"id": null}', None),
        ('{"id": true}', None),
        ('{"id": 12.5}', None),
        ('{"id": -4}', None),
        ('{"id": 0}', None),
        ('{"id": "<b>12</b>"}', None),
        ('{"phoneNumbers": [{"id": 9}]}', None),
        ('{"data": {"id": 9}}', None),
        ('{"name": "campaign ID=9"}', None),
        ('{"name": "campaign ID=9", ', None),
        ('[{"id": 9}]', None),
        ('{"": 9}', None),
        ('{"id": {"id": 9}, "a": {"b": 8}}', None),
        ('{"id": [9], "ID": 123}', 123),
        ("true", None),
        ("null", None),
        ("OK", None),
        ("Invalid campaign id 123", None),
        ("Created 2 minutes ago", None),
        ("Campaign with campaign ID=", None),
        ("campaign ID=1234567890123456789012", None),
        ("99999999999999999999", None),
    ],
)
def test_a_campaign_id_is_read_in_every_shape_the_partner_is_known_to_use(
    answer: str, campaign_id: int | None
) -> None:
    assert read(answer).campaign_id == campaign_id


def test_an_id_that_came_whole_counts_though_the_answer_then_breaks_off() -> None:
    def blocks() -> Iterator[bytes]:
        yield b'{"id": 123, "name": "x", '
        raise ConnectionResetError

    assert answers.read(blocks(), most_bytes=MOST).campaign_id == 123


@pytest.mark.parametrize("start", [b'{"id": 12', b"12", b"Campaign with campaign ID=12", b'"12'])
def test_an_id_cut_in_the_middle_does_not_count(start: bytes) -> None:
    def blocks() -> Iterator[bytes]:
        yield start
        raise ConnectionResetError

    assert answers.read(blocks(), most_bytes=MOST).campaign_id is None


# Any object, however nested and wherever it is cut off, beside a plain reader of its top level

KEYS = st.sampled_from(["id", "Id", "ID", "iD", "", "item", "a.id", "id ", "name"])
INTEGERS = st.integers(-(2**63), 2**63 - 1)
SCALARS = (
    st.none()
    | st.booleans()
    | INTEGERS
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.integers(0, 10**20).map(str)
    | st.text(max_size=8)
)
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=3),
    max_leaves=12,
)
PAIRS = st.lists(st.tuples(KEYS, VALUES), max_size=6)


def plainly_read(text: str, *, broke_off: bool) -> int | None:
    """Return the ID of an object without blanks, of which the end may be missing."""
    decode = json.JSONDecoder().raw_decode
    at = 1
    try:
        while True:
            key, at = decode(text, at)
            value, at = decode(text, at + 1)
            if key.lower() == "id" and type(value) in {str, int, float}:
                ends = {",", "}"} if broke_off else {",", "}", ""}
                is_whole = isinstance(value, str) or text[at : at + 1] in ends
                return plainly_an_id(value) if is_whole else None
            at += 1
    except ValueError:
        return None


def plainly_an_id(value: str | float) -> int | None:
    if isinstance(value, str):
        digits = value.strip()
        value = int(digits) if digits.isascii() and digits.isdigit() else 0
    return value if isinstance(value, int) and 0 < value < 10**18 else None


@given(PAIRS, st.integers(0, 400), st.integers(1, 30), st.booleans())
def test_the_id_is_the_first_at_the_top_wherever_the_answer_ends(
    pairs: list[tuple[str, object]], end: int, block: int, broke_off: bool
) -> None:
    inner = ",".join(f"{json.dumps(k)}:{json.dumps(v, separators=(',', ':'))}" for k, v in pairs)
    text = f"{{{inner}}}"[: end + 1]

    def blocks() -> Iterator[bytes]:
        for at in range(0, len(text), block):
            yield text[at : at + block].encode()
        if broke_off:
            raise ConnectionResetError

    found = answers.read(blocks(), most_bytes=MOST).campaign_id
    assert found == plainly_read(text, broke_off=broke_off)


def test_an_echo_of_fifty_thousand_numbers_is_read_to_the_id_at_its_end() -> None:
    people = [{"number": f"07700{900000 + n % 1000}", "name": "A", "id": n} for n in range(50_000)]
    echo = json.dumps({"name": "x", "phoneNumbers": people, "id": 77}).encode()
    found = read(echo, block=65_536, most=len(echo) + 1_000_000)
    assert found.campaign_id == 77
    assert len(found.excerpt) <= answers.EXCERPT_BYTES


def test_no_more_is_read_than_was_asked_for() -> None:
    taken = 0

    def endless() -> Iterator[bytes]:
        nonlocal taken
        while True:
            taken += 1000
            yield b" " * 1000

    answers.read(endless(), most_bytes=10_000)
    assert taken <= 11_000


def test_numbers_are_masked_in_what_is_kept() -> None:
    kept = read(
        '{"id": 5, "phoneNumbers": [{"number": "07722123456"}, {"number": "+447722734716"}]}'
    )
    assert "07722123456" not in kept.excerpt
    assert "7722734716" not in kept.excerpt
    assert "456" in kept.excerpt


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("call 07700 900123 now", "call …123 now"),
        ("+44 (0)7700-900123", "…123"),
        ("(020) 7946 0123", "…123"),
        ("020 7946 – 0123", "…123"),
        ("07700.900.123", "…123"),
        ("0 7 7 0 0 9 0 0 1 2 3", "…123"),
        ("07700\u00a0900123", "…123"),
        (r"07700\u00a0900123", "…123"),
        (r"07700\u00A0900123", "…123"),
        (r"07700\u2011900123", "…123"),
        ("07700900123 07700900124", "…124"),
        ("07700 900123, 07700 900124", "…123, …124"),
        ("07700 900123\n07700 900124", "…123\n…124"),
        ("00447700900123004477009001", "…001"),
        # What is no number stays readable:
        ("starts 2026-12-01 09:00", "starts 2026-12-01 09:00"),
        ("2026-12-01T09:00:00", "2026-12-01T09:00:00"),
        ("2026-12-01 07700 900123", "2026-12-01 …123"),
        ("entries 17, 18, 19, 20, 21", "entries 17, 18, 19, 20, 21"),
        ('{"id": 123456, "n": 50000}', '{"id": 123456, "n": 50000}'),
    ],
)
def test_a_number_is_masked_however_it_is_written(text: str, masked: str) -> None:
    assert answers.mask(text) == masked


def test_the_start_of_a_number_at_the_cut_is_hidden_too() -> None:
    start = '{"name": "'
    filling = "x" * (answers.EXCERPT_BYTES - len(start) - 7)
    kept = read(start + filling + '07700 900123"}', block=1024).excerpt
    assert kept.endswith("x…")


@pytest.mark.parametrize(
    ("answer", "errors"),
    [
        ('{"errors": {"Cli_Id": ["Not found."]}}', {"Cli_Id": ["Not found."]}),
        ('{"title": "Bad", "status": 400, "errors": {"A": ["b", "c"]}}', {"A": ["b", "c"]}),
        ('{"StartDate": ["In the past."]}', {"StartDate": ["In the past."]}),
        ('{"errors": {"A": ["call 07722123456"]}}', {"A": ["call …456"]}),
        ('{"errors": "all"}', {}),
        ('{"errors": {"Cli_Id": "Not found."}}', {"Cli_Id": ["Not found."]}),
        ('{"name": "An echo", "id": 7}', {}),
        ("<h1>Bad request</h1>", {}),
    ],
)
def test_the_partners_words_are_kept_by_field(answer: str, errors: dict[str, list[str]]) -> None:
    assert read(answer).errors == errors


@given(st.binary(max_size=300), st.integers(1, 50))
def test_no_answer_whatever_raises(answer: bytes, block: int) -> None:
    found = read(answer, block)
    assert found.campaign_id is None or found.campaign_id > 0
