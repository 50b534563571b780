"""What the words on the pages mean."""

from __future__ import annotations

from gateway.web.reading import Data, From
from gateway.web.state_words import NOUNS, SHOWN, VOCABULARY


def words(reading: From) -> Data:
    """The nouns and, per kind of thing, its states."""
    return {
        "as_of": reading.as_of(),
        "nouns": [{"word": noun, "meaning": meaning} for noun, meaning in NOUNS],
        "states": [
            {
                "heading": heading,
                "words": [
                    {"code": code, "word": each.text, "meaning": each.meaning}
                    for code, each in VOCABULARY[vocabulary].items()
                ],
            }
            for vocabulary, heading in SHOWN
        ],
    }
