"""Values as people read them: formats, the words of states, the bytes of a file explained."""

from __future__ import annotations
