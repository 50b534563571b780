"""What we allow and how we settle: the rules of `partners/_house/policy.toml`, overridden per partner.

A partner's `[policy]` table is merged over the house's before `Policy.model_validate`: tables key by key, lists
as a whole. A complete example stands in the tests' fixtures; every key has the default shown here.

```toml
currency = "USD"
rma_format = "RMA-{:06d}"        # number → RMA
return_format = "R{:06d}"        # letters and digits only: it begins every posting key
settlement = "after_inspection"  # after_receipt | after_inspection | in_advance | none
warehouse = "harbor"             # which partner is told what to expect
site = ""                        # which of its sites the goods are to come to; its first one
erp = "atlas"                    # destination of postings
answer_expiry_days = 30          # an authorization lapses after so many days
inspection_by_warehouse = true   # false: the receipt's condition decides the disposition at once
short_receipt = "hold"           # hold | close: what a final receipt below the shipped quantity does
over_receipt_tolerance = 0       # so many units above the authorization pass without a Hold
park_limit_hours = 72            # a parked document becomes a Hold after that

freight_allowance = "0.00"       # paid per credited unit, on top of its price
tax_percent = "0"                # added to price less fee plus freight

[restocking_fee]                 # percent of the line value by reason; "*" any other
unwanted = 15

[units]                          # what one of a unit is, where the product master does not say it of the item
DZ = "12 EA"

[[rules]]                        # eligibility, row by row; the first row of a check that fits a line speaks for it
check = "outside_window"         # see CHECKS
outcome = "deny"                 # deny | hold | limit | allow
days = 30
product_class = "electronics"    # optional: only for this class, these reasons
reasons = ["unwanted"]

[dispositions.restock]           # what the ERP is told of goods with this outcome
credit = true
postings = [{ kind = "inventory_move", stock_status = "available", waits_for = "goods_receipt" }]

[stages]                         # what the ERP is told on the way
authorized = [{ kind = "return_order" }]
received = [{ kind = "goods_receipt", stock_status = "returns", waits_for = "return_order" }]

[condition_dispositions]         # used where the warehouse does not inspect
good = "restock"

[suppliers]                      # supplier of the product master → the partner who is asked to take back what goes
"V-2001" = "acme"                # to the vendor (outcome rtv); "*" any other. Nobody named: it is claimed unasked

[calendar]                       # business hours, for the clocks
time_zone = "America/Chicago"
days = [0, 1, 2, 3, 4]           # Monday = 0
opens = "08:00"
closes = "17:00"
holidays = ["2025-12-25"]

[clocks.receipt]                 # answer, receipt, inspection, credit
warn_hours = 40
due_hours = 60
```
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from decimal import Decimal, InvalidOperation
from functools import cached_property, lru_cache
from typing import ClassVar, Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import Field, field_validator, model_validator

from gateway.returns.erp.switch import Closed, Routes

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
]
ClockClass = Literal["answer", "receipt", "inspection", "credit"]
Settlement = Literal["after_receipt", "after_inspection", "in_advance", "none"]
PostingKind = Literal[
    "return_order",
    "goods_receipt",
    "inventory_move",
    "scrap",
    "credit_request",
    "replacement",
    "repair_order",
    "supplier_claim",
]
# Reductions are posted in this order backwards, so that a dependant is taken back before what it stands on.
POSTING_ORDER: tuple[str, ...] = (
    "return_order",
    "goods_receipt",
    "inventory_move",
    "scrap",
    "repair_order",
    "supplier_claim",
    "replacement",
    "credit_request",
)


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


class PostingRule(Closed):
    """One ERP posting that follows. `waits_for`: the kind whose result for the same line must be posted first."""

    kind: PostingKind
    stock_status: str = ""
    waits_for: PostingKind | Literal[""] = ""


class DispositionRule(Closed):
    """What an outcome of inspection means: may it be credited, and what the ERP is told."""

    credit: bool = True
    postings: tuple[PostingRule, ...] = ()

    @cached_property
    def replaces(self) -> bool:
        """Is the partner sent other goods for these?"""
        return any(each.kind == "replacement" for each in self.postings)


class Stages(Closed):
    """What the ERP is told when a quantity is authorized and when it is received."""

    authorized: tuple[PostingRule, ...] = (PostingRule(kind="return_order"),)
    received: tuple[PostingRule, ...] = (
        PostingRule(kind="goods_receipt", stock_status="returns", waits_for="return_order"),
    )


class Calendar(Closed):
    """Business hours: a clock counts only these. UTC needs no time zone database."""

    time_zone: str = "UTC"
    days: tuple[int, ...] = (0, 1, 2, 3, 4)
    opens: time = time(8)
    closes: time = time(17)
    holidays: frozenset[date] = frozenset()

    @field_validator("time_zone")
    @classmethod
    def _known_zone(cls, value: str) -> str:
        if value != "UTC":
            try:
                ZoneInfo(value)
            except (ZoneInfoNotFoundError, ValueError) as error:
                raise ValueError(f"no such time zone here: {value}") from error
        return value

    @model_validator(mode="after")
    def _some_hours(self) -> Calendar:
        if self.opens >= self.closes or not self.days or any(not 0 <= d <= 6 for d in self.days):
            raise ValueError("business hours need at least one day (Monday = 0) and opens before closes")
        return self

    @property
    def zone(self) -> tzinfo:
        return UTC if self.time_zone == "UTC" else ZoneInfo(self.time_zone)

    # So many days are looked at together where business hours are counted.
    STRETCH: ClassVar[int] = 14

    @cached_property
    def stretches(self) -> dict[date, list[tuple[datetime, datetime]]]:
        """What `open_from` has answered before, the latest days only."""
        return {}

    def open_from(self, day: date) -> list[tuple[datetime, datetime]]:
        """When we open and close (UTC) on the days of the fortnight that begins on this one, days off left out."""
        found = self.stretches.get(day)
        if found is None:
            days = (day + timedelta(days=n) for n in range(self.STRETCH))
            found = [hours for each in days if (hours := self.hours_of(each)) is not None]
            if len(self.stretches) >= 64:
                self.stretches.clear()
            self.stretches[day] = found
        return found

    def hours_of(self, day: date) -> tuple[datetime, datetime] | None:
        """When we open and close on a day (UTC; a change of clocks counts as it happens); None on a day off."""
        if day.weekday() not in self.days or day in self.holidays:
            return None
        return _open_hours(self.time_zone, self.opens, self.closes, day)


@lru_cache(maxsize=4096)
def _open_hours(time_zone: str, opens: time, closes: time, day: date) -> tuple[datetime, datetime]:
    zone: tzinfo = UTC if time_zone == "UTC" else ZoneInfo(time_zone)
    return datetime.combine(day, opens, zone).astimezone(UTC), datetime.combine(day, closes, zone).astimezone(UTC)


class ClockRule(Closed):
    """Business hours until a warning and until a breach."""

    warn_hours: Decimal = Decimal(16)
    due_hours: Decimal = Decimal(24)

    @cached_property
    def spans(self) -> tuple[timedelta, timedelta]:
        """The hours until warning and breach."""
        return timedelta(hours=float(self.warn_hours)), timedelta(hours=float(self.due_hours))


def _move(status: str, *more: PostingRule) -> tuple[PostingRule, ...]:
    return (PostingRule(kind="inventory_move", stock_status=status, waits_for="goods_receipt"), *more)


def _default_dispositions() -> dict[str, DispositionRule]:
    scrap = PostingRule(kind="scrap", stock_status="scrapped", waits_for="goods_receipt")
    repair = PostingRule(kind="repair_order", stock_status="repair", waits_for="inventory_move")
    claim = PostingRule(kind="supplier_claim", waits_for="inventory_move")
    replacement = PostingRule(kind="replacement", waits_for="goods_receipt")
    return {
        "restock": DispositionRule(postings=_move("available")),
        "restock_b": DispositionRule(postings=_move("b_stock")),
        "refurbish": DispositionRule(postings=_move("refurbish")),
        "repair": DispositionRule(credit=False, postings=_move("repair", repair)),
        "rtv": DispositionRule(postings=_move("vendor_return", claim)),
        "scrap": DispositionRule(postings=(scrap,)),
        "donate": DispositionRule(postings=_move("donation")),
        "quarantine": DispositionRule(credit=False, postings=_move("quarantine")),
        "return_to_customer": DispositionRule(credit=False, postings=_move("return_to_customer")),
        "replace": DispositionRule(credit=False, postings=_move("blocked", replacement)),
        "keep": DispositionRule(),
    }


def _held(unit: str, text: str) -> tuple[str, Decimal]:
    """`12 EA` → (EA, 12). Raises ValueError for anything else."""
    number, _, base = text.strip().partition(" ")
    try:
        held = Decimal(number)
    except InvalidOperation:
        held = Decimal(0)
    if not held.is_finite() or held <= 0 or not base.strip() or " " in base.strip():
        raise ValueError(f'units.{unit}: {text!r} is no number of a unit; write it as "12 EA"')
    return base.strip(), held


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
        Rule(check="over_limit", outcome="hold", value=Decimal(5000)),
    )


def _default_clocks() -> dict[ClockClass, ClockRule]:
    return {
        "answer": ClockRule(),
        "receipt": ClockRule(warn_hours=Decimal(72), due_hours=Decimal(90)),
        "inspection": ClockRule(warn_hours=Decimal(18), due_hours=Decimal(27)),
        "credit": ClockRule(warn_hours=Decimal(18), due_hours=Decimal(27)),
    }


class Policy(Closed):
    """The house's rules for one partner, after its overrides. See the module's docstring for the TOML."""

    currency: str = "USD"
    rma_format: str = "RMA-{:06d}"
    return_format: str = "R{:06d}"
    settlement: Settlement = "after_inspection"
    warehouse: str = ""
    site: str = ""
    erp: str = ""
    answer_expiry_days: int = Field(default=30, ge=0)
    inspection_by_warehouse: bool = True
    short_receipt: Literal["hold", "close"] = "hold"
    over_receipt_tolerance: Decimal = Decimal(0)
    park_limit_hours: int = Field(default=72, ge=0)
    restocking_fee: dict[str, Decimal] = Field(default_factory=dict)
    freight_allowance: Decimal = Field(default=Decimal(0), ge=0)
    tax_percent: Decimal = Field(default=Decimal(0), ge=0)
    rules: tuple[Rule, ...] = Field(default_factory=_default_rules)
    dispositions: dict[str, DispositionRule] = Field(default_factory=_default_dispositions)
    stages: Stages = Stages()
    suppliers: dict[str, str] = Field(default_factory=dict)
    units: dict[str, str] = Field(default_factory=lambda: {"DZ": "12 EA"})
    condition_dispositions: dict[str, str] = Field(
        default_factory=lambda: {"good": "restock", "new": "restock", "damaged": "quarantine", "*": "quarantine"}
    )
    calendar: Calendar = Calendar()
    clocks: dict[ClockClass, ClockRule] = Field(default_factory=_default_clocks)
    # Made from the partner folders, never written in a policy: noted with it, so that decisions can be made again.
    routes: Routes = Routes()

    @field_validator("rma_format", "return_format")
    @classmethod
    def _takes_one_number(cls, value: str) -> str:
        try:
            first, second = value.format(1), value.format(2)
        except (IndexError, KeyError, ValueError) as error:
            raise ValueError(f"needs one number, as in RMA-{{:06d}}: {value!r}") from error
        if first == second:
            raise ValueError(f"gives every return the same number: {value!r}")
        return value

    @field_validator("return_format")
    @classmethod
    def _fits_a_key(cls, value: str) -> str:
        sample = value.format(999_999)
        if not sample.isalnum() or not sample.isascii() or len(sample) > 12:
            raise ValueError(f"a return number is letters and digits, at most 12: {value!r}")
        return value

    @field_validator("units")
    @classmethod
    def _say_a_number_of_a_unit(cls, value: dict[str, str]) -> dict[str, str]:
        counted = {unit: _held(unit, text) for unit, text in value.items()}
        for unit, (base, _) in counted.items():
            if base in counted:
                raise ValueError(f"units.{unit}: {base} is itself counted in another unit; say how many of that")
        return value

    @cached_property
    def counted(self) -> dict[str, tuple[str, Decimal]]:
        """Unit → the unit that it is counted in, and how many of those one of it is."""
        return {unit: _held(unit, text) for unit, text in self.units.items()}

    @model_validator(mode="after")
    def _dispositions_exist(self) -> Policy:
        for condition, disposition in self.condition_dispositions.items():
            if disposition not in self.dispositions:
                there_are = ", ".join(sorted(self.dispositions))
                raise ValueError(
                    f"condition_dispositions.{condition}: no such disposition: {disposition}; there are {there_are}"
                )
        return self

    @cached_property
    def fitting_rules(self) -> dict[tuple[str, str], dict[str, Rule]]:
        """What `rules_for` has answered before."""
        return {}

    def rules_for(self, product_class: str, reason: str) -> dict[str, Rule]:
        """For lines of a product class and reason: the first row of each check that fits. No row: no check is made."""
        found = self.fitting_rules.get((product_class, reason))
        if found is None:
            found = self.fitting_rules[product_class, reason] = {}
            for rule in self.rules:
                if rule.product_class in {"", product_class} and (not rule.reasons or reason in rule.reasons):
                    found.setdefault(rule.check, rule)
        return found

    def supplier_of(self, vendor: str) -> str:
        """The supplier's folder for a vendor of the product master; "" where none is asked to take goods back."""
        return self.suppliers.get(vendor) or self.suppliers.get("*", "")

    def fee_percent(self, reason: str) -> Decimal:
        return self.restocking_fee.get(reason, self.restocking_fee.get("*", Decimal(0)))

    @cached_property
    def with_tax(self) -> Decimal:
        """Factor from a net amount to one with tax."""
        return 1 + self.tax_percent / 100


DEFAULT_POLICY = Policy()

# One policy for everything, or the policy that applies to a partner's returns (by partner name).
Policies = Policy | Callable[[str], Policy]


def policy_for(policies: Policies, partner: str) -> Policy:
    return policies if isinstance(policies, Policy) else policies(partner)
