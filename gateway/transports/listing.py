"""What a server lists is hostile until checked: this is the check, the same for every transport."""

from __future__ import annotations

import fnmatch
from collections.abc import Iterable

from gateway.disk import plain_name
from gateway.faults import GatewayError, RemoteListingTooLong, RemoteNameUnsafe
from gateway.transports.protocol import Listing, RemoteEntry


def checked_listing(place: str, found: Iterable[RemoteEntry | None], *, pattern: str, max_names: int) -> Listing:
    """What a server lists, None for what is no regular file → the files that may be taken, and what cannot be.

    A name that is not one plain path segment is a RemoteNameUnsafe among the troubles; names that do not match
    `pattern` are left out. Raises RemoteListingTooLong above `max_names` names of any kind.
    """
    entries: list[RemoteEntry] = []
    troubles: list[GatewayError] = []
    for count, entry in enumerate(found, 1):
        if count > max_names:
            raise RemoteListingTooLong(subject=place)
        if entry is None:
            continue
        if not plain_name(entry.name):
            troubles.append(RemoteNameUnsafe(subject=f"{place}/{entry.name[:200]!a}"))
        elif fnmatch.fnmatchcase(entry.name, pattern):
            entries.append(entry)
    return Listing(sorted(entries, key=lambda entry: (int(entry.mtime), entry.name)), troubles)
