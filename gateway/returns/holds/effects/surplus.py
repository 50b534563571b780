"""A person says what becomes of goods that came and were not authorized, or that are not where they were sent."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from gateway.returns.claims.acceptance import add_claim
from gateway.returns.claims.passing import AT_SITE, good_first, may_pass, own_order
from gateway.returns.claims.shared_items import split_effects
from gateway.returns.decision import CannotResolve
from gateway.returns.holds.effects.answer import Answer
from gateway.returns.holds.effects.goods import authorize_what_came, withdraw_goods
from gateway.returns.model import KEPT, REJECTED, RETURNED, ZERO, Claim, LedgerEffect, Return
from translators.canonical import Item


def accept_goods(answer: Answer) -> None:
    """What waits is authorized. Raises CannotResolve for goods that came as another item and have no name yet."""
    line = answer.return_.lines[answer.hold.line_no]
    if line.decision_reason == "wrong_item":
        _named_item(answer)
    authorize_what_came(answer)


def _named_item(answer: Answer) -> None:
    if not answer.return_.lines[answer.hold.line_no].sku:
        raise CannotResolve("nobody has said what item this is: answer identify sku=SKU first")


def keep_surplus(answer: Answer) -> None:
    """What waits is kept and booked, and never credited. Raises CannotResolve for goods without an item, or none."""
    _named_item(answer)
    _say_of_surplus(answer, KEPT)


def send_surplus_back(answer: Answer) -> None:
    """What waits goes back to its sender through quarantine. Raises CannotResolve if it has not come yet."""
    _say_of_surplus(answer, RETURNED)


def _say_of_surplus(answer: Answer, code: str) -> None:
    return_, line_no = answer.return_, answer.hold.line_no
    tally = return_.tally(line_no)
    waiting = tally.r - tally.sent_back - may_pass(tally, answer.decision.policy(return_))
    if waiting <= 0:
        raise CannotResolve("the goods have not come yet: answer this when they are there")
    effects: tuple[LedgerEffect, ...] = (("surplus", waiting, code, "0"),)
    add_claim(return_, Claim(answer.source, 0, "surplus", line_no, effects, at=answer.decision.at))


def withdraw_surplus(answer: Answer) -> None:
    """What documents said of the units that wait is withdrawn: they were never there, or are not ours."""
    return_, line_no = answer.return_, answer.hold.line_no
    tally = return_.tally(line_no)
    room = may_pass(tally, answer.decision.policy(return_)) + tally.sent_back
    _cut(return_, line_no, "receive", room)
    inspected = sum((q for c in _standing(return_, line_no) for kind, q, _, _ in c.effects if kind == "inspect"), ZERO)
    if inspected > room:
        _cut(return_, line_no, "inspect", room)


def reject_goods(answer: Answer) -> None:
    """The goods of a line that nobody asked for are not ours, but for those decided about before."""
    tally = answer.return_.tally(answer.hold.line_no)
    if tally.surplus:
        withdraw_surplus(answer)
    else:
        withdraw_goods(answer)


def _standing(return_: Return, line_no: str) -> list[Claim]:
    claims = return_.claims.get(line_no, ())
    return sorted((claim for claim in claims if claim.state == "active"), key=own_order)


def _cut(return_: Return, line_no: str, kind: str, room: Decimal) -> None:
    """Reject what the claims of a kind say beyond the first `room` units; a claim that is cut becomes two."""
    for claim in _standing(return_, line_no):
        if claim.kind != kind:
            continue
        share, rest = split_effects(good_first(claim), room)
        room -= sum((quantity for effect_kind, quantity, _, _ in share if effect_kind == kind), ZERO)
        if rest:
            claim.state, claim.why, claim.effects = "superseded", REJECTED, tuple(rest)
            if share:
                stays = replace(claim, effects=tuple(share), state="waiting", why="", seqs=[])
                add_claim(return_, stays)


def identify_item(answer: Answer) -> None:
    """Goods that came as another item than the line's are this one. Raises CannotResolve if they have an item, or if
    a line of the return was authorized for it: they are that line's then.
    """
    return_, sku = answer.return_, answer.choices.get("sku", "").strip()
    line = return_.lines[answer.hold.line_no]
    if set(answer.choices) != {"sku"} or not sku:
        raise CannotResolve("say which item it is, as sku=SKU")
    if line.sku:
        raise CannotResolve(f"it is {line.sku} already")
    facts, item = answer.decision.facts, Item(sku=sku)
    ids, product = facts.ids(item), facts.product(item)
    for no, other in return_.lines.items():
        if other is not line and return_.tally(no).a and set(ids) & set(other.ids):
            raise CannotResolve(f"{sku} is what line {no} is about: answer assign line={no}")
    line.item = product.item if product else item
    line.assigned += ids
    line.ids += ids
    line.product_class = product.product_class if product else ""
    line.vendor = product.vendor if product else ""


def settle_site(answer: Answer) -> None:
    """Where the goods of a line are that a document says are at another site than the one they were sent to."""
    return_, hold = answer.return_, answer.hold
    add_claim(
        return_,
        Claim(answer.source, 0, AT_SITE, hold.line_no, (), said=answer.choice, site=hold.extent, at=answer.decision.at),
    )
