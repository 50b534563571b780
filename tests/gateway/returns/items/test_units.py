"""Lines are counted in the base unit of their item, whatever unit a document counts in; what cannot be is held."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gateway.returns import CannotResolve, Policy, balances, net_postings
from gateway.returns.erp.row_fields import row_fields
from gateway.returns.items.masters import Product
from gateway.returns.items.units import in_base, price_in_base
from tests.gateway.returns.builders import DAY, code, orders, ref, request
from tests.gateway.returns.shell import Shell
from translators.canonical import (
    Cancellation,
    InboundDocument,
    Inspection,
    InspectionLine,
    Item,
    Receipt,
    ReceiptException,
    ReceiptLine,
    ReferenceData,
    RequestLine,
    ReturnRequest,
    Shipment,
    ShipmentLine,
)

DRILL = {"sku": "A", "unit": "EA", "units.CA": "12", "units.PL": "480"}
HOSE = {"sku": "B"}
CASES = Product(Item(sku="A"), "", returnable=True, unit="CA", units={"PL": Decimal(40)})


def products(*rows: dict[str, str]) -> ReferenceData:
    return ReferenceData(dataset="products", rows=rows)


def ready(*rows: dict[str, str], policy: Policy | None = None) -> Shell:
    shell = Shell(policy=policy or Policy(warehouse="harbor", erp="atlas"))
    shell.receive(products(*(rows or (DRILL, HOSE))), "atlas")
    shell.receive(orders("SO1", A=48, B=48), "atlas")
    return shell


def asked(quantity: int = 2, unit: str = "CA", sku: str = "A", price: str = "") -> ReturnRequest:
    line = RequestLine(
        line_no="1",
        item=Item(sku=sku),
        quantity=Decimal(quantity),
        unit=unit,
        reason=code("defective"),
        unit_price=Decimal(price) if price else None,
    )
    return request("RTV1", {}).model_copy(update={"lines": (line,)})


def shipped(quantity: str, unit: str, sku: str = "A", number: str = "SH1") -> Shipment:
    line = ShipmentLine(line_no="1", item=Item(sku=sku), quantity=Decimal(quantity), unit=unit)
    return Shipment(number=number, references=ref("RTV1"), shipped_on=DAY, lines=(line,))


def received(quantity: str, unit: str, damaged: str = "", its_unit: str = "EA", sku: str = "A") -> Receipt:
    exception = ReceiptException(condition=code("damaged"), quantity=Decimal(damaged or "0"), unit=its_unit)
    line = ReceiptLine(
        line_no="1",
        item=Item(sku=sku),
        quantity=Decimal(quantity),
        unit=unit,
        exceptions=(exception,) if damaged else (),
    )
    return Receipt(number="WR1", references=ref("RTV1"), received_on=DAY, lines=(line,))


def inspected(quantity: str, unit: str) -> Inspection:
    line = InspectionLine(
        line_no="1", item=Item(sku="A"), quantity=Decimal(quantity), unit=unit, disposition=code("restock")
    )
    return Inspection(number="IN1", references=ref("RTV1"), inspected_on=DAY, lines=(line,))


def n(quantity: Decimal | None) -> int:
    """A whole quantity, for comparing."""
    assert quantity is not None and quantity == int(quantity)
    return int(quantity)


def classes(shell: Shell) -> list[str]:
    return sorted(hold.class_ for hold in shell.one().open_holds())


def test_cases_are_counted_in_pieces_from_request_to_credit() -> None:
    shell = ready()
    shell.receive(asked(2, "CA", price="120.00"), "northgate")
    shell.receive(shipped("2", "CA"), "northgate")
    shell.receive(received("2", "CA", damaged="3"), "harbor")
    shell.receive(inspected("24", "EA"), "harbor")
    line, b = shell.one().lines["1"], balances(shell.one(), "1")
    assert (line.unit, n(line.requested), n(line.unit_price)) == ("EA", 24, 10)
    assert {b.authorized, b.shipped, b.received, b.inspected} == {Decimal(24)}
    assert b.by_condition == {"damaged": 3, "good": 21}
    shell.run_erp()
    assert net_postings(shell.one())["1", "credit_request", "0"] == (Decimal(24), Decimal("240.00"))
    answer = shell.answers[-1][1].lines[0]
    assert (n(answer.requested), n(answer.authorized), answer.unit) == (2, 2, "CA")
    expected = shell.expected[-1][1].lines[0]
    assert (n(expected.quantity), expected.unit) == (24, "EA")


def test_a_price_by_the_piece_fits_every_file_and_the_money_stays_exact() -> None:
    shell = ready()
    shell.receive(asked(2, "CA", price="84.50"), "northgate")
    shell.receive(received("2", "CA"), "harbor")
    shell.receive(inspected("24", "EA"), "harbor")
    rows = [row_fields(shell.one(), posting) for posting in shell.one().postings.values()]
    assert {row["unit_price"] for row in rows} == {Decimal("7.0417")}
    assert [row["amount"] for row in rows if row["kind"] == "credit_request"] == [Decimal("169.00")]


def test_an_answer_that_grants_no_whole_cases_counts_in_pieces() -> None:
    shell = ready()
    shell.receive(orders("SO1", A=50), "atlas")
    shell.receive(asked(5, "CA"), "northgate")
    answer = shell.answers[-1][1].lines[0]
    assert (n(answer.requested), n(answer.authorized), answer.unit, answer.decision) == (60, 50, "EA", "partial")


def test_an_order_in_cases_is_compared_with_pieces() -> None:
    shell = Shell(policy=Policy(warehouse="harbor"))
    shell.receive(products(DRILL), "atlas")
    sold = orders("SO1", A=2)
    in_cases = tuple({**row, "unit": "CA", "unit_price": "120.00"} for row in sold.rows)
    shell.receive(sold.model_copy(update={"rows": in_cases}), "atlas")
    shell.receive(asked(30, "EA"), "northgate")
    line = shell.one().lines["1"]
    assert (line.decision, n(shell.one().tally("1").a), n(line.unit_price)) == ("partial", 24, 10)


def test_a_dozen_is_twelve_pieces_without_master_data() -> None:
    shell = ready(HOSE)
    shell.receive(asked(2, "DZ", "B"), "northgate")
    shell.receive(shipped("12", "EA", "B"), "northgate")
    b = balances(shell.one(), "1")
    assert (shell.one().lines["1"].unit, n(b.authorized), n(b.shipped), n(b.in_transit)) == ("EA", 24, 12, 12)


def test_a_request_in_a_unit_that_nobody_knows_waits_and_the_master_data_free_it() -> None:
    shell = ready()
    shell.receive(asked(2, "BX"), "northgate")
    assert shell.one().lines["1"].decision_text == "unit BX is not known for A"
    assert classes(shell) == ["crosswalk_missing"]
    with pytest.raises(CannotResolve, match="how many EA 2 BX are"):
        shell.answer("R000001", "crosswalk_missing", "approve")
    shell.receive(products({**DRILL, "units.BX": "6"}), "atlas")
    assert (n(shell.one().tally("1").a), classes(shell)) == (12, [])


@pytest.mark.parametrize("document", [shipped("1", "BX"), received("1", "BX"), received("12", "EA", "1", "BX")])
def test_goods_in_a_unit_that_nobody_knows_wait(document: InboundDocument) -> None:
    shell = ready()
    shell.receive(asked(), "northgate")
    number = shell.receive(document, "northgate" if document.number == "SH1" else "harbor")
    assert shell.states[number] == ("held", "crosswalk_missing")
    assert "crosswalk_missing" in classes(shell)
    assert not (shell.one().tally("1").x or shell.one().tally("1").r)
    assert not {"short_received", "inspection_exceeds_received"} & set(classes(shell))
    shell.receive(products({**DRILL, "units.BX": "6"}), "atlas")
    assert shell.states[number] == ("applied", "")
    assert shell.one().tally("1").x or shell.one().tally("1").r


def test_a_cancellation_counts_like_its_line() -> None:
    shell = ready()
    shell.receive(asked(3, "CA"), "northgate")
    line = RequestLine(line_no="", item=Item(sku="A"), quantity=Decimal(1), unit="CA")
    shell.receive(Cancellation(number="CX1", purpose="cancel", cancels="RTV1", lines=(line,)), "northgate")
    assert shell.one().tally("1").a == 24
    odd = line.model_copy(update={"unit": "BX"})
    shell.receive(Cancellation(number="CX2", purpose="cancel", cancels="RTV1", lines=(odd,)), "northgate")
    assert (n(shell.one().tally("1").a), classes(shell)) == (24, ["crosswalk_missing"])
    shell.receive(products({**DRILL, "units.BX": "6"}), "atlas")
    assert (n(shell.one().tally("1").a), classes(shell)) == (18, [])


def test_a_line_that_goods_opened_counts_as_the_request_says_afterwards() -> None:
    """Goods that nobody asked for come in pieces; then the partner asks for them, by the box."""
    shell = ready(DRILL)
    shell.receive(asked(1, "CA"), "northgate")
    shell.receive(received("5", "EA", sku="Z"), "harbor")
    more = (*asked(1, "CA").lines, RequestLine(line_no="2", item=Item(sku="Z"), quantity=Decimal(1), unit="BX"))
    changed = request("RTV1", {}, order="", purpose="replace").model_copy(update={"lines": more})
    shell.policy = Policy(warehouse="harbor", rules=())
    shell.receive(changed, "northgate")
    line = shell.one().lines["2"]
    assert (line.unit, n(shell.one().tally("2").a), n(shell.one().tally("2").r)) == ("BX", 1, 0)
    assert "crosswalk_missing" in classes(shell)


def test_one_item_on_two_lines_read_again_is_counted_once() -> None:
    shell = ready()
    lines = tuple(
        RequestLine(line_no=no, item=Item(sku="A"), quantity=Decimal(4), reason=code("defective")) for no in ("1", "2")
    )
    shell.receive(request("RTV1", {}).model_copy(update={"lines": lines}), "northgate")
    rows = [
        ReceiptLine(line_no="1", item=Item(sku="A"), quantity=Decimal(5)),
        ReceiptLine(line_no="2", item=Item(sku="A"), quantity=Decimal(1), unit="BX"),
    ]
    shell.receive(Receipt(number="WR1", references=ref("RTV1"), received_on=DAY, lines=tuple(rows)), "harbor")
    assert [shell.one().tally(no).r for no in ("1", "2")] == [4, 1]
    shell.receive(products({**DRILL, "units.BX": "3"}), "atlas")
    assert [shell.one().tally(no).r for no in ("1", "2")] == [4, 4]


def test_a_site_that_nobody_knows_holds_the_receipt() -> None:
    shell = ready()
    shell.receive(ReferenceData(dataset="sites", rows=({"site": "HP1", "name": "Harbor 1"},)), "atlas")
    shell.receive(asked(1), "northgate")
    number = shell.receive(received("1", "CA").model_copy(update={"warehouse": "WH7"}), "harbor")
    assert (shell.states[number], n(shell.one().tally("1").r)) == (("held", "crosswalk_missing"), 0)
    assert any("site WH7 is not known" in hold.message for hold in shell.one().open_holds())
    shell.receive(ReferenceData(dataset="sites", rows=({"site": "WH7"},)), "atlas")
    assert (shell.states[number], n(shell.one().tally("1").r)) == (("applied", ""), 12)


def test_the_customer_of_the_order_may_be_blocked() -> None:
    shell = ready()
    shell.receive(ReferenceData(dataset="customers", rows=({"customer": "C100", "blocked": "Y"},)), "atlas")
    shell.receive(asked(), "northgate")
    assert shell.one().lines["1"].decision_reason == "blocked_customer"


def test_prices_and_quantities_of_a_smaller_unit_than_the_base() -> None:
    policy = Policy()
    assert in_base(Decimal(2), "PL", "CA", CASES, policy) == 80
    assert in_base(Decimal(20), "CA", "PL", None, policy) is None
    assert in_base(Decimal(20), "CA", "PL", Product(Item(), "", True, unit="PL", units={}), policy) is None
    assert in_base(Decimal(80), "CA", "PL", CASES, policy) == 2
    assert in_base(Decimal(30), "CA", "PL", CASES, policy) == Decimal("0.75")
    assert (
        in_base(Decimal(1), "CA", "PL", Product(Item(), "", True, unit="CA", units={"PL": Decimal(3)}), policy) is None
    )
    assert price_in_base(Decimal(400), "PL", "CA", CASES, policy) == 10
    assert price_in_base(Decimal(10), "CA", "PL", CASES, policy) == 400


UNITS = st.sampled_from(["EA", "CA", "PL"])


@settings(max_examples=100, deadline=None)
@given(unit=UNITS, goods=st.lists(st.tuples(st.integers(1, 2), UNITS), max_size=3), order=st.permutations(range(4)))
def test_the_unit_of_a_document_changes_nothing_but_its_words(
    unit: str, goods: list[tuple[int, str]], order: list[int]
) -> None:
    """The same goods, said in pieces: every balance and posting is the same, whatever comes first."""
    held = {"EA": 1, "CA": 12, "PL": 480}

    def play(as_pieces: bool, mixed: bool) -> Shell:
        shell = ready()

        def said(q: int, u: str) -> tuple[str, str]:
            return (str(q * held[u]), "EA") if as_pieces else (str(q), u)

        sent: list[tuple[InboundDocument, str]] = [(asked(int(said(1, unit)[0]), said(1, unit)[1]), "northgate")]
        sent += [(shipped(*said(q, u), number=f"SH{k}"), "northgate") for k, (q, u) in enumerate(goods)]
        for k in [each for each in order if each < len(sent)] if mixed else range(len(sent)):
            shell.receive(*sent[k])
        shell.run_erp()
        return shell

    plain, other = play(as_pieces=True, mixed=False), play(as_pieces=False, mixed=True)
    assert balances(other.one(), "1") == balances(plain.one(), "1")
    assert net_postings(other.one()) == net_postings(plain.one())


def test_a_price_in_a_unit_that_nobody_can_count_is_none() -> None:
    """A case is not sold at the price of a piece because nobody says how many it holds."""
    assert price_in_base(Decimal(120), "CA", "EA", None, Policy()) is None
    assert price_in_base(Decimal(120), "DZ", "EA", None, Policy()) == Decimal(10)
    assert price_in_base(Decimal(0), "DZ", "EA", None, Policy()) == 0
