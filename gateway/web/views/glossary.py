"""What the words on the pages mean."""

from __future__ import annotations

from typing import TypedDict

from gateway.web.display.state_words import NOUNS, SHOWN, VOCABULARY
from gateway.web.page import Page
from gateway.web.sources import PageSources


class GlossaryEntry(TypedDict):
    """A word of ours and what it means."""

    word: str
    meaning: str


class State(TypedDict):
    """A state as the store has it (`code`), as people read it, and what it means."""

    code: str
    word: str
    meaning: str


class StateList(TypedDict):
    """The states of one kind of thing under their heading: "A return is"."""

    heading: str
    words: list[State]


class GlossaryData(TypedDict):
    """The nouns and, per kind of thing, its states."""

    as_of: str
    nouns: list[GlossaryEntry]
    states: list[StateList]


def read_glossary(sources: PageSources) -> GlossaryData:
    """Every word that the pages use for a thing or a state."""
    return {
        "as_of": sources.as_of(),
        "nouns": [{"word": noun, "meaning": meaning} for noun, meaning in NOUNS],
        "states": [
            {
                "heading": heading,
                "words": [
                    {"code": code, "word": word.text, "meaning": word.meaning}
                    for code, word in VOCABULARY[vocabulary].items()
                ],
            }
            for vocabulary, heading in SHOWN
        ],
    }


PAGE = Page("/words", "Words", "glossary.html", read_glossary)
