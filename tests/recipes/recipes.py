"""Read the recipes of .github/CONTRIBUTING.md and carry them out on a scratch copy of the project.

A recipe is a section of level two that has fenced blocks with one of these words behind the language:

    file=PATH                      the block is a new file
    insert=PATH after="LINE"       the block goes behind the first line of PATH that contains LINE
    append=PATH                    the block goes to the end of PATH
    run                            the block is a shell command that must exit 0
    output                         every line of the block stands in what the last command printed
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
CONTRIBUTING = ROOT / ".github" / "CONTRIBUTING.md"
COPIED = (".github", "gateway", "translators", "partners", "tests", "pyproject.toml", "README.md", "CHANGELOG.md")
_BLOCK = re.compile(r"^```\w+ (?P<word>file|insert|append|run|output)(?P<rest>[^\n]*)\n(?P<text>.*?)^```$", re.M | re.S)
_WHERE = re.compile(r'=(?P<path>\S+)(?: after="(?P<after>[^"]+)")?')


@dataclass(frozen=True, slots=True)
class Step:
    """One fenced block: what to do with its text, and where."""

    word: str
    text: str
    path: str = ""
    after: str = ""


@dataclass(frozen=True, slots=True)
class Recipe:
    """One section of CONTRIBUTING.md that has steps."""

    title: str
    steps: tuple[Step, ...]


def read_recipes(text: str) -> list[Recipe]:
    """The recipes of a Markdown text, in order; sections without steps are left out."""
    recipes = []
    for section in re.split(r"^## ", text, flags=re.M)[1:]:
        title, _, body = section.partition("\n")
        steps = tuple(_step(block) for block in _BLOCK.finditer(body))
        if steps:
            recipes.append(Recipe(title.strip(), steps))
    return recipes


def _step(block: re.Match[str]) -> Step:
    where = _WHERE.match(block["rest"])
    if where is None:
        return Step(block["word"], block["text"])
    return Step(block["word"], block["text"], where["path"], where["after"] or "")


@dataclass(frozen=True, slots=True)
class ScratchCopy:
    """A copy of the project that may be changed; commands run in it see its own packages."""

    root: Path

    @classmethod
    def make(cls, folder: Path) -> ScratchCopy:
        """Copy what a checkout holds (without caches) to `folder`/project."""
        root = folder / "project"
        root.mkdir()
        for name in COPIED:
            source = ROOT / name
            if source.is_dir():
                shutil.copytree(source, root / name, ignore=shutil.ignore_patterns("__pycache__"))
            else:
                shutil.copy2(source, root / name)
        return cls(root)

    def run(self, command: str, *, check: bool = True) -> str:
        """Run a shell command here → its output and errors. Raises AssertionError if it does not exit 0."""
        path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
        environment = {**os.environ, "PYTHONPATH": str(self.root), "PATH": path}
        done = subprocess.run(
            ["bash", "-euo", "pipefail", "-c", command],
            cwd=self.root,
            env=environment,
            capture_output=True,
            text=True,
            check=False,
        )
        printed = done.stdout + done.stderr
        assert done.returncode == 0 or not check, f"{command}: exit {done.returncode}\n{printed}"
        return printed

    def write(self, path: str, text: str) -> None:
        """A new file of the copy."""
        target = self.root / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text, encoding="utf-8")

    def insert(self, path: str, after: str, text: str) -> None:
        """Put text behind the first line that contains `after`; at the end for an empty `after`."""
        target = self.root / path
        lines = target.read_text(encoding="utf-8").splitlines(keepends=True)
        found = next((number for number, line in enumerate(lines, 1) if after in line), None)
        assert found is not None, f"{path} has no line with {after!r}"
        lines.insert(found if after else len(lines), text)
        target.write_text("".join(lines), encoding="utf-8")

    def follow(self, recipe: Recipe) -> None:
        """Carry out a recipe, step by step. Raises AssertionError for a step that does not do what it says."""
        printed = ""
        for step in recipe.steps:
            if step.word == "file":
                assert not (self.root / step.path).exists(), f"{recipe.title}: {step.path} is there already"
                self.write(step.path, step.text)
            elif step.word in {"insert", "append"}:
                self.insert(step.path, step.after, step.text)
            elif step.word == "run":
                printed = self.run(step.text)
            else:
                for line in step.text.splitlines():
                    assert line.strip() in printed, f"{recipe.title}: {line!r} is not in:\n{printed}"
