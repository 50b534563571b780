"""The README's "Words" are the glossary: the name of every public class ends in one of them."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from tests.readme import section, table_rows

ROOT = Path(__file__).resolve().parents[2]
# A name in capitals (X12, JSON) is one word.
_WORD = re.compile(r"[A-Z0-9]+(?![a-z])|[A-Z][a-z0-9]*")
_LISTED = re.compile(r"^- \*[^*]+:\*(?P<words>(?:.|\n {2})*)", re.M)


def glossary() -> set[str]:
    """Every word of the README's table and lists, in small letters."""
    words = section("README.md", "## Words")
    listed = {
        re.sub(r"\(.*\)|^.*:", "", word).strip(" .\n")
        for words_of_list in _LISTED.findall(words)
        for word in re.split("[,;]", words_of_list)
    }
    return listed | {row[0].strip().lower() for row in table_rows(words)}


def public_classes() -> Iterator[tuple[Path, ast.ClassDef]]:
    """Every public class of the gateway and the translators, but for two kinds: exceptions say what happened, and
    a section of `partner.toml` is called as it is written there."""
    for package in ("gateway", "translators"):
        for path in sorted((ROOT / package).rglob("*.py")):
            tree = ast.parse(path.read_text("utf-8"))
            named_otherwise = _exceptions(tree) | _sections(tree)
            for node in ast.walk(tree):
                if (
                    isinstance(node, ast.ClassDef)
                    and not node.name.startswith("_")
                    and node.name not in named_otherwise
                ):
                    yield path, node


def _exceptions(tree: ast.Module) -> set[str]:
    """The classes of a module that are raised, or that inherit from one which sounds like it."""
    found = {node.name for node in ast.walk(tree) if isinstance(node, ast.ClassDef) and _is_exception(node)}
    for node in ast.walk(tree):
        if isinstance(node, ast.ClassDef) and any(ast.unparse(base) in found for base in node.bases):
            found.add(node.name)
    return found


def _sections(tree: ast.Module) -> set[str]:
    classes = [node for node in ast.walk(tree) if isinstance(node, ast.ClassDef)]
    return {node.name for node in classes if any(ast.unparse(base) == "Section" for base in node.bases)}


def _is_exception(node: ast.ClassDef) -> bool:
    return any(ast.unparse(base).endswith(("Error", "Exception", "Denied", "Unusable")) for base in node.bases)


def _known(word: str, words: set[str]) -> bool:
    singular = {word, word.removesuffix("s"), word.removesuffix("es"), re.sub("ies$", "y", word)}
    return bool(singular & words)


def test_the_name_of_a_class_ends_in_a_word_of_the_glossary() -> None:
    words = glossary()
    strange = [
        f"{path.relative_to(ROOT)}: {node.name}"
        for path, node in public_classes()
        if not _known(_WORD.findall(node.name)[-1].lower(), words)
    ]
    assert strange == [], "use a word of README, Words, or add one there"


def test_the_glossary_has_no_word_that_nobody_uses() -> None:
    used = {_WORD.findall(node.name)[-1].lower() for _, node in public_classes()}
    terms = {row[0].strip().lower() for row in table_rows(section("README.md", "## Words"))}
    idle = {word for word in glossary() - terms if not any(_known(name, {word}) for name in used)}
    assert idle == set()
