"""Units, items, sites that nobody knows: on the worklist, answered by a codes row, the policy or the ERP's export."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import pytest
import sqlalchemy as sa

from gateway.commands.partner_folders.codes import answer_code
from gateway.engine import Engine
from gateway.home import Home
from gateway.isolation import Parser
from gateway.rebuild import rebuild
from gateway.returns import Return
from gateway.store.returns import returns
from gateway.store.returns.codes import waiting_codes
from gateway.store.tables import document, hold, return_
from tests.homes import at_work, drop_reference_data
from tests.translators.x12.files import whole_file
from translators.profile import CrosswalkRow

HEAD = "Request,Date,PO,Store,Item,UPC,Qty,Reason,Remark,UM"
RECEIPT = whole_file(
    "ST*944*0001~W17*C*20250318*HR1*RMA-000001~"
    "N1*WH*HARBOR POINT LOGISTICS*91*{site}~N9*RZ*RMA-000001~"
    "W07*1*{unit}**UP*400101001003~W14*1~SE*7*0001~",
    number=5501,
    functional_id="RE",
    sender="HARBORPOINT",
    receiver="MERIDIAN",
    date="250318",
    time="1130",
).decode()


@pytest.fixture
def home(root: Path) -> Home:
    """Cedar's requests have a column for the unit."""
    home = Home(root)
    layout = home.partners / "cedar/layouts/requests.toml"
    layout.write_text(layout.read_text().replace("[constants]", 'UM = "lines.unit"\n\n[constants]'))
    drop_reference_data(root)
    return home


@pytest.fixture
def engine(home: Home, lasting_parser: Parser) -> Iterator[Engine]:
    with at_work(home.root, parser=lasting_parser) as gateway:
        gateway.work()
        yield gateway.engine
        assert gateway.verify() == []
        with gateway.engine.store.read() as snapshot:
            assert rebuild(snapshot).differences == []


def ask(engine: Engine, upc: str = "400101001003", unit: str = "EA", item: str = "CH-TL-18V") -> None:
    text = f"{HEAD}\nCR-3001,03/14/2025,CH-8841,S014,{item},{upc},1,DEF,,{unit}\n"
    receive(engine, "cedar", "requests.csv", text)


def receive(engine: Engine, partner: str, name: str, text: str) -> None:
    (engine.home.inbox / partner / name).write_text(text)
    engine.until_quiet()


def states(engine: Engine, kind: str) -> list[tuple[str, str]]:
    with engine.store.read() as snapshot:
        query = sa.select(document.c.state, document.c.reason).where(document.c.kind == kind)
        return [(str(row.state), str(row.reason)) for row in snapshot.execute(query)]


def worklist(engine: Engine) -> list[tuple[str, str, str]]:
    with engine.store.read() as snapshot:
        found = waiting_codes(snapshot, engine.configuration.book, engine.configuration.policy)
    return [(each.partner, each.table, each.theirs) for each in found]


def say(engine: Engine, partner: str, table: str, theirs: str, ours: str) -> None:
    row = CrosswalkRow(theirs=theirs, ours=ours)
    assert answer_code(engine.home.root, partner, table, row, False, "ann", lambda _: None) == 0
    engine.until_quiet()


def the_return(engine: Engine) -> Return:
    with engine.store.read() as snapshot:
        numbers = [str(each) for each in snapshot.execute(sa.select(return_.c.return_no)).scalars()]
        (loaded,) = returns.load(snapshot, numbers).values()
    return loaded.aggregate


def open_holds(engine: Engine) -> list[str]:
    with engine.store.read() as snapshot:
        return [
            str(each) for each in snapshot.execute(sa.select(hold.c.message).where(hold.c.state == "open")).scalars()
        ]


def test_a_unit_by_another_name_is_answered_like_a_code(engine: Engine) -> None:
    ask(engine, unit="each")
    assert open_holds(engine) == ["unit each is not known for MS-1001"]
    assert worklist(engine) == [("cedar", "unit", "each")]
    say(engine, "cedar", "unit", "each", "EA")
    assert states(engine, "return_request") == [("applied", "")]
    assert (worklist(engine), the_return(engine).tally("1").a) == ([], Decimal(1))


def test_a_unit_that_the_policy_comes_to_count_sets_the_line_free(engine: Engine) -> None:
    ask(engine, unit="PR")
    policy = engine.home.partners / "_house/policy.toml"
    policy.write_text(policy.read_text().replace("[units]", '[units]\nPR = "2 EA"'))
    assert engine.reload()
    engine.until_quiet()
    assert (worklist(engine), the_return(engine).tally("1").a) == ([], Decimal(2))


def test_the_erps_export_says_how_many_a_case_holds(engine: Engine) -> None:
    ask(engine, unit="CA")
    receive(engine, "harbor", "944.edi", RECEIPT.format(site="HP1", unit="CA"))
    layout = engine.home.partners / "atlas/layouts/products.toml"
    layout.write_text(layout.read_text() + 'CASE = "rows.units.CA"\n')
    assert engine.reload()
    head, row, *_ = (engine.home.partners / "atlas/samples/products.csv").read_text().splitlines()
    receive(engine, "atlas", "products_2.csv", f"{head},CASE\n{row},2\n")
    assert (worklist(engine), the_return(engine).tally("1").a) == ([], Decimal(2))
    assert the_return(engine).tally("1").r == 2


def test_goods_in_a_strange_unit_and_at_a_strange_site_wait_for_a_word(engine: Engine) -> None:
    ask(engine)
    receive(engine, "harbor", "944.edi", RECEIPT.format(site="HP1", unit="PC"))
    assert worklist(engine) == [("harbor", "unit", "PC")]
    assert states(engine, "receipt") == [("held", "crosswalk_missing")]
    say(engine, "harbor", "unit", "PC", "EA")
    assert states(engine, "receipt") == [("applied", "")]
    assert (worklist(engine), the_return(engine).tally("1").r) == ([], Decimal(1))


def test_a_site_that_is_none_of_the_erps_waits_for_a_word(engine: Engine) -> None:
    atlas = engine.home.partners / "atlas/partner.toml"
    atlas.write_text(atlas.read_text().replace('"products"', '"products", "generic-sites"'))
    assert engine.reload()
    receive(engine, "atlas", "sites_1.csv", "site,name\nMAIN,Main house\n")
    ask(engine)
    receive(engine, "harbor", "944.edi", RECEIPT.format(site="DOCK9", unit="EA"))
    assert worklist(engine) == [("harbor", "site", "DOCK9")]
    say(engine, "harbor", "site", "DOCK9", "MAIN")
    assert (worklist(engine), the_return(engine).tally("1").r) == ([], Decimal(1))


def test_an_item_that_neither_order_nor_catalogue_has_waits_for_a_word(engine: Engine) -> None:
    ask(engine, upc="", item="OURS-77")
    assert worklist(engine) == [("cedar", "sku", "OURS-77")]
    say(engine, "cedar", "sku", "OURS-77", "MS-1001")
    line = the_return(engine).lines["1"]
    assert (worklist(engine), line.decision, line.item.sku) == ([], "authorized", "MS-1001")
