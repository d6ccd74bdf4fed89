"""Encodings that clients use: recognised by sure signs, chosen, and kept despite a bad byte or a mark."""

from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from campaigns.uploads.runs import notices
from campaigns.uploads.spreadsheets import (
    ENCODINGS,
    FileProblem,
    Limits,
    Notice,
    ProblemCode,
    inspect,
    rows,
)

LIMITS = Limits()

POLISH = ("Łukasz Żółć", "Małgorzata Wiśniewska", "Zażółć gęślą jaźń", "Michał Wróbel")
WELSH = ("Siân Llŷr", "Gŵyneth Dŵr", "Tŷ Gwyn")
CZECH = ("Jiří Dvořák", "Žaneta Šťastná", "Růžena Čapková")
TURKISH = ("Gülşen Yıldız", "İbrahim Çağlar", "Işıl Öztürk")
CYRILLIC = ("Наталия Шевченко", "Дмитрий Щербаков", "Юлія Їжакевич")
WESTERN = ("Zoë Müller", "José Núñez", "Seán Ó Sé", "Anaïs Lefèvre", "Jürgen Groß")


def written(path: Path, names: Sequence[str], encoding: str, mark: str = "") -> Path:
    lines = ["Phone,Name,Note", *(f"077009{n:05},{name},x" for n, name in enumerate(names, 101))]
    path.write_bytes((mark + "\r\n".join(lines) + "\r\n").encode(encoding))
    return path


def names_of(path: Path, encoding: str | None = None) -> tuple[list[str], str]:
    """Return the names as they arrive, and the encoding that the file was read in."""
    reading = inspect(path, LIMITS, encoding=encoding).reading
    cells = [cells for batch in rows(path, reading, LIMITS) for _, cells in batch]
    return [row[1] for row in cells], reading.encoding


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be", "utf-8"])
@pytest.mark.parametrize("mark", ["\ufeff", ""])
@pytest.mark.parametrize("names", [POLISH, WELSH, CZECH, TURKISH, CYRILLIC, WESTERN])
def test_names_of_every_country_are_read_as_unicode(
    tmp_path: Path, names: tuple[str, ...], mark: str, encoding: str
) -> None:
    path = written(tmp_path / "a.csv", names * 40, encoding, mark)
    assert names_of(path) == (list(names * 40), encoding)


@pytest.mark.parametrize(
    ("names", "encoding"),
    [
        (POLISH, "windows-1250"),
        (("Łukasz",), "windows-1250"),
        (("Michał", "Anna"), "windows-1250"),
        (WESTERN, "windows-1252"),
        (("Ian McÉwan", "Zoë"), "windows-1252"),
        (
            ("£50 credit", "½ price", "Zoë’s", "“so”", "open–ended", "wait…", "°C", "m²"),
            "windows-1252",
        ),
        (("€5", "O’Neil – Ltd", "Anaïs", "ŒUVRE", "NUÑEZ", "JOSÉ"), "windows-1252"),
        (WESTERN, "mac-roman"),
        (("José",), "mac-roman"),
        (("€50", "O’Neil", "Ann’s"), "mac-roman"),
        (WESTERN, "cp850"),
        (("José",), "cp850"),
        (("£50 credit", "MÜLLER"), "cp850"),
        (("€50", "Zoë"), "iso-8859-15"),
        (("Anna",), "utf-8"),
    ],
)
def test_an_encoding_of_single_bytes_is_recognised_by_sure_signs(
    tmp_path: Path, names: Sequence[str], encoding: str
) -> None:
    assert names_of(written(tmp_path / "a.csv", names, encoding)) == (list(names), encoding)


