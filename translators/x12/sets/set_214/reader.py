"""214 Transportation Carrier Shipment Status Message → carrier events, one for each AT7 (X12 004010 to 005010)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from translators.bindings import Located
from translators.canonical import CarrierEvent, Inbound
from translators.provenance import Source
from translators.x12.envelope.standards import is_date, is_time
from translators.x12.sets.context import SetContext
from translators.x12.sets.reading.scopes import ScopeValues, at, bindings_for, locate, scope_of, split_at
from translators.x12.sets.reading.segments import Identifiers, parties
from translators.x12.sets.set_214.status_codes import EVENTS, NORMAL, code_words

# MAN01: marks by which a parcel is tracked, given by the carrier (CP) or the shipper (SM).
_PARCEL_MARKS = frozenset({"CP", "SM"})
# L1102: the carrier's reference and the tracking number.
_TRACKING = frozenset({"CN", "2I"})
# Of an AT7 alone; what else stands behind it in its LX loop is about all of them.
_STATUS_SEGMENTS = frozenset({"AT7", "MS1"})


def read_214(segments: list[list[str]], context: SetContext) -> list[Inbound]:
    """One 214 (split segments, ST first, SE last) → one CarrierEvent for every AT7 and every parcel it is about.

    A parcel is known by L11 with CN or 2I or by a MAN in the AT7's LX loop, else by those of the heading, else by
    B1001, the carrier's own number. B1002 is the shipper's number of the shipment.
    Raises BindingError when the partner's bindings table is wrong.
    """
    heading, *loops = split_at(locate(segments, context), "LX")
    values = bindings_for("214", context.profile).read(
        "header", scope_of(heading, {}), component=context.delimiters.component
    )
    reader = _Events(heading, ScopeValues(*values), context)
    events: list[Inbound] = []
    for loop in loops:
        before, *statuses = split_at(loop, "AT7")
        common = [*before, *(entry for status in statuses for entry in status if entry[1][0] not in _STATUS_SEGMENTS)]
        for status in statuses:
            events += reader.of_status(status, common)
    return events


@dataclass(slots=True, frozen=True)
class _Events:
    """What the heading of a 214 says of all its events."""

    heading: list[Located]
    values: ScopeValues
    context: SetContext

    def of_status(self, status: list[Located], common: list[Located]) -> list[CarrierEvent]:
        """The events of one AT7, one a parcel; `common` is what its LX loop says besides of all its AT7."""
        position, at7 = status[0]
        if not (at(at7, 1) or at(at7, 3)):
            return []
        provenance: dict[str, Source] = {}
        identifiers = self._identifiers(common, provenance)
        self.values.trace(provenance, "", "carrier")
        provenance["event"] = Source(segment="AT7", position=position, element=1 if at(at7, 1) else 3)
        instant = _instant(at7)
        if instant:
            provenance["at"] = Source(segment="AT7", position=position, element=5)
        event = CarrierEvent(
            issued_on=_day(at(at7, 5)),
            carrier=self.values.text("carrier"),
            event=_event(at7, self.context),
            at=instant,
            reason=_reason(at7),
            place=_place(status),
            references=tuple(identifiers.references),
            parties=parties(self.heading, {}),
            provenance=provenance,
        )
        parcels = _tracking(common) or _tracking(self.heading) or self._number_of_carrier()
        return [
            event.model_copy(update={"tracking": number, "provenance": {**provenance, "tracking": source}})
            for number, source in parcels
        ] or [event]

    def _identifiers(self, common: list[Located], provenance: dict[str, Source]) -> Identifiers:
        """Every number that the set gives the shipment, but for those that track parcels."""
        identifiers = Identifiers(provenance)
        identifiers.add("shipment", self.values.text("shipment"), self.values.provenance.get("shipment"))
        for position, segment in [*self.heading, *common]:
            if segment[0] == "L11" and at(segment, 2) not in _TRACKING:
                source = Source(segment="L11", position=position, element=1)
                identifiers.add_qualified(at(segment, 2), at(segment, 1), source, self.context)
            elif segment[0] == "PRF":
                identifiers.add("purchase_order", at(segment, 1), Source(segment="PRF", position=position, element=1))
        return identifiers

    def _number_of_carrier(self) -> list[tuple[str, Source]]:
        """The number by which the carrier knows the shipment."""
        source = self.values.provenance.get("tracking")
        return [(self.values.text("tracking"), source)] if source is not None else []


def _tracking(located: list[Located]) -> list[tuple[str, Source]]:
    """The numbers by which parcels are tracked, each once, with their places."""
    found: dict[str, Source] = {}
    for position, segment in located:
        if segment[0] == "L11" and at(segment, 2) in _TRACKING and at(segment, 1):
            found.setdefault(at(segment, 1), Source(segment="L11", position=position, element=1))
        elif segment[0] == "MAN" and at(segment, 1) in _PARCEL_MARKS:
            found.setdefault(at(segment, 2), Source(segment="MAN", position=position, element=2))
    return list(found.items())


def _event(at7: list[str], context: SetContext) -> str:
    """What happened: by the partner's crosswalk `carrier_event`, else by the standard's code, else the code itself."""
    code = at(at7, 1) or at(at7, 3)
    own = context.profile.crosswalk("carrier_event").ours(code)
    return own or EVENTS.get(code, code)


def _reason(at7: list[str]) -> str:
    """Why, in words where the code has some; "" if nothing is out of the ordinary."""
    status, why = at(at7, 1) or at(at7, 3), at(at7, 2) or at(at7, 4)
    words = [code_words().get(("1650", status), status)] if EVENTS.get(status) == "exception" else []
    if why and why not in NORMAL:
        words.append(code_words().get(("1651", why), why))
    return ": ".join(words)


def _instant(at7: list[str]) -> str:
    """AT705 and AT706 as ISO 8601, in the time that the carrier wrote; the day alone where there is no time."""
    day, time = at(at7, 5), at(at7, 6)
    if not is_date(day, 8):
        return ""
    text = f"{day[:4]}-{day[4:6]}-{day[6:8]}"
    if not is_time(time, 4, 8):
        return text
    return f"{text}T{time[:2]}:{time[2:4]}:{time[4:6] or '00'}"


def _day(text: str) -> date | None:
    return date(int(text[:4]), int(text[4:6]), int(text[6:8])) if is_date(text, 8) else None


def _place(status: list[Located]) -> str:
    """City, state and country of the MS1 behind the AT7; a longitude and latitude where there is no city."""
    for _, segment in status:
        if segment[0] == "MS1":
            named = [part for part in (at(segment, 1), at(segment, 2), at(segment, 3)) if part]
            return ", ".join(named) if at(segment, 1) else " ".join(filter(None, (at(segment, 4), at(segment, 5))))
    return ""
