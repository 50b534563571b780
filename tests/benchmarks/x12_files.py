"""Large X12 files for the benchmarks: valid sets with varied values, the same for the same number of sets."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from random import Random

ISA = "ISA*00*          *00*          *ZZ*NORTHGATE      *ZZ*GATEWAY        *250314*0930*U*00401*000000001*0*P*>~"
GROUPS = {"180": "AN", "856": "SH", "944": "RE"}
REASONS = ("DR", "DT", "WG", "PF", "EW", "DM")
NAMES = ("STORE 0456", "SPRINGFIELD RETURNS", "LAKE STREET OUTLET", "NORTHGATE DC 7")


def upc(random: Random) -> str:
    return f"{random.randint(10**11, 10**12 - 1)}"


def request(number: str, random: Random) -> list[str]:
    """A 180 of 25 segments: header, two parties, five lines."""
    segments = [
        f"ST*180*{number}",
        f"BGN*13*RTV{number}*20250314*0930",
        f"PRF*PO{random.randint(1, 99999)}***20250301",
        f"N9*IA*{random.randint(1, 999999)}",
        f"N9*D9*CLM{random.randint(1, 999999)}",
        f"N1*SN*{random.choice(NAMES)}*92*{random.randint(10, 9999):04d}",
        "N3*12 MAIN STREET",
        "N4*SPRINGFIELD*IL*62701*US",
        "N1*VN*ACME MFG*91*ACME",
    ]
    for line in range(5):
        price = f"{random.randint(1, 99)}.{random.randint(0, 99):02d}"
        segments += [
            f"BLI*UP*{upc(random)}*{random.randint(1, 48)}*EA*UCP*{price}**VN*AC-{line}{random.randint(1, 99)}",
            f"N9*FJ*{line + 1}",
            f"RDR**{random.choice(REASONS)}**CRACKED HANDLE*Y",
        ]
    return [*segments, f"SE*25*{number}"]


def receipt(number: str, random: Random) -> list[str]:
    """A 944 of 24 segments: header, four lines with lot and two exceptions each."""
    segments = [
        f"ST*944*{number}",
        f"W17*C*20250325*WR{number}*RGA{random.randint(1, 99999)}*SHP{random.randint(1, 9999)}",
        "N1*WH*ACME RETURNS DC*91*R1",
        f"N1*SF*{random.choice(NAMES)}*92*{random.randint(10, 9999):04d}",
        f"N9*RZ*RGA{random.randint(1, 99999)}",
        "G62*09*20250325",
    ]
    total = 0
    for _ in range(4):
        quantity = random.randint(2, 40)
        total += quantity
        segments += [
            f"W07*{quantity}*EA**UP*{upc(random)}*VN*AC-{random.randint(1, 999)}",
            f"N9*LT*L{random.randint(1, 99999)}",
            "W13*1*EA*01**CC",
            f"W13*{quantity - 1}*EA*07",
        ]
    return [*segments, f"W14*{total}", f"SE*24*{number}"]


def notice(number: str, random: Random) -> list[str]:
    """An 856 of 62 segments: shipment, order, four cartons with three items each."""
    segments = [
        f"ST*856*{number}",
        f"BSN*00*SH{number}*20250314*0930*0001",
        "HL*1**S",
        f"TD1*CTN25*4****G*{random.randint(10, 400)}.5*LB",
        "TD5*B*2*UPSN*M*UPS GROUND",
        f"REF*BM*BOL{random.randint(1, 99999)}",
        f"REF*RZ*RMA{random.randint(1, 99999)}",
        "DTM*011*20250314",
        "DTM*017*20250318",
        f"N1*SF*{random.choice(NAMES)}*92*{random.randint(10, 9999):04d}",
        "N3*12 MAIN STREET",
        "N4*SPRINGFIELD*IL*62701*US",
        "N1*ST*ACME RETURNS DC*91*R1",
        "HL*2*1*O",
        f"PRF*PO{random.randint(1, 99999)}***20250301",
        f"REF*DP*{random.randint(1, 999)}",
    ]
    level = 2
    for _ in range(4):
        level += 1
        carton = level
        segments += [f"HL*{carton}*2*P", f"MAN*GM*000{random.randint(10**16, 10**17 - 1)}"]
        for item in range(3):
            level += 1
            segments += [
                f"HL*{level}*{carton}*I",
                f"LIN*{item + 1}*UP*{upc(random)}*SK*SKU{random.randint(1, 9999)}",
                f"SN1*{item + 1}*{random.randint(1, 48)}*EA",
            ]
    return [*segments, f"CTT*{level}", f"SE*{len(segments) + 2}*{number}"]


MAKERS: dict[str, Callable[[str, Random], list[str]]] = {"180": request, "856": notice, "944": receipt}


def sets(set_id: str, count: int) -> Iterator[list[str]]:
    """The segments of `count` sets, numbered from 0001."""
    random = Random(set_id)
    for number in range(1, count + 1):
        yield MAKERS[set_id](f"{number:04d}", random)


def interchange(set_id: str, count: int, *, spoilt: bool = False) -> str:
    """One interchange with one group of `count` sets; `spoilt`: each with wrong dates, units and a stray segment."""
    bodies = []
    for segments in sets(set_id, count):
        kept = segments
        if spoilt:
            kept = [raw.replace("20250314", "20250231").replace("*EA", "*EACH") for raw in segments]
            kept.insert(len(kept) - 2, "QQQ*1")
            kept[-1] = f"SE*{len(kept)}*{segments[-1].rpartition('*')[2]}"
        bodies.append("~".join(kept))
    group = f"GS*{GROUPS[set_id]}*NORTHGATE*GATEWAY*20250314*0930*1*X*004010~"
    return f"{ISA}{group}{'~'.join(bodies)}~GE*{count}*1~IEA*1*000000001~"
