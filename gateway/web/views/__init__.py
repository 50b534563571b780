"""One module a page: what the page shows, as plain data. The page and its JSON twin are both made from it."""

from __future__ import annotations
