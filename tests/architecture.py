"""The page about the rooms of the house, made from the imports: `python -m tests.architecture` writes it.

Every package with rooms of its own gets a picture (Mermaid, which code hosts show) and a table: what each room is for.
An arrow says "imports". An arrow that follows from two others is left out, so that the picture can be read.
"""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path

import grimp

ROOT = Path(__file__).resolve().parent.parent
PAGE = ROOT / "gateway" / "ARCHITECTURE.md"
# The packages that are shown, from the whole house to its storeys.
SHOWN = (
    "gateway",
    "gateway.process",
    "gateway.returns",
    "gateway.store",
    "gateway.onboarding",
    "gateway.web",
    "translators",
    "translators.x12",
    "translators.flat",
)
# Nearly all rooms use these. Their arrows would make the picture a net, so they stand beside it.
USED_BY_ALL = {"gateway": ("clock", "faults", "logs", "home")}

HEAD = """# Architecture

Made from the imports by `python -m tests.architecture`; a test compares this page with the code.

`translators/` turns bytes into documents and documents into bytes, and touches nothing else. `gateway/` is everything
with a disk, a socket, a clock or a database; `gateway/returns/` inside it is the domain, pure again. An arrow says
"imports"; an arrow that follows from two others is left out. There are no circles, at any depth: the layers test
refuses them.
"""

Arrows = Mapping[str, frozenset[str]]


def rooms_of(package: str, graph: grimp.ImportGraph) -> Arrows:
    """The rooms of a package (modules and packages right inside it), each with the rooms there that it imports."""
    rooms = sorted(graph.find_children(package))
    return {
        room.rpartition(".")[2]: frozenset(
            other.rpartition(".")[2]
            for other in rooms
            if other != room and graph.direct_import_exists(importer=room, imported=other, as_packages=True)
        )
        for room in rooms
    }


def without_shortcuts(arrows: Arrows) -> dict[str, list[str]]:
    """The arrows without those that follow from others: a → c goes where there is a → b → … → c."""
    return {
        room: sorted(
            target
            for target in targets
            if not any(target in _reached(arrows, between) for between in targets if between != target)
        )
        for room, targets in arrows.items()
    }


def _reached(arrows: Arrows, start: str) -> set[str]:
    seen: set[str] = set()
    waiting = [*arrows[start]]
    while waiting:
        room = waiting.pop()
        if room not in seen:
            seen.add(room)
            waiting += arrows[room]
    return seen


def picture(arrows: Arrows) -> list[str]:
    """The rooms and their arrows as the lines of a Mermaid flow chart."""
    lines = ["```mermaid", "flowchart TD"]
    lines += [f"    {_id(room)}[{room}]" for room in arrows]
    for room, targets in without_shortcuts(arrows).items():
        lines += [f"    {_id(room)} --> {_id(target)}" for target in targets]
    return [*lines, "```"]


def _id(room: str) -> str:
    return f"{room}_room"  # a bare "end" or "default" would be a word of Mermaid


def purpose(module: str) -> str:
    """The first sentence of a module's docstring, as one line."""
    path = ROOT / Path(*module.split("."))
    source = path / "__init__.py" if path.is_dir() else path.with_suffix(".py")
    docstring = ast.get_docstring(ast.parse(source.read_text("utf-8"))) or ""
    return " ".join(docstring.split("\n\n")[0].split()).replace("|", "\\|")


def table(package: str, rooms: Iterable[str]) -> list[str]:
    """What each room is for."""
    lines = ["| room | what it is for |", "|---|---|"]
    for room in rooms:
        path = ROOT / Path(*package.split(".")) / room
        shown = f"{room}/" if path.is_dir() else f"{room}.py"
        lines.append(f"| `{shown}` | {purpose(f'{package}.{room}')} |")
    return lines


def page() -> str:
    """The whole page, as Markdown."""
    graph = grimp.build_graph("gateway", "translators", cache_dir=None)
    lines = [HEAD]
    for package in SHOWN:
        arrows = rooms_of(package, graph)
        beside = USED_BY_ALL.get(package, ())
        shown = {room: targets - {*beside} for room, targets in arrows.items() if room not in beside}
        lines += [f"## {package.replace('.', '/')}", "", *picture(shown), ""]
        if beside:
            lines += [f"Used by nearly all, and left out of the picture: {', '.join(sorted(beside))}.", ""]
        lines += [*table(package, arrows), ""]
    return "\n".join(lines)


def main() -> int:
    PAGE.write_text(page(), encoding="utf-8")
    print(f"wrote {PAGE.relative_to(ROOT)}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
