"""Load a draft for a person. For a person who may not see it the answer is 404."""

from django.http import HttpRequest

from campaigns.clients import access
from campaigns.clients.models import Role
from campaigns.drafts.models import Campaign


def load(request: HttpRequest, pk: int, *, to: Role = Role.ACCOUNT_MANAGER) -> Campaign:
    campaigns = Campaign.objects.select_related("client", "call_flow", "cli")
    return access.load(request, campaigns, pk, to=to)
