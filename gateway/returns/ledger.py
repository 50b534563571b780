"""The quantity ledger of a return: claims accepted as movements, balances, invariants.

Which claims stand is a function of the set of claims, not of their order of arrival: authorizations, shipments and
receipts always stand; cancellations, inspections and dispositions stand as long as what they need is there, taken in
the claims' own order. A claim that no longer fits has its movements reversed and waits; nothing is ever clamped.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from gateway.returns.model import ZERO, Claim, Movement, Return, ReturnLine, Tally


@dataclass(slots=True, frozen=True)
class Balances:
    """Quantities of one line in its unit: the ledger's sums and what follows from them."""

    authorized: Decimal
    shipped: Decimal
    received: Decimal
    inspected: Decimal
    dispositioned: Decimal
    credited: Decimal
    claimed: Decimal
    closed_short: Decimal
    by_disposition: dict[str, Decimal]
    by_condition: dict[str, Decimal]
    open_to_receive: Decimal
    in_transit: Decimal
    over: Decimal
    short: Decimal
    awaiting_inspection: Decimal
    awaiting_disposition: Decimal
    creditable: Decimal
    uncredited: Decimal
    exposure: Decimal


def add_to_tally(tally: Tally, movement: Movement) -> None:
    """Count one movement. An unknown kind is a programming error (KeyError)."""
    quantity = movement.quantity
    match movement.kind:
        case "authorize":
            tally.a += quantity
        case "cancel":
            tally.a -= quantity
        case "ship":
            tally.x += quantity
        case "receive":
            tally.r += quantity
            tally.by_condition[movement.code] = tally.by_condition.get(movement.code, ZERO) + quantity
        case "inspect":
            tally.i += quantity
        case "disposition":
            tally.d[movement.code] = tally.d.get(movement.code, ZERO) + quantity
        case "credit":
            tally.c += quantity
        case "claim":
            tally.v += quantity
        case "close_short":
            tally.z += quantity
        case other:
            raise KeyError(f"no such movement: {other}")


def rebuild_tallies(return_: Return) -> None:
    """Derive every line's sums again from its movements alone."""
    return_.tallies.clear()
    for movement in return_.movements:
        add_to_tally(return_.tally(movement.line_no), movement)


def write_movement(
    return_: Return,
    line_no: str,
    kind: str,
    quantity: Decimal,
    *,
    at: str,
    code: str = "",
    split: str = "0",
    source: str = "",
    document_id: int | None = None,
    reverses: int | None = None,
) -> Movement:
    """Append one movement and count it."""
    movements = return_.movements
    movement = Movement(len(movements) + 1, line_no, kind, quantity, code, split, source, document_id, reverses, at)
    movements.append(movement)
    add_to_tally(return_.tallies[line_no], movement)
    return movement


def reverse_movement(return_: Return, seq: int, at: str) -> Movement:
    """Append the exact opposite of movement `seq`, pointing at it."""
    m = return_.movements[seq - 1]
    return write_movement(
        return_,
        m.line_no,
        m.kind,
        -m.quantity,
        at=at,
        code=m.code,
        split=m.split,
        source=m.source,
        document_id=m.document_id,
        reverses=seq,
    )


def add_claim(return_: Return, claim: Claim) -> None:
    """Put a claim beside the others of its line; `accept` decides whether it stands."""
    return_.claims.setdefault(claim.line_no, []).append(claim)


def accept(return_: Return, line_nos: Iterable[str], at: str) -> list[Claim]:
    """Make the ledger of these lines say what their claims say. Returns the claims whose state changed.

    Movements of claims that no longer stand are reversed first, then those of new ones are written.
    """
    changed: list[Claim] = []
    for line_no in line_nos:
        claims = return_.claims.get(line_no)
        if not claims or not line_no:
            continue
        starting = _all_start(claims, return_.tallies[line_no])
        if starting is None:
            starting = _give_way(return_, claims, at, changed)
        for claim in starting:
            _activate(return_, claim, at)
        changed += starting
    return changed


