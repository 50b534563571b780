"""Codes of sample files → rows for the codes files: the built-in meaning, or a guess where a word says so."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from gateway.onboarding.coded_values import codes_in
from gateway.partners.code_tables import deciding_codes
from translators.canonical import Inbound
from translators.profile import CrosswalkRow
from translators.x12.guide.files import code_text
from translators.x12.sets.code_meanings import BUILTIN

TABLES = ("reason", "condition", "disposition")
# Data elements of X12 whose codes have a built-in meaning.
ELEMENTS = {"reason": "1293", "condition": "412", "disposition": "1292"}
_SPELLINGS: dict[str, dict[str, str]] = {
    "reason": {
        "defective": "def defect defective broken faulty doa malfunction notworking doesnotwork dnw",
        "damaged_transit": "damaged damage dmg dam transit shippingdamage damagedintransit carrierdamage",
        "wrong_item": "wrong wrongitem misship mispick wrongproduct shippedwrong",
        "not_as_described": "notasdescribed nad",
        "unwanted": "unwanted changed changedmind changeofmind nolongerneeded remorse buyerremorse notwanted",
        "fit_style": "fit size style color colour toosmall toobig doesnotfit",
        "overstock": "overstock excess eol endoflife endofline surplus",
        "recall": "recall recalled",
        "expiry": "expired expiry outdated shortdated",
        "price_commercial": "price pricing commercial",
        "other": "other misc oth",
    },
    "condition": {
        "new": "new sealed factorysealed unopened",
        "like_new": "likenew opened openbox",
        "used_good": "used usedgood",
        "used_fair": "usedfair",
        "good": "good ok sellable saleable resaleable",
        "damaged": "damaged dmg dam damage",
        "defective": "defective def defect broken",
        "incomplete": "incomplete inc missingparts",
        "wrong_item": "wrong wrongitem",
        "missing": "missing short",
    },
    "disposition": {
        "restock": "restock stock resell putaway returntostock sellable",
        "restock_b": "bstock bgrade secondchoice restockb",
        "refurbish": "refurb refurbish",
        "repair": "repair",
        "rtv": "rtv vendor returntovendor",
        "scrap": "scrap scrapped destroy destroyed dispose trash",
        "donate": "donate donation charity",
        "quarantine": "quarantine hold blocked",
        "return_to_customer": "rtc returntocustomer",
        "replace": "replace",
        "keep": "keep",
    },
}
_WORDS = {
    table: {word: ours for ours, words in spellings.items() for word in (*words.split(), ours.replace("_", ""))}
    for table, spellings in _SPELLINGS.items()
}


@dataclass(slots=True)
class CodeGuesses:
    """`rows` by table; `guessed` are those of them that only a word speaks for; `open` (table, code) → lines wait."""

    rows: dict[str, list[CrosswalkRow]] = field(default_factory=dict)
    guessed: list[tuple[str, str, str]] = field(default_factory=list)
    open: Counter[tuple[str, str]] = field(default_factory=Counter)


def guess_codes(documents: Iterable[Inbound]) -> CodeGuesses:
    """What the coded values of documents mean, as far as anybody can know without asking."""
    seen: dict[tuple[str, str], str] = {}
    deciding: Counter[tuple[str, str]] = Counter()
    for document in documents:
        for table, code in codes_in(document):
            if table in TABLES:
                seen.setdefault((table, code.raw), code.canonical)
        deciding.update((held.word, held.code.raw) for held in deciding_codes(document) if held.code.raw)
    guesses = CodeGuesses()
    for (table, raw), canonical in sorted(seen.items()):
        builtin = BUILTIN[table].get(raw) == canonical if canonical else False
        ours = canonical or _WORDS[table].get(re.sub(r"[^a-z]", "", raw.lower()), "")
        if not ours:
            guesses.open[table, raw] = deciding[table, raw]
            continue
        text = (code_text(ELEMENTS[table], raw) or "built-in meaning") if builtin else "guessed: from the word itself"
        guesses.rows.setdefault(table, []).append(CrosswalkRow(theirs=raw, ours=ours, text=text))
        if not builtin:
            guesses.guessed.append((table, raw, ours))
    return guesses
