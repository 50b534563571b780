"""The X12 files that tests make: a whole file of any partner, one good interchange, and the ways to bend it."""

from __future__ import annotations

from collections.abc import Iterable

from translators.profile import Profile
from translators.translation import InterchangeResult, SetResult
from translators.x12.read.file import X12File, read_interchanges
from translators.x12.sets.table import all_sets

RETURN = "BGN*13*RTV100045*20250314*0930~N9*IA*123456~BLI*UP*012345678905*3*EA~RDR**DT~"
SHIPMENT = (
    "BSN*00*SHP7781*20250318*1000*0002~HL*1**S~TD5**2*UPSN*M~HL*2*1*O~PRF*PO100~HL*3*2*I~"
    "LIN**UP*012345678905~SN1**3*EA~"
)
RECEIPT = "W17*C*20250325*WR889*RGA5512*SHP7781~N1*WH*RETURNS DC*91*R1~W07*2*EA**UP*012345678905~W14*2~"
BODIES = {"180": RETURN, "856": SHIPMENT, "944": RECEIPT}
GROUPS = {known.id: known.group for known in all_sets()}


def isa(
    number: str = "000000905",
    *,
    qualifier: str = "ZZ",
    sender: str = "NORTHGATE",
    receiver: str = "GATEWAY",
    standards: str = "U",
    version: str = "00401",
    ack_requested: str = "0",
    usage: str = "P",
    date: str = "250314",
    time: str = "0931",
    component: str = ">",
) -> str:
    """An ISA with its terminator, 106 characters."""
    return (
        f"ISA*00*{'':10}*00*{'':10}*{qualifier}*{sender:15}*ZZ*{receiver:15}*{date}*{time}*{standards}*{version}*{number}*"
        f"{ack_requested}*{usage}*{component}~"
    )


def transaction(set_id: str = "180", number: str = "0001", body: str | None = None) -> str:
    """One set with true counts."""
    inner = BODIES[set_id] if body is None else body
    return f"ST*{set_id}*{number}~{inner}SE*{inner.count('~') + 2}*{number}~"


def group(
    sets: Iterable[str],
    number: str = "5",
    functional_id: str = "AN",
    version: str = "004010",
    *,
    sender: str = "NORTHGATE",
    receiver: str = "GATEWAY",
    date: str = "250314",
    time: str = "0931",
) -> str:
    """One group with true counts."""
    held = list(sets)
    head = f"GS*{functional_id}*{sender}*{receiver}*20{date}*{time}*{number}*X*{version}~"
    return f"{head}{''.join(held)}GE*{len(held)}*{number}~"


def interchange(groups: Iterable[str], header: str = "", number: str = "000000905") -> str:
    """One interchange with true counts."""
    held = list(groups)
    return f"{header or isa(number)}{''.join(held)}IEA*{len(held)}*{number}~"


def whole_file(
    *sets: str,
    number: int = 1,
    functional_id: str = "AN",
    sender: str = "NORTHGATE",
    receiver: str = "GATEWAY",
    isa_sender: tuple[str, str] | None = None,
    date: str = "250314",
    time: str = "0930",
    usage: str = "P",
    version: str = "004010",
) -> bytes:
    """A file as a partner sends it: one interchange of one group, both with the same control number.

    `isa_sender` (qualifier, id) where the ISA names the sender otherwise than the GS; `date` YYMMDD.
    """
    qualifier, isa_id = isa_sender or ("ZZ", sender)
    since_501 = {"standards": "^", "version": "00501"} if version >= "005010" else {}
    header = isa(
        f"{number:09}",
        qualifier=qualifier,
        sender=isa_id,
        receiver=receiver,
        date=date,
        time=time,
        usage=usage,
        **since_501,
    )
    held = group(sets, str(number), functional_id, version, sender=sender, receiver=receiver, date=date, time=time)
    return interchange([held], header, f"{number:09}").encode("latin-1")


def good(set_id: str = "180") -> str:
    """One interchange with one good set."""
    return interchange([group([transaction(set_id)], functional_id=GROUPS[set_id])])


def read(text: str | bytes, **settings: object) -> X12File:
    """A file read with a profile of these settings and no readers."""
    data = text if isinstance(text, bytes) else text.encode("latin-1")
    return read_interchanges(data, Profile.model_validate(settings), {})


def only(text: str | bytes, **settings: object) -> InterchangeResult:
    """The one interchange of a file."""
    (found,) = read(text, **settings).interchanges
    return found


def sets_of(interchange_read: InterchangeResult) -> list[SetResult]:
    """All sets of an interchange, in order."""
    return [transaction_set for one in interchange_read.groups for transaction_set in one.sets]


def codes(found: Iterable[object]) -> list[str]:
    """The codes of findings, in order."""
    return [getattr(finding, "code") for finding in found]  # noqa: B009 # findings of any result
