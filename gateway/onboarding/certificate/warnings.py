"""What is not wrong in a partner folder but deserves a look before the partner goes live."""

from __future__ import annotations

import difflib
from collections.abc import Iterator

from gateway.onboarding.certificate.exercised import Certificate, unknown_codes
from gateway.onboarding.code_answer import known_words
from gateway.partners import Partner, PartnerBook
from gateway.partners.files.crosswalks import shadowed
from gateway.partners.files.translation_files import is_erp_profile
from translators.erp.profile.load import parse_erp_profile, shipped_erp_profiles
from translators.flat.layout.parse import parse_layout
from translators.flat.read.shapes import DAYS
from translators.x12.envelope.standards import ACKNOWLEDGMENT_GROUP
from translators.x12.sets.code_meanings import BUILTIN
from translators.x12.sets.table import set_description


def warnings_for(partner: Partner, book: PartnerBook, certificate: Certificate, has_samples: bool) -> list[str]:
    """One line for each thing that the samples leave unproved, or that is likely to be a slip."""
    return [
        *_unproved(partner, certificate, has_samples),
        *_codes(partner, book, certificate),
        *_experimental(partner),
    ]


def _unproved(partner: Partner, certificate: Certificate, has_samples: bool) -> Iterator[str]:
    if not has_samples:
        yield "there are no samples: nothing is proved; put real files into samples/ and run check --write"
        return
    for set_id in partner.sends.sets:
        if set_id not in certificate.sets and not _comes_in_answer(set_id):
            yield f"no sample has a set {set_id}, which [sends] names"
    for layout in partner.sends.layouts:
        if layout not in certificate.layouts:
            yield f"no sample fits the layout {layout}, which [sends] names"
    if partner.sends.sets:
        for set_id in sorted(set(certificate.sets) - set(partner.sends.sets)):
            yield f"a sample has a set {set_id}, which [sends] does not name"


def _comes_in_answer(set_id: str) -> bool:
    """Is it an acknowledgment, which a partner sends only when we have sent something?"""
    transaction = set_description(set_id)
    return set_id == "TA1" or (transaction is not None and transaction.group == ACKNOWLEDGMENT_GROUP)


def _codes(partner: Partner, book: PartnerBook, certificate: Certificate) -> Iterator[str]:
    for code in unknown_codes(certificate):
        yield f"code {code} has no meaning here: its lines will be held; add it to codes/{code.split(' ', 1)[0]}.csv"
    yield from _odd_words(partner, book)
    yield from _without_file(partner)
    yield from _without_day(partner)
    for name, crosswalk in sorted(partner.profile.crosswalks.items()):
        for first, later in shadowed(crosswalk):
            yield (
                f"codes/{name}.csv: {first.theirs} means {first.ours} when we read it; "
                f"its row for {later.ours} only serves what we write"
            )
    known = book.merged_policy(partner.id).get("dispositions") or _default_dispositions()
    dispositions = partner.profile.crosswalk("disposition")
    for row in dispositions.rows:
        if partner.role == "warehouse" and row.ours not in known:
            there_are = ", ".join(sorted(known))
            yield f"codes/disposition.csv: the policy has no disposition {row.ours}; there are {there_are}"


def _odd_words(partner: Partner, book: PartnerBook) -> Iterator[str]:
    """Rows whose meaning is no word of ours: policies and postings would not know it."""
    dispositions = list(book.merged_policy(partner.id).get("dispositions") or _default_dispositions())
    for table in ("reason", "condition", "reference_qualifier"):
        words = known_words(table, dispositions)
        for row in partner.profile.crosswalk(table).rows:
            if row.ours not in words and row.ours not in BUILTIN.get(table, {}).values():
                near = difflib.get_close_matches(row.ours, words, n=1)
                guess = f"did you mean {near[0]}?" if near else f"ours are {', '.join(words)}"
                kind = table.replace("_", " ")
                yield f"codes/{table}.csv: {row.theirs} means {row.ours}, which is no {kind} of ours; {guess}"


def _without_file(partner: Partner) -> Iterator[str]:
    """Columns that name a codes file which is not there: every value would be taken as it stands, or hold its line."""
    for name, layout in sorted(partner.profile.layouts.items()):
        for table in sorted(set(_crosswalks_in(layout)) - set(partner.profile.crosswalks) - set(BUILTIN)):
            yield f"layouts/{name}.toml: a column names the crosswalk {table}, but there is no codes/{table}.csv"


def _without_day(partner: Partner) -> Iterator[str]:
    """Layouts without any date whose codes are valid for a time: nothing says which row counts."""
    dated = {
        name
        for name, crosswalk in partner.profile.crosswalks.items()
        if any(row.valid_from or row.valid_to for row in crosswalk.rows)
    }
    for name, raw in sorted(partner.profile.layouts.items()) if dated else ():
        if is_erp_profile(raw) or (layout := parse_layout(name, raw)).direction == "out":
            continue
        columns = [column for record in layout.records.values() for column in record.columns.values()]
        fed = {*layout.constants, *(path for column in columns for path in column.field)}
        used = {column.crosswalk for column in columns} | {path.rpartition(".")[2] for path in fed}
        for table in sorted(used & dated) if not fed & set(DAYS) else ():
            yield (
                f"layouts/{name}.toml: no column is a date ({', '.join(DAYS)}), so the first row of codes/{table}.csv "
                "counts whatever its days"
            )


def _crosswalks_in(layout: object) -> Iterator[str]:
    if isinstance(layout, dict):
        for key, value in layout.items():
            if key == "crosswalk" and isinstance(value, str) and value:
                yield value
            else:
                yield from _crosswalks_in(value)


def _default_dispositions() -> list[str]:
    from gateway.returns import Policy

    return list(Policy().dispositions)


def _experimental(partner: Partner) -> Iterator[str]:
    """Import profiles that nobody has proved against the ERP they are for."""
    chosen = sorted({str(name) for name in partner.receives.erp_batch.model_dump().values()})
    for profile_name in chosen:
        kind, _, name = profile_name.partition(":")
        if kind != "erp":
            continue
        profile = parse_erp_profile(name, partner.profile.layouts.get(name) or shipped_erp_profiles()[name])
        if profile.status == "experimental":
            yield f"the import profile {name} is experimental: {profile.verified or 'not proved against that ERP'}"
