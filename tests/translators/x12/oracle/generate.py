"""Valid sets made from a plan, and damage done to them. Everything follows from the given random numbers."""

from __future__ import annotations

from random import Random

from translators.x12.guide.nodes import ElementDef, LoopNode, SegmentDef, SegmentNode
from translators.x12.guide.plan import Plan

LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
TEXT = LETTERS + "abcxyz -.,/()#&'"
MARKS = ("*", ">", "~")
SOME = 0.18


def valid_set(plan: Plan, random: Random, fullness: float = SOME) -> list[str]:
    """The raw segments of a set that the plan accepts, ST02 0001; `fullness` is how much of the optional is there."""
    segments: list[str] = []
    _loop(plan.root, random, fullness, segments)
    segments[0] = f"ST*{plan.set_id}*0001"
    segments[-1] = f"SE*{len(segments)}*0001"
    return segments


def _loop(loop: LoopNode, random: Random, fullness: float, segments: list[str]) -> None:
    for child in loop.children:
        times = int(child.usage == "R" or (child.usage == "S" and random.random() < fullness))
        if times:
            while random.random() < 0.3 and (child.most is None or times < child.most):
                times += 1
        for _ in range(times):
            if isinstance(child, LoopNode):
                _loop(child, random, fullness * 0.8, segments)
            else:
                segments.append(segment(child.definition, random))


def segment(definition: SegmentDef, random: Random) -> str:
    """A valid segment: a choice of elements that keeps the notes, each with a value."""
    count = len(definition.elements)
    required = {i for i, e in enumerate(definition.elements, 1) if e.usage == "R"}
    usable = [i for i, e in enumerate(definition.elements, 1) if e.usage == "S"]
    present = frozenset(required)
    for attempt in range(400):
        share = random.choice((0.0, 0.2, 0.5, 0.9)) if attempt < 390 else 1.0
        reach = random.randint(0, count)
        present = frozenset(required | {i for i in usable if i <= reach and random.random() < share})
        if present and all(note.holds(present) for note in definition.notes):
            break
    else:
        raise AssertionError(f"no valid choice of elements for {definition.id}")
    values = [""] * max(present)
    for i in present:
        values[i - 1] = element(definition.elements[i - 1], random)
    if definition.formatted and random.random() < 0.7:
        values[1], values[2] = random.choice(
            (("D8", date(random)), ("RD8", f"{date(random)}-{date(random)}"), ("TM", "1259"), ("D6", date(random)[2:]))
        )
    return "*".join([definition.id, *values])


def element(definition: ElementDef, random: Random) -> str:
    if definition.components:
        components = definition.components
        for _ in range(200):
            last = random.randint(1, len(components))
            present = frozenset(
                i
                for i, c in enumerate(components, 1)
                if c.usage == "R" or (c.usage == "S" and i <= last and random.random() < 0.5)
            )
            if all(note.holds(present) for note in definition.notes):
                parts = [
                    element(component, random) if i in present else ""
                    for i, component in enumerate(components, 1)
                    if i <= max(present)
                ]
                return ">".join(parts)
    if definition.codes is not None:
        return random.choice(sorted(definition.codes))
    low, high = max(definition.low, 1), definition.high
    kind = definition.data_type
    length = random.choice((low, high, min(high, low + random.randint(0, 12))))
    if kind == "R":
        return real(random, low, length)
    if kind.startswith("N"):
        return random.choice(("", "", "", "-")) + "".join(random.choice("0123456789") for _ in range(length))
    if kind == "DT":
        return date(random) if high == 8 else date(random)[2:]
    if kind == "TM":
        shapes = (f"{random.randint(0, 23):02d}{random.randint(0, 59):02d}", "235959", "1200007", "00000099")
        return random.choice(shapes if high > 4 else shapes[:1])
    if kind == "ID":
        return "".join(random.choice(LETTERS) for _ in range(length))
    inner = "".join(random.choice(TEXT) for _ in range(max(0, length - 2)))
    return (random.choice(LETTERS) + inner + random.choice(LETTERS))[-length:]


