"""The answer to an htmx request whose session has ended."""

from collections.abc import Callable
from urllib.parse import urlencode, urlsplit

from django.conf import settings
from django.contrib.auth import REDIRECT_FIELD_NAME
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import resolve_url
from django_htmx.http import HttpResponseClientRedirect
from django_htmx.middleware import HtmxDetails


class SignInAsAPage:
    """Middleware that leads the whole page to the sign-in, and from there back to where it was.

    htmx follows a redirect by itself, and would put the sign-in page into the part that it requested.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        asked = HtmxDetails(request)
        if not asked or not _leads_to_sign_in(response):
            return response
        page = asked.current_url_abs_path or resolve_url(settings.LOGIN_REDIRECT_URL)
        query = urlencode({REDIRECT_FIELD_NAME: page})
        return HttpResponseClientRedirect(f"{resolve_url(settings.LOGIN_URL)}?{query}")


def _leads_to_sign_in(response: HttpResponseBase) -> bool:
    if response.status_code != 302:
        return False
    return urlsplit(response.headers["Location"]).path == resolve_url(settings.LOGIN_URL)
