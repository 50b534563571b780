"""The command line. Stable: scripts depend on names, options, exit codes and the JSON printed.

Each command imports what it needs when it runs: `translate` of one small file starts in well under half a second.
Exit codes: 0 done, 1 the answer is no (a rejected file, a failed check), 2 not readable or wrong usage, 70 the disk
cannot be trusted, 75 another process owns the home: try again later.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Annotated

import typer

app = typer.Typer(
    name="returns-gateway",
    help="The gateway between partners' return files (X12 180, 856, 944 and flat files), warehouses and the ERP.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
partner_app = typer.Typer(help="Work on partner folders.", no_args_is_help=True)
app.add_typer(partner_app, name="partner")
codes_app = typer.Typer(
    help="Codes that lines wait for: list them, and say what they mean.", invoke_without_command=True
)
app.add_typer(codes_app, name="codes")

HomeOption = Annotated[
    Path | None,
    typer.Option("--home", help="The gateway's home (default: GATEWAY_HOME, else the current folder)."),
]
state: dict[str, Path] = {}


@app.callback()
def choose_home(home: HomeOption = None) -> None:
    state["home"] = home or Path(os.environ.get("GATEWAY_HOME", "."))


def home_of(home: Path | None) -> Path:
    """The home a command works on: its own --home, else the one before the command, else the current folder."""
    return home or state.get("home", Path())


@app.command()
def demo(
    keep: Annotated[Path | None, typer.Option(help="Keep the demo's home in this folder.")] = None,
) -> None:
    """The whole story on the shipped sample partners, in a temporary home; prints each step."""
    from gateway.demo import run_demo

    raise typer.Exit(run_demo(keep, sys.stdout.write))


@app.command()
def init(folder: Annotated[Path, typer.Argument(help="The folder to make into a home.")]) -> None:
    """A new home with the sample partners."""
    from gateway.commands.homes import init_home

    raise typer.Exit(init_home(folder, sys.stdout.write))


@app.command()
def run(
    host: Annotated[str, typer.Option(help="Address of the status page.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="Port of the status page.")] = 8180,
    home: HomeOption = None,
) -> None:
    """Watch, poll, process, dispatch and serve the status page, until interrupted."""
    from gateway.commands.running import run_forever

    raise typer.Exit(run_forever(home_of(home), host, port, sys.stdout.write))


@app.command()
def once(home: HomeOption = None) -> None:
    """Everything that is waiting, then exit. 0 also when partners' files were rejected or held."""
    from gateway.commands.running import run_once

    raise typer.Exit(run_once(home_of(home), sys.stdout.write))


@app.command()
def translate(
    file: Annotated[Path, typer.Argument(help="The file to translate; it is only read.")],
    partner: Annotated[str, typer.Option(help="Translate as this partner's folder says.")] = "",
    home: HomeOption = None,
) -> None:
    """Dry run: one JSON object. Exit 0 all accepted, 1 something rejected, 2 not readable."""
    from gateway.commands.translating import translate_file

    raise typer.Exit(translate_file(file, partner, home_of(home), sys.stdout.write))


@app.command()
def explain(
    file: Annotated[Path, typer.Argument(help="The file to explain; it is only read.")],
    partner: Annotated[str, typer.Option(help="Read it as this partner's folder says.")] = "",
    home: HomeOption = None,
) -> None:
    """The file for a person: loops, names, spelt-out codes, findings in place."""
    from gateway.commands.translating import explain_file

    raise typer.Exit(explain_file(file, partner, home_of(home), sys.stdout.write, sys.stdout.isatty()))


@app.command()
def check(
    partners: Annotated[list[str] | None, typer.Argument(help="Partner folders (default: all).")] = None,
    write: Annotated[bool, typer.Option("--write", help="Regenerate the expectations.")] = False,
    home: HomeOption = None,
) -> None:
    """Lint partner folders and replay their samples against the expectations; prints a certificate."""
    from gateway.commands.checking import check_partners

    raise typer.Exit(check_partners(home_of(home), partners or [], write, sys.stdout.write))


@app.command()
def status(
    as_json: Annotated[bool, typer.Option("--json", help="The same as JSON.")] = False,
    home: HomeOption = None,
) -> None:
    """Counts per stage, open holds, overdue clocks, pending dispatches."""
    from gateway.commands.reporting import print_status

    raise typer.Exit(print_status(home_of(home), as_json, sys.stdout.write))


@app.command()
def replay(
    intake: Annotated[int, typer.Argument(help="The intake's number.")],
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only show the difference.")] = False,
    home: HomeOption = None,
) -> None:
    """Process the archived bytes of an intake again."""
    from gateway.commands.replaying import replay_intake

    raise typer.Exit(replay_intake(home_of(home), intake, dry_run, sys.stdout.write))


@app.command()
def verify(home: HomeOption = None) -> None:
    """Every invariant, store against archive and outbox; exit 0 only if all hold."""
    from gateway.commands.reporting import verify_home

    raise typer.Exit(verify_home(home_of(home), sys.stdout.write))


