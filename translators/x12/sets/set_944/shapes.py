"""The two shapes of a 944: item lines right under the header (004010), or inside LX loops (from 004020 on).

Warehouses send either, whatever GS08 says. Each guide of the 944 can therefore be turned into the other shape, with the
release's own elements and lengths.
"""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import TYPE_CHECKING
from xml.etree import ElementTree

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

# What stands in an LX loop before the lines: segment, usage, maximum.
LX_HEAD = (("LX", "R", "1"), ("MAN", "S", "1"), ("PAL", "S", ">1"), ("N9", "S", "5"))


def other_shape(tree: Element, elsewhere: Callable[[str], Element | None]) -> Element:
    """A 944 map's XML tree → a copy with its lines moved into, or out of, an LX loop.

    `elsewhere` finds a segment of the release in any of its guides.
    """
    turned = copy.deepcopy(tree)
    root = turned.find(".//loop[@xid='ST_LOOP']")
    assert root is not None
    outer = root.find("./loop[@xid='LX']")
    if outer is not None:
        lines = outer.find("./loop[@xid='W07']")
        assert lines is not None
        lines.set("usage", "R")
        root[list(root).index(outer)] = lines
    else:
        lines = root.find("./loop[@xid='W07']")
        assert lines is not None
        outer = ElementTree.Element(
            "loop", {"xid": "LX", "name": "Assigned Number", "usage": "R", "pos": "0", "repeat": ">1"}
        )
        root[list(root).index(lines)] = outer
        for name, usage, most in LX_HEAD:
            source = elsewhere(name)
            assert source is not None, f"no guide of the release has {name}"
            segment = copy.deepcopy(source)
            segment.set("usage", usage)
            segment.set("max_use", most)
            outer.append(segment)
        lines.set("usage", "S")
        outer.append(lines)
    for position, node in enumerate((node for node in root.iter() if node.tag in ("loop", "segment")), 10):
        if node is not root:
            node.set("pos", f"{position * 10:03d}")
    return turned
