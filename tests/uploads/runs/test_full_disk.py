"""An upload to a full disk leaves no file and no row, and the page says so."""

from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.contrib.auth.models import User
from django.core.files.base import ContentFile
from django.core.management import CommandError, call_command
from django.test import Client as Browser
from django.urls import reverse

from campaigns.clients.models import Client, Event
from campaigns.contacts.models import ContactList
from campaigns.suppression.models import Suppression
from portal import files
from portal.files import UploadHandler, WholeFiles
from tests import people
from tests.full_disk import database_full, only_room_for

pytestmark = pytest.mark.django_db(transaction=True)

FAILURES = [(WholeFiles, "_save"), (UploadHandler, "receive_data_chunk")]


def stored() -> set[Path]:
    return {path for path in Path(settings.MEDIA_ROOT).rglob("*") if path.is_file()}


def forms(client: Client, contact_list: ContactList) -> dict[str, dict[str, Any]]:
    """Return every form that takes a file, by its address."""
    return {
        reverse("contacts:upload"): {"client": client.pk, "name": "What was typed"},
        reverse("contacts:add", args=[contact_list.pk]): {"name": "What was typed"},
        reverse("suppression:upload"): {"scope": client.pk, "reason": "What was typed"},
    }


@pytest.mark.parametrize(("owner", "name"), FAILURES)
@pytest.mark.parametrize("most_bytes", [0, 1, 100])
def test_every_upload_page_reports_a_full_disk_and_keeps_what_was_typed(
    manager: User,
    northgate: Client,
    contact_list: ContactList,
    monkeypatch: pytest.MonkeyPatch,
    owner: type,
    name: str,
    most_bytes: int,
) -> None:
    browser = Browser()
    browser.force_login(manager)
    before = (stored(), ContactList.objects.count(), Suppression.objects.count())
    events = Event.objects.count()
    only_room_for(most_bytes, monkeypatch, owner, name)
    for address, typed in forms(northgate, contact_list).items():
        page = browser.post(address, typed | {"file": large()})
        assert page.status_code == 422, address
        assert files.NOT_WRITTEN in page.text, address
        assert "What was typed" in page.text, address
    assert (stored(), ContactList.objects.count(), Suppression.objects.count()) == before
    assert Event.objects.count() == events


def test_a_file_whose_row_is_not_written_is_removed(
    manager: User, northgate: Client, contact_list: ContactList
) -> None:
    browser = Browser(raise_request_exception=False)
    browser.force_login(manager)
    before = stored()
    typed = {"client": northgate.pk, "name": "What was typed"}
    with database_full():
        # Repeated, because the database's last pages may still have room for some rows.
        for _ in range(200):
            page = browser.post(reverse("contacts:upload"), typed | {"file": large()})
            if page.status_code != 302:
                break
            before = stored()
    assert page.status_code in {422, 507}
    assert "disk" in page.text
    named = {Path(settings.MEDIA_ROOT) / str(one.file) for one in ContactList.objects.all()}
    assert stored() <= before | named


def test_the_import_command_reports_a_full_disk(
    northgate: Client, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "list.csv"
    path.write_bytes(large().read())
    only_room_for(10, monkeypatch, WholeFiles, "_save")
    with pytest.raises((CommandError, SystemExit)) as refused:
        call_command("import_contacts", str(path), client=northgate.dm_client_id)
    assert not ContactList.objects.exists()
    assert refused.value


def large() -> ContentFile[bytes]:
    return people.csv_file([*people.ROWS, *(("07700 900105", "N" * 60, "x", "y"),) * 200])
