"""The context that the frame of every page needs."""

from functools import partial
from typing import Any

from django.http import HttpRequest

from portal.pages import frame_parts


def frame(request: HttpRequest) -> dict[str, Any]:
    """Return the navigation, the app whose link is marked in it, and the banners.

    A page of one app that belongs to the way of another sets `app_here` itself.

    The banners are made only when the template uses them, because parts of pages have none.
    """
    match = request.resolver_match
    return {
        "navigation": frame_parts.links(),
        "app_here": match.namespace if match else "",
        "banners": partial(frame_parts.banners, request),
    }
