"""What a portal asks before and after a request: is this eligible, what was sold, where does a return stand.

`POST /api/v1/eligibility` decides a request by the rules of a real one, and nothing of it is kept.
`GET /api/v1/orders/N` tells a sale and what of it came back; `GET /api/v1/returns/find` finds returns by a number they
are known by. A partner sees its own; a parameter that nobody knows is refused.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Annotated

from fastapi import APIRouter, Header, Path, Request
from fastapi.responses import JSONResponse
from starlette.concurrency import run_in_threadpool

from gateway.partners import Partner
from gateway.returns import Arrival, Return, decide, keys_of
from gateway.returns.money.due import credit_amount
from gateway.store import Snapshot
from gateway.store.people.api_returns import decision_json
from gateway.store.returns import references, returns, sales
from gateway.store.returns.request_facts import facts_of_request
from gateway.web.endpoints.returns_api import (
    MAX_BYTES,
    NOT_AUTHENTICATED,
    Answer,
    authenticated_partner,
    limited_body,
)
from gateway.web.sources import PageSources, Sources
from translators.json_request import read_json_request

MOST = 200
# Parameter → the key that returns are stored under, by partner and value; "" where the store asks otherwise.
_KEYS: Mapping[str, Callable[[str, str], str]] = {
    "return": lambda _, value: f"return:{value}",
    "rma": lambda _, value: f"rma:{value}",
    "request": lambda partner, value: f"request:{partner}:{value}",
    "shipment": lambda partner, value: f"shipment:{partner}:{value}",
    "tracking": lambda _, value: f"tracking:{value}",
    "carton": lambda _, value: f"carton:{value}",
    "serial": lambda _, value: f"serial::{value.upper()}",
}
PARAMETERS = (*_KEYS, "order", "purchase_order", "after", "limit")


class _Once:
    """Numbers for a decision that is thrown away: no counter moves."""

    def next(self, name: str) -> int:
        return 1


def portal_api_router() -> APIRouter:
    """The routes of portals, beside those of `returns_api`."""
    router = APIRouter()
    router.add_api_route("/api/v1/eligibility", _post_eligibility, methods=["POST"])
    router.add_api_route("/api/v1/orders/{number}", _get_order, methods=["GET"])
    router.add_api_route("/api/v1/returns/find", _get_returns, methods=["GET"])
    return router


async def _post_eligibility(
    request: Request, sources: PageSources, authorization: Annotated[str, Header(max_length=1000)] = ""
) -> JSONResponse:
    partner = await run_in_threadpool(authenticated_partner, sources, authorization)
    if partner is None:
        return Answer(401, {"error": NOT_AUTHENTICATED}).response()
    data = await limited_body(request)
    if data is None:
        return Answer(413, {"error": f"a request has at most {MAX_BYTES} bytes"}).response()
    answer = await run_in_threadpool(eligibility, sources, partner, data)
    return answer.response()


def _get_order(
    sources: PageSources,
    number: Annotated[str, Path(max_length=100)],
    authorization: Annotated[str, Header(max_length=1000)] = "",
) -> JSONResponse:
    partner = authenticated_partner(sources, authorization)
    if partner is None:
        return Answer(401, {"error": NOT_AUTHENTICATED}).response()
    return order_of(sources, partner, number).response()


def _get_returns(
    request: Request, sources: PageSources, authorization: Annotated[str, Header(max_length=1000)] = ""
) -> JSONResponse:
    partner = authenticated_partner(sources, authorization)
    if partner is None:
        return Answer(401, {"error": NOT_AUTHENTICATED}).response()
    return returns_of(sources, partner, request.query_params.multi_items()).response()


def eligibility(sources: Sources, partner: Partner, data: bytes) -> Answer:
    """A request of a partner as JSON → the decision that it would get now, with money.

    422 for what is wrong in it, 409 for a request that was made before.
    """
    document, troubles = read_json_request(data, partner.profile)
    if document is None:
        places = [{"place": trouble.place, "message": trouble.message} for trouble in troubles]
        return Answer(422, {"error": "the request is not as it must be", "places": places})
    received = Arrival(0, partner.id, partner.role, sources.now())
    with sources.store.read() as snapshot:
        facts = facts_of_request(snapshot, document, partner.id)
        known = returns.load(snapshot, returns.find(snapshot, keys_of(document, received)))
    candidates = [stored.aggregate for stored in known.values()]
    outcome = decide(document, received, candidates, facts, sources.policy, sources.now(), _Once())
    own = (r for r in outcome.returns if (r.partner, r.request_number) == (partner.id, document.number))
    decided = next(own, None)
    if decided is None:
        return Answer(
            409, {"error": f"request {document.number} was made before; a correction has the purpose `replace`"}
        )
    return Answer(200, _preview(sources, decided))


def _preview(sources: Sources, return_: Return) -> dict[str, object]:
    """A decision that is not kept: it has no numbers of ours, and says what each line would be credited."""
    decision = decision_json(return_)
    policy = sources.policy(return_.partner)
    credits_: dict[str, str] = {}
    for line in return_.lines.values():
        amount = credit_amount(return_, line, return_.tally(line.line_no).a, policy)
        if amount is not None:
            known = Decimal(credits_.get(line.partner_line, "0"))
            credits_[line.partner_line] = f"{known + amount:f}"
    lines = [{**line, "credit": credits_.get(line["line_no"], "")} for line in decision["lines"]]
    return {
        "state": decision["state"],
        "number": decision["number"],
        "decision": decision["decision"],
        "expires_on": decision["expires_on"],
        "currency": return_.currency,
        "lines": lines,
    }


def order_of(sources: Sources, partner: Partner, number: str) -> Answer:
    """A sale to this partner as the ERP told it, and how much of each line returns may still bring back."""
    with sources.store.read() as snapshot:
        order = references.load(snapshot, [("orders", number)]).orders.get(number)
        taken = sales.taken_back_of(snapshot, [f"order:{number}"])
    if order is None or not partner.profile.customer or order.customer != partner.profile.customer:
        return Answer(404, {"error": f"there is no order {number} of yours"})
    lines: list[dict[str, str]] = []
    for sold in order.lines:
        of_line = (q for (_, item, no), q in taken.items() if item in sold.ids and no == sold.order_line)
        back = max(of_line, default=Decimal(0))
        price = "" if sold.unit_price is None else f"{sold.unit_price:f}"
        left = max(Decimal(0), sold.quantity - back)
        lines.append(
            {
                "order_line": sold.order_line,
                "sku": sold.sku,
                "quantity": f"{sold.quantity:f}",
                "unit": sold.unit,
                "unit_price": price,
                "taken_back": f"{back:f}",
                "left": f"{left:f}",
            }
        )
    body = {
        "order_number": order.number,
        "purchase_order": order.purchase_order,
        "customer": order.customer,
        "currency": order.currency,
        "sold_on": order.sold_on.isoformat() if order.sold_on else "",
        "invoice_number": order.invoice_number,
        "lines": lines,
    }
    return Answer(200, body)


def returns_of(sources: Sources, partner: Partner, parameters: list[tuple[str, str]]) -> Answer:
    """The partner's returns with all of these numbers, in the order of ours, from behind the number `after` on."""
    names = [name for name, _ in parameters]
    wrong = next((n for n in names if n not in PARAMETERS), "") or next((n for n in names if names.count(n) > 1), "")
    if wrong:
        known = ", ".join(PARAMETERS)
        return Answer(422, {"error": f"{wrong}: each parameter once, and only these: {known}"})
    asked = dict(parameters)
    limit = asked.pop("limit", "50")
    if not (len(limit) < 4 and limit.isascii() and limit.isdigit() and 1 <= int(limit) <= MOST):
        return Answer(422, {"error": f"limit: a number from 1 to {MOST}"})
    after = asked.pop("after", "")
    if not any(asked.values()):
        return Answer(422, {"error": "say one number at least that the returns are known by"})
    with sources.store.read() as snapshot:
        found = sorted(_numbers(snapshot, partner.id, asked))
        loaded = returns.load(snapshot, [number for number in found if number > after])
        own = [stored for stored in loaded.values() if stored.aggregate.partner == partner.id]
    own.sort(key=lambda stored: stored.aggregate.return_no)
    page = own[: int(limit)]
    told = [{**decision_json(stored.aggregate), "status": stored.status} for stored in page]
    return Answer(200, {"returns": told, "next": page[-1].aggregate.return_no if len(own) > len(page) else ""})


def _numbers(snapshot: Snapshot, partner: str, asked: Mapping[str, str]) -> set[str]:
    """The returns that have every number that was asked for."""
    sets: list[set[str]] = []
    for name, value in asked.items():
        if name in _KEYS:
            sets.append(set(returns.find(snapshot, [_KEYS[name](partner, value)])))
        elif name == "order":
            sets.append(set(sales.of_sales(snapshot, [value], [])))
        else:
            sets.append(set(sales.of_sales(snapshot, [], [value])))
    return set.intersection(*sets)
