"""`codes`: the open worklist of codes without a meaning, and answers to it."""

from __future__ import annotations

import json
import shlex
from pathlib import Path
from typing import TypedDict

from gateway.commands import Write
from gateway.commands.open_home import open_to_read
from gateway.commands.requesting import leave_request
from gateway.configuration import Configuration, read_configuration
from gateway.home import Home
from gateway.onboarding.code_answer import answer, known_words
from gateway.partners import HOUSE
from gateway.store.returns.codes import WaitingCode, waiting_codes
from translators.profile import CrosswalkRow

COLUMNS = ("partner", "table", "their code", "lines", "returns", "waiting since")


# What makes a name known without a row of codes; partners/README.md has the table.
_ELSEWHERE = {
    "unit": "say how many there are in it: rows.units of the ERP's products, or [units] of the policy",
    "sku": "have the ERP export the product",
    "warehouse": "have the ERP export the site, or name it in [warehouse] sites",
    "customer": "have the ERP export the customer",
}


class WaitingCodeJson(TypedDict):
    """A code that lines wait for, in `codes --json`. `read_as`: what the codes file says, which the policy lacks."""

    partner: str
    table: str
    theirs: str
    read_as: str
    lines: int
    returns: list[str]
    documents: list[int]
    since: str


def list_codes(root: Path, as_json: bool, write: Write) -> int:
    """Print every code that lines wait for; the exit code is always 0. Raises HomeMissing."""
    home, store = open_to_read(root)
    configuration = read_configuration(home.partners)
    with store, store.read() as snapshot:
        waiting = waiting_codes(snapshot, configuration.book, configuration.policy)
    if as_json:
        write(json.dumps([_as_json(code) for code in waiting], indent=2, ensure_ascii=False) + "\n")
        return 0
    write(_table(waiting) if waiting else "no line waits for the meaning of a code\n")
    for code in waiting:
        write(f"\nreturns-gateway codes answer {_shell_words(code)} …\n")
        write(f"  {_hint(code, configuration)}\n")
    return 0


def answer_code(
    root: Path, partner: str, table: str, row: CrosswalkRow, any_word: bool, actor: str, write: Write
) -> int:
    """Enter what a code means and have what waited for it decided again; 0 if that is done or left to do."""
    home = Home(root).require()
    configuration = read_configuration(home.partners)
    answered = answer(home.partners, configuration.book, partner, table, row, any_word=any_word)
    write(f"{answered.file}: {answered.words}\n")
    waiting = _waiting(home, configuration, partner, table, row.theirs)
    if not waiting:
        write("no line waits for it; it counts from the next file on\n")
    code = 0
    for waiting_code in waiting:
        body: dict[str, object] = {"partner": waiting_code.partner, "table": table, "theirs": waiting_code.theirs}
        code = max(code, leave_request(home, "rerun_codes", body, actor, write))
    return code


def _waiting(home: Home, configuration: Configuration, partner: str, table: str, theirs: str) -> list[WaitingCode]:
    """The waiting codes that an answer sets free: the partner's own, or all partners' for an answer of the house."""
    if not home.database_file.exists() and "sqlite" in home.database_url():
        return []
    _, store = open_to_read(home.root)
    with store, store.read() as snapshot:
        waiting = waiting_codes(snapshot, configuration.book, configuration.policy)
    everybody = partner == HOUSE
    return [
        code
        for code in waiting
        if (code.table, code.theirs) == (table, theirs) and (everybody or code.partner == partner)
    ]


def _as_json(code: WaitingCode) -> WaitingCodeJson:
    return {
        "partner": code.partner,
        "table": code.table,
        "theirs": code.theirs,
        "read_as": code.read_as,
        "lines": len(code.lines),
        "returns": sorted(code.returns),
        "documents": code.documents,
        "since": code.since,
    }


def _table(waiting: list[WaitingCode]) -> str:
    rows = [COLUMNS, *(_row(code) for code in waiting)]
    widths = [max(len(row[n]) for row in rows) for n in range(len(COLUMNS))]
    return "\n".join("  ".join(c.ljust(w) for c, w in zip(row, widths, strict=True)).rstrip() for row in rows) + "\n"


def _row(code: WaitingCode) -> tuple[str, ...]:
    shown = sorted(code.returns)
    returns = ", ".join(shown[:3]) + (f" and {len(shown) - 3} more" if len(shown) > 3 else "")
    return (code.partner, code.table, code.theirs, str(len(code.lines)), returns, code.since[:16].replace("T", " "))


def _shell_words(code: WaitingCode) -> str:
    """The code as words of a command line, quoted: a shell must not run what a partner wrote."""
    options_end = "-- " if code.theirs.startswith("-") else ""
    return f"{options_end}{code.partner} {code.table} {shlex.quote(code.theirs)}"


def _hint(code: WaitingCode, configuration: Configuration) -> str:
    profile = configuration.book[code.partner].profile
    ours = profile.crosswalk(code.table).ours(code.theirs)
    if code.read_as:
        return f"codes/{code.table}.csv says {code.read_as}, which the policy does not have"
    if ours:
        return f"codes/{code.table}.csv says {ours} meanwhile: give the same answer again to have the lines decided"
    if code.word in _ELSEWHERE:
        return f"the ERP's own word for it; or {_ELSEWHERE[code.word]}"
    words = known_words(code.word, list(configuration.policy(code.partner).dispositions))
    return f"our words: {', '.join(words)}"
