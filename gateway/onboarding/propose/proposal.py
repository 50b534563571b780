"""`partner new`: real sample files → a partner folder that loads, with everything guessed marked as such."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from gateway.faults import GatewayError
from gateway.onboarding.propose.codes import CodeGuesses, guess_codes
from gateway.onboarding.propose.layout import guess_layout
from gateway.onboarding.propose.layout_guess import LayoutGuess
from gateway.onboarding.propose.overlays import Overlays, guess_overlays
from gateway.onboarding.propose.sample_tables import NoTable, SampleTable, read_table
from gateway.onboarding.propose.sample_x12 import X12Facts
from gateway.onboarding.samples import EXPECTATIONS
from gateway.partners import PartnerBook
from translators.canonical import Inbound, Receipt
from translators.flat.layout.parse import parse_layout
from translators.flat.layout.shipped import shipped_layouts
from translators.flat.layout.signature import matches
from translators.profile import Profile
from translators.registry import looks_like_x12, translate
from translators.x12.sets.table import all_sets

Samples = Sequence[tuple[str, bytes]]
ROLES = ("retailer", "warehouse", "carrier", "supplier", "erp")
_KINDS_OF = {
    "warehouse": {"receipt", "inspection"},
    "retailer": {"return_request", "shipment"},
    "carrier": {"carrier_event"},
}


class CannotPropose(GatewayError):
    """No partner folder can be proposed from these samples."""

    severity = "info"
    remedy = "Nothing was written. Correct the name or the samples."


@dataclass(slots=True)
class Proposal:
    """All that is known and guessed about a new partner, before any of it is written."""

    name: str
    samples: Samples
    role: str
    role_why: str
    x12: X12Facts
    layouts: list[LayoutGuess] = field(default_factory=list)
    shipped: list[str] = field(default_factory=list)
    overlays: Overlays = field(default_factory=dict)
    codes: CodeGuesses = field(default_factory=CodeGuesses)
    sites: list[str] = field(default_factory=list)
    charset: str = "latin-1"
    unread: list[tuple[str, str]] = field(default_factory=list)
    row_findings: Counter[str] = field(default_factory=Counter)
    to_us: bool = True

    @property
    def loadable(self) -> list[LayoutGuess]:
        """The layouts that are complete; the others stand in PROPOSAL.md only."""
        return [layout for layout in self.layouts if not layout.missing]


def propose(name: str, samples: Samples, book: PartnerBook, role: str = "") -> Proposal:
    """Samples as (file name, bytes) → the proposal. `role` is guessed unless given.

    Raises CannotPropose: no samples, files that we sent, or a sender that another partner's folder already claims.
    """
    if not samples:
        raise CannotPropose("there is no sample file", subject=name)
    x12 = [(file, data) for file, data in samples if looks_like_x12(data)]
    flat = [(file, data) for file, data in samples if not looks_like_x12(data)]
    charset = _charset(b"".join(data for _, data in x12))
    facts = _facts(x12, Profile(charset=charset))
    _check_senders(name, facts, book)
    chosen, why = (role, "given") if role else _role_of_sets(facts)
    proposal = Proposal(name, samples, chosen, why, facts, charset=charset)
    _flat_samples(proposal, flat)
    if not proposal.role:
        proposal.role, proposal.role_why = _role_of_layouts(proposal)
    proposal.overlays = guess_overlays(facts, x12, Profile(charset=charset))
    _read_all(proposal, x12, flat)
    proposal.to_us = all(book.is_us(*address) for address in facts.receivers)
    return proposal


def _facts(x12: Samples, profile: Profile) -> X12Facts:
    facts = X12Facts()
    for file, data in x12:
        facts.add(data, file, profile)
    return facts


def _charset(data: bytes) -> str:
    if data.isascii():
        return "latin-1"
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return "latin-1"
    return "utf-8"


def _check_senders(name: str, facts: X12Facts, book: PartnerBook) -> None:
    for qualifier, id_ in facts.senders:
        if book.is_us(qualifier, id_):
            raise CannotPropose(f"{qualifier}/{id_} is ourselves: take files that the partner sent", subject=name)
        known = book.by_sender(qualifier, id_)
        if known is not None:
            raise CannotPropose(
                f"the sender {qualifier}/{id_} is the partner {known.id}: put the samples into its folder", subject=name
            )
    for gs in facts.groups:
        other = book.by_group(gs)
        if other is not None:
            raise CannotPropose(f"the application id {gs} is the partner {other.id}'s", subject=name)


def _role_of_sets(facts: X12Facts) -> tuple[str, str]:
    # A warehouse may send what a retailer does (a ship notice), and not the other way round.
    for role in ("warehouse", *ROLES):
        found = sorted(
            transaction.id for transaction in all_sets() if transaction.sent_by == role and transaction.id in facts.sets
        )
        if found:
            return role, f"they send {' and '.join(found)}"
    return "", ""


def _role_of_layouts(proposal: Proposal) -> tuple[str, str]:
    kinds = {layout.document for layout in proposal.layouts}
    for role, typical in _KINDS_OF.items():
        found = sorted(kind.replace("_", " ") for kind in typical & kinds)
        if found:
            return role, f"their files look like {' and '.join(kind + 's' for kind in found)}"
    if proposal.shipped:
        return "erp", f"their files fit the shipped layouts {', '.join(proposal.shipped)}"
    return "retailer", "nothing in the samples says it"


# --- flat files


def _flat_samples(proposal: Proposal, flat: Samples) -> None:
    """Every flat sample: a shipped layout, a guessed one (one for all files of the same form), or a word why not."""
    tables: dict[tuple[object, ...], SampleTable] = {}
    for file, data in flat:
        fitting = [name for name in _shipped_for(file, data) if name not in proposal.shipped]
        if fitting:
            proposal.shipped.append(fitting[0])
            continue
        try:
            table = read_table(file, data)
        except NoTable as why:
            proposal.unread.append((file, str(why)))
            continue
        known = tables.setdefault(table.signature(), table)
        if known is not table:
            known.files.append(file)
            for mine, more in zip(known.columns, table.columns, strict=True):
                mine.values += more.values
    for table in tables.values():
        taken = [layout.name for layout in proposal.layouts]
        proposal.layouts.append(guess_layout(table, taken, proposal.role))


def _shipped_for(file: str, data: bytes) -> list[str]:
    """Shipped inbound layouts that the file fits by name and header."""
    parsed = [parse_layout(name, raw) for name, raw in shipped_layouts().items()]
    return [layout.name for layout in parsed if layout.direction == "in" and matches(layout, file, data[:65536])]


# --- what the samples become with all this


def _read_all(proposal: Proposal, x12: Samples, flat: Samples) -> None:
    """Read every sample as the proposed folder will; note codes, sites and rows that fail."""
    includes = proposal.x12.w07_includes_exceptions
    profile = Profile(
        partner=proposal.name,
        role=proposal.role,
        charset=proposal.charset,
        overlays=dict(proposal.overlays),
        layouts={
            **{layout.name: layout.settings() for layout in proposal.loadable},
            **{name: dict(shipped_layouts()[name]) for name in proposal.shipped},
        },
        w07_includes_exceptions=True if includes is None else includes,
    )
    proposal.x12 = _facts(x12, profile)
    documents: list[Inbound] = list(proposal.x12.documents)
    for file, data in flat:
        translation = translate(data, file, profile)
        documents += translation.documents()
        findings = [*translation.findings, *(finding for result in translation.sets for finding in result.findings)]
        proposal.row_findings.update(f"{file}: {finding.column or 'file'}: {finding.message}" for finding in findings)
    proposal.codes = guess_codes(documents)
    receipts = [document for document in documents if isinstance(document, Receipt)]
    proposal.sites = sorted({receipt.warehouse for receipt in receipts if receipt.warehouse})


def sample_names(samples: Samples) -> list[tuple[str, bytes]]:
    """The samples under names that `check` takes: none with the ending of an expectation, no two alike."""
    named: dict[str, bytes] = {}
    for file, data in samples:
        stem, dot, ending = file.rpartition(".")
        if not dot or f".{ending}" in EXPECTATIONS:
            stem, ending = file.replace(".", "-"), "edi" if looks_like_x12(data) else "txt"
        name, number = f"{stem}.{ending}", 2
        while name in named:
            name, number = f"{stem}-{number}.{ending}", number + 1
        named[name] = data
    return list(named.items())


def title(name: str) -> str:
    """A folder's name as a company's: "birch-home" → "Birch Home"."""
    return name.replace("-", " ").title()
