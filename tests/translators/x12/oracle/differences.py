"""Where our verdict and pyx12's differ, and why. Anything else is a failure of one of the two.

Each rule names the findings that pyx12 does not make. A set that we reject and pyx12 accepts must have findings of
these kinds only, or findings that follow from one of them in the same segment. There is no rule for the other
direction: what the plan accepts, pyx12 accepts.
"""

from __future__ import annotations

from collections.abc import Sequence

from translators.findings import Finding

# Finding code → why pyx12 does not make it.
NOT_IN_PYX12: dict[str, str] = {
    "trailing_separators": (
        "X12.6 has separators behind the last value left out. pyx12 minds only those beyond the last element of the "
        "definition; with `tolerate` (the default) we only warn."
    ),
    "blank_element": (
        "An element of blanks only says nothing, so it is absent. pyx12 takes one blank for a value, and a mandatory "
        "element for present."
    ),
    "trailing_blanks": (
        "Blanks behind a value are padding and do not count towards the least length. pyx12 counts them there."
    ),
    "too_many_repetitions": (
        "From 00402 on ISA11 separates repetitions, and no element of these sets repeats. pyx12 does not look at "
        "repetition in segments and reads the separator as a letter."
    ),
}
# What pyx12 checks while reading a file, on top of its map, and we do not: these sets are accepted here.
NOT_OURS: dict[str, str] = {
    "HL01 out of number, HL02 without its parent": (
        "Semantics of the 856, not its syntax: the standard asks for unique HL01, and a 997 does not report the "
        "tree. The reader of the 856 builds it and says what does not fit; pyx12's file reader wants 1, 2, 3."
    ),
}
# Codes that pyx12 does not make inside a composite only.
NOT_IN_COMPOSITES: dict[str, str] = {
    "element_missing": "pyx12 forgives an optional composite its mandatory first component when others are there.",
    "element_condition": "pyx12 does not read the syntax notes of composites (C040: P0304, P0506).",
    "element_too_short": "A component that only blanks make long enough; see trailing_blanks.",
}
# What follows from a value that we do not count, on other elements of the same segment.
CONSEQUENCES = frozenset({"element_missing", "element_condition", "element_too_short", "bad_code"})


def explained(findings: Sequence[Finding]) -> bool:
    """Are these findings, on a set that pyx12 accepts, all of kinds that pyx12 does not make?"""
    touched = {f.position for f in findings if f.code in NOT_IN_PYX12}
    return all(
        f.code in NOT_IN_PYX12
        or (f.component > 0 and f.code in NOT_IN_COMPOSITES)
        or (f.position in touched and f.code in CONSEQUENCES)
        for f in findings
    )
