"""Commands about one file, without a home: `translate`, `explain`."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from gateway.cli.options import FILE, home_of, home_option


@click.command()
@click.argument("file", type=FILE, help="The file to translate; it is only read.")
@click.option("--partner", default="", help="Translate as this partner's folder says.")
@home_option
def translate(file: Path, partner: str, home: Path | None) -> int:
    """Dry run: one JSON object. Exit 0 all accepted, 1 something rejected, 2 not readable."""
    from gateway.commands.translating import translate_file

    return translate_file(file, partner, home_of(home), sys.stdout.write)


@click.command()
@click.argument("file", type=FILE, help="The file to explain; it is only read.")
@click.option("--partner", default="", help="Read it as this partner's folder says.")
@home_option
def explain(file: Path, partner: str, home: Path | None) -> int:
    """The file for a person: loops, names, spelt-out codes, findings in place."""
    from gateway.commands.translating import explain_file

    return explain_file(file, partner, home_of(home), sys.stdout.write, sys.stdout.isatty())