def _all_start(claims: list[Claim], tally: Tally) -> list[Claim] | None:
    """The waiting claims of a line if all of them fit, which needs no order; None if some claim must give way."""
    starting: list[Claim] = []
    competing = False
    for claim in claims:
        state = claim.state
        if state == "waiting":
            starting.append(claim)
            competing = competing or claim.kind in _COMPETING
        elif claim.seqs and state != "active":
            return None
    if not competing:
        return starting
    authorized, uninspected, undecided = tally.a, tally.r - tally.i, tally.i - tally.dispositioned
    for claim in starting:
        for kind, quantity, _, _ in claim.effects:
            if quantity < 0:
                return None
            if kind == "inspect":
                uninspected -= quantity
                undecided += quantity
            elif kind == "disposition":
                undecided -= quantity
            elif kind == "receive":
                uninspected += quantity
            elif kind == "authorize":
                authorized += quantity
            elif kind == "cancel":
                authorized -= quantity
    return starting if authorized >= 0 and uninspected >= 0 and undecided >= 0 else None


def _give_way(return_: Return, claims: list[Claim], at: str, changed: list[Claim]) -> list[Claim]:
    """Take back the movements of the claims that stand no more, adding them to `changed`; the claims that start."""
    standing = _standing(claims)
    starting: list[Claim] = []
    for claim in claims:
        state = claim.state
        if state in _LIVE and (standing is None or id(claim) in standing):
            if state == "waiting":
                starting.append(claim)
            continue
        if claim.seqs:
            for seq in claim.seqs:
                reverse_movement(return_, seq, at)
            claim.seqs.clear()
            changed.append(claim)
        if state == "active":
            claim.state = "waiting"
    return starting


_LIVE = frozenset({"active", "waiting"})


def _activate(return_: Return, claim: Claim, at: str) -> None:
    claim.state = "active"
    line_no, source, document_id = claim.line_no, claim.source, claim.document_id
    movements, tally = return_.movements, return_.tallies[line_no]
    for kind, quantity, code, split in claim.effects:
        if quantity:
            seq = len(movements) + 1
            movement = Movement(seq, line_no, kind, quantity, code, split, source, document_id, None, at)
            movements.append(movement)
            add_to_tally(tally, movement)
            claim.seqs.append(seq)


# What each competing kind of claim draws on: the effect it draws, and the effects that supply it.
_COMPETES: tuple[tuple[str, str, str], ...] = (
    ("cancel", "cancel", "authorize"),
    ("inspect", "inspect", "receive"),
    ("dispose", "disposition", "inspect"),
)


_COMPETING = frozenset(kind for kind, _, _ in _COMPETES)


def _standing(claims: list[Claim]) -> set[int] | None:
    """Identities of the live claims of one line that stand together; None for all of them."""
    contenders: dict[str, list[Claim]] = {}
    for claim in claims:
        if claim.kind in _COMPETING and claim.state in _LIVE:
            contenders.setdefault(claim.kind, []).append(claim)
    if not contenders:
        return None
    standing: set[int] = set()
    sums: dict[str, Decimal] = {}
    for claim in claims:
        if claim.kind not in _COMPETING and claim.state in _LIVE:
            standing.add(id(claim))
            _add_effects(sums, claim)
    for kind, draws, supply in _COMPETES:
        several = contenders.get(kind, _NOBODY)
        if len(several) > 1:
            several.sort(key=lambda c: (c.order, c.source, c.row))
        left = sums.get(supply, ZERO) - sums.get(draws, ZERO)
        for claim in several:
            wanted = sum((q for effect, q, _, _ in claim.effects if effect == draws), ZERO)
            if wanted <= left:
                left -= wanted
                standing.add(id(claim))
                _add_effects(sums, claim)
    return standing


_NOBODY: list[Claim] = []


def _add_effects(sums: dict[str, Decimal], claim: Claim) -> None:
    for kind, quantity, _, _ in claim.effects:
        sums[kind] = sums[kind] + quantity if kind in sums else quantity


def creditable(return_: Return, line: ReturnLine) -> Decimal:
    """The most that may be credited on the line now, by the settlement agreed when the return was opened."""
    tally = return_.tally(line.line_no)
    if return_.settlement == "none":
        return ZERO
    if line.instruction == "keep" or return_.settlement == "in_advance":
        return tally.a
    if return_.settlement == "after_receipt":
        return min(tally.a, tally.r)
    return min(tally.a, tally.dispositioned)


