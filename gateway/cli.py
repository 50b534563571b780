"""The command line. Stable: scripts depend on names, options, exit codes and the JSON printed.

Each command imports what it needs when it runs: `translate` of one small file starts in well under half a second.
A command returns its exit code: 0 done, 1 the answer is no (a rejected file, a failed check), 2 not readable or wrong
usage, 70 the disk cannot be trusted, 75 another process owns the home: try again later; 130 interrupted.
"""

from __future__ import annotations

import gc
import os
import sys
from pathlib import Path

import click

FILE = click.Path(path_type=Path)
state: dict[str, Path] = {}

home_option = click.option(
    "--home", type=FILE, help="The gateway's home (default: GATEWAY_HOME, else the current folder)."
)
actor_option = click.option("--actor", default="", help="Who decides.")


class Commands(click.Group):
    """Commands listed in the order in which they stand here, which is the order of a return's way."""

    group_class = type  # groups below are of this class too

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(self.commands)


@click.group(
    name="returns-gateway",
    cls=Commands,
    help="The gateway between partners' return files (X12 180, 856, 944 and flat files), warehouses and the ERP.",
)
@home_option
def app(home: Path | None) -> None:
    state["home"] = home or Path(os.environ.get("GATEWAY_HOME", "."))


def home_of(home: Path | None) -> Path:
    """The home a command works on: its own --home, else the one before the command, else the current folder."""
    return home or state.get("home", Path())


def user() -> str:
    """Who decides when --actor does not say."""
    return os.environ.get("USER", "admin")


@app.command()
@click.option("--keep", type=FILE, help="Keep the demo's home in this folder.")
def demo(keep: Path | None) -> int:
    """The whole story on the shipped sample partners, in a temporary home; prints each step."""
    from gateway.demo import run_demo

    return run_demo(keep, sys.stdout.write)


@app.command()
@click.argument("folder", type=FILE, help="The folder to make into a home.")
def init(folder: Path) -> int:
    """A new home with the sample partners."""
    from gateway.commands.homes import init_home

    return init_home(folder, sys.stdout.write)


@app.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="Address of the status page.")
@click.option("--port", default=8180, show_default=True, help="Port of the status page.")
@home_option
def run(host: str, port: int, home: Path | None) -> int:
    """Watch, poll, process, dispatch and serve the status page, until interrupted."""
    from gateway.commands.running import run_forever

    return run_forever(home_of(home), host, port, sys.stdout.write)


@app.command()
@home_option
def once(home: Path | None) -> int:
    """Everything that is waiting, then exit. 0 also when partners' files were rejected or held."""
    from gateway.commands.running import run_once

    return run_once(home_of(home), sys.stdout.write)


@app.command()
@click.argument("file", type=FILE, help="The file to translate; it is only read.")
@click.option("--partner", default="", help="Translate as this partner's folder says.")
@home_option
def translate(file: Path, partner: str, home: Path | None) -> int:
    """Dry run: one JSON object. Exit 0 all accepted, 1 something rejected, 2 not readable."""
    from gateway.commands.translating import translate_file

    return translate_file(file, partner, home_of(home), sys.stdout.write)


@app.command()
@click.argument("file", type=FILE, help="The file to explain; it is only read.")
@click.option("--partner", default="", help="Read it as this partner's folder says.")
@home_option
def explain(file: Path, partner: str, home: Path | None) -> int:
    """The file for a person: loops, names, spelt-out codes, findings in place."""
    from gateway.commands.translating import explain_file

    return explain_file(file, partner, home_of(home), sys.stdout.write, sys.stdout.isatty())


@app.command()
@click.argument("partners", nargs=-1, help="Partner folders (default: all).")
@click.option("--write", is_flag=True, help="Regenerate the expectations.")
@click.option("--json", "as_json", is_flag=True, help="The same as JSON.")
@click.option("--live", default=20, show_default=True, help="So many of each partner's latest files are looked at too.")
@home_option
def check(partners: tuple[str, ...], write: bool, as_json: bool, live: int, home: Path | None) -> int:
    """Lint partner folders and replay their samples against the expectations; prints a certificate, and what live
    traffic used that no sample does."""
    from gateway.commands.checking import check_partners

    return check_partners(home_of(home), list(partners), write, sys.stdout.write, live, as_json)


@app.command()
@click.option("--json", "as_json", is_flag=True, help="The same as JSON.")
@home_option
def status(as_json: bool, home: Path | None) -> int:
    """Counts per stage, open holds, overdue clocks, pending dispatches."""
    from gateway.commands.status import print_status

    return print_status(home_of(home), as_json, sys.stdout.write)


@app.command()
@click.argument("destination", help="The ERP's folder.")
@actor_option
@home_option
def send(destination: str, actor: str, home: Path | None) -> int:
    """What is ready for an ERP goes out now, outside its windows; what waits for a result of the ERP stays back."""
    from gateway.commands.sending import send_now

    return send_now(home_of(home), destination, actor or user(), sys.stdout.write)


@app.command()
@click.argument("intake", type=int, help="The intake's number.")
@click.option("--dry-run", is_flag=True, help="Only show the difference.")
@home_option
def replay(intake: int, dry_run: bool, home: Path | None) -> int:
    """Process the archived bytes of an intake again."""
    from gateway.commands.replaying import replay_intake

    return replay_intake(home_of(home), intake, dry_run, sys.stdout.write)


