"""The READMEs' tables of commands, environment variables, policy keys, codes and layouts are those of the code."""

from __future__ import annotations

import ast
import re
import tomllib
from collections.abc import Iterator
from decimal import Decimal
from typing import get_args

import click
from pydantic import BaseModel

from gateway.cli import app
from gateway.onboarding.code_answer import OUR_CONDITIONS, OUR_REASONS, OUR_REFERENCES
from gateway.partners.model import HouseSettings, Role
from gateway.partners.sections.partner import DocumentKind
from gateway.returns import Policy
from gateway.returns.policy.calendar import Calendar, ClockRule
from gateway.returns.policy.eligibility import Check, Rule
from gateway.returns.policy.postings import DispositionRule, PostingRule, Stages
from tests.readme import ROOT, code_words, section, table_rows
from translators.erp.profile.load import shipped_erp_profiles
from translators.flat.layout.shipped import shipped_layouts

PARTNERS = "partners/README.md"


# --- commands


def _commands() -> Iterator[tuple[str, click.Command]]:
    """Every command with the words that call it: "init", "partner new"."""
    for name, command in app.commands.items():
        yield name, command
        if isinstance(command, click.Group):
            yield from ((f"{name} {inner}", command.commands[inner]) for inner in command.commands)


def _options(command: click.Command) -> set[str]:
    options = [parameter.opts[-1] for parameter in command.params if isinstance(parameter, click.Option)]
    return {option for option in options if option != "--help"}


def test_every_command_stands_in_the_readme_with_its_options() -> None:
    described: dict[str, set[str]] = {}
    for cells in table_rows(section("README.md", "## Run it"), "command"):
        usage = code_words(cells[0])[0]
        name = " ".join(re.match(r"[a-z]+(?:[ -][a-z]+)*", usage)[0].split())  # type: ignore[index] # a usage begins with its name
        described[name] = set(re.findall(r"--[a-z-]+", usage))
    known = {
        name: _options(command) - {"--home", "--actor"}
        for name, command in _commands()
        if not isinstance(command, click.Group) or command.invoke_without_command
    }
    assert described == known


def test_the_options_of_many_commands_are_those_that_the_readme_says() -> None:
    text = section("README.md", "## Run it")
    commands = [(name, _options(command)) for name, command in _commands()]
    deciding = re.search(r"\. (.*) take `--actor", text)
    assert deciding is not None
    assert set(code_words(deciding[1])) == {name for name, options in commands if "--actor" in options}
    without_home = re.search(r"but for (.*), behind it", text)
    assert without_home is not None
    groups = {name for name, command in app.commands.items() if isinstance(command, click.Group)}
    assert set(code_words(without_home[1])) == {name for name, options in commands if "--home" not in options} - groups


# --- environment


def _is_environment(node: ast.expr) -> bool:
    return ast.unparse(node) in {"os.environ", "environment"}


def _variables(source: str) -> Iterator[str]:
    """Names of the environment variables that a module reads; one that only a setting names is left out."""
    tree = ast.parse(source)
    constants = {
        target.id: node.value.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Constant)
        for target in node.targets
        if isinstance(target, ast.Name)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            getting = node.func.attr == "get" and _is_environment(node.func.value)
            name = node.args[0] if getting or ast.unparse(node.func) == "os.getenv" else None
        elif isinstance(node, ast.Subscript) and _is_environment(node.value):
            name = node.slice
        else:
            continue
        if isinstance(name, ast.Constant):
            yield str(name.value)
        elif isinstance(name, ast.Name):
            yield str(constants[name.id])
        elif name is not None:
            assert ast.unparse(name) == "self.env"  # of a secret: a setting names the variable


def test_every_environment_variable_that_is_read_stands_in_the_readme() -> None:
    described = {
        code_words(cells[0])[0] for cells in table_rows(section("README.md", "## Run it"), "environment variable")
    }
    modules = [path for package in ("gateway", "translators") for path in (ROOT / package).rglob("*.py")]
    sources = [path.read_text(encoding="utf-8") for path in modules]
    read = {name for source in sources if re.search(r"environ\b|getenv", source) for name in _variables(source)}
    assert described == read | {"TMPDIR"}  # which Python itself reads


# --- the policy and the house


def _policy_rows() -> dict[str, str]:
    """Key of the policy → its default as the README has it."""
    rows = table_rows(section(PARTNERS, "### Keys of the policy"), "key")
    return {code_words(cells[0])[0].strip("[]").partition(".")[0]: cells[1] for cells in rows}


