"""Rules that say which lines may come back."""

from __future__ import annotations

from decimal import Decimal
from typing import Literal

from pydantic import Field, model_validator

from gateway.returns.policy.closed import Closed

Check = Literal[
    "unknown_order",
    "unknown_customer",
    "unknown_item",
    "unknown_reason",
    "customer_mismatch",
    "blocked_customer",
    "not_on_order",
    "not_returnable",
    "outside_window",
    "outside_warranty",
    "quantity_exceeded",
    "over_limit",
    "invalid_quantity",
    "serials_inconsistent",
    "serial_not_sold",
    "lot_not_sold",
    "serial_in_other_return",
    "no_sale_price",
]


class Rule(Closed):
    """One row of eligibility. `days`, `value`, `quantity` are the limits of the checks that have one.

    `outcome` when the check fails: deny the line, hold it for a person, limit it to what is allowed (quantity_exceeded
    only), or allow it. `reason` is the canonical reason code of the answer ("" = the check's own name).
    """

    check: Check
    outcome: Literal["deny", "hold", "limit", "allow"]
    reason: str = ""
    text: str = ""
    owner: str = "customer_service"
    product_class: str = ""
    reasons: tuple[str, ...] = ()
    days: int = Field(default=0, ge=0)
    value: Decimal | None = None
    quantity: Decimal | None = None

    @model_validator(mode="after")
    def _limits_belong(self) -> Rule:
        if self.outcome == "limit" and self.check != "quantity_exceeded":
            raise ValueError(f"rule {self.check}: only quantity_exceeded can limit a line")
        if self.check == "over_limit" and self.value is None and self.quantity is None:
            raise ValueError("rule over_limit needs a value or a quantity")
        return self


def _default_rules() -> tuple[Rule, ...]:
    return (
        Rule(check="invalid_quantity", outcome="deny"),
        Rule(check="unknown_order", outcome="hold"),
        Rule(check="unknown_customer", outcome="hold"),
        Rule(check="unknown_item", outcome="hold", owner="it"),
        Rule(check="unknown_reason", outcome="hold", owner="it"),
        Rule(check="customer_mismatch", outcome="deny"),
        Rule(check="blocked_customer", outcome="hold", owner="finance"),
        Rule(check="not_on_order", outcome="deny"),
        Rule(check="not_returnable", outcome="deny"),
        Rule(check="outside_window", outcome="deny", days=30),
        Rule(check="quantity_exceeded", outcome="limit"),
        Rule(check="serials_inconsistent", outcome="hold"),
        Rule(check="serial_not_sold", outcome="hold"),
        Rule(check="lot_not_sold", outcome="hold"),
        Rule(check="serial_in_other_return", outcome="hold"),
        Rule(check="no_sale_price", outcome="hold", owner="finance"),
        Rule(check="over_limit", outcome="hold", value=Decimal(5000)),
    )
