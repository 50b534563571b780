"""Checking what our set writers write: against the guides, and read back."""

from __future__ import annotations

from hypothesis import strategies as st

from translators.canonical import Item, Party, Reference
from translators.findings import Finding
from translators.profile import Delimiters, Envelope, Profile
from translators.x12.guide.maps import load_plan
from translators.x12.validate.verdict import validate_set

CHARACTERS = st.sampled_from("ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-/ ")


def in_set(set_id: str, segments: list[list[str]]) -> list[list[str]]:
    """What a writer gives → a whole set."""
    return [["ST", set_id, "0001"], *segments, ["SE", str(len(segments) + 2), "0001"]]


def guide_findings(set_id: str, segments: list[list[str]], release: str = "004010") -> list[Finding]:
    """Everything the guide of the release has against the set, under strict rules."""
    raw = ["*".join(segment) for segment in in_set(set_id, segments)]
    return validate_set(load_plan(set_id, release), raw, Delimiters(), strict=True)


def partner(version: str = "004010", role: str = "retailer") -> Profile:
    return Profile(partner="northgate", role=role, envelope=Envelope(version=version))


def words(most: int, least: int = 1) -> st.SearchStrategy[str]:
    """Identifications without outer blanks."""
    return st.text(CHARACTERS, min_size=least, max_size=most).map(lambda text: " ".join(text.split()).ljust(least, "X"))


def items() -> st.SearchStrategy[Item]:
    """Items with at least one id."""
    gtin = st.one_of(st.just(""), st.from_regex(r"[0-9]{12,14}", fullmatch=True))
    return st.builds(
        Item,
        sku=words(20),
        buyer_sku=st.one_of(st.just(""), words(20)),
        vendor_sku=st.one_of(st.just(""), words(20)),
        gtin=gtin,
        description=st.one_of(st.just(""), words(120)),
        other=st.lists(st.tuples(st.sampled_from(["IB", "ZZ"]), words(20)), max_size=2).map(tuple),
    )


def parties(*roles: str) -> st.SearchStrategy[tuple[Party, ...]]:
    party = st.builds(
        Party,
        role=st.sampled_from(roles),
        name=words(60),
        qualifier=st.sampled_from(["", "91", "92", "UL"]),
        id=st.one_of(st.just(""), words(20, 2)),
        address=st.lists(words(55), max_size=4).map(tuple),
        city=st.one_of(st.just(""), words(30, 2)),
        region=st.sampled_from(["", "NV", "CO"]),
        postal_code=st.sampled_from(["", "89501"]),
        country=st.sampled_from(["", "US"]),
    )
    return st.lists(party, max_size=3).map(tuple)


def references() -> st.SearchStrategy[tuple[Reference, ...]]:
    kinds = ["vendor", "invoice", "tracking", "claim", "line", "carton", "x12:DP", "x12:QTY.74", "rma"]
    return st.lists(st.builds(Reference, kind=st.sampled_from(kinds), value=words(30)), max_size=12).map(tuple)
