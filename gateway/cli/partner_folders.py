"""Commands about partner folders: `check`, `partner new`, `partner guide`, `codes`, `codes answer`."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from gateway.cli.options import FILE, OrderedGroup, actor_option, home_of, home_option, state, user


@click.command()
@click.argument("partners", nargs=-1, help="Partner folders (default: all).")
@click.option("--write", is_flag=True, help="Regenerate the expectations.")
@click.option("--json", "as_json", is_flag=True, help="The same as JSON.")
@click.option("--live", default=20, show_default=True, help="So many of each partner's latest files are looked at too.")
@home_option
def check(partners: tuple[str, ...], write: bool, as_json: bool, live: int, home: Path | None) -> int:
    """Lint partner folders and replay their samples against the expectations; prints a certificate, and what live
    traffic used that no sample does."""
    from gateway.commands.partner_folders.checking import check_partners

    return check_partners(home_of(home), list(partners), write, sys.stdout.write, live, as_json)


@click.group(cls=OrderedGroup)
def partner() -> None:
    """Work on partner folders."""


@partner.command("new")
@click.argument("name", help="The folder's name: small letters, digits, hyphens.")
@click.option("--from", "samples", type=FILE, multiple=True, required=True, help="Real files of theirs.")
@click.argument("more", type=FILE, nargs=-1, help="Further sample files.")
@click.option("--role", default="", help="retailer, warehouse, carrier, supplier or erp; else it is guessed.")
@home_option
def partner_new(name: str, samples: tuple[Path, ...], more: tuple[Path, ...], role: str, home: Path | None) -> int:
    """Propose a partner folder from sample files; everything guessed is marked."""
    from gateway.commands.partner_folders.proposing import new_partner

    return new_partner(home_of(home), name, [*samples, *more], role, sys.stdout.write)


@partner.command("guide")
@click.argument("name", help="The partner's folder.")
@click.option("--out", type=FILE, help="Write the page to this file instead of printing it.")
@home_option
def partner_guide(name: str, out: Path | None, home: Path | None) -> int:
    """The partner's implementation guide as one HTML page, to send to its EDI team."""
    from gateway.commands.partner_folders.proposing import write_guide

    return write_guide(home_of(home), name, out, sys.stdout.write)


@click.group(
    cls=OrderedGroup, invoke_without_command=True, help="Codes that lines wait for: list them, and say what they mean."
)
@click.option("--json", "as_json", is_flag=True, help="The same as JSON.")
@home_option
@click.pass_context
def codes(context: click.Context, as_json: bool, home: Path | None) -> int:
    """Codes that lines wait for, by partner and table."""
    if context.invoked_subcommand is not None:
        state["home"] = home_of(home)
        return 0
    from gateway.commands.partner_folders.codes import list_codes

    return list_codes(home_of(home), as_json, sys.stdout.write)


@codes.command("answer")
@click.argument("partner", help="The partner's folder; _house for everybody.")
@click.argument("table", help="reason, condition, disposition, unit, sku, site, customer …")
@click.argument("theirs", help="Their code.")
@click.argument("ours", help="What it means here.")
@click.option("--text", default="", help="A few words for whoever reads the file.")
@click.option("--from", "valid_from", default="", help="The first day it means that, as 2025-03-14.")
@click.option("--any-word", is_flag=True, help="Ours need not be one of the known words.")
@actor_option
@home_option
def codes_answer(
    partner: str,
    table: str,
    theirs: str,
    ours: str,
    text: str,
    valid_from: str,
    any_word: bool,
    actor: str,
    home: Path | None,
) -> int:
    """Enter what a code means; the lines that waited for it are decided again."""
    from gateway.commands.partner_folders.codes import answer_code
    from translators.profile import CrosswalkRow

    row = CrosswalkRow(theirs=theirs, ours=ours, text=text, valid_from=valid_from)
    return answer_code(home_of(home), partner, table, row, any_word, actor or user(), sys.stdout.write)
