"""What the rest of the project knows of one transaction set: each set's folder says it in its `__init__`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

Role = Literal["retailer", "warehouse", "carrier", "supplier", "erp"]


@dataclass(frozen=True, slots=True)
class TransactionSet:
    """One X12 transaction set as this project knows it.

    `title` is the standard's ("Ship Notice/Manifest"), `name` ours in `explain` ("ship notice"); `group` is the
    functional identifier (GS01) and `group_name` what `explain` calls it.

    `reader` and the `writers` (by kind of outbound document) are functions as "module:name" inside the set's folder, so
    that a module is imported only when a set of it is read or written; a set without `reader` is validated and
    acknowledged only. `becomes` are the kinds of documents that the reader gives. Kinds are those of
    `translators.canonical.kinds`.

    `sent_by` is the role whose partners usually send the set, `wants` what such a partner usually wants from us: kind
    of outbound document → set. `other_shape` is a function ("module:name") that turns the guide's XML tree into a
    second shape in which partners send the set.
    """

    id: str
    title: str
    name: str
    group: str
    group_name: str
    reader: str = ""
    writers: Mapping[str, str] = field(default_factory=dict)
    becomes: tuple[str, ...] = ()
    sent_by: Role | None = None
    wants: Mapping[str, str] = field(default_factory=dict)
    other_shape: str = ""
