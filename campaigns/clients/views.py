"""The pages of the clients that a person works for, with the lookups that their campaigns may use."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from campaigns.clients import access, blocking_warnings
from campaigns.clients.models import Membership


@require_GET
def client_list(request: HttpRequest) -> HttpResponse:
    memberships = (
        Membership.objects.filter(user=access.person(request))
        .select_related("client__partner_account")
        .order_by("client__name")
    )
    return render(request, "clients/list.html", {"memberships": memberships})


@require_GET
def client_detail(request: HttpRequest, pk: int) -> HttpResponse:
    client = access.clients_of(request.user).select_related("partner_account").filter(pk=pk).first()
    if client is None:
        raise Http404
    people = Membership.objects.filter(client=client).select_related("user")
    return render(
        request,
        "clients/detail.html",
        {
            "client": client,
            "blocking": blocking_warnings.warnings_blocking(client),
            "call_flows": client.callflows.prefetch_related("parameters"),
            "clis": client.clis.all(),
            "people": people.order_by("-role", "user__username"),
        },
    )
