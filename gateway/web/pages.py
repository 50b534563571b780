"""The table of pages: the menu, the HTML routes and the JSON twins follow from it."""

from __future__ import annotations

from gateway.web.page import Page
from gateway.web.views import (
    document,
    files,
    glossary,
    holds,
    overview,
    partners,
    received_file,
    return_,
    returns,
    sent_file,
)

PAGES: tuple[Page, ...] = (
    overview.PAGE,
    returns.PAGE,
    return_.PAGE,
    files.PAGE,
    received_file.PAGE,
    sent_file.PAGE,
    document.PAGE,
    holds.PAGE,
    partners.PAGE,
    glossary.PAGE,
)
"""Pages of the menu stand in its order, each followed by the pages under it."""
