"""What must hold of every return's ledger."""

from __future__ import annotations

from decimal import Decimal

from gateway.returns.ledger.advance import charge_due
from gateway.returns.ledger.balances import creditable
from gateway.returns.ledger.movements import add_to_tally
from gateway.returns.model import ZERO, Movement, Return, ReturnLine, Tally, ends_of


def check_invariants(return_: Return) -> list[str]:
    """Everything about the return that must not be: an empty list when all is well."""
    wrong: list[str] = []
    summed: dict[str, Tally] = {}
    reversed_: dict[int, Decimal] = {}
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


def _reversal_problems(return_: Return, m: Movement, reversed_: dict[int, Decimal]) -> list[str]:
    """`reversed_`: how much of each movement those before this one have reversed, by its number."""
    if m.reverses is None:
        return [f"movement {m.seq} is not positive"] if m.quantity <= 0 else []
    if not 0 < m.reverses < m.seq:
        return [f"movement {m.seq} reverses {m.reverses}, which is not before it"]
    origin = return_.movements[m.reverses - 1]
    wrong = []
    if (origin.line_no, origin.kind, origin.code) != (m.line_no, m.kind, m.code) or m.quantity * origin.quantity >= 0:
        wrong.append(f"movement {m.seq} is not the opposite of {m.reverses}")
    reversed_[m.reverses] = reversed_.get(m.reverses, ZERO) - m.quantity
    if abs(reversed_[m.reverses]) > abs(origin.quantity):
        wrong.append(f"movement {m.reverses} is reversed beyond its quantity")
    return wrong


def _line_problems(return_: Return, line: ReturnLine, t: Tally) -> list[str]:
    no = line.line_no
    wrong = [
        f"line {no}: {name} is negative"
        for name, q in (("A", t.a), ("X", t.x), ("R", t.r), ("I", t.i), ("C", t.c), ("V", t.v), ("Z", t.z), ("B", t.b))
        if q < 0
    ]
    wrong += [f"line {no}: disposition {code} is negative" for code, q in t.d.items() if q < 0]
    wrong += [f"line {no}: received as {code} is negative" for code, q in t.by_condition.items() if q < 0]
    wrong += [f"line {no}: surplus {code} is negative" for code, q in t.surplus.items() if q < 0]
    wrong += [f"line {no}: {step} is negative" for step, q in t.moved_on.items() if q < 0]
    wrong += [
        f"line {no}: {step} leads nowhere" for step in t.moved_on if "" in ends_of(step) or len(set(ends_of(step))) < 2
    ]
    if t.i > t.r:
        wrong.append(f"line {no}: inspected {t.i} exceeds received {t.r}")
    if t.dispositioned > t.i:
        wrong.append(f"line {no}: dispositioned {t.dispositioned} exceeds inspected {t.i}")
    issued = {"credit_request": ZERO, "supplier_claim": ZERO, "charge_back": ZERO}
    for p in return_.postings.values():
        if p.line_no == no and p.kind in issued and p.state != "cancelled":
            issued[p.kind] += p.quantity if p.sign == "+" else -p.quantity
    if issued["credit_request"] > creditable(return_, line):
        wrong.append(f"line {no}: credit asked for {issued['credit_request']} exceeds {creditable(return_, line)}")
    if issued["supplier_claim"] > t.d.get("rtv", ZERO):
        wrong.append(f"line {no}: claimed {issued['supplier_claim']} exceeds what goes back to the vendor")
    if issued["charge_back"] > charge_due(return_, line):
        wrong.append(f"line {no}: charged {issued['charge_back']} exceeds what was given up and did not come")
    return wrong
