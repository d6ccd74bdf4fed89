"""The sandbox's own URLs: its page, its ledger, and the settings of its faults."""

import time
from collections.abc import Callable
from pathlib import Path
from urllib.parse import parse_qs

import orjson

from campaigns.partner.sandbox.endpoints import answers, page
from campaigns.partner.sandbox.endpoints.answers import Answer
from campaigns.partner.sandbox.state import clients
from campaigns.partner.sandbox.state.clients import ClientsError
from campaigns.partner.sandbox.state.clock import ClockError, Setting
from campaigns.partner.sandbox.state.sandbox import Sandbox
from campaigns.partner.sandbox.state.sign_in import SignInError, Wanted
from campaigns.partner.sandbox.state.turns import AnyMode, BehaviourError, Turns

_STYLE = Path(__file__).with_name("style.css")


def answer(sandbox: Sandbox, method: str, path: str, body: bytes) -> Answer:
    """Return the answer to any request that isn't a create or token request."""
    route = _ROUTES.get((method, path))
    if route is None:
        return answers.error(404, "There is nothing here.")
    try:
        return route(sandbox, body)
    except orjson.JSONDecodeError:
        return answers.error(400, "The body isn't JSON.")


def _page(sandbox: Sandbox, _body: bytes) -> Answer:
    policy = (
        "default-src 'none'; style-src 'self'; img-src data:; "
        "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    )
    html = page.render(sandbox).encode()
    return Answer(200, html, "text/html; charset=utf-8", (("Content-Security-Policy", policy),))


def _style(_sandbox: Sandbox, _body: bytes) -> Answer:
    return Answer(200, _STYLE.read_bytes(), "text/css; charset=utf-8")


def _ledger(sandbox: Sandbox, _body: bytes) -> Answer:
    return answers.json(200, sandbox.ledger.rows())


def _behaviour_form(sandbox: Sandbox, body: bytes) -> Answer:
    """Take the page's form: mode and times."""
    form = {key: values[-1] for key, values in _form(body).items()}
    times = form.get("times", "1")
    wanted = form | {"times": int(times) if times.isdecimal() and times.isascii() else times}
    return _set(sandbox.create_turns, wanted) or Answer(303, headers=(("Location", "/"),))


def _turns(turns: Turns[AnyMode]) -> Answer:
    return answers.json(200, turns.current().as_json())


def _set_turns(turns: Turns[AnyMode], body: bytes) -> Answer:
    return _set(turns, orjson.loads(body)) or _turns(turns)


def _set(turns: Turns[AnyMode], wanted: object) -> Answer | None:
    """Set what is wanted, or return the answer that says what can be: the modes that there are."""
    try:
        turns.set(turns.read(wanted))
    except BehaviourError as problem:
        modes = {mode.value: mode.description for mode in turns.modes}
        return answers.error(400, str(problem), modes=modes)
    return None


def _clock(sandbox: Sandbox, _body: bytes) -> Answer:
    return answers.json(200, sandbox.clock.as_json())


def _set_clock(sandbox: Sandbox, body: bytes) -> Answer:
    try:
        sandbox.clock.set(Setting.read(orjson.loads(body), real=time.time()))
    except ClockError as problem:
        return answers.error(400, str(problem))
    return _clock(sandbox, b"")


def _clock_form(sandbox: Sandbox, body: bytes) -> Answer:
    """Take the page's form: a time, which may be empty, and a speed."""
    given: dict[str, object] = {key: values[-1] for key, values in _form(body).items()}
    try:
        given["speed"] = float(str(given.get("speed", 1)))
        sandbox.clock.set(Setting.read(given, real=time.time()))
    except ValueError as problem:
        reason = str(problem) if isinstance(problem, ClockError) else "speed must be a number."
        return answers.error(400, reason)
    return Answer(303, headers=(("Location", "/"),))


def _forget_people(sandbox: Sandbox, _body: bytes) -> Answer:
    return answers.json(200, {"deleted": sandbox.campaigns.forget_people()})


def _clients(sandbox: Sandbox, _body: bytes) -> Answer:
    known = sandbox.clients.all().items()
    return answers.json(200, {client_id: lookups.as_json() for client_id, lookups in known})


def _set_clients(sandbox: Sandbox, body: bytes) -> Answer:
    try:
        sandbox.clients.replace(clients.read(orjson.loads(body)))
    except ClientsError as problem:
        return answers.error(400, str(problem))
    return _clients(sandbox, b"")


def _sign_in(sandbox: Sandbox, _body: bytes) -> Answer:
    return answers.json(200, sandbox.sign_in.wanted().as_json())


def _set_sign_in(sandbox: Sandbox, body: bytes) -> Answer:
    try:
        sandbox.sign_in.want(Wanted.read(orjson.loads(body)))
    except SignInError as problem:
        return answers.error(400, str(problem))
    return _sign_in(sandbox, b"")


def _sign_in_form(sandbox: Sandbox, body: bytes) -> Answer:
    """Take the page's form. An empty field counts as missing."""
    given: dict[str, object] = {key: values[-1] for key, values in _form(body).items()}
    life = given.get("life_seconds")
    if isinstance(life, str) and life.isdecimal() and life.isascii():
        given["life_seconds"] = int(life)
    try:
        sandbox.sign_in.want(Wanted.read(given))
    except SignInError as problem:
        return answers.error(400, str(problem))
    return Answer(303, headers=(("Location", "/"),))


def _form(body: bytes) -> dict[str, list[str]]:
    return parse_qs(body.decode(errors="replace"))


def _token_requests(sandbox: Sandbox, _body: bytes) -> Answer:
    return answers.json(200, sandbox.sign_in.requests())


_ROUTES: dict[tuple[str, str], Callable[[Sandbox, bytes], Answer]] = {
    ("GET", "/"): _page,
    ("GET", "/_sandbox/style.css"): _style,
    ("GET", "/_sandbox/ledger"): _ledger,
    ("GET", "/_sandbox/behaviour"): lambda sandbox, _: _turns(sandbox.create_turns),
    ("PUT", "/_sandbox/behaviour"): lambda sandbox, body: _set_turns(sandbox.create_turns, body),
    ("POST", "/_sandbox/behaviour"): _behaviour_form,
    ("GET", "/_sandbox/reading-behaviour"): lambda sandbox, _: _turns(sandbox.reading_turns),
    ("PUT", "/_sandbox/reading-behaviour"): lambda sandbox, body: _set_turns(
        sandbox.reading_turns, body
    ),
    ("GET", "/_sandbox/webhook-behaviour"): lambda sandbox, _: _turns(sandbox.webhook_turns),
    ("PUT", "/_sandbox/webhook-behaviour"): lambda sandbox, body: _set_turns(
        sandbox.webhook_turns, body
    ),
    ("GET", "/_sandbox/clock"): _clock,
    ("PUT", "/_sandbox/clock"): _set_clock,
    ("POST", "/_sandbox/clock"): _clock_form,
    ("DELETE", "/_sandbox/numbers"): _forget_people,
    ("GET", "/_sandbox/clients"): _clients,
    ("PUT", "/_sandbox/clients"): _set_clients,
    ("GET", "/_sandbox/sign-in"): _sign_in,
    ("PUT", "/_sandbox/sign-in"): _set_sign_in,
    ("POST", "/_sandbox/sign-in"): _sign_in_form,
    ("GET", "/_sandbox/token-requests"): _token_requests,
}
