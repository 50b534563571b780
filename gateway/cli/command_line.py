"""The group of all commands, in their order, and the entry point `main`."""

from __future__ import annotations

import gc
import os
import sys
from pathlib import Path

import click

from gateway.cli.decisions import dispose, resolve, vendor_shipped
from gateway.cli.events import events
from gateway.cli.files import explain, translate
from gateway.cli.options import OrderedGroup, home_option, state
from gateway.cli.partner_folders import check, codes, partner
from gateway.cli.reports import rebuild, reconcile, status, verify
from gateway.cli.work import demo, init, once, replay, run, send

# In the order of a return's way: so `--help` lists them.
COMMANDS: tuple[click.Command, ...] = (
    demo,
    init,
    run,
    once,
    translate,
    explain,
    check,
    status,
    send,
    replay,
    verify,
    rebuild,
    reconcile,
    resolve,
    dispose,
    vendor_shipped,
    partner,
    codes,
    events,
)


@click.group(
    name="returns-gateway",
    cls=OrderedGroup,
    help="The gateway between partners' return files (X12 180, 856, 944 and flat files), warehouses and the ERP.",
)
@home_option
def app(home: Path | None) -> None:
    """Remember the home that stands before the command; by itself it is GATEWAY_HOME, or the current folder."""
    state["home"] = home or Path(os.environ.get("GATEWAY_HOME", "."))


for command in COMMANDS:
    app.add_command(command)


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
