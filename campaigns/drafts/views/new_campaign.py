"""The first content of a new campaign's form: nothing, a copy of a campaign, or a template."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TypeVar

from django.db.models import QuerySet
from django.http import HttpRequest, QueryDict

from campaigns.clients import access
from campaigns.clients.lookups.lookup import Lookup
from campaigns.clients.models import CallFlow, Cli, Role
from campaigns.drafts.form.builder import Mend
from campaigns.drafts.form.form_data import as_data, blank_data, from_template, is_key
from campaigns.drafts.models import NAME_MAX_LENGTH, CampaignTemplate
from campaigns.drafts.views.loading import load

LookupT = TypeVar("LookupT", bound=Lookup)


@dataclass(frozen=True, slots=True)
class Start:
    """The first content of the form, and the templates that are offered instead.

    `withdrawn` says which choices of the template are not offered any more. They are empty in the form.
    """

    data: QueryDict
    templates: QuerySet[CampaignTemplate]
    template: CampaignTemplate | None = None
    withdrawn: tuple[Mend, ...] = ()
    # Sentences about the deleted lists of the campaign that is copied.
    lost: tuple[str, ...] = ()


def chosen(request: HttpRequest) -> Start:
    """Return what the URL asks for: `?template` or `?copy` with an id, or neither.

    Raises Http404 if the person may not see the campaign or the template, PermissionDenied if they may
    not make another one.
    """
    templates = editable(request)
    template, copied = (request.GET.get(name, "") for name in ("template", "copy"))
    if is_key(template):
        found = load_template(request, int(template), to=Role.ACCOUNT_MANAGER)
        return _from(found, templates)
    if is_key(copied):
        campaign = load(request, int(copied))
        lost = tuple(found.sentence for found in campaign.lost_lists.select_related("deleted_by"))
        data = as_data(campaign.content().copied(NAME_MAX_LENGTH))
        return Start(data, templates.none(), lost=lost)
    clients = access.clients_of(request.user, at_least=Role.ACCOUNT_MANAGER)[:2]
    return Start(blank_data(clients[0] if len(clients) == 1 else None), templates)


def editable(request: HttpRequest) -> QuerySet[CampaignTemplate]:
    """Return the templates of the clients for whom the person may make campaigns."""
    clients = access.clients_of(request.user, at_least=Role.ACCOUNT_MANAGER)
    return CampaignTemplate.objects.filter(client__in=clients).select_related("client")


def load_template(request: HttpRequest, pk: int, *, to: Role = Role.VIEWER) -> CampaignTemplate:
    templates = CampaignTemplate.objects.select_related("client", "made_by", "changed_by")
    return access.load(request, templates, pk, to=to)


def _from(template: CampaignTemplate, templates: QuerySet[CampaignTemplate]) -> Start:
    data = from_template(template.client, template.fields)
    gone = dict(withdrawn(template))
    for field in gone:
        data[field] = ""
    mends = tuple(Mend(f"id_{field}", sentence) for field, sentence in gone.items())
    return Start(data, templates, template, mends)


def withdrawn(template: CampaignTemplate) -> Iterator[tuple[str, str]]:
    """Yield the fields whose choice is not offered any more, each with a sentence."""
    flows = CallFlow.objects.filter(client=template.client)
    clis = Cli.objects.filter(client=template.client)
    yield from _withdrawn(template, "call_flow", "call flow", flows)
    yield from _withdrawn(template, "cli", "CLI", clis)


def _withdrawn(
    template: CampaignTemplate, field: str, label: str, lookups: QuerySet[LookupT]
) -> Iterator[tuple[str, str]]:
    key = template.fields.get(field, "")
    found = lookups.filter(pk=key).first() if key else None
    if key and not (found and found.is_active):
        named = f", {found}," if found else ""
        sentence = f"The template’s {label}{named} is no longer available. Choose another {label}."
        yield field, sentence
