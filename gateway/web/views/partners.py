"""Partners: who they are, what they send and get, when they were last heard of."""

from __future__ import annotations

from gateway.partners import Partner
from gateway.store.read import partners as query
from gateway.web.reading import Data, From

_RECEIVES = ("return_answer", "expected_receipt", "vendor_request", "status", "erp_batch")


def partners(reading: From) -> Data:
    """Every configured partner with its activity, then partners that only the store remembers."""
    book = reading.book()
    with reading.store.read() as snapshot:
        activity = query.activity(snapshot)
    configured = list(book) if book is not None else []
    rows = [{**_configured(each), **activity.pop(each.id, query.silent())} for each in configured]
    unknown = [
        {"id": name, "name": "", "role": "", "stage": "", "sends": [], "receives": [], **facts}
        for name, facts in sorted(activity.items())
        if name
    ]
    return {"as_of": reading.as_of(), "configured": book is not None, "partners": rows + unknown}


def _configured(partner: Partner) -> Data:
    return {
        "id": partner.id,
        "name": partner.name,
        "role": partner.role,
        "stage": partner.stage,
        "sends": [*partner.sends.sets, *partner.sends.layouts],
        "receives": [kind for kind in _RECEIVES if partner.writes(kind) is not None],
    }