def real(random: Random, low: int, length: int) -> str:
    digits = "".join(random.choice("0123456789") for _ in range(length))
    sign = random.choice(("", "", "", "-"))
    if random.random() < 0.4:
        at = random.randint(0, max(0, length - 1))
        digits = f"{digits[:at]}.{digits[at:]}"
    return sign + digits


def date(random: Random) -> str:
    year = random.choice((1999, 2000, 2004, 2024, 2025, 2026))
    month = random.randint(1, 12)
    days = (31, 29 if year % 4 == 0 else 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)[month - 1]
    return f"{year:04d}{month:02d}{random.choice((1, days, random.randint(1, days))):02d}"


def damaged(plan: Plan, segments: list[str], random: Random) -> list[str]:
    """The set with one to three injuries; the ST and SE stay where they are."""
    hurt = list(segments)
    for _ in range(random.choice((1, 1, 1, 2, 3))):
        injury = random.choice(INJURIES)
        injury(plan, hurt, random)
    return hurt


def _inner(segments: list[str], random: Random) -> int | None:
    return random.randint(1, len(segments) - 2) if len(segments) > 2 else None


def _delete(plan: Plan, segments: list[str], random: Random) -> None:
    at = _inner(segments, random)
    if at is not None:
        del segments[at]


def _double(plan: Plan, segments: list[str], random: Random) -> None:
    at = _inner(segments, random)
    if at is not None:
        segments[at:at] = [segments[at]] * random.choice((1, 1, 2, 11))


def _swap(plan: Plan, segments: list[str], random: Random) -> None:
    at, other = _inner(segments, random), _inner(segments, random)
    if at is not None and other is not None:
        segments[at], segments[other] = segments[other], segments[at]


def _insert(plan: Plan, segments: list[str], random: Random) -> None:
    nodes: list[SegmentNode] = [node for node in plan.root.segments() if node.id not in {"ST", "SE"}]
    segments.insert(random.randint(1, len(segments) - 1), segment(random.choice(nodes).definition, random))


def _truncate(plan: Plan, segments: list[str], random: Random) -> None:
    at = random.randint(0, len(segments) - 1)
    if len(segments[at]) > 4:
        segments[at] = segments[at][: random.randint(3, len(segments[at]) - 1)]


def _corrupt(plan: Plan, segments: list[str], random: Random) -> None:
    at = random.randint(0, len(segments) - 1)
    raw = segments[at]
    if len(raw) > 4:
        place = random.randint(0 if 0 < at < len(segments) - 1 else 3, len(raw) - 1)
        segments[at] = raw[:place] + random.choice("AZ09 *>.-#^`é\t\x07$") + raw[place + 1 :]


def _replace(plan: Plan, segments: list[str], random: Random) -> None:
    """Another value for one element: empty, too long, not of its type, not of its codes."""
    at = random.randint(0, len(segments) - 1)
    values = segments[at].split("*")
    if len(values) > 1:
        i = random.randint(1, len(values) - 1)
        worse = (
            "",
            " ",
            "X",
            "ZZ",
            "99",
            "-1",
            "1.5",
            "1.",
            ".5",
            "20250230",
            "2501",
            "2460",
            "A" * 90,
            "1" * 20,
            "A ",
            "A>B",
        )
        values[i] = random.choice(worse)
        segments[at] = "*".join(values)


def _append(plan: Plan, segments: list[str], random: Random) -> None:
    at = random.randint(0, len(segments) - 1)
    segments[at] += random.choice(
        ("*", "**", "*X", " ", "* ", "* *", ">", ">X", "> ", "*" * 30, "*" * 30 + "X", "*" * 30 + " ")
    )


INJURIES = (_delete, _double, _swap, _insert, _truncate, _corrupt, _corrupt, _replace, _replace, _append)
