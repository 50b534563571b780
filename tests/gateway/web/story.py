"""A realistic morning, written into the store row by row: what the pages are looked at with."""

from __future__ import annotations

import sqlalchemy as sa

from gateway.home import Home
from gateway.store import Store
from gateway.store import tables as t
from tests.gateway.web import story_files, story_returns
from tests.gateway.web.moments import at
from tests.gateway.web.rows import HOSTILE, insert


def tell(store: Store, home: Home) -> None:
    """Write the whole story."""
    returns = (
        story_returns.received_in_part(),
        story_returns.denied(),
        story_returns.waiting_for_goods(),
        story_returns.posted(),
    )
    with store.write() as tx:
        story_files.intakes(tx, home)
        story_files.envelope(tx)
        story_files.documents(tx)
        for return_ in returns:
            story_returns.write(tx, return_)
        story_files.links(tx)
        story_files.dispatches(tx, home)
        _around(tx)


def _around(tx: sa.Connection) -> None:
    insert(
        tx,
        t.hold,
        {
            "key": "meant_twice:8",
            "class": "meant_twice",
            "owner": "partner",
            "partner": "cedar",
            "intake_id": 8,
            "message": f"The same rows came before {HOSTILE}",
            "next_action": "ask the partner whether it was meant twice",
            "opened_at": at("03-16 20:00:00"),
        },
        {
            "key": "short_received:R000004:1",
            "class": "short_received",
            "owner": "warehouse",
            "partner": "cedar",
            "message": "1 missing",
            "state": "resolved",
            "resolution": "close short",
            "resolved_by": "dana",
            "opened_at": at("03-01 08:00:00"),
            "resolved_at": at("03-02 08:00:00"),
        },
    )
    insert(
        tx,
        t.fault,
        {
            "key": "host_key_changed:sftp:harbor",
            "class": "host_key_changed",
            "severity": "page",
            "subject": "sftp:harbor",
            "message": "The server's host key is not the pinned one.",
            "remedy": "Do not connect. Ask the partner by another way; if they rotated the key, pin the new one.",
            "since": at("03-17 02:14:00"),
            "last_seen": at("03-17 08:59:00"),
            "count": 41,
        },
        {
            "key": "disk_full:archive",
            "class": "disk_full",
            "severity": "page",
            "subject": "archive",
            "message": "Cleared long ago.",
            "since": at("03-01 02:14:00"),
            "cleared_at": at("03-01 03:00:00"),
        },
    )
    for key, class_, return_no, state, warn, due, stopped in (
        ("ack:2", "acknowledgment", "R000001", "breached", "03-14 20:31:00", "03-15 08:31:00", ""),
        ("erp:R000001", "erp_result", "R000001", "warned", "03-17 07:00:00", "03-17 12:00:00", ""),
        ("answer:R000001", "answer", "R000001", "met", "03-14 16:00:00", "03-15 16:00:00", "03-14 08:30:05"),
        ("receipt:R000003", "receipt", "R000003", "running", "03-20 16:00:00", "03-22 16:00:00", ""),
    ):
        insert(
            tx,
            t.due,
            {
                "key": key,
                "class": class_,
                "partner": "northgate",
                "return_no": return_no,
                "subject": f"return:{return_no}",
                "state": state,
                "started_at": at("03-14 08:30:05"),
                "warn_at": at(warn),
                "due_at": at(due),
                "stopped_at": at(stopped) if stopped else "",
            },
        )
    for when, subject, return_no, before, after, message, actor in (
        ("03-14 08:30:01", "intake:1", "", "", "received", "", "gateway"),
        ("03-14 08:30:05", "return:R000001", "R000001", "", "requested", "", "gateway"),
        ("03-14 08:30:05", "return:R000001", "R000001", "requested", "authorized", "auto-approved", "gateway"),
        ("03-14 08:30:06", "intake:1", "", "received", "partial", "2 of 3 sets accepted", "gateway"),
        ("03-14 08:31:01", "dispatch:1", "", "staged", "delivered", "renamed", "gateway"),
        ("03-15 17:40:00", "return:R000001", "R000001", "awaiting_goods", "partially_received", "", "gateway"),
        ("03-16 11:00:00", "hold:3", "R000001", "", "open", HOSTILE, "dana"),
        ("03-17 06:02:00", "posting:R000001-1-scrap-0-1", "R000001", "delivered", "refused", "M7-021", "gateway"),
    ):
        insert(
            tx,
            t.event,
            {
                "at": at(when),
                "actor": actor,
                "subject": subject,
                "return_no": return_no,
                "from_state": before,
                "to_state": after,
                "message": message,
            },
        )
