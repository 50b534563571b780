"""What the folder of a transaction set lacks, by name."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from importlib.resources.abc import Traversable

from tests.translators.x12.sets.examples import example_of
from translators.bindings import BindingError, compile_bindings
from translators.canonical.kinds import DOCUMENT_KINDS
from translators.x12.guide.checks import GuideError
from translators.x12.guide.files import guide_map
from translators.x12.sets.description import TransactionSet
from translators.x12.sets.table import all_sets, folder_of, function_of, releases_of, set_description, sets_written

TEXTS = ("title", "name", "group", "group_name")


def lacks_of(set_id: str) -> list[str]:
    """One line for each thing that a set of the table lacks ("set_812: no bindings.toml"); [] for a complete one."""
    try:
        description = set_description(set_id)
    except (ModuleNotFoundError, AttributeError):
        return [f"set_{set_id}: no SET in __init__.py"]
    assert description is not None, f"{set_id} is not in the table"
    found = [*_of_description(description), *_of_guides(description), *_of_bindings(description)]
    return [f"set_{set_id}: {lack}" for lack in found]


def _of_description(description: TransactionSet) -> Iterator[str]:
    if folder_of(description.id).name != f"set_{description.id}":
        yield f"its description says that it is set {description.id}"
    yield from (f"no {text}" for text in TEXTS if not getattr(description, text))
    others = {known.group_name for known in all_sets() if known.group == description.group}
    if len(others) > 1:
        yield f"group {description.group} has another group_name in another set"
    if not description.reader and not description.writers:
        yield "neither reader nor writers"
    if description.reader and not description.becomes:
        yield "a reader, but no documents that it gives (becomes)"
    for kind, direction in [(kind, "in") for kind in description.becomes] + [
        (kind, "out") for kind in description.writers
    ]:
        if kind not in DOCUMENT_KINDS or DOCUMENT_KINDS[kind].direction != direction:
            yield f"{kind} is no kind of document that comes {direction}"
    for kind, wanted in description.wants.items():
        if wanted not in sets_written(kind):
            yield f"wants a {kind} as set {wanted}, which is not written"
    functions = [description.reader, description.other_shape, *description.writers.values()]
    for where in filter(None, functions):
        module, _, name = where.partition(":")
        try:
            function_of(description.id, where)
        except ModuleNotFoundError:
            yield f"no {module}.py"
        except AttributeError:
            yield f"no function {name} in {module}.py"


def _of_guides(description: TransactionSet) -> Iterator[str]:
    releases = releases_of(description.id)
    if not releases:
        yield "no guide (guides/004010.xml, …)"
    for release in releases:
        try:
            tree = guide_map(description.id, release)
        except GuideError as error:
            yield f"guides/{error.file.rpartition('/')[2]}: {error.node}: {error.problem}"
            continue
        if tree.get("xid") != description.id:
            yield f"guides/{release}.xml is the guide of set {tree.get('xid')}"
        if not example_of(description.id, release):
            yield f"no example (examples/{release}.edi)"


def _of_bindings(description: TransactionSet) -> Iterator[str]:
    """A set that becomes documents of a return has its fields bound; acknowledgments are read by their segments."""
    if not description.reader or description.becomes == ("acknowledgment",):
        return
    source: Traversable = folder_of(description.id) / "bindings.toml"
    if not source.is_file():
        yield "no bindings.toml"
        return
    try:
        compile_bindings(tomllib.loads(source.read_text(encoding="utf-8")))
    except (BindingError, tomllib.TOMLDecodeError) as error:
        yield f"bindings.toml: {error}"