def balances(return_: Return, line_no: str) -> Balances:
    """The line's quantities. `short` counts only once every known receipt of the return was final."""
    t = return_.tally(line_no)
    line = return_.lines.get(line_no)
    may_credit = creditable(return_, line) if line else ZERO
    dispositioned = t.dispositioned
    final = bool(return_.finals) and all(return_.finals.values())
    return Balances(
        authorized=t.a,
        shipped=t.x,
        received=t.r,
        inspected=t.i,
        dispositioned=dispositioned,
        credited=t.c,
        claimed=t.v,
        closed_short=t.z,
        by_disposition={k: q for k, q in sorted(t.d.items()) if q},
        by_condition={k: q for k, q in sorted(t.by_condition.items()) if q},
        open_to_receive=max(ZERO, t.a - t.r - t.z),
        in_transit=max(ZERO, t.x - t.r - t.z),
        over=max(ZERO, t.r - t.a),
        short=max(ZERO, t.x - t.r - t.z) if final else ZERO,
        awaiting_inspection=t.r - t.i,
        awaiting_disposition=t.r - dispositioned,
        creditable=may_credit,
        uncredited=may_credit - t.c,
        exposure=max(ZERO, t.c - t.r),
    )


def check_invariants(return_: Return) -> list[str]:
    """Everything about the return that must not be: an empty list when all is well."""
    wrong: list[str] = []
    summed: dict[str, Tally] = {}
    reversed_: set[int] = set()
    for number, m in enumerate(return_.movements, 1):
        if m.seq != number:
            wrong.append(f"movement {number} has the number {m.seq}")
        add_to_tally(summed.setdefault(m.line_no, Tally()), m)
        wrong += _reversal_problems(return_, m, reversed_)
    for line_no, t in summed.items():
        if t != return_.tally(line_no):
            wrong.append(f"line {line_no}: the sums differ from the movements")
        if line_no not in return_.lines:
            wrong.append(f"line {line_no}: movements without a line")
    for line in return_.lines.values():
        wrong += _line_problems(return_, line, summed.get(line.line_no, Tally()))
    return wrong


def _reversal_problems(return_: Return, m: Movement, reversed_: set[int]) -> list[str]:
    if m.reverses is None:
        return [f"movement {m.seq} is not positive"] if m.quantity <= 0 else []
    if not 0 < m.reverses < m.seq:
        return [f"movement {m.seq} reverses {m.reverses}, which is not before it"]
    origin = return_.movements[m.reverses - 1]
    wrong = []
    if (origin.line_no, origin.kind, origin.code, -origin.quantity) != (m.line_no, m.kind, m.code, m.quantity):
        wrong.append(f"movement {m.seq} is not the opposite of {m.reverses}")
    if m.reverses in reversed_:
        wrong.append(f"movement {m.reverses} is reversed twice")
    reversed_.add(m.reverses)
    return wrong


def _line_problems(return_: Return, line: ReturnLine, t: Tally) -> list[str]:
    no = line.line_no
    wrong = [
        f"line {no}: {name} is negative"
        for name, q in (("A", t.a), ("X", t.x), ("R", t.r), ("I", t.i), ("C", t.c), ("V", t.v), ("Z", t.z))
        if q < 0
    ]
    wrong += [f"line {no}: disposition {code} is negative" for code, q in t.d.items() if q < 0]
    wrong += [f"line {no}: received as {code} is negative" for code, q in t.by_condition.items() if q < 0]
    if t.i > t.r:
        wrong.append(f"line {no}: inspected {t.i} exceeds received {t.r}")
    if t.dispositioned > t.i:
        wrong.append(f"line {no}: dispositioned {t.dispositioned} exceeds inspected {t.i}")
    issued = {"credit_request": ZERO, "supplier_claim": ZERO}
    for p in return_.postings.values():
        if p.line_no == no and p.kind in issued and p.state != "cancelled":
            issued[p.kind] += p.quantity if p.sign == "+" else -p.quantity
    if issued["credit_request"] > creditable(return_, line):
        wrong.append(f"line {no}: credit asked for {issued['credit_request']} exceeds {creditable(return_, line)}")
    if issued["supplier_claim"] > t.d.get("rtv", ZERO):
        wrong.append(f"line {no}: claimed {issued['supplier_claim']} exceeds what goes back to the vendor")
    return wrong
