"""What is read out of the partner's answer."""

import json
import re
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from campaigns.partner import answer_parsing

MOST = 2_000_000


def read(text: str | bytes, block: int = 7, most: int = MOST) -> answer_parsing.Answer:
    data = text.encode() if isinstance(text, str) else text
    return answer_parsing.read(
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
        ("42 Campaign with campaign ID=77", 77),
        ("Campaign with campaign ID=77, and again: campaign ID=77", 77),
        ('\ufeff{"id": 123}', 123),
        ("\ufeff123", 123),
        ('\ufeff "123" ', 123),
        ('{"id": 123, "ID": 123}', 123),
        ('{"id": 0, "ID": 123}', 123),
        # No ID that can be trusted:
        ("404 page not found", None),
        ("1 row(s) rejected", None),
        ("12 34", None),
        ("1,234", None),
        ('12{"id":99}', None),
        ('{"id": 99}12', None),
        ('{"id": 99}{"id": 99}', None),
        ('{"id": 99} <html>', None),
        ('{"id": 99}"', None),
        ('{"id": 99}"}', None),
        ('{"id": 99}"\\', None),
        ('{"id": 99, "name": oops}', None),
        ('{"id": 99, ', None),
        ('{"id": 99, "ID": 98}', None),
        ('{"id": 99, "name": "x", "Id": "98"}', None),
        ('"123', None),
        ('123"', None),
        ("campaign ID=5, not campaign ID=6", None),
        ("campaign ID=3f2504e0-4f89-11d3", None),
        ("campaign ID=12345678-90ab-11d3", None),
        ("campaign ID=1,234", None),
        ("campaign ID=12.5", None),
        ("subcampaign ID=12", None),
        (" " * 70_000 + "123", None),
        (" " * answer_parsing.EXCERPT_BYTES, None),
        ("1" * 60_000 + "x", None),
        ("campaign ID=5 " + "x" * 70_000, None),
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


def broken_off(*blocks: bytes) -> Iterator[bytes]:
    yield from blocks
    raise ConnectionResetError


@pytest.mark.parametrize(
    "start",
    [
        b'{"id": 123, "name": "x", ',
        b'{"id": "123", "a":',
        b'{"id": 123}',
        b'{"name": "x", "id": 123, "phoneNumbers": [{"id": 9',
        b"Campaign with campaign ID=123</p>",
        b'"Campaign with campaign ID=123"',
        b"Campaign with campaign ID=123 is",
    ],
)
def test_an_id_that_came_whole_counts_though_the_answer_then_breaks_off(start: bytes) -> None:
    assert answer_parsing.read(broken_off(start), most_bytes=MOST).campaign_id == 123


@pytest.mark.parametrize(
    "start",
    [
        b'{"id": 12',
        b'{"id": 12 ',
        b'{"id": "12',
        b"12",
        b"12 ",
        b'"12',
        b'"12"',
        b"Campaign with campaign ID=12",
        b"Campaign with campaign ID=12,",
        b'{"id": 12, "ID": 13, "name',
    ],
)
def test_an_id_cut_in_the_middle_does_not_count(start: bytes) -> None:
    assert answer_parsing.read(broken_off(start), most_bytes=MOST).campaign_id is None


def test_an_id_is_reported_while_the_echo_is_still_arriving() -> None:
    told: list[int] = []
    seen: list[list[int]] = []

    def blocks() -> Iterator[bytes]:
        for block in (b'{"id": 12', b"3", b', "phone', b'Numbers": [', b'], "id": 123}'):
            yield block
            seen.append(list(told))

    found = answer_parsing.read(blocks(), most_bytes=MOST, on_campaign_id=told.append)
    assert found.campaign_id == 123
    assert seen == [[], [], [], [123], [123]]


# Any object, however nested and wherever it is cut off, compared with a plain reader of its top level

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


TEXTS = st.lists(
    st.sampled_from(
        [
            "campaign ID=",
            "Campaign Id = ",
            "ID=",
            "1",
            "23",
            " ",
            ".",
            ",",
            "-",
            "x",
            '"',
            "<p>",
            "\n",
        ]
    )
    | st.integers(0, 10**20).map(str)
    | st.text(max_size=3),
    max_size=8,
).map("".join)


def as_json(pairs: list[tuple[str, object]]) -> str:
    inner = ",".join(f"{json.dumps(k)}:{json.dumps(v, separators=(',', ':'))}" for k, v in pairs)
    return f"{{{inner}}}"


ANSWERS = (
    PAIRS.map(as_json)
    | TEXTS
    | st.tuples(PAIRS.map(as_json), TEXTS).map("".join)
    | st.tuples(TEXTS, PAIRS.map(as_json)).map("".join)
)


def plainly_read(text: str) -> set[int]:
    """Return every number that a plain reading of the whole answer may take for its ID."""
    try:
        said = json.loads(text, object_pairs_hook=list)
    except ValueError:
        said = None
    if isinstance(said, list) and text.strip().startswith("{"):
        values = [value for key, value in said if key.lower() == "id"]
        return {found for found in map(plainly_an_id, values) if found}
    only = text.strip().strip('"').strip()
    if only.isascii() and only.isdigit():
        return {int(only)}
    if text.lstrip().startswith(("{", "[")):
        return set()
    return {
        int(found) for found in re.findall(r"campaign\s*id\s*=\s*([0-9]+)", text, re.IGNORECASE)
    }


def plainly_an_id(value: object) -> int | None:
    if isinstance(value, str):
        digits = value.strip()
        value = int(digits) if digits.isascii() and digits.isdigit() else 0
    return value if type(value) is int and 0 < value < 10**18 else None


@given(ANSWERS, st.integers(1, 30))
def test_an_id_is_the_one_that_a_complete_reading_of_the_whole_answer_gives(
    text: str, block: int
) -> None:
    found = read(text, block).campaign_id
    assert found is None or plainly_read(text) == {found}


@given(PAIRS, st.integers(1, 30))
def test_the_one_id_of_an_object_is_always_found(
    pairs: list[tuple[str, object]], block: int
) -> None:
    text = as_json(pairs)
    ids = plainly_read(text)
    assert read(text, block).campaign_id == (ids.pop() if len(ids) == 1 else None)


@given(ANSWERS, st.integers(0, 400), st.integers(1, 30))
def test_a_cut_never_gives_an_id_that_the_whole_answer_does_not_have(
    text: str, end: int, block: int
) -> None:
    start = text.encode()[:end]
    blocks = broken_off(*(start[at : at + block] for at in range(0, len(start), block)))
    found = answer_parsing.read(blocks, most_bytes=MOST).campaign_id
    assert found is None or found in plainly_read(text) | ids_before_an_end_that_is_not_json(text)


def ids_before_an_end_that_is_not_json(text: str) -> set[int]:
    """Return the IDs of an object that other text follows, since the answer may break off before that."""
    try:
        said, _ = json.JSONDecoder(object_pairs_hook=list).raw_decode(text.lstrip())
    except ValueError:
        return set()
    return plainly_read(as_json(said)) if text.lstrip().startswith("{") else set()


def test_an_echo_of_fifty_thousand_numbers_is_read_to_the_id_at_its_end() -> None:
    people = [{"number": f"07700{900000 + n % 1000}", "name": "A", "id": n} for n in range(50_000)]
    echo = json.dumps({"name": "x", "phoneNumbers": people, "id": 77}).encode()
    found = read(echo, block=65_536, most=len(echo) + 1_000_000)
    assert found.campaign_id == 77
    assert len(found.excerpt) <= answer_parsing.EXCERPT_BYTES


def test_no_more_is_read_than_was_asked_for() -> None:
    taken = 0

    def endless() -> Iterator[bytes]:
        nonlocal taken
        while True:
            taken += 1000
            yield b" " * 1000

    answer_parsing.read(endless(), most_bytes=10_000)
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
        # What is not a telephone number stays readable:
        ("starts 2026-12-01 09:00", "starts 2026-12-01 09:00"),
        ("2026-12-01T09:00:00", "2026-12-01T09:00:00"),
        ("2026-12-01 07700 900123", "2026-12-01 …123"),
        ("entries 17, 18, 19, 20, 21", "entries 17, 18, 19, 20, 21"),
        ('{"id": 123456, "n": 50000}', '{"id": 123456, "n": 50000}'),
    ],
)
def test_a_number_is_masked_however_it_is_written(text: str, masked: str) -> None:
    assert answer_parsing.mask(text) == masked


def test_the_start_of_a_number_at_the_cut_is_hidden_too() -> None:
    start = '{"name": "'
    filling = "x" * (answer_parsing.EXCERPT_BYTES - len(start) - 7)
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
def test_no_answer_raises_an_exception(answer: bytes, block: int) -> None:
    found = read(answer, block)
    assert found.campaign_id is None or found.campaign_id > 0
