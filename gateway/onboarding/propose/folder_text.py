"""A proposal as the files of a partner folder: TOML with every guess marked, codes as CSV, and what is left to ask."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from typing import Any

from gateway.onboarding.propose.layout_text import GUESSED, layout_toml
from gateway.onboarding.propose.proposal import Proposal, sample_names, title
from gateway.onboarding.propose.report import REPORT, report_text
from gateway.onboarding.propose.toml_text import toml_text, toml_value
from gateway.partners.files.crosswalks import COLUMNS
from translators.profile import Delimiters
from translators.x12.sets.table import SETS, all_sets


def files_of(proposal: Proposal) -> dict[str, bytes]:
    """Every file of the proposed folder: path inside it → bytes."""
    files = {"partner.toml": "\n".join(_partner(proposal)) + "\n"}
    for table, rows in proposal.codes.rows.items():
        text = io.StringIO()
        writer = csv.writer(text, lineterminator="\n")
        writer.writerow(COLUMNS)
        writer.writerows([getattr(row, column) for column in COLUMNS] for row in rows)
        files[f"codes/{table}.csv"] = text.getvalue()
    for set_id, tables in proposal.overlays.items():
        files[f"guides/{set_id}.toml"] = "\n".join(_overlay(set_id, tables)) + "\n"
    for layout in proposal.loadable:
        files[f"layouts/{layout.name}.toml"] = layout_toml(layout)
    files[REPORT] = report_text(proposal)
    written = {path: text.encode() for path, text in files.items()}
    return written | {f"samples/{name}": data for name, data in sample_names(proposal.samples)}


# --- partner.toml


def _partner(proposal: Proposal) -> Iterator[str]:
    facts = proposal.x12
    names = ", ".join(file for file, _ in proposal.samples)
    yield f"# Proposed from {names}."
    yield f"# Everything guessed is marked; {REPORT} says what to ask. _template has every key with its meaning."
    yield ""
    yield f"name = {toml_text(title(proposal.name))}{GUESSED}from the folder's name"
    yield f"role = {toml_text(proposal.role)}" + ("" if proposal.role_why == "given" else GUESSED + proposal.role_why)
    usage = ", ".join(sorted(letter or "nothing" for letter in facts.usages))
    yield 'stage = "test"' + (f"  # ISA15 in the samples: {usage}; test takes T only, live P only" if usage else "")
    yield f'time_zone = "UTC"{GUESSED}ask them'
    if facts.senders:
        yield from _identity(proposal)
        yield from _x12(proposal)
    yield from _sends(proposal)
    yield from _receives(proposal)
    if proposal.role == "warehouse":
        yield ""
        yield "[warehouse]"
        why = "as their receipts name it" if proposal.sites else "ask them: the site codes that they answer for"
        yield f"sites = {toml_value(proposal.sites)}{GUESSED}{why}"


def _identity(proposal: Proposal) -> Iterator[str]:
    (first, _), *others = proposal.x12.senders.most_common()
    yield ""
    yield "[identity]"
    yield f"isa = {_address(first)}"
    yield f"gs = {toml_value([gs for gs, _ in proposal.x12.groups.most_common() if gs])}"
    if others:
        aliases = ", ".join(_address(address) for address, _ in others)
        yield f"aliases = [{aliases}]{GUESSED}further senders in the samples"
    if proposal.role == "retailer":
        yield f'customer = ""{GUESSED}look up their account number in our ERP'


def _x12(proposal: Proposal) -> Iterator[str]:
    facts = proposal.x12
    yield ""
    yield "[x12]"
    version = next((release for release, _ in facts.versions.most_common() if release[:6].isdigit()), "004010")
    yield f"version = {toml_text(version)}{GUESSED}we write the release that they write"
    if proposal.charset != "latin-1":
        yield f"charset = {toml_text(proposal.charset)}{GUESSED}from letters beyond ASCII"
    if "180" in facts.sets:
        yield f'meaning_180 = "request"{GUESSED}ask what their 180 means when it does not say'
    if "944" in facts.sets:
        includes = facts.w07_includes_exceptions
        why = "no sample tells; ask them" if includes is None else "so the totals of the samples come out (W14)"
        yield f"w07_includes_exceptions = {toml_value(includes is not False)}{GUESSED}{why}"
    if facts.delimiters and facts.delimiters != Delimiters():
        yield ""
        yield f"[x12.delimiters]{GUESSED}they read what they write"
        usual = Delimiters().model_dump()
        for key, value in facts.delimiters.model_dump().items():
            if value != usual[key]:
                yield f"{key} = {toml_text(value)}"
    if facts.asks_ta1:
        yield ""
        yield "[acknowledge]"
        yield 'ta1 = "on_request"  # they ask for it (ISA14 = 1)'


def _sends(proposal: Proposal) -> Iterator[str]:
    sets = sorted(set_id for set_id in proposal.x12.sets if set_id in SETS)
    gets_x12 = any(wire.startswith("x12:") for wire in _wires(proposal).values())
    yield ""
    yield "[sends]"
    if sets:
        extra = ["997"] if gets_x12 and "997" not in sets else []
        yield f"sets = {toml_value([*sets, *extra])}" + (f"{GUESSED}997 to acknowledge what we send" if extra else "")
    names = [*(layout.name for layout in proposal.loadable), *proposal.shipped]
    if names:
        yield f"layouts = {toml_value(names)}"


def _wires(proposal: Proposal) -> dict[str, str]:
    """What they probably want from us: the X12 answer to what they send in X12."""
    return {
        kind: f"x12:{set_id}"
        for transaction in all_sets()
        if transaction.id in proposal.x12.sets and transaction.sent_by == proposal.role
        for kind, set_id in transaction.wants.items()
    }


def _receives(proposal: Proposal) -> Iterator[str]:
    wires = _wires(proposal)
    yield ""
    yield "[receives]"
    for kind, wire in wires.items():
        yield f"{kind} = {toml_text(wire)}{GUESSED}who sends X12 wants X12; ask them"
    if not wires and proposal.role in ("retailer", "warehouse"):
        kind, layout = ("return_answer", "answers") if proposal.role == "retailer" else ("expected_receipt", "expected")
        yield f'{kind} = "none"{GUESSED}ask how they want it; "flat:{layout}" with a layouts/{layout}.toml of yours'


def _overlay(set_id: str, tables: dict[str, list[dict[str, Any]]]) -> Iterator[str]:
    yield f"# What their {set_id} has and the base guide has not. Remove an entry, and its use is rejected."
    for table, entries in tables.items():
        for entry in entries:
            yield ""
            yield f"[[{table}]]{GUESSED}the samples use {'them' if table == 'codes' else 'it'}"
            for key, value in entry.items():
                yield f"{key} = {toml_value(value)}"


def _address(address: tuple[str, str]) -> str:
    return f"{{ qualifier = {toml_text(address[0])}, id = {toml_text(address[1])} }}"
