"""A proposal for a person: what the samples say, what was guessed, what to ask."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator

from gateway.onboarding.code_answer import known_words
from gateway.onboarding.propose.layout_text import layout_toml
from gateway.onboarding.propose.proposal import Proposal, title
from gateway.returns import Policy

REPORT = "PROPOSAL.md"


def report_text(proposal: Proposal) -> str:
    """PROPOSAL.md: everything the samples say, everything guessed, everything to ask."""
    return "\n".join(_report(proposal)) + "\n"


def _report(proposal: Proposal) -> Iterator[str]:
    yield f"# {title(proposal.name)}: what the samples say, and what to ask"
    yield ""
    yield "Proposed from real files. Delete this page when everything on it is settled."
    yield from _section("What came", _came(proposal))
    yield from _section("Codes that need a meaning", _open_codes(proposal))
    yield from _section("Guessed: look at these first", _guesses(proposal))
    yield from _section("What could not be read", _unread(proposal))
    yield from _section("Numbers that we have no word for", _strange_numbers(proposal))
    yield from _section("Nothing is read from these segments", _idle(proposal))
    for layout in proposal.layouts:
        if layout.missing:
            yield from _section(f"Incomplete layout: {layout.name}", layout.missing)
            yield from ("", "Complete it and put it into layouts/:", "", "```toml", layout_toml(layout) + "```")
    yield from _section("Next", _next(proposal))


def _section(title: str, items: Iterable[str]) -> Iterator[str]:
    listed = list(items)
    if listed:
        yield from ("", f"## {title}", "", *(f"- {item}" for item in listed))


def _came(proposal: Proposal) -> Iterator[str]:
    facts = proposal.x12
    for (qualifier, id_), count in facts.senders.most_common():
        yield f"{count} interchange{'s' * (count != 1)} from {qualifier}/{id_}, releases {', '.join(facts.versions)}"
    for set_id, count in sorted(facts.sets.items()):
        rejected = facts.rejected[set_id]
        verdict = f"{count - rejected} accepted, {rejected} rejected" if rejected else "all accepted"
        yield f"{count} × {set_id}: {verdict}"
        if facts.fields.get(set_id):
            yield f"{set_id}: the base bindings find {', '.join(sorted(facts.fields[set_id]))}"
    for layout in proposal.layouts:
        rows = max((len(column.column.values) for column in layout.columns), default=0)
        documents = layout.dataset or f"{layout.document.replace('_', ' ')}s"
        read = f"{documents} by the layout {layout.name}"
        yield f"{', '.join(layout.table.files)}: {layout.table.format}, {rows} rows, read as {read}"
    for name in proposal.shipped:
        yield f"the shipped layout {name} fits as it is"


def _open_codes(proposal: Proposal) -> Iterator[str]:
    words = list(Policy().dispositions)
    for (table, code), lines in sorted(proposal.codes.open.items()):
        held = f"{lines} line{'s' * (lines != 1)} would be held" if lines else "noted, no line waits for it"
        yield (
            f"{table} `{code}` ({held}): `returns-gateway codes answer {proposal.name} {table} {code} …`, "
            f"one of {', '.join(known_words(table, words))}"
        )


def _guesses(proposal: Proposal) -> Iterator[str]:
    if proposal.role_why != "given":
        yield f"role {proposal.role}: {proposal.role_why}; `partner new --role` says another"
    for table, raw, ours in proposal.codes.guessed:
        yield f"codes/{table}.csv: `{raw}` means {ours}, going by the word alone"
    for set_id, tables in proposal.overlays.items():
        for entry in tables.get("codes", ()):
            yield f"guides/{set_id}.toml: {entry['element']} may be {', '.join(entry['add'])}, as in the samples"
        for entry in tables.get("allow", ()):
            yield f"guides/{set_id}.toml: a segment {entry['segment']} may be there, as in the samples"
    for layout in proposal.layouts:
        yield from layout.doubts
    usages = set(proposal.x12.usages)
    if "P" in usages:
        yield 'ISA15 is P in the samples: in stage test such files are held; have them send T, or set stage = "live"'
    if not proposal.to_us:
        receivers = ", ".join("/".join(address) for address in proposal.x12.receivers)
        yield f"their files are addressed to {receivers}, which _house/partner.toml does not name: they would be held"


def _unread(proposal: Proposal) -> Iterator[str]:
    for file, why in proposal.unread:
        yield f"{file}: {why}"
    for finding, count in sorted(proposal.x12.findings.items()):
        yield f"{finding}" + (f" (×{count})" if count > 1 else "")
    for finding, count in proposal.row_findings.most_common(20):
        yield f"{finding}" + (f" (×{count})" if count > 1 else "")


def _strange_numbers(proposal: Proposal) -> Iterator[str]:
    """References by a qualifier that means nothing here: kept as they are, but nothing is matched by them."""
    found: Counter[tuple[str, str]] = Counter()
    examples: dict[tuple[str, str], str] = {}
    for document in proposal.x12.documents:
        for reference in document.references:
            if reference.kind.startswith("x12:"):
                key = (document.kind.replace("_", " "), reference.kind.removeprefix("x12:"))
                found[key] += 1
                examples.setdefault(key, reference.value)
    for (kind, qualifier), count in sorted(found.items()):
        yield (
            f"{kind}: qualifier {qualifier} (×{count}, such as {examples[kind, qualifier]}): "
            "kept, nothing is matched by it; a row in codes/reference_qualifier.csv may say what it is, "
            f"such as `{qualifier},request`"
        )


def _idle(proposal: Proposal) -> Iterator[str]:
    for name, count in sorted(proposal.x12.unread.items()):
        set_id, _, segment = name.partition(" ")
        ident, _, qualifier = segment.partition("*")
        hint = f"; `[header]` or `[line]` of bindings/{set_id}.toml reads it with `{ident}[{qualifier}]02`" * (
            ident == "N9"
        )
        yield f"{set_id}: {segment} (×{count}){hint}"


def _next(proposal: Proposal) -> Iterator[str]:
    yield f"edit partners/{proposal.name}/partner.toml: settle what is marked as guessed"
    yield f"`returns-gateway check {proposal.name}` until nothing but expectations is missing"
    yield f"`returns-gateway check {proposal.name} --write`, and read what it wrote"
    yield 'the test file sent the real way, our answers looked at by them, then `stage = "live"`'
