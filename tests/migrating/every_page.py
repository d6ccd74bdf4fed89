"""Print the text of every page of a portal as each of its people sees it, as JSON.

`python -m tests.migrating.every_page` reads the portal of PORTAL_DATA_DIR, at the time MOMENT.
"""

import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from html import unescape

import django
import time_machine

# The moment at which the stored portal was made.
MOMENT = datetime(2026, 11, 28, 13, 5, tzinfo=UTC)
LISTS = (
    *("home", "contacts:list", "suppression:list", "drafts:list", "drafts:templates"),
    *("submissions:list", "clients:list", "contacts:upload", "drafts:new"),
)
# Pages about one row, by the table of the rows.
DETAILS = {
    "contacts_contactlist": ("contacts:detail",),
    "contacts_suppression": ("suppression:detail",),
    "drafts_campaign": ("drafts:edit",),
    "drafts_campaigntemplate": ("drafts:template",),
    "submissions_submission": ("submissions:detail",),
    "clients_client": ("clients:detail",),
}
_UNSEEN = re.compile(r"<(script|style|head)\b.*?</\1>|<[^>]*>", re.DOTALL)


def addresses() -> Iterator[str]:
    from django.db import connection
    from django.urls import reverse

    yield from map(reverse, LISTS)
    with connection.cursor() as cursor:
        for table, names in DETAILS.items():
            cursor.execute(f"SELECT id FROM {table} ORDER BY id")
            for (pk,) in cursor.fetchall():
                yield from (reverse(name, args=[pk]) for name in names)


def texts() -> Iterator[tuple[str, str]]:
    """Yield each page's user and address, and its status and visible text."""
    from django.contrib.auth.models import User
    from django.test import Client

    for user in User.objects.order_by("username"):
        browser = Client(HTTP_HOST="127.0.0.1")
        browser.force_login(user)
        for address in addresses():
            answer = browser.get(address)
            text = " ".join(unescape(_UNSEEN.sub(" ", answer.text)).split())
            yield f"{user.username} {address}", f"{answer.status_code} {text}"


if __name__ == "__main__":
    django.setup()
    with time_machine.travel(MOMENT, tick=False):
        print(json.dumps(dict(texts()), indent=0, ensure_ascii=False))
