"""Which return each line of a document about goods belongs to."""

from __future__ import annotations

from dataclasses import dataclass, field

from gateway.returns.apply.standing import rank_of
from gateway.returns.decision import Decision
from gateway.returns.documents.identity import business_key
from gateway.returns.documents.keys import (
    GoodsDocument,
    GoodsLine,
    header_keys,
    keys_of_goods,
    line_keys,
    reference_keys,
    references_of,
)
from gateway.returns.documents.matching import Match, find
from gateway.returns.model import UNASSIGNED, Arrival, Return

# Kinds of reference that name a return, by a number of ours or of who asked for it.
_NAMES_A_RETURN = frozenset({"rma", "return", "correlation", "request"})


@dataclass(slots=True)
class Assignment:
    """The lines of a document by return. `missing_lines` found none by `missing_keys`; `why` they did not.

    `is_kept`: those lines are kept by a return without an owner meanwhile.
    """

    groups: list[tuple[Return, list[GoodsLine]]] = field(default_factory=list)
    missing_keys: list[str] = field(default_factory=list)
    missing_lines: list[GoodsLine] = field(default_factory=list)
    why: str = ""
    is_kept: bool = False

    def give(self, return_: Return, lines: list[GoodsLine]) -> None:
        """These lines go to this return, beside those that it has."""
        for known, its_lines in self.groups:
            if known is return_:
                its_lines.extend(lines)
                return
        self.groups.append((return_, lines))


def assign_lines(decision: Decision, document: GoodsDocument) -> Assignment:
    """The return of every line: by what the document says as a whole, unless a line's own references say another."""
    received = decision.received
    candidates = [candidate for candidate in decision.candidates if candidate.purpose != UNASSIGNED]
    all_lines: list[GoodsLine] = list(document.lines)
    if rank_of(document):
        key = business_key(document, received)
        knowing = [return_ for return_ in decision.candidates if key in return_.applied]
        # A receipt that nobody owned so far may have got an owner meanwhile, as its first version would have.
        is_kept = document.kind == "receipt" and all_lines and any(r.purpose == UNASSIGNED for r in knowing)
        if len(knowing) == 1 and not is_kept:
            return Assignment([(knowing[0], all_lines)])
    keys = header_keys(document, received.partner)
    by_header = find(keys, candidates, received)
    if by_header.why == "no_match" and len(candidates) < len(decision.candidates) and document.kind != "receipt":
        by_header = find(keys, decision.candidates, received)
    if _names_other_request(document, received, by_header):
        return Assignment(why="no_match")
    if by_header.found is not None and not any(map(references_of, all_lines)):
        return Assignment([(by_header.found, all_lines)])
    return _assign_each_line(decision, document, by_header, candidates)


def _assign_each_line(
    decision: Decision, document: GoodsDocument, by_header: Match, candidates: list[Return]
) -> Assignment:
    """`by_header`: what the document as a whole matches, for lines that say nothing of their own."""
    received = decision.received
    purchase_order = document.reference("purchase_order")
    groups: dict[str, tuple[Return, list[GoodsLine]]] = {}
    missing_keys: list[str] = []
    missing_lines: list[GoodsLine] = []
    why = by_header.why
    if by_header.found is not None:
        groups[by_header.found.return_no] = (by_header.found, [])
    for line in document.lines:
        keys = line_keys(line, received, purchase_order)
        own_keys = [key for key in keys if not key.startswith("po_item:")]
        match_ = by_header
        if own_keys or by_header.found is None:
            by_line = find(own_keys or keys, candidates, received)
            match_ = by_line if by_line.found or own_keys else by_header
            if match_.found is None and by_header.found is None:
                why = by_line.why if by_line.why == "ambiguous" else why
        if match_.found is None:
            missing_keys += keys or keys_of_goods(document, received)
            missing_lines.append(line)
            why = why or match_.why
        else:
            groups.setdefault(match_.found.return_no, (match_.found, []))[1].append(line)
    filled = [group for group in groups.values() if group[1] or not document.lines]
    return Assignment(filled, missing_keys, missing_lines, why or "no_match")


def _names_other_request(document: GoodsDocument, received: Arrival, by_header: Match) -> bool:
    """Does the document name a return request that is not there yet? What it looks like besides is no match then: the
    request may still come. (A number of ours that nobody knows is a mistake, and the rest may tell.)
    """
    naming = tuple(reference for reference in document.references if reference.kind in _NAMES_A_RETURN)
    if not any(reference.kind == "request" for reference in naming) or by_header.why == "ambiguous":
        return False
    found = by_header.found
    return found is None or found.keys.isdisjoint(reference_keys(naming, received.partner))