@app.command()
def rebuild(
    check: Annotated[bool, typer.Option("--check", help="Only compare: nothing is changed (the only way there is).")],
    home: HomeOption = None,
) -> None:
    """Decide everything that is stored again, in memory, and compare; exit 0 only if all comes out as it is stored."""
    from gateway.commands.rebuilding import check_rebuild

    del check
    raise typer.Exit(check_rebuild(home_of(home), sys.stdout.write))


@app.command()
def reconcile(
    csv: Annotated[Path | None, typer.Option(help="Write the whole comparison to this CSV file too.")] = None,
    period: Annotated[str, typer.Option(help="Only the returns opened in this month, such as 2025-03.")] = "",
    close: Annotated[str, typer.Option(help="Freeze the result of this month; it can be closed once.")] = "",
    home: HomeOption = None,
) -> None:
    """Partner, warehouse and ERP views of the same returns; the differences, as a table and CSV."""
    from gateway.commands.reconciling import close_period, print_reconciliation

    if close:
        raise typer.Exit(close_period(home_of(home), close, os.environ.get("USER", "admin"), sys.stdout.write))
    raise typer.Exit(print_reconciliation(home_of(home), csv, period, sys.stdout.write))


@app.command()
def resolve(
    hold: Annotated[int, typer.Argument(help="The hold's number (see `status`).")],
    decision: Annotated[str, typer.Argument(help="What to do about it (see the hold's next action).")],
    actor: Annotated[str, typer.Option(help="Who decides.")] = "",
    note: Annotated[str, typer.Option(help="Why.")] = "",
    home: HomeOption = None,
) -> None:
    """Answer a Hold: an audited decision, carried out by the next tick."""
    from gateway.commands.resolving import resolve_hold

    raise typer.Exit(
        resolve_hold(home_of(home), hold, decision, actor or os.environ.get("USER", "admin"), note, sys.stdout.write)
    )


@partner_app.command("new")
def partner_new(
    name: Annotated[str, typer.Argument(help="The folder's name: small letters, digits, hyphens.")],
    samples: Annotated[list[Path], typer.Option("--from", help="Real files of theirs.")],
    more: Annotated[list[Path] | None, typer.Argument(help="Further sample files.")] = None,
    role: Annotated[str, typer.Option(help="retailer, warehouse, carrier, supplier or erp; else it is guessed.")] = "",
    home: HomeOption = None,
) -> None:
    """Propose a partner folder from sample files; everything guessed is marked."""
    from gateway.commands.onboarding import new_partner

    raise typer.Exit(new_partner(home_of(home), name, [*samples, *(more or [])], role, sys.stdout.write))


@partner_app.command("guide")
def partner_guide(
    name: Annotated[str, typer.Argument(help="The partner's folder.")],
    out: Annotated[Path | None, typer.Option(help="Write the page to this file instead of printing it.")] = None,
    home: HomeOption = None,
) -> None:
    """The partner's implementation guide as one HTML page, to send to its EDI team."""
    from gateway.commands.onboarding import write_guide

    raise typer.Exit(write_guide(home_of(home), name, out, sys.stdout.write))


@codes_app.callback()
def codes(
    context: typer.Context,
    as_json: Annotated[bool, typer.Option("--json", help="The same as JSON.")] = False,
    home: HomeOption = None,
) -> None:
    """Codes that lines wait for, by partner and table."""
    if context.invoked_subcommand is not None:
        state["home"] = home_of(home)
        return
    from gateway.commands.codes import list_codes

    raise typer.Exit(list_codes(home_of(home), as_json, sys.stdout.write))


@codes_app.command("answer")
def codes_answer(
    partner: Annotated[str, typer.Argument(help="The partner's folder; _house for everybody.")],
    table: Annotated[str, typer.Argument(help="reason, condition, disposition, unit, sku, site, customer …")],
    theirs: Annotated[str, typer.Argument(help="Their code.")],
    ours: Annotated[str, typer.Argument(help="What it means here.")],
    text: Annotated[str, typer.Option(help="A few words for whoever reads the file.")] = "",
    valid_from: Annotated[str, typer.Option("--from", help="The first day it means that, as 2025-03-14.")] = "",
    any_word: Annotated[bool, typer.Option("--any-word", help="Ours need not be one of the known words.")] = False,
    actor: Annotated[str, typer.Option(help="Who decides.")] = "",
    home: HomeOption = None,
) -> None:
    """Enter what a code means; the lines that waited for it are decided again."""
    from gateway.commands.codes import answer_code
    from translators.profile import CrosswalkRow

    row = CrosswalkRow(theirs=theirs, ours=ours, text=text, valid_from=valid_from)
    who = actor or os.environ.get("USER", "admin")
    raise typer.Exit(answer_code(home_of(home), partner, table, row, any_word, who, sys.stdout.write))


def main() -> None:
    """Run the command line; typed troubles of ours become a message with its remedy and an exit code."""
    from gateway.faults import GatewayError

    try:
        app()
    except GatewayError as trouble:
        sys.stderr.write(f"returns-gateway: {trouble}\n")
        if trouble.remedy:
            sys.stderr.write(f"  remedy: {trouble.remedy}\n")
        sys.exit(trouble.exit_code)
