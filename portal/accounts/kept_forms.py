"""A form that was posted after its session had ended: kept in the page and offered again after sign-in.

Its content travels through the sign-in page, signed, and is stored nowhere. Only a form of this site is
kept, and only a person sends it again. Otherwise another site could fill in the form for that person.
"""

from dataclasses import asdict, dataclass
from typing import Any, Self
from urllib.parse import urlsplit

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render, resolve_url

SALT = "portal.kept_forms"
# Nobody types more than this.
MOST_CHARACTERS = 200_000
MOST_SHOWN_FIELDS = 8
# Fields that no person types. A form with only such fields is a button, which can be pressed again.
MACHINE_FIELDS = {
    "csrfmiddlewaretoken",
    "delivery",
    "form_token",
    "hold_key",
    "kept_at",
    "page",
    "person",
    "seen",
    "sha256",
    "shown",
}
# Words in the names of fields that must not be carried through a page.
SECRETS = ("password", "secret")


@dataclass(frozen=True, slots=True)
class KeptForm:
    action: str
    """The path to which it is sent again."""
    page: str
    """The path of the page that it was on."""
    fields: dict[str, list[str]]
    has_files: bool = False

    @classmethod
    def of(cls, request: HttpRequest) -> Self | None:
        """Return the posted form, or None if nothing was typed or the form must not be carried along."""
        if request.method != "POST" or not _may_be_kept(request):
            return None
        fields = {name: [str(value) for value in values] for name, values in request.POST.lists()}
        at = fields.pop("kept_at", [""])[-1]
        fields.pop("csrfmiddlewaretoken", None)
        size = sum(len(name) + len(value) for name, values in fields.items() for value in values)
        typed = any(any(fields[name]) for name in fields.keys() - MACHINE_FIELDS)
        if not typed or size > MOST_CHARACTERS or _has_secret(fields):
            return None
        action = at if _is_path(at) else request.path
        return cls(action, page_of(request) or action, fields, bool(request.FILES))

    @classmethod
    def read(cls, signed: str) -> Self | None:
        """Return the form in a text made by `signed`, or None for any other text."""
        try:
            held: dict[str, Any] = signing.loads(
                signed, salt=SALT, max_age=settings.SESSION_COOKIE_AGE
            )
        except signing.BadSignature:
            return None
        return cls(**held)

    def signed(self) -> str:
        return signing.dumps(asdict(self), salt=SALT, compress=True)

    @property
    def shown(self) -> list[tuple[str, str]]:
        """Return the filled fields of a short form, for people. A form with many fields has none."""
        typed = {name: values for name, values in self.fields.items() if name not in MACHINE_FIELDS}
        if len(typed) > MOST_SHOWN_FIELDS:
            return []
        return [
            (name.replace("_", " ").capitalize(), text)
            for name, values in typed.items()
            if (text := ", ".join(filter(None, values)))
        ]


def page_of(request: HttpRequest) -> str:
    """Return the path of the portal's page that a request comes from, "" if it is unknown."""
    came_from = urlsplit(request.headers.get("Referer", ""))
    if came_from.netloc != request.get_host() or not _is_path(came_from.path):
        return ""
    return came_from.path + (f"?{came_from.query}" if came_from.query else "")


def offer(request: HttpRequest, kept: KeptForm, status: int = 200) -> HttpResponse:
    """Show the form that was not sent, with a button that sends it again."""
    return render(request, "portal/kept_form.html", {"kept": kept}, status=status)


def _may_be_kept(request: HttpRequest) -> bool:
    match = request.resolver_match
    is_open = match is None or not getattr(match.func, "login_required", True)
    origin = request.headers.get("Origin", "")
    is_ours = origin == f"{request.scheme}://{request.get_host()}"
    is_kept_out = request.path.startswith(_never_kept())
    return is_ours and not is_open and not is_kept_out


def _never_kept() -> tuple[str, ...]:
    """Return the beginnings of the paths whose forms are never kept.

    What is saved at *Your number* belongs to whoever sends it, and the next person at the browser may be
    another one.
    """
    return resolve_url("admin:index"), resolve_url("own_number")


def _has_secret(fields: dict[str, list[str]]) -> bool:
    return any(secret in name for name in fields for secret in SECRETS)


def _is_path(text: str) -> bool:
    return text.startswith("/") and not text.startswith(("//", "/\\"))
