"""How far a price that a partner claims may be above the sale's before a person is asked."""

from __future__ import annotations

from decimal import Decimal

from pydantic import Field

from gateway.returns.policy.closed import Closed


class PriceRule(Closed):
    """`amount`: of one unit, in the sale's currency; `percent`: of the sale's price. The larger of the two counts.

    Within it nobody is asked; credited is the sale's price all the same.
    """

    amount: Decimal = Field(default=Decimal(0), ge=0)
    percent: Decimal = Field(default=Decimal(0), ge=0)

    def of(self, sale_price: Decimal) -> Decimal:
        """By how much a claim for one unit may be above this price."""
        return max(self.amount, sale_price * self.percent / 100)
