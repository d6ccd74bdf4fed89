"""What tests of every app share: who is there (tests/people.py), and a sandbox partner."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.auth.models import Permission, User
from django.contrib.contenttypes.models import ContentType
from django.core.files.base import ContentFile
from django.core.management import call_command
from django.core.management.color import no_style
from django.db import connection
from django.test import TransactionTestCase
from hypothesis import HealthCheck
from hypothesis import settings as hypothesis_settings
from xdist.remote import Producer
from xdist.scheduler import LoadScopeScheduling

from campaigns.clients.models import Client, PartnerAccount, Role
from campaigns.contacts.models import ContactList
from campaigns.drafts.form.form_data import as_template
from campaigns.drafts.models import Campaign, CampaignTemplate
from campaigns.submissions.models import Submission
from campaigns.suppression.loading import load
from campaigns.suppression.models import Suppression
from tests import people
from tests.partner.sandbox import SandboxProcess
from tests.routes import World

# What takes longest begins first where several processes share the tests out, file by file.
LONGEST = (
    "tests/browser/",
    "tests/faults/",
    "tests/test_silence.py",
    "tests/test_servers.py",
    "tests/uploads/spreadsheets/test_hostile_files.py",
    "tests/contacts/importing/test_workers.py",
    "tests/portal/processes/test_run.py",
    "tests/portal/processes/test_workers.py",
    "tests/test_hostile_values.py",
)
# These start processes too.
FURTHER_PROCESSES = (
    "tests/migrating/",
    "tests/partner/test_client",
    "tests/partner/reading/test_memory",
    "tests/partner/sandbox/",
    "tests/portal/test_settings.py",
    "tests/test_compose.py",
)
# The files of these folders share a portal or databases that take long to set up: one process has all.
TOGETHER = ("tests/browser/", "tests/faults/")
# Port 9 of this machine: nobody listens, so what is sent without a sandbox is refused at once.
NOBODY = "http://127.0.0.1:9"

# What is drawn is judged by what it shows, never by how long that takes on a busy machine.
hypothesis_settings.register_profile(
    "untimed", deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
hypothesis_settings.load_profile("untimed")


def pytest_xdist_auto_num_workers() -> int:
    """Return two processes more than there are cores, since many tests wait for servers."""
    return min(4, (os.cpu_count() or 1) + 2)


def pytest_itemcollected(item: pytest.Item) -> None:
    """Mark what `make test-fast` runs."""
    fixtures = set(getattr(item, "fixturenames", ()))
    uses_database = item.get_closest_marker("django_db") or fixtures & {"db", "transactional_db"}
    if not (uses_database or item.nodeid.startswith((*LONGEST, *FURTHER_PROCESSES))):
        item.add_marker(pytest.mark.fast)


class ByFile(LoadScopeScheduling):  # type: ignore[misc]
    """Give each process whole files, or whole folders of those in `TOGETHER`."""

    def _split_scope(self, nodeid: str) -> str:
        file = nodeid.partition("::")[0]
        return next((folder for folder in TOGETHER if file.startswith(folder)), file)


def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> LoadScopeScheduling:
    return ByFile(config, log)


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Let the longest files begin first. `make test-shuffled` takes all else in random order."""
    items.sort(key=_rank)


def _rank(item: pytest.Item) -> int:
    ranks = [rank for rank, name in enumerate(LONGEST) if item.nodeid.startswith(name)]
    return ranks[0] if ranks else len(LONGEST)


@pytest.fixture(scope="session", autouse=True)
def static_files() -> None:
    """Collect the static files as a start does: a page that names one that isn't there fails."""
    call_command("collectstatic", interactive=False, verbosity=0)
    # Looking a file up when it is asked for; listing them all anew takes longer than most tests.
    settings.WHITENOISE_AUTOREFRESH = True


