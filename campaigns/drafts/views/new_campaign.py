"""The first content of a new campaign's form: nothing, a contact list, a copy, or a template."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TypeVar

from django.db.models import QuerySet
from django.http import HttpRequest, QueryDict

from campaigns.clients import access
from campaigns.clients.lookups.lookup import Lookup
from campaigns.clients.models import CallFlow, Cli, Role
from campaigns.contacts.models import ContactList
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
    # The list that is ticked from the start.
    contact_list: ContactList | None = None


def chosen(request: HttpRequest) -> Start:
    """Return what the URL asks for: `?template` or `?copy` with an id, or neither.

    `?list` with an id ticks a contact list, also in what a template gives.

    Raises Http404 if the person may not see the campaign, the template or the list, PermissionDenied if
    they may not make another campaign.
    """
    templates = editable(request)
    contact_list = _listed(request)
    if contact_list:
        templates = templates.filter(client=contact_list.client)
    template, copied = (request.GET.get(name, "") for name in ("template", "copy"))
    if is_key(template):
        found = load_template(request, int(template), to=Role.ACCOUNT_MANAGER)
        return _from(found, templates, contact_list)
    if is_key(copied):
        campaign = load(request, int(copied))
        lost = tuple(found.sentence for found in campaign.lost_lists.select_related("deleted_by"))
        data = as_data(campaign.content().copied(NAME_MAX_LENGTH))
        return Start(data, templates.none(), lost=lost)
    if contact_list:
        data = _with_list(blank_data(contact_list.client), contact_list)
        return Start(data, templates, contact_list=contact_list)
    clients = access.clients_of(request.user, at_least=Role.ACCOUNT_MANAGER)[:2]
    return Start(blank_data(clients[0] if len(clients) == 1 else None), templates)


def editable(request: HttpRequest) -> QuerySet[CampaignTemplate]:
    """Return the templates of the clients for whom the person may make campaigns."""
    clients = access.clients_of(request.user, at_least=Role.ACCOUNT_MANAGER)
    return CampaignTemplate.objects.filter(client__in=clients).select_related("client")


def load_template(request: HttpRequest, pk: int, *, to: Role = Role.VIEWER) -> CampaignTemplate:
    templates = CampaignTemplate.objects.select_related("client", "made_by", "changed_by")
    return access.load(request, templates, pk, to=to)


def _listed(request: HttpRequest) -> ContactList | None:
    """Return the contact list of `?list`, or None if the URL names none."""
    pk = request.GET.get("list", "")
    if not is_key(pk):
        return None
    lists = ContactList.objects.offered().select_related("client")
    return access.load(request, lists, int(pk), to=Role.ACCOUNT_MANAGER)


def _with_list(data: QueryDict, contact_list: ContactList) -> QueryDict:
    data.setlist("contact_lists", [str(contact_list.pk)])
    return data


def _from(
    template: CampaignTemplate,
    templates: QuerySet[CampaignTemplate],
    contact_list: ContactList | None,
) -> Start:
    """Return what a template gives. A list of another client stays out."""
    if contact_list and contact_list.client_id != template.client_id:
        contact_list = None
    data = from_template(template.client, template.fields)
    gone = dict(withdrawn(template))
    for field in gone:
        data[field] = ""
    mends = tuple(Mend(f"id_{field}", sentence) for field, sentence in gone.items())
    if contact_list:
        data = _with_list(data, contact_list)
    return Start(data, templates, template, mends, contact_list=contact_list)


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
