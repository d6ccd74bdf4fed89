"""The sandbox's page for people. All text from outside is escaped."""

from collections.abc import Mapping
from html import escape
from pathlib import Path
from string import Template
from typing import Any

from campaigns.partner.sandbox.endpoints import campaign_table
from campaigns.partner.sandbox.state.behaviour import Mode
from campaigns.partner.sandbox.state.clients import Lookups
from campaigns.partner.sandbox.state.clock import MAX_SPEED
from campaigns.partner.sandbox.state.sandbox import Sandbox
from campaigns.partner.sandbox.state.sign_in import Kind, TokenMode, Wanted
from campaigns.partner.sandbox.state.turns import MAX_TIMES, Setting

ROWS = 200
_NONE = "&ndash;"
_PAGE = Path(__file__).with_name("page.html")


def render(sandbox: Sandbox) -> str:
    """Return the whole page: behaviour, clients, campaigns, and the last 200 requests, newest first."""
    rows = sandbox.ledger.rows(ROWS)[::-1]
    behaviour = sandbox.create_turns.current()
    return Template(_PAGE.read_text()).substitute(
        behaviour=_behaviour(behaviour),
        modes="".join(_choice(mode, behaviour.mode) for mode in Mode),
        descriptions="".join(_description(mode) for mode in Mode),
        max_times=MAX_TIMES,
        sign_in=_sign_in(sandbox.sign_in.wanted()),
        kinds="".join(_choice(kind, sandbox.sign_in.wanted().kind) for kind in Kind),
        token_modes="".join(_choice(mode, TokenMode.NORMAL) for mode in TokenMode),
        clock=campaign_table.clock(sandbox),
        speed=f"{sandbox.clock.setting().speed:g}",
        max_speed=MAX_SPEED,
        campaigns=campaign_table.render(sandbox),
        clients=_clients(sandbox.clients.all()),
        count=_count(sandbox.ledger.count(), len(rows)),
        ledger=_ledger(rows),
    )


def _behaviour(behaviour: Setting[Mode]) -> str:
    if behaviour.mode is Mode.NORMAL:
        return f"<strong>normal</strong>: {escape(Mode.NORMAL.description)}"
    requests = "request" if behaviour.times == 1 else f"{behaviour.times:,} requests"
    return (
        f"<strong>{behaviour.mode}</strong> for the next {requests}: "
        f"{escape(behaviour.mode.description)}"
    )


def _choice(value: str, chosen: str) -> str:
    return f'<option value="{value}"{" selected" if value == chosen else ""}>{value}</option>'


def _sign_in(wanted: Wanted) -> str:
    match wanted.kind:
        case Kind.NONE:
            return "<strong>none</strong>: anyone can create campaigns."
        case Kind.API_KEY:
            return f"<strong>api_key</strong> in the header {escape(wanted.header)}."
    return (
        f"<strong>oauth</strong> for the client ID {escape(wanted.client_id)}; tokens live "
        f"{wanted.life_seconds:,} seconds, and the token address is {wanted.token_mode}."
    )


def _description(mode: Mode) -> str:
    return f"<div><dt>{mode}</dt><dd>{escape(mode.description)}</dd></div>"


def _clients(clients: Mapping[str, Lookups]) -> str:
    if not clients:
        return "<p>None yet, so every campaign is refused. PUT them to /_sandbox/clients.</p>"
    return f"<ul>{''.join(_client(*client) for client in clients.items())}</ul>"


def _client(client_id: str, lookups: Lookups) -> str:
    ids = lookups.as_json()
    flows, clis = (", ".join(map(str, ids[key])) or "none" for key in ("callflows", "clis"))
    return f"<li><strong>{escape(client_id)}</strong> call flows {flows}; CLIs {clis}</li>"


def _count(total: int, shown: int) -> str:
    return f"{total:,} in all" if total == shown else f"the last {shown} of {total:,}"


def _ledger(rows: list[dict[str, Any]]) -> str:
    if not rows:
        return '<p class="empty">No create requests yet.</p>'
    head = "".join(f'<th scope="col">{title}</th>' for title in _COLUMNS)
    body = "".join(_row(row) for row in rows)
    return f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"


_COLUMNS = (
    "Received (UTC)",
    "Client",
    "Name",
    "Body",
    "Numbers",
    "Answer",
    "Campaign ID",
    "SHA-256",
)


def _row(row: Mapping[str, Any]) -> str:
    cells = (
        row["received_at"][:19].replace("T", " "),
        _text(row["client_id"]),
        _text(row["name"]),
        f"{row['body_bytes']:,} bytes" + ("" if row["complete"] else ", cut short"),
        _NONE if row["numbers"] is None else f"{row['numbers']:,}",
        row["answer_status"] or "none",
        _text(row["campaign_id"]),
        f'<abbr title="{row["body_sha256"]}">{row["body_sha256"][:8]}</abbr>',
    )
    body = "".join(map(_cell, _COLUMNS, cells))
    return f"<tr{_kind(row)}>{body}</tr>"


def _cell(title: str, content: object) -> str:
    """Return a cell. `content` is HTML already; `title` labels it on pages too narrow for a table."""
    return f'<td data-label="{title}">{content}</td>'


def _kind(row: Mapping[str, Any]) -> str:
    """Return the class of a row that readers look for: created, or left without an answer."""
    kinds = {"created": row["campaign_id"], "silent": row["answer_status"] is None}
    return f' class="{" ".join(kind for kind, holds in kinds.items() if holds)}"'


def _text(value: object) -> str:
    return _NONE if value is None else escape(str(value))