@pytest.fixture(scope="session", autouse=True)
def emptied_in_one_sweep() -> Iterator[None]:
    """Keep permissions and content types when a test that commits has its tables emptied.

    Django's `flush` deletes them as well and lets `post_migrate` make them anew, row by row, which
    takes longer than most of these tests.
    """
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(TransactionTestCase, "_fixture_teardown", lambda case: _empty_tables())
        yield


def _empty_tables() -> None:
    made_by_migrate = {Permission._meta.db_table, ContentType._meta.db_table, "django_migrations"}
    tables = set(connection.introspection.table_names()) - made_by_migrate
    connection.ops.execute_sql_flush(connection.ops.sql_flush(no_style(), sorted(tables)))


@pytest.fixture(autouse=True)
def a_journal_of_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep what another test's deliveries came to out of this one: its database forgot them."""
    monkeypatch.setattr(settings, "JOURNAL_DIR", tmp_path / "journal")


@pytest.fixture
def account(db: None) -> PartnerAccount:
    return PartnerAccount.objects.create(
        name="Sandbox", kind=PartnerAccount.Kind.SANDBOX, api_url=NOBODY
    )


@pytest.fixture
def northgate(account: PartnerAccount) -> Client:
    return people.client(account, "Northgate Energy", "TEST-NORTHGATE", call_flow=101, cli=11)


@pytest.fixture
def harbour(account: PartnerAccount) -> Client:
    return people.client(account, "Harbour Housing", "TEST-HARBOUR", call_flow=201, cli=21)


@pytest.fixture
def manager(northgate: Client) -> User:
    return people.member("mina", northgate, Role.ACCOUNT_MANAGER)


@pytest.fixture
def approver(northgate: Client) -> User:
    return people.member("alan", northgate, Role.APPROVER)


@pytest.fixture
def viewer(northgate: Client) -> User:
    return people.member("vera", northgate, Role.VIEWER)


@pytest.fixture
def stranger(harbour: Client) -> User:
    """Manages another client, and may not know that this one is there."""
    return people.member("sol", harbour, Role.ACCOUNT_MANAGER)


@pytest.fixture
def admin(db: None) -> User:
    """Edits lookups in Django's admin, and is a member of no client."""
    return people.person("ada", is_admin=True)


@pytest.fixture
def contact_list(manager: User, northgate: Client) -> ContactList:
    return people.contact_list(manager, northgate)


@pytest.fixture
def draft(manager: User, northgate: Client, contact_list: ContactList) -> Campaign:
    """A draft with nothing wrong."""
    return Campaign.start(manager, people.content(northgate, contact_list))


@pytest.fixture
def submission(manager: User, northgate: Client, contact_list: ContactList) -> Submission:
    """Another campaign, submitted and frozen, not delivered."""
    sent = people.content(northgate, contact_list, "November")
    return people.submitted(Campaign.start(manager, sent), manager)


@pytest.fixture
def sandbox(
    tmp_path: Path, account: PartnerAccount, northgate: Client, harbour: Client
) -> Iterator[SandboxProcess]:
    """A real sandbox partner that knows both clients, and to which their account points."""
    with SandboxProcess(tmp_path / "sandbox-ledger.sqlite3") as running:
        running.set_clients(people.lookups())
        people.move_partner(running.url)
        account.refresh_from_db()
        yield running


@pytest.fixture
def world(
    northgate: Client,
    contact_list: ContactList,
    draft: Campaign,
    submission: Submission,
    manager: User,
) -> World:
    """One of each thing that a route names, all of them Northgate's."""
    submission.hold("Held by a test.")
    file = ContentFile(b"07700 900199\n07700 900198\n", "asked.csv")
    suppressed = Suppression.upload(manager, northgate, file, "Northgate’s own.", None)
    load.run(suppressed)
    suppressed.refresh_from_db()
    template = CampaignTemplate.keep(
        manager, northgate, "Usual readings", as_template(draft.content())
    )
    return World(northgate, contact_list, draft, submission, suppressed, template)
