"""812: whose credit it is, of which claim, how much money, for which units."""

from __future__ import annotations

from decimal import Decimal

from tests.translators.x12.files import whole_file
from translators.canonical import CreditNote
from translators.profile import Crosswalk, CrosswalkRow, Profile
from translators.registry import translate

NOTE = (
    "ST*812*0001~BCD*20250402*CM-4711*{handling}*12600*C*****PO-88*{purpose}**DB*R000001V1~CUR*SE*EUR~N9*RZ*AC-771~"
    "SAC*C*G470***500~N1*VN*Acme Tools*91*V-301~"
    "CDD*72*C*1*12600***3*EA**UCP*42~LIN**UP*400101001003~N9*D9*R000002V1~"
    "CDD*B7*D**-1.50~SE*11*0001~"
)


def read(handling: str = "K", purpose: str = "00", profile: Profile | None = None) -> CreditNote:
    data = whole_file(NOTE.format(handling=handling, purpose=purpose), functional_id="CD")
    (document,) = translate(data, "812.edi", profile or Profile()).documents()
    assert isinstance(document, CreditNote)
    return document


def test_a_note_has_its_number_money_and_the_claim_it_is_about() -> None:
    note = read()
    assert (note.number, note.amount, note.currency, note.direction) == ("CM-4711", Decimal("126.00"), "EUR", "credit")
    assert [(ref.kind, ref.value) for ref in note.references] == [
        ("rma", "AC-771"),
        ("claim", "R000001V1"),
        ("purchase_order", "PO-88"),
    ]
    assert [(charge.kind, charge.amount) for charge in note.charges] == [("restocking", Decimal("5.00"))]
    assert note.provenance["references.1"].segment == "BCD"


def test_a_line_says_item_units_price_and_its_own_claim() -> None:
    first, second = read().lines
    assert (first.item.gtin, first.quantity, first.unit_price) == ("400101001003", Decimal(3), Decimal(42))
    assert (first.amount, first.reason.canonical) == (Decimal("126.00"), "return")
    assert [(ref.kind, ref.value) for ref in first.references] == [("claim", "R000002V1")]
    assert (second.direction, second.amount, second.quantity) == ("debit", Decimal("-1.50"), None)


def test_purpose_and_handling_have_our_words() -> None:
    assert (read(purpose="05").purpose, read(purpose="01").purpose, read(purpose="").purpose) == (
        "replace",
        "cancel",
        "original",
    )
    assert (read(handling="H").handling, read().handling) == ("information", "reimbursement")


def test_a_partner_that_means_its_own_side_says_so_in_its_codes() -> None:
    turned = Crosswalk(
        name="direction", rows=(CrosswalkRow(theirs="C", ours="debit"), CrosswalkRow(theirs="D", ours="credit"))
    )
    assert read(profile=Profile(crosswalks={"direction": turned})).direction == "debit"
