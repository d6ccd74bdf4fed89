"""Workbooks whose parts have other names than Excel gives them."""

import zipfile
from pathlib import Path

import pytest

from campaigns.uploads.spreadsheets import FileProblem, Limits, ProblemCode, inspect, rows
from tests.uploads.spreadsheets.odd_files import XLSX_PARTS, xls, xlsx, zipped

LIMITS = Limits()


def cells(path: Path) -> list[list[str]]:
    reading = inspect(path, LIMITS).reading
    return [cells for batch in rows(path, reading, LIMITS, 0) for _, cells in batch]


@pytest.mark.parametrize("stream", ["Workbook", "Book", "WORKBOOK", "BOOK"])
def test_the_stream_of_an_old_workbook_may_be_in_capitals(tmp_path: Path, stream: str) -> None:
    content: list[tuple[int, int, int, str | float]] = [(0, 0, 0, "Phone"), (1, 0, 0, 7700900101.0)]
    assert cells(xls(tmp_path / "a.xls", content, stream=stream)) == [["7700900101"]]


def with_other_names(folder: Path, **names: str) -> Path:
    """Write a workbook as Excel would, but for the names of some parts."""
    usual = xlsx(folder / "usual.xlsx", [["Phone", "Name"], ["07700900101", "Anna"]])
    with zipfile.ZipFile(usual) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    for name, other in names.items():
        parts = {
            part.replace(f"{name}.xml", f"{other}.xml"): content.replace(
                f"{name}.xml".encode(), f"{other}.xml".encode()
            )
            for part, content in parts.items()
        }
    return zipped(folder / "a.xlsx", parts)


@pytest.mark.parametrize(
    "names",
    [
        {"workbook": "workbook22"},
        {"sharedStrings": "texts"},
        {"styles": "formats"},
        {"workbook": "Book", "sharedStrings": "sharedStrings2", "styles": "styles3"},
        {"sheet1": "Contacts"},
    ],
)
def test_parts_may_have_other_names(tmp_path: Path, names: dict[str, str]) -> None:
    assert cells(with_other_names(tmp_path, **names)) == [["07700900101", "Anna"]]


def test_a_workbook_part_in_another_folder_leads_to_advice_to_save_it_again(tmp_path: Path) -> None:
    path = with_other_names(tmp_path, **{"xl/workbook": "office/workbook"})
    with pytest.raises(FileProblem) as raised:
        inspect(path, LIMITS)
    assert raised.value.code == ProblemCode.UNUSUAL
    assert "Open it in Excel, save it again" in raised.value.sentence


def test_two_candidates_for_one_part_are_not_guessed_between(tmp_path: Path) -> None:
    path = with_other_names(tmp_path, sharedStrings="texts")
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr("xl/sharedStrings.xml", "<sst/>")
    with pytest.raises(FileProblem) as raised:
        inspect(path, LIMITS)
    assert raised.value.code == ProblemCode.UNUSUAL


def test_a_workbook_with_macros_is_refused_whatever_its_parts_are_called(tmp_path: Path) -> None:
    parts = {**XLSX_PARTS, "xl/VBAProject.bin": "macros"}
    with pytest.raises(FileProblem) as raised:
        inspect(zipped(tmp_path / "a.xlsx", parts), LIMITS)
    assert raised.value.code == ProblemCode.MACROS
