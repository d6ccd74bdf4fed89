"""The sign-in page."""

from allauth.account import views as account
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache

from portal.accounts.kept_forms import KeptForm, offer


@login_not_required
@never_cache
def sign_in(request: HttpRequest) -> HttpResponse:
    """Sign a person in. A form that was posted without a session is then offered to be sent again."""
    response: HttpResponse = account.login(request)
    kept = KeptForm.read(request.POST.get("kept", ""))
    return offer(request, kept) if kept and request.user.is_authenticated else response