@app.command()
@home_option
def verify(home: Path | None) -> int:
    """Every invariant, store against archive and outbox; exit 0 only if all hold."""
    from gateway.commands.verifying import verify_home

    return verify_home(home_of(home), sys.stdout.write)


@app.command()
@click.option(
    "--check",
    is_flag=True,
    required=True,
    help="Only compare: nothing is changed (the only way there is).",
)
@home_option
def rebuild(check: bool, home: Path | None) -> int:
    """Decide everything that is stored again, in memory, and compare; exit 0 only if all comes out as it is stored."""
    from gateway.commands.rebuilding import check_rebuild

    del check
    return check_rebuild(home_of(home), sys.stdout.write)


@app.command()
@click.option("--csv", type=FILE, help="Write the whole comparison to this CSV file too.")
@click.option("--period", default="", help="Only the returns opened in this month, such as 2025-03.")
@click.option("--close", default="", help="Freeze the result of this month; it can be closed once.")
@home_option
def reconcile(csv: Path | None, period: str, close: str, home: Path | None) -> int:
    """Partner, warehouse and ERP views of the same returns; the differences, as a table and CSV."""
    from gateway.commands.reconciling import close_period, print_reconciliation

    if close:
        return close_period(home_of(home), close, user(), sys.stdout.write)
    return print_reconciliation(home_of(home), csv, period, sys.stdout.write)


@app.command()
@click.argument("hold", type=int, help="The hold's number (see `status`).")
@click.argument("decision", nargs=-1, help="What to do about it (see the hold's next action), NAME=VALUE where needed.")
@click.option("--choose", multiple=True, metavar="NAME=VALUE", help="The rest of a decision: restock=8, line=2.")
@actor_option
@click.option("--note", default="", help="Why.")
@home_option
def resolve(
    hold: int, decision: tuple[str, ...], choose: tuple[str, ...], actor: str, note: str, home: Path | None
) -> int:
    """Answer a Hold: an audited decision, carried out by the next tick."""
    from gateway.commands.resolving import resolve_hold

    return resolve_hold(home_of(home), hold, (*decision, *choose), actor or user(), note, sys.stdout.write)


@app.command()
@click.argument("return_no", metavar="RETURN", help="The return's number.")
@click.argument("line", help="The line's number.")
@click.argument("outcomes", nargs=-1, required=True, metavar="OUTCOME=QUANTITY...", help="As restock=8 scrap=2.")
@click.option("--instead", is_flag=True, help="In place of what was said of this line by hand before.")
@actor_option
@click.option("--note", default="", help="Why.")
@home_option
def dispose(
    return_no: str, line: str, outcomes: tuple[str, ...], instead: bool, actor: str, note: str, home: Path | None
) -> int:
    """Say what becomes of goods that are received or inspected: an audited decision that writes movements."""
    from gateway.commands.resolving import dispose_goods

    request = {"return": return_no, "line": line, "instead": instead, "note": note}
    return dispose_goods(home_of(home), request, outcomes, actor or user(), sys.stdout.write)


@app.group()
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
    from gateway.commands.partner_folders import new_partner

    return new_partner(home_of(home), name, [*samples, *more], role, sys.stdout.write)


@partner.command("guide")
@click.argument("name", help="The partner's folder.")
@click.option("--out", type=FILE, help="Write the page to this file instead of printing it.")
@home_option
def partner_guide(name: str, out: Path | None, home: Path | None) -> int:
    """The partner's implementation guide as one HTML page, to send to its EDI team."""
    from gateway.commands.partner_folders import write_guide

    return write_guide(home_of(home), name, out, sys.stdout.write)


@app.group(invoke_without_command=True, help="Codes that lines wait for: list them, and say what they mean.")
@click.option("--json", "as_json", is_flag=True, help="The same as JSON.")
@home_option
@click.pass_context
def codes(context: click.Context, as_json: bool, home: Path | None) -> int:
    """Codes that lines wait for, by partner and table."""
    if context.invoked_subcommand is not None:
        state["home"] = home_of(home)
        return 0
    from gateway.commands.codes import list_codes

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
    from gateway.commands.codes import answer_code
    from translators.profile import CrosswalkRow

    row = CrosswalkRow(theirs=theirs, ours=ours, text=text, valid_from=valid_from)
    return answer_code(home_of(home), partner, table, row, any_word, actor or user(), sys.stdout.write)


def _start_quickly() -> None:
    """A tenth off the start of every command: nothing that is imported is garbage, and pydantic has no plugins here."""
    gc.set_threshold(50_000)
    os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "__all__")


def main() -> None:
    """Run the command line; wrong usage and typed troubles of ours become a message and an exit code."""
    _start_quickly()
    from gateway.faults import GatewayError

    try:
        sys.exit(app(standalone_mode=False))
    except click.ClickException as wrong:
        wrong.show()
        sys.exit(wrong.exit_code)
    except click.Abort:
        sys.exit(130)
    except GatewayError as trouble:
        sys.stderr.write(f"returns-gateway: {trouble}\n")
        if trouble.remedy:
            sys.stderr.write(f"  remedy: {trouble.remedy}\n")
        sys.exit(trouble.exit_code)