@pytest.mark.parametrize("encoding", ["windows-1250", "iso-8859-15", "cp850", "mac-roman"])
def test_an_encoding_can_be_chosen_and_is_named(tmp_path: Path, encoding: str) -> None:
    path = written(tmp_path / "a.csv", ("Jürgen Größe",), encoding)
    assert names_of(path, encoding) == (["Jürgen Größe"], encoding)
    found = notices.found(inspect(path, LIMITS, encoding=encoding))
    assert [notices.ENCODING, ENCODINGS[encoding]] in found


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=40)
@given(
    st.lists(st.sampled_from((*WESTERN, "£5", "O’Neil", "Zoë – Ltd", "“A”", "½", "m²")), min_size=1)
)
def test_windows_1252_is_never_taken_for_another_encoding(tmp_path: Path, names: list[str]) -> None:
    path = written(tmp_path / "a.csv", names, "windows-1252")
    assert names_of(path)[0] == names


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
@given(st.binary(min_size=1, max_size=300), st.sampled_from([*ENCODINGS]))
def test_any_bytes_are_read_in_an_encoding_or_refused_with_a_sentence(
    tmp_path: Path, content: bytes, encoding: str
) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(b"Phone,Name\n07700900101," + content)
    with suppress(FileProblem):
        names_of(path, encoding)


class TestOneBadByte:
    def test_it_spoils_no_other_name_and_its_row_is_named(self, tmp_path: Path) -> None:
        path = written(tmp_path / "a.csv", POLISH * 300, "utf-8")
        content = path.read_bytes().split(b"\r\n")
        content[700] = b"07700900101,Zo\xeb Bad,x"
        path.write_bytes(b"\r\n".join(content))
        found = inspect(path, LIMITS)
        assert (found.reading.encoding, found.unreadable) == ("utf-8", (701,))
        assert Notice.UNREADABLE in found.notices
        assert "row 701" in "".join(notices.sentences(notices.found(found)))
        names = names_of(path)[0]
        assert names[699] == "Zo\N{REPLACEMENT CHARACTER} Bad"
        assert names[:699] == list(POLISH * 300)[:699]

    def test_a_heading_may_hold_it(self, tmp_path: Path) -> None:
        path = tmp_path / "a.csv"
        path.write_bytes(b"Phone,N\xe9\n07700900101,Zo\xc3\xab\n")
        assert inspect(path, LIMITS).unreadable == (1,)

    def test_utf_16_survives_half_a_character(self, tmp_path: Path) -> None:
        path = written(tmp_path / "a.csv", POLISH * 50, "utf-16-le", "\ufeff")
        bad = "Bob ".encode("utf-16-le") + b"\x00\xd8"
        path.write_bytes(path.read_bytes().replace("Łukasz".encode("utf-16-le"), bad, 1))
        found = inspect(path, LIMITS)
        assert (found.reading.encoding, found.unreadable) == ("utf-16-le", (2,))

    def test_many_bad_bytes_are_another_encoding(self, tmp_path: Path) -> None:
        path = written(tmp_path / "a.csv", WESTERN * 20, "windows-1252")
        with pytest.raises(FileProblem) as raised:
            inspect(path, LIMITS, encoding="utf-8")
        assert raised.value.code == ProblemCode.WRONG_ENCODING


class TestMarksInTheMiddle:
    @pytest.mark.parametrize("encoding", ["utf-8", "utf-16-le", "utf-16-be"])
    def test_they_are_removed_before_lines_are_split_into_cells(
        self, tmp_path: Path, encoding: str
    ) -> None:
        path = tmp_path / "a.csv"
        text = '\ufeff\ufeffPhone,\ufeffName\n07700900101,\ufeff"Lee, Ann"\n\ufeff07700900102,Bob\n'
        path.write_bytes(text.encode(encoding))
        found = inspect(path, LIMITS)
        assert found.headings == ("Phone", "Name")
        [batch] = rows(path, found.reading, LIMITS)
        assert [cells for _, cells in batch] == [
            ["07700900101", "Lee, Ann"],
            ["07700900102", "Bob"],
        ]

    @pytest.mark.parametrize("shift", range(4))
    def test_they_are_removed_on_the_border_of_two_blocks_too(
        self, tmp_path: Path, shift: int
    ) -> None:
        path = tmp_path / "a.csv"
        start = b"Phone,Name\n"
        line = "07700900101,\ufeffZoë\n".encode()
        path.write_bytes(b"x" * shift + start + line * 40_000)
        assert set(names_of(path)[0]) == {"Zoë"}
