"""The picture in docs/architecture.md, drawn from the imports: `python -m tests.architecture` prints it.

An arrow goes from a folder to one that it imports. Arrows that follow from others are left out.
"""

from collections.abc import Callable, Iterable
from functools import partial

import grimp

# Each app may import those after it.
APPS = (
    "results",
    "submissions",
    "drafts",
    "contacts",
    "suppression",
    "uploads",
    "clients",
    "partner",
)
# The apps whose folders are shown.
DIVIDED = ("submissions", "drafts")

Arrow = tuple[str, str]


def picture() -> str:
    """Return a Mermaid flow chart of the apps and of the folders of the larger ones."""
    graph = grimp.build_graph("campaigns", exclude_type_checking_imports=False, cache_dir=None)
    lines = ["flowchart TD"]
    lines += [f"    {start} --> {end}" for start, end in _essential(_arrows(graph, _app))]
    for app in DIVIDED:
        arrows = _essential(_arrows(graph, partial(_folder, app)))
        lines += [f"    subgraph {app}", *(f"        {a} --> {b}" for a, b in arrows), "    end"]
    return "\n".join(lines)


def _app(module: str) -> str:
    name = module.split(".")[1] if module.count(".") else ""
    return name if name in APPS else ""


def _folder(app: str, module: str) -> str:
    parts = module.split(".")
    is_in_a_folder = len(parts) > 3 and parts[1] == app
    hidden = {"migrations", "management", "demo"}
    return f"{app}.{parts[2]}" if is_in_a_folder and parts[2] not in hidden else ""


def _arrows(graph: grimp.ImportGraph, name_of: Callable[[str], str]) -> set[Arrow]:
    found = {
        (name_of(start), name_of(end))
        for start in graph.modules
        for end in graph.find_modules_directly_imported_by(start)
    }
    return {(start, end) for start, end in found if start and end and start != end}


def _essential(arrows: Iterable[Arrow]) -> list[Arrow]:
    """Leave out the arrows that a longer path already implies."""
    known = set(arrows)
    ends: dict[str, set[str]] = {}
    for start, end in known:
        ends.setdefault(start, set()).add(end)

    def reached(start: str) -> set[str]:
        beyond: set[str] = set()
        for end in ends.get(start, set()):
            beyond |= {end} | reached(end)
        return beyond

    return sorted(
        (start, end)
        for start, end in known
        if not any(end in reached(other) for other in ends[start] - {end})
    )


if __name__ == "__main__":
    print(picture())
