"""Every route of the portal, in one table: what it names, who may read it, who may write to it.

A route that is missing here fails tests/test_access.py; so does one that no longer exists.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.urls import URLResolver, get_resolver, reverse

from campaigns.clients.models import Client, Role
from campaigns.contacts.models import ContactList
from campaigns.drafts.form import form_data
from campaigns.drafts.models import Campaign, CampaignTemplate
from campaigns.submissions.models import Submission
from campaigns.suppression.models import SuppressedNumber, Suppression
from tests import people

# Django's own pages, guarded by its own rules: tests/test_access.py tests them separately.
ADMIN = "admin"
# Open without a sign-in; everything else leads to sign-in.
OPEN = {"account_login", "account_logout", "account_inactive", "healthz"}


@dataclass(frozen=True, slots=True)
class World:
    """The objects that the routes name, all of them Northgate's."""

    client: Client
    contact_list: ContactList
    draft: Campaign
    submission: Submission
    suppression: Suppression
    template: CampaignTemplate

    def filled_in(self) -> dict[str, Any]:
        """Return what the builder posts for the unchanged draft."""
        data = form_data.as_data(self.draft.content())
        named = {"campaign": str(self.draft.pk), "version": str(self.draft.version)}
        return {name: data.getlist(name) for name in data} | named

    def reviewed(self) -> dict[str, Any]:
        return people.reviewed(self.draft)

    def upload(self) -> dict[str, Any]:
        return {"client": self.client.pk, **self.file()}

    def file(self) -> dict[str, Any]:
        return {"file": people.csv_file(people.ROWS), "name": "More"}

    def new_name(self) -> dict[str, Any]:
        return {"name": "Another name"}

    def search(self) -> dict[str, Any]:
        return {"q": "07700 900101"}

    def another_number(self) -> dict[str, Any]:
        return {"scope": self.client.pk, "number": "07700 900190", "reason": "Asked."}

    def numbers_file(self) -> dict[str, Any]:
        return {"scope": self.client.pk, "file": people.csv_file(people.ROWS), "reason": "Asked."}

    def why(self) -> dict[str, Any]:
        return {"reason": "Asked to be called again."}

    def searched_for(self) -> dict[str, Any]:
        return {"number": "07700 900190"}


Args = Callable[[World], tuple[int, ...]]
Posted = Callable[[World], Mapping[str, Any]]


def _none(_world: World) -> tuple[int, ...]:
    return ()


def _nothing(_world: World) -> Mapping[str, Any]:
    return {}


@dataclass(frozen=True, slots=True)
class Route:
    """One address. `reads` and `writes` are the least role; None means that it knows no such method.

    `stranger` is what another client's manager gets for GET and for POST where that is not 404: a
    page of their own, or their own form again, since what they posted names nothing of theirs.
    `shown` is what a reader's GET gets: 302 where the address only redirects.
    `taken` is what a writer's POST gets: 422 where the objects are in a state that forbids it.
    """

    name: str
    args: Args = _none
    reads: Role | None = None
    writes: Role | None = None
    posted: Posted = _nothing
    stranger: Mapping[str, int] | None = None
    shown: int = 200
    taken: int = 302

    def url(self, world: World) -> str:
        return reverse(self.name, args=self.args(world))

    @property
    def names_an_object(self) -> bool:
        return self.args is not _none

    def role(self, method: str) -> Role | None:
        return {"GET": self.reads, "POST": self.writes}.get(method)


def _client(world: World) -> tuple[int, ...]:
    return (world.client.pk,)


def _list(world: World) -> tuple[int, ...]:
    return (world.contact_list.pk,)


def _call_flow(world: World) -> tuple[int, ...]:
    return (world.client.callflows.get().pk,)


def _draft(world: World) -> tuple[int, ...]:
    return (world.draft.pk,)


def _template(world: World) -> tuple[int, ...]:
    return (world.template.pk,)


def _submission(world: World) -> tuple[int, ...]:
    return (world.submission.pk,)


