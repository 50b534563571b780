"""What we accept where a supplier credits a claim otherwise than we make it."""

from __future__ import annotations

from decimal import Decimal
from typing import Literal

from pydantic import Field

from gateway.returns.policy.closed import Closed


class VendorClaimRules(Closed):
    """`tolerance`: so much more or less than we claim settles the claim, in its currency. `without_cost`: goods whose
    cost nobody has said are held for a person, or claimed without an amount.
    """

    tolerance: Decimal = Field(default=Decimal(0), ge=0)
    without_cost: Literal["hold", "claim"] = "hold"
