"""Rows of a document about goods, read as claims on the lines of a return."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from gateway.returns.apply.standing import rank_of
from gateway.returns.claims.acceptance import add_claim
from gateway.returns.claims.shared_items import whole_row
from gateway.returns.documents.keys import GoodsLine
from gateway.returns.goods.effects import effects_of, named_line_number, numbers_of
from gateway.returns.goods.other_goods import NOT_TAKEN_IN, PartedLine, part_line
from gateway.returns.goods.share import Share
from gateway.returns.items.lines import line_of_goods, line_of_other_goods, unnamed
from gateway.returns.items.units import counted_in, counts_in, unknown_unit
from gateway.returns.items.unknown_names import not_known
from gateway.returns.model import NOT_TAKEN, REJECTED, UNASSIGNED, Claim, ClaimState, LedgerEffect, Return, plain
from gateway.returns.policy import Policy, policy_for
from translators.canonical import ReceiptLine

_CLAIM_KINDS = {"shipment": "ship", "receipt": "receive", "inspection": "inspect"}


def read_rows(share: Share) -> set[str]:
    """Add the claims of every row; the lines that they are on."""
    touched: set[str] = set()
    for claim in _claims(share):
        add_claim(share.return_, claim)
        touched.add(claim.line_no)
    return touched


def read_rows_again(share: Share) -> set[str]:
    """The same document decided again: rows that could not be understood then may be now.

    Returns the lines whose claims changed; none if nothing is new.
    """
    earlier: dict[int, list[Claim]] = {}
    for claim in share.return_.all_claims():
        if claim.source == share.key and _was_read(claim):
            earlier.setdefault(claim.row, []).append(claim)
    news = [claim for claim in _claims(share) if not _is_known(claim, earlier.get(claim.row, ()))]
    touched = _give_up_rows(share, earlier) if share.return_.purpose == UNASSIGNED else set()
    for claim in news:
        for earlier_claim in earlier.get(claim.row, ()):
            earlier_claim.state = "superseded"
            touched.add(earlier_claim.line_no)
        add_claim(share.return_, claim)
        touched.add(claim.line_no)
    return touched


def _give_up_rows(share: Share, earlier: Mapping[int, Iterable[Claim]]) -> set[str]:
    """Withdraw what was kept here of rows whose return has come; the lines that had it."""
    ours = {id(line) for line in share.lines}
    rows: Sequence[GoodsLine] = share.document.lines
    touched: set[str] = set()
    for row, claims in earlier.items():
        # A part of a row has a row of its own, below zero.
        line = rows[row if row >= 0 else (-row - 1) // 2]
        for claim in claims if id(line) not in ours else ():
            claim.state, claim.why = "superseded", UNASSIGNED
            touched.add(claim.line_no)
    return touched


def _is_known(claim: Claim, earlier: Sequence[Claim]) -> bool:
    """Is a row's claim there already, if on several lines: the same goods, understood or not for the same reason?"""
    if not earlier or sorted(whole_row(earlier)) != sorted(claim.effects):
        return False
    stuck = [claim_then for claim_then in earlier if _is_stuck(claim_then)]
    if not stuck:
        return True
    return _is_stuck(claim) and any(claim_then.said == claim.said for claim_then in stuck)


def _is_stuck(claim: Claim) -> bool:
    """Does the claim wait for somebody to say what a name in it means?"""
    return claim.state == "held" and claim.why == "crosswalk_missing"


def _was_read(claim: Claim) -> bool:
    """Stands for what the document says, or did until a person rejected it."""
    return claim.state != "superseded" or claim.why == REJECTED


def _kind_of(kind: str, effects: tuple[LedgerEffect, ...]) -> str:
    """The kind of a row's claim: that of its document, unless it moves goods on that were inspected before."""
    return "follow" if effects and effects[0][0] == "redisposition" else kind


def _claims(share: Share) -> Iterable[Claim]:
    """The claims of the document's rows on this return, each on the first line that has its item."""
    decision, document, return_ = share.decision, share.document, share.return_
    received, facts, at = decision.received, decision.facts, decision.at
    rules = decision.policy(return_)
    policy = policy_for(decision.policies, received.partner) if received.role == "warehouse" else rules
    event_on, rank = share.event_on(), rank_of(document)
    order = f"{event_on}|{document.number}"
    site, unknown_site = share.site(), share.unknown_site()
    kind = _CLAIM_KINDS[document.kind]
    all_lines: Sequence[GoodsLine] = document.lines
    of_this_return = None if len(share.lines) == len(all_lines) else {id(line) for line in share.lines}
    for row, line in enumerate(all_lines):
        if of_this_return is not None and id(line) not in of_this_return:
            continue
        named = named_line_number(line)
        ids = facts.ids(line.item) or unnamed(named or f"{document.number}#{line.line_no}")
        line_no = line_of_goods(return_, line.item, ids, facts, rules, line.unit, named)[0]
        unit = return_.lines[line_no].unit
        counted, unknown = line, f"site:{unknown_site}" if unknown_site else ""
        if not counts_in(line, unit):
            product = facts.product(line.item)
            if strange_unit := unknown_unit(line, unit, product, rules):
                unknown = f"unit:{strange_unit}"
            else:
                counted = counted_in(line, unit, product, rules)
        parted = part_line(counted) if type(counted) is ReceiptLine and counted.exceptions and not unknown else None
        if parted:
            counted = parted.own
        effects, why, text = effects_of(counted, policy, rules)
        if unknown:
            why, text = "crosswalk_missing", not_known(unknown, ids)
        state: ClaimState = "held" if why else "waiting"
        # By place: this is the hottest of all constructions, and names would double its time.
        # fmt: off
        claim = Claim(
            share.key, received.document_id, _kind_of(kind, effects), line_no, effects, rank, order, state, why, text,
            ids, site, event_on, at, row, named,
        )
        # fmt: on
        if unknown:
            claim.unknown = unknown
        if line.serials or line.lots or type(line) is ReceiptLine:
            claim.serials, claim.lots = numbers_of(line)
        yield claim
        if parted and not why:
            yield from _other_parts(return_, claim, parted, document.number, policy, rules)


def _other_parts(
    return_: Return, own: Claim, parted: PartedLine, number: str, policy: Policy, rules: Policy
) -> Iterable[Claim]:
    """Claims of the parts of a receipt line that are no goods of its line; each has a row of its own, below zero."""
    if parted.other:
        line = line_of_other_goods(return_, return_.lines[own.line_no], number)
        effects = effects_of(parted.other, policy, rules)[0]
        row = -2 * own.row - 1
        yield replace(
            own, line_no=line.line_no, effects=effects, ids=line.ids, row=row, named="", seqs=[], serials=(), lots=()
        )
    if parted.not_taken_in:
        said = ", ".join(f"{plain(quantity)} {NOT_TAKEN_IN[code]}" for code, quantity in parted.not_taken_in.items())
        row = -2 * own.row - 2
        yield replace(own, kind=NOT_TAKEN, effects=(), said=said, row=row, seqs=[], serials=(), lots=())