def _part(world: World) -> tuple[int, ...]:
    return (world.submission.pk, world.submission.parts.get().position)


def _suppression(world: World) -> tuple[int, ...]:
    return (world.suppression.pk,)


def _suppressed_number(_world: World) -> tuple[int, ...]:
    return (SuppressedNumber.objects.get(number="+447700900199").pk,)


OWN = {"GET": 200}
OWN_FORM = {"GET": 200, "POST": 422}
VIEWER, MANAGER = Role.VIEWER, Role.ACCOUNT_MANAGER
# The addresses of the builder's buttons: opening one without posting leads to the form.
TO_THE_FORM: dict[str, Any] = {
    "reads": VIEWER,
    "writes": MANAGER,
    "posted": World.filled_in,
    "shown": 302,
}
TO_A_NEW_FORM: dict[str, Any] = TO_THE_FORM | {
    "reads": MANAGER,
    "stranger": {"GET": 302, "POST": 422},
}

ROUTES = (
    Route("home", reads=VIEWER, stranger=OWN),
    Route(
        "own_number",
        reads=VIEWER,
        writes=VIEWER,
        posted=World.searched_for,
        stranger={"GET": 200, "POST": 302},
    ),
    Route("help", reads=VIEWER, stranger=OWN),
    Route("clients:list", reads=VIEWER, stranger=OWN),
    Route("clients:detail", _client, reads=VIEWER),
    Route("contacts:list", reads=VIEWER, stranger=OWN),
    Route("contacts:upload", reads=MANAGER, writes=MANAGER, posted=World.upload, stranger=OWN_FORM),
    Route("contacts:example", _call_flow, reads=VIEWER),
    Route("contacts:detail", _list, reads=VIEWER),
    Route("contacts:choose", _list, reads=MANAGER, writes=MANAGER),
    Route("contacts:other_columns", _list, writes=MANAGER),
    Route("contacts:read_again", _list, reads=MANAGER, writes=MANAGER),
    Route("contacts:add", _list, reads=MANAGER, writes=MANAGER, posted=World.file),
    Route("contacts:contacts", _list, reads=VIEWER, writes=VIEWER, posted=World.search, taken=200),
    Route("contacts:rejected", _list, reads=VIEWER),
    Route("contacts:other_names", _list, reads=VIEWER),
    Route("contacts:original", _list, reads=VIEWER),
    Route("contacts:cancel", _list, writes=MANAGER),
    Route("contacts:rename", _list, writes=MANAGER, posted=World.new_name),
    Route("contacts:archive", _list, writes=MANAGER),
    Route("contacts:unarchive", _list, writes=MANAGER),
    Route("contacts:delete", _list, reads=MANAGER, writes=MANAGER),
    Route("suppression:list", reads=VIEWER, stranger=OWN),
    Route(
        "suppression:search",
        writes=VIEWER,
        posted=World.searched_for,
        stranger={"POST": 200},
        taken=200,
    ),
    Route(
        "suppression:add",
        reads=MANAGER,
        writes=MANAGER,
        posted=World.another_number,
        stranger=OWN_FORM,
    ),
    Route(
        "suppression:upload",
        reads=MANAGER,
        writes=MANAGER,
        posted=World.numbers_file,
        stranger=OWN_FORM,
    ),
    Route("suppression:export", reads=VIEWER, stranger=OWN),
    Route("suppression:detail", _suppression, reads=VIEWER),
    Route("suppression:choose", _suppression, reads=MANAGER, writes=MANAGER),
    Route("suppression:cancel", _suppression, writes=MANAGER),
    Route("suppression:remove_all", _suppression, reads=MANAGER, writes=MANAGER, posted=World.why),
    Route("suppression:rejected", _suppression, reads=VIEWER),
    Route("suppression:original", _suppression, reads=VIEWER),
    Route(
        "suppression:remove",
        _suppressed_number,
        reads=MANAGER,
        writes=MANAGER,
        posted=World.why,
    ),
    Route("drafts:list", reads=VIEWER, stranger=OWN),
    Route("drafts:new", reads=MANAGER, writes=MANAGER, posted=World.filled_in, stranger=OWN_FORM),
    Route(
        "drafts:autosave",
        reads=VIEWER,
        writes=MANAGER,
        posted=World.filled_in,
        stranger={"GET": 302},
        shown=302,
        taken=200,
    ),
    Route(
        "drafts:redraw",
        reads=VIEWER,
        writes=MANAGER,
        posted=World.filled_in,
        stranger={"GET": 302},
        shown=302,
        taken=200,
    ),
    Route("drafts:check_new", **TO_A_NEW_FORM),
    Route("drafts:upload_list_new", **TO_A_NEW_FORM),
    Route("drafts:edit", _draft, reads=VIEWER, writes=MANAGER, posted=World.filled_in),
    Route("drafts:check", _draft, **TO_THE_FORM),
    Route("drafts:upload_list", _draft, **TO_THE_FORM),
    Route("drafts:continue_without", _draft, **TO_THE_FORM),
    Route("drafts:history", _draft, reads=VIEWER),
    Route("drafts:delete", _draft, reads=MANAGER, writes=MANAGER),
    Route("drafts:keep_template", _draft, reads=MANAGER, writes=MANAGER, posted=World.new_name),
    Route("drafts:templates", reads=VIEWER, stranger=OWN),
    Route("drafts:template", _template, reads=VIEWER, writes=MANAGER, posted=World.new_name),
    Route("drafts:delete_template", _template, reads=MANAGER, writes=MANAGER),
    Route("submissions:list", reads=VIEWER, stranger=OWN),
    Route("submissions:export_csv", reads=VIEWER, stranger=OWN),
    Route("submissions:export_excel", reads=VIEWER, stranger=OWN),
    Route("submissions:review_new", **TO_A_NEW_FORM),
    Route("submissions:review", _draft, reads=MANAGER, writes=MANAGER, posted=World.filled_in),
    Route(
        "submissions:submit",
        _draft,
        reads=MANAGER,
        writes=MANAGER,
        posted=World.reviewed,
        shown=302,
    ),
    Route("submissions:test_call_new", **TO_A_NEW_FORM),
    Route("submissions:test_call", _draft, reads=MANAGER, writes=MANAGER, posted=World.filled_in),
    # What is posted says nothing of what the page showed, so the page is shown again.
    Route("submissions:call_me", _draft, reads=MANAGER, writes=MANAGER, shown=302, taken=409),
    Route("submissions:detail", _submission, reads=VIEWER),
    Route("submissions:release", _submission, writes=MANAGER),
    Route("submissions:stop", _submission, writes=MANAGER),
    Route("submissions:undo", _submission, writes=MANAGER),
    Route("submissions:approve", _submission, writes=Role.APPROVER),
    Route("submissions:return", _submission, writes=Role.APPROVER, posted=World.why),
    Route("submissions:settle", _part, reads=VIEWER, writes=MANAGER, shown=302, taken=422),
    Route("submissions:payload", _part, reads=VIEWER),
    Route("results:detail", _draft, reads=VIEWER, writes=VIEWER, posted=World.search, taken=200),
    Route("results:refresh", _draft, writes=VIEWER),
    Route("results:export_csv", _draft, reads=VIEWER),
    Route("results:export_excel", _draft, reads=VIEWER),
)


def in_the_resolver() -> set[str]:
    """Return the name of every route of the portal; one without a name by its address."""
    return set(_names(get_resolver().url_patterns, ""))


def _names(patterns: Any, namespace: str) -> Iterator[str]:
    for entry in patterns:
        if isinstance(entry, URLResolver):
            if entry.namespace != ADMIN:
                inner = f"{namespace}{entry.namespace}:" if entry.namespace else namespace
                yield from _names(entry.url_patterns, inner)
        else:
            yield namespace + (entry.name or f"(no name) {entry.pattern}")
