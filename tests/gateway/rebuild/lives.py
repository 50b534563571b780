"""What may happen to a gateway in its life, generated: documents, answers, results, hours, changes of configuration."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from hypothesis import strategies as st

from tests.gateway.returns.builders import code, orders
from tests.gateway.returns.histories import Sent, arrivals, histories
from translators.canonical import Code, ReturnRequest

CONFIGURATIONS = 6


@dataclass(frozen=True)
class Answer:
    """A person answers one of the open Holds: which and how are places in lists, taken round and round."""

    hold: int
    decision: int
    quantity: int = 1


@dataclass(frozen=True)
class Results:
    """Batches are written and delivered, and the ERP reports: row by row by our keys, or about whole batches."""

    refuse: bool
    by: Literal["key", "row", "batch", "nothing"]


@dataclass(frozen=True)
class Hours:
    """Time passes, and the gateway looks at its clocks."""

    hours: int


@dataclass(frozen=True)
class Configured:
    """The partner folders are edited."""

    number: int


@dataclass(frozen=True)
class ReadAgain:
    """A code that a request used gets its meaning."""

    canonical: str


@dataclass(frozen=True)
class Closed:
    """The month before is closed."""


Event = Sent | Answer | Results | Hours | Configured | ReadAgain | Closed


@st.composite
def events(draw: st.DrawFn) -> Event:
    match draw(st.sampled_from(["answer", "answer", "results", "results", "hours", "configured", "read", "close"])):
        case "answer":
            return Answer(draw(st.integers(0, 5)), draw(st.integers(0, 4)), draw(st.integers(1, 3)))
        case "results":
            return Results(draw(st.booleans()), draw(st.sampled_from(["key", "key", "row", "batch", "nothing"])))
        case "hours":
            return Hours(draw(st.sampled_from([1, 30, 100, 300])))
        case "configured":
            return Configured(draw(st.integers(0, CONFIGURATIONS - 1)))
        case "read":
            return ReadAgain(draw(st.sampled_from(["defective", "unwanted"])))
    return Closed()


@st.composite
def lives(draw: st.DrawFn, most: int = 6) -> list[Event]:
    """Documents of a generated history, in any order and some twice, with everything else between them."""
    history = draw(histories(most))
    life: list[Event] = []
    if draw(st.booleans()):
        life += [("atlas", orders(order, A=8, B=8)) for order in ("SO1", "SO2")]
    for sent in draw(arrivals(history)):
        life.append(Results(False, "key") if sent is None else _with_unknown_code(draw, sent))
        life += draw(st.lists(events(), max_size=2))
    if len(life) > 1 and draw(st.booleans()):
        life += [("atlas", orders(order, A=8, B=8)) for order in ("SO1", "SO2")]
    return [*life, Results(draw(st.booleans()), "key"), *draw(st.lists(events(), max_size=2))]


def _with_unknown_code(draw: st.DrawFn, sent: Sent) -> Sent:
    partner, document = sent
    if not isinstance(document, ReturnRequest) or draw(st.integers(0, 3)):
        return sent
    asked = tuple(line.model_copy(update={"reason": Code(raw="ODD")}) for line in document.lines)
    return partner, document.model_copy(update={"lines": asked})


def with_meaning(document: ReturnRequest, canonical: str) -> ReturnRequest:
    """The request as it is read once its unknown codes have a meaning."""
    lines = tuple(
        line if line.reason.canonical else line.model_copy(update={"reason": code(canonical)})
        for line in document.lines
    )
    return document.model_copy(update={"lines": lines})


def policy_toml(number: int) -> str:
    """The house's policy of one of the configurations."""
    settlement = ("after_inspection", "after_receipt", "in_advance", "none", "after_inspection", "after_receipt")[
        number
    ]
    fee = Decimal((0, 15, 0, 10, 0, 5)[number])
    warn, due = ((8, 20), (1, 2), (40, 80), (2, 4), (40, 80), (8, 20))[number]
    clocks = "".join(
        f"[clocks.{name}]\nwarn_hours = {warn}\ndue_hours = {due}\n"
        for name in ("answer", "receipt", "inspection", "credit")
    )
    return f"""
settlement = "{settlement}"
warehouse = "harbor"
erp = "{"borealis" if number == 3 else "atlas"}"
inspection_by_warehouse = {"false" if number in {2, 5} else "true"}
request_date = "stated"  # the documents are of one day, and lives are months long
short_receipt = "{"close" if number in {1, 5} else "hold"}"
park_limit_hours = {(72, 1, 24, 72, 500, 24)[number]}
answer_expiry_days = {(30, 3, 30, 0, 30, 30)[number]}
[restocking_fee]
defective = {fee}
{clocks}"""
