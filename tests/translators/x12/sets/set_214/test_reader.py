"""214 → carrier events."""

from __future__ import annotations

from datetime import date

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.translators.x12.sets.segments import check_provenance, context_from, crosswalk, whole_set
from translators.canonical import CarrierEvent
from translators.x12.sets.context import SetContext
from translators.x12.sets.set_214.reader import read_214

HEADING = "B10*PRO-55*SHP7781*UPSN~L11*RMA-000001*RZ~N1*CN*HARBOR DC*92*DC3~N4*RENO*NV*89502*US"
PARCELS = whole_set(
    "214",
    f"{HEADING}~LX*1~AT7*X4*NS***20250318*1420*LT~MS1*RENO*NV*US~L11*1Z77*2I~L11*1Z78*2I"
    "~LX*2~AT7*AP*B1***20250319*091530*LT~MS1*RENO*NV~MAN*CP*1Z79",
)


def events(segments: list[list[str]], context: SetContext | None = None) -> list[CarrierEvent]:
    found = [
        event for event in read_214(segments, context or context_from("carrier")) if isinstance(event, CarrierEvent)
    ]
    for event in found:
        check_provenance(event, segments)
    return found


def test_every_status_of_every_parcel_is_an_event() -> None:
    first, second, third = events(PARCELS)
    assert [event.tracking for event in (first, second, third)] == ["1Z77", "1Z78", "1Z79"]
    assert (first.event, first.at, first.place, first.reason) == (
        "in_transit",
        "2025-03-18T14:20:00",
        "RENO, NV, US",
        "",
    )
    assert (third.event, third.at) == ("exception", "2025-03-19T09:15:30")
    assert third.reason == "delivery not completed: consignee closed"
    assert {event.carrier for event in (first, second, third)} == {"UPSN"}
    assert first.issued_on == date(2025, 3, 18)
    assert [(r.kind, r.value) for r in first.references] == [("shipment", "SHP7781"), ("rma", "RMA-000001")]


def test_without_a_parcels_number_the_carriers_own_stands_for_it() -> None:
    (event,) = events(whole_set("214", "B10*PRO-55*SHP7781*UPSN~LX*1~AT7*D1*NS***20250320"))
    assert (event.tracking, event.event, event.at) == ("PRO-55", "delivered", "2025-03-20")


def test_a_status_that_nobody_told_us_of_stays_as_the_carrier_said_it() -> None:
    segments = whole_set(
        "214", "B10*PRO-55*SHP7781*UPSN~LX*1~AT7*ZZ*NS***20250320*0900*LT~AT7***AA*NA*20250321*0900*LT"
    )
    assert [event.event for event in events(segments)] == ["ZZ", "AA"]
    own = context_from("carrier", crosswalks=crosswalk("carrier_event", ZZ="delivered"))
    assert [event.event for event in events(segments, own)] == ["delivered", "AA"]


def test_a_set_without_a_status_is_no_event() -> None:
    assert events(whole_set("214", "B10*PRO-55*SHP7781*UPSN")) == []
    assert events(whole_set("214", "B10*PRO-55*SHP7781*UPSN~LX*1~L11*1Z77*2I")) == []


SEGMENTS = st.lists(
    st.sampled_from(["LX*1", "AT7*X4*NS***20250318*1420", "AT7", "AT7*D1*NS***2025", "MS1", "MS1*A*B", "L11*1*2I"]),
    max_size=8,
)


@settings(max_examples=60, deadline=None)
@given(SEGMENTS)
def test_no_order_of_segments_raises(body: list[str]) -> None:
    events(whole_set("214", "~".join(["B10*P*S*UPSN", *body])))