def test_every_key_of_the_policy_is_described_with_its_default() -> None:
    described, default = _policy_rows(), Policy()
    assert set(described) == set(Policy.model_fields) - {"routes"}  # which the partner folders make
    scalars = {name: cell for name, cell in described.items() if cell.startswith("`") and " = " not in cell}
    assert len(scalars) >= 19
    for name, cell in scalars.items():
        value = getattr(default, name)
        shown = tomllib.loads(f"value = {cell.strip('`')}")["value"]
        assert shown == (int(value) if isinstance(value, Decimal) else value), name


def test_the_shipped_house_has_the_default_rules_and_outcomes() -> None:
    house = tomllib.loads((ROOT / "partners/_house/policy.toml").read_text(encoding="utf-8"))
    shipped, default = Policy.model_validate(house), Policy()
    window = {"outside_window"}
    assert [rule for rule in shipped.rules if rule.check not in window] == [
        rule for rule in default.rules if rule.check not in window
    ]
    assert shipped.dispositions == default.dispositions
    assert shipped.clocks == default.clocks
    assert [rule.days for rule in default.rules if rule.check in window] == [30]


def _keys(*models: type[BaseModel]) -> set[str]:
    return {name for model in models for name in model.model_fields}


def test_every_key_of_a_table_of_the_policy_is_described() -> None:
    text = section(PARTNERS, "### Keys of the policy")
    words = set(code_words(text))
    missing = _keys(Rule, Calendar, ClockRule, DispositionRule, PostingRule, Stages) - words
    assert missing == set()
    checks = next(cells[1] for cells in table_rows(text, "key of a rule") if cells[0] == "`check`")
    assert checks.split(", ") == list(get_args(Check))


def _missing(model: type[BaseModel], table: dict[str, object], path: str = "") -> list[str]:
    """Keys of a model that a TOML table does not show."""
    missing = [f"{path}{name}" for name in model.model_fields if name not in table]
    for name, field in model.model_fields.items():
        inner, kind = table.get(name), field.annotation
        if isinstance(inner, dict) and isinstance(kind, type) and issubclass(kind, BaseModel):
            missing += _missing(kind, inner, f"{path}{name}.")
    return missing


def test_the_house_shows_its_limits_and_retention() -> None:
    house = tomllib.loads((ROOT / "partners/_house/partner.toml").read_text(encoding="utf-8"))
    # An address of ours is enough; switches between ERPs and who is told of events have chapters of the README.
    assert _missing(HouseSettings, house) == ["erp_switch", "events", "identity.aliases", "identity.customer"]
    default = HouseSettings()
    shown = HouseSettings.model_validate(house)
    assert (shown.limits, shown.retention) == (default.limits, default.retention)


# --- codes, kinds of document, layouts, profiles


def test_our_words_for_codes_are_those_of_the_table() -> None:
    rows = table_rows(section(PARTNERS, "### 4. Give their codes a meaning"), "file")
    words = {file: cells[2].split(", ") for cells in rows for file in code_words(cells[0])}
    assert set(words["reason.csv"]) == OUR_REASONS
    assert set(words["condition.csv"]) == OUR_CONDITIONS
    assert words["disposition.csv"] == list(Policy().dispositions)
    assert set(words["reference_qualifier.csv"]) == OUR_REFERENCES


def test_the_template_names_every_kind_of_document_and_role() -> None:
    template = (ROOT / "partners/_template/partner.toml").read_text(encoding="utf-8")
    kinds = re.search(r"Kinds: (.*?)\.\n", template.replace("\n# ", " "), re.S)
    assert kinds is not None
    assert kinds[1].split(", ") == list(get_args(DocumentKind))
    assert f"# {', '.join(get_args(Role)[:-1])} or {get_args(Role)[-1]}." in template


def test_every_shipped_layout_is_named() -> None:
    text = " ".join(section(PARTNERS, "## Flat files").split())
    named = re.search(r"the shipped ones are (.*?)\. ", text)
    assert named is not None
    assert set(re.split(r", | and ", named[1])) == set(shipped_layouts())


def test_every_shipped_profile_has_a_page() -> None:
    pages = ROOT / "translators/erp/profiles/pages"
    assert {path.stem for path in pages.glob("*.md")} - {"README"} == set(shipped_erp_profiles())
