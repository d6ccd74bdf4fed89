"""Files are written whole or not at all, at whichever byte the disk fills up."""

import os
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.core.files.base import ContentFile, File
from django.test import Client as Browser

from portal import files
from portal.atomic_files import PART, whole
from portal.files import WholeFiles
from portal.pages import frame_parts
from tests.full_disk import room_for

CONTENT = os.urandom(300)


@pytest.fixture
def storage(tmp_path: Path) -> WholeFiles:
    return WholeFiles(location=tmp_path)


def test_at_every_byte_of_a_full_disk_nothing_is_left_behind(storage: WholeFiles) -> None:
    folder = Path(storage.location)
    for most_bytes in range(len(CONTENT)):
        with room_for(most_bytes), pytest.raises(OSError, match="too large"):
            storage.save("lists/1.csv", ContentFile(CONTENT))
        assert not [path for path in folder.rglob("*") if path.is_file()], most_bytes
    with room_for(len(CONTENT)):
        name = storage.save("lists/1.csv", ContentFile(CONTENT))
    assert name == "lists/1.csv"
    assert storage.open(name).read() == CONTENT


def test_a_file_is_for_its_owner_only_and_takes_no_others_name(storage: WholeFiles) -> None:
    names = [storage.save("lists/1.csv", ContentFile(bytes([n]))) for n in range(3)]
    assert len(set(names)) == 3
    assert [storage.open(name).read() for name in names] == [b"\0", b"\1", b"\2"]
    assert {Path(storage.path(name)).stat().st_mode & 0o777 for name in names} == {0o600}
    assert Path(storage.path("lists")).stat().st_mode & 0o077 == 0


def test_a_file_that_another_process_writes_during_a_save_is_not_overwritten(
    storage: WholeFiles, tmp_path: Path
) -> None:
    class Meddler(File[bytes]):
        def chunks(self, chunk_size: int | None = None) -> Iterator[bytes]:
            (tmp_path / "1.csv").write_bytes(b"theirs")
            yield CONTENT

    name = storage.save("1.csv", Meddler(None, "1.csv"))
    assert name != "1.csv"
    assert (tmp_path / "1.csv").read_bytes() == b"theirs"
    assert storage.open(name).read() == CONTENT


def test_a_file_appears_under_its_name_only_when_it_is_whole(tmp_path: Path) -> None:
    path = tmp_path / "whole"
    path.write_bytes(b"before")
    with whole(path, replace=True) as file:
        file.write(b"after")
        file.flush()
        assert path.read_bytes() == b"before"
    assert path.read_bytes() == b"after"
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.machine_clock
def test_what_a_killed_process_left_is_removed_once_nobody_can_be_writing_it(
    storage: WholeFiles, tmp_path: Path
) -> None:
    (tmp_path / "lists").mkdir()
    old, new, kept = (tmp_path / "lists" / name for name in (f"1{PART}", f"2{PART}", "3.csv"))
    for path in (old, new, kept):
        path.write_bytes(b"x")
    long_ago = time.time() - files.LEFT_BEHIND_SECONDS - 1
    os.utime(old, (long_ago, long_ago))
    os.utime(kept, (long_ago, long_ago))
    assert storage.remove_what_was_left_behind() == 1
    assert sorted(path.name for path in (tmp_path / "lists").iterdir()) == [f"2{PART}", "3.csv"]


@pytest.mark.parametrize(
    ("problem", "status"), [(OSError(28, "No space left on device"), 507), (ValueError(), 500)]
)
def test_a_page_says_so_when_the_disk_is_full(
    problem: Exception, status: int, monkeypatch: pytest.MonkeyPatch, admin_client: Browser
) -> None:
    def fail(_request: object) -> list[str]:
        raise problem

    monkeypatch.setattr(frame_parts, "home_panels", fail)
    admin_client.raise_request_exception = False
    page = admin_client.get("/")
    assert page.status_code == status
    assert ("disk is full" in page.text) == (status == 507)
