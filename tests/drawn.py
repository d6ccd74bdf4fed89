"""A page as it is drawn: its links and buttons are found by their words and work as in a browser.

A test that posts to an address of its own choice can't notice that a button leads elsewhere.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, Self
from urllib.parse import urljoin

from django.test import Client as Browser
from django.test.html import Element, parse_html

# Elements that a person sees as one thing; `within` looks for words in them.
GROUPS = {"tr", "li", "section", "form", "aside"}
NOT_TYPED = {"hidden", "submit", "button", "reset", "image", "file"}


@dataclass(frozen=True, slots=True)
class Node:
    """An element with those around it, innermost last."""

    element: Element
    around: tuple[Element, ...]

    def __getitem__(self, name: str) -> str:
        return _attributes(self.element).get(name, "")

    def has(self, name: str) -> bool:
        return name in _attributes(self.element)

    @property
    def words(self) -> str:
        return self["aria-label"] or " ".join(_text(self.element).split()) or self["value"]

    @property
    def is_usable(self) -> bool:
        off = any(one.name == "fieldset" and "disabled" in _attributes(one) for one in self.around)
        return not off and not self.has("disabled") and self["aria-hidden"] != "true"

    def is_within(self, words: str) -> bool:
        groups = [one for one in self.around if one.name in GROUPS]
        return not words or any(words in " ".join(_text(one).split()) for one in groups)


@dataclass(frozen=True, slots=True)
class Action:
    """What a link or a button does: the request that it makes."""

    words: str
    method: str
    url: str
    data: dict[str, list[str]] = field(default_factory=dict)
    # The names of the controls that a person can fill in.
    controls: frozenset[str] = frozenset()


class Page:
    def __init__(self, browser: Browser, url: str, html: str) -> None:
        self.browser, self.url, self.html = browser, url, html
        root = parse_html(html[html.lower().index("<html") :])
        self.nodes = list(_nodes(root, ()))

    @classmethod
    def get(cls, browser: Browser, url: str, status: int = 200) -> Self:
        answer = browser.get(url)
        assert answer.status_code == status, (url, answer.status_code)
        return cls(browser, url, answer.text)

    def actions(self) -> list[Action]:
        """Return everything on the page that leads somewhere or changes something."""
        return [*self.links(), *self.buttons()]

    def links(self) -> list[Action]:
        return [self._link(node) for node in self._usable("a") if node.has("href")]

    def buttons(self) -> list[Action]:
        return [action for node in self._usable("button") if (action := self._button(node))]

    def press(self, words: str, /, within: str = "", **typed: Any) -> Any:
        """Press the button: send what its form holds, changed by what is `typed`, by a control's name."""
        action = self._one("button", words, within)
        assert typed.keys() <= action.controls, f"{words!r} has no field {set(typed)}."
        data: dict[str, Any] = {**action.data, **typed}
        send = self.browser.get if action.method == "get" else self.browser.post
        return send(action.url, data)

    def follow(self, words: str, /, within: str = "") -> Any:
        return self.browser.get(self._one("a", words, within).url)

    def offers(self, words: str) -> bool:
        return any(action.words == words for action in self.actions())

    def _one(self, name: str, words: str, within: str) -> Action:
        """Return what the link or button does; several with the same words must do the same."""
        nodes = [n for n in self._usable(name) if n.words == words and n.is_within(within)]
        make = self._link if name == "a" else self._button
        found = [action for node in nodes if (action := make(node))]
        assert found, f"Nothing says {words!r}: {[a.words for a in self.actions()]}"
        assert all(action == found[0] for action in found), f"Several differ: {found}"
        return found[0]

    def _usable(self, name: str) -> list[Node]:
        return [node for node in self.nodes if node.element.name == name and node.is_usable]

    def _link(self, node: Node) -> Action:
        return Action(node.words, "get", urljoin(self.url, node["href"]))

    def _button(self, node: Node) -> Action | None:
        form = self._form_of(node)
        if form is None or (node["type"] or "submit") != "submit" or form["method"] == "dialog":
            return None
        controls = [one for one in self._usable_controls() if self._form_of(one) is form]
        data: dict[str, list[str]] = {}
        for control in controls:
            for value in self._values(control):
                data.setdefault(control["name"], []).append(value)
        if node["name"]:
            data.setdefault(node["name"], []).append(node["value"])
        action = node["formaction"] or form["action"] or self.url
        typed = frozenset(c["name"] for c in controls if c["type"] not in NOT_TYPED)
        method = (form["method"] or "get").lower()
        return Action(node.words, method, urljoin(self.url, action), data, typed)

    def _form_of(self, node: Node) -> Node | None:
        if node["form"]:
            forms = [one for one in self.nodes if one.element.name == "form"]
            return next((one for one in forms if one["id"] == node["form"]), None)
        around = [one for one in node.around if one.name == "form"]
        return next((n for n in self.nodes if around and n.element is around[-1]), None)

    def _usable_controls(self) -> Iterator[Node]:
        for name in ("input", "select", "textarea"):
            yield from (node for node in self._usable(name) if node["name"])

    def _values(self, control: Node) -> list[str]:
        if control.element.name == "select":
            options = [n for n in self.nodes if control.element in n.around]
            options = [one for one in options if one.element.name == "option"]
            chosen = [one for one in options if one.has("selected")]
            first = [] if control.has("multiple") else options[:1]
            return [one["value"] if one.has("value") else one.words for one in chosen or first]
        if control.element.name == "textarea":
            return [_text(control.element)]
        if control["type"] in {"checkbox", "radio"}:
            return [control["value"] or "on"] if control.has("checked") else []
        return [] if control["type"] in {"submit", "button", "file"} else [control["value"]]


def _nodes(element: Element, around: tuple[Element, ...]) -> Iterator[Node]:
    yield Node(element, around)
    for child in element.children:
        if isinstance(child, Element) and child.name not in {"template", "noscript"}:
            yield from _nodes(child, (*around, element))


def _attributes(element: Element) -> dict[str, str]:
    attributes: Sequence[tuple[str, str | None]] = element.attributes
    return {name: value or "" for name, value in attributes}


def _text(element: Element) -> str:
    return "".join(
        child if isinstance(child, str) else f" {_text(child)} " for child in element.children
    )
