"""Commands that leave a person's decision or word: `resolve`, `dispose`, `vendor-shipped`."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from gateway.cli.options import actor_option, home_of, home_option, user


@click.command()
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


@click.command()
@click.argument("return_no", metavar="RETURN", help="The return's number.")
@click.argument("line", help="The line's number.")
@click.argument("outcomes", nargs=-1, required=True, metavar="OUTCOME=QUANTITY...", help="As restock=8 scrap=2.")
@click.option("--from", "left", default="", metavar="OUTCOME", help="Of goods that have this outcome, as quarantine.")
@click.option("--instead", is_flag=True, help="In place of what was said of this line by hand before.")
@actor_option
@click.option("--note", default="", help="Why.")
@home_option
def dispose(
    return_no: str,
    line: str,
    outcomes: tuple[str, ...],
    left: str,
    instead: bool,
    actor: str,
    note: str,
    home: Path | None,
) -> int:
    """Say what becomes of goods: received or inspected ones, or such as leave an outcome (--from).

    It is an audited decision that writes movements.
    """
    from gateway.commands.resolving import dispose_goods

    request = {"return": return_no, "line": line, "from": left, "instead": instead, "note": note}
    return dispose_goods(home_of(home), request, outcomes, actor or user(), sys.stdout.write)


@click.command(name="vendor-shipped")
@click.argument("return_no", metavar="RETURN", help="The return's number.")
@click.option("--supplier", default="", help="The supplier's folder, where several are asked to take goods back.")
@click.option("--carrier", default="", help="Who carries them.")
@click.option("--tracking", multiple=True, help="A tracking number; once for each parcel.")
@click.option("--on", "shipped_on", default="", metavar="YYYY-MM-DD", help="The day on which they were sent.")
@actor_option
@click.option("--note", default="", help="Why, or anything else worth keeping.")
@home_option
def vendor_shipped(
    return_no: str,
    supplier: str,
    carrier: str,
    tracking: tuple[str, ...],
    shipped_on: str,
    actor: str,
    note: str,
    home: Path | None,
) -> int:
    """Say how goods travel back to their supplier: the claim learns carrier and tracking."""
    from gateway.commands.resolving import ship_out

    said: dict[str, object] = {"return": return_no, "supplier": supplier, "carrier": carrier}
    request = said | {"tracking": list(tracking), "shipped_on": shipped_on, "note": note}
    return ship_out(home_of(home), request, actor or user(), sys.stdout.write)
