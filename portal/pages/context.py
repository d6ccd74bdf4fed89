"""The context that the frame of every page needs."""

from functools import partial
from typing import Any

from django.http import HttpRequest

from portal.pages import frame_parts


def frame(request: HttpRequest) -> dict[str, Any]:
    """Return the navigation, with the link of the page's own app marked, and the banners.

    The banners are made only when the template uses them, because parts of pages have none.
    """
    match = request.resolver_match
    here = match.namespace if match else ""
    return {
        "navigation": [
            (link, bool(here) and link.url_name.startswith(f"{here}:"))
            for link in frame_parts.links()
        ],
        "banners": partial(frame_parts.banners, request),
    }
