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
request_date = "received"        # received | stated: the day from which windows and warranties are judged
request_grace_days = 3           # a stated date counts if the request came at most so many days after it
answer_expiry_days = 30          # an authorization lapses after so many days
inspection_by_warehouse = true   # false: the receipt's condition decides the disposition at once
short_receipt = "hold"           # hold | close: what a final receipt below the shipped quantity does
posted_tolerance = "0.00"        # by so much the ERP may book other money than a posting asks for, without a Hold
over_receipt_tolerance = 0       # so many units above the authorization pass without a Hold
wrong_site = "hold"              # hold | accept: goods at another site than the one they were sent to
compare_serials = true           # goods with serials that nobody expected are held
compare_lots = true              # the same of lots; false where a warehouse has lot numbers of its own
park_limit_hours = 72            # a parked document becomes a Hold after that
price = "lower"                  # lower | sale: what is credited where less is claimed than the sale's price
unsaid_follow_on = "take"        # take | hold: an inspection of inspected goods that does not say what they leave

freight_allowance = "0.00"       # paid per credited unit, on top of its price
tax_percent = "0"                # added to price less fee plus freight, where the order says nothing of taxes

[restocking_fee]                 # percent of the line value by reason; "*" any other
unwanted = 15

[price_tolerance]                # a claimed price above the sale's by no more than the larger of both asks nobody
amount = "0.00"
percent = "0"

[credited_charges]               # charges of a request that are credited up to so much a return, by kind, or "any"
freight = "25.00"                # freight, handling, allowance, other; of restocking and tax what differs from ours

[reverse_posted_up_to]           # what the ERP has posted is undone without asking up to this value of a line, or "any"
credit_request = "0.00"          # the same for replacement and goods_receipt

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

[dispositions.quarantine]
credit = false
postings = [{ kind = "inventory_move", stock_status = "quarantine", waits_for = "goods_receipt" }]
passing = true                   # goods may not stay here: the return is open until they have gone on
then = ["*"]                     # what may follow; "*" every other outcome, [] nothing
clock = { warn_hours = 36, due_hours = 45 }  # instead of [clocks.next_outcome]

[stages]                         # what the ERP is told on the way
authorized = [{ kind = "return_order" }]
received = [{ kind = "goods_receipt", stock_status = "returns", waits_for = "return_order" }]
unassigned = []                  # of goods that came without a return, as { kind = "goods_receipt", site = "QUAR" }

[condition_dispositions]         # used where the warehouse does not inspect
good = "restock"

[suppliers]                      # supplier of the product master → the partner who is asked to take back what goes
"V-2001" = "acme"                # to the vendor (outcome rtv); "*" any other. Nobody named: it is claimed unasked

[vendor_claims]
tolerance = "0.00"               # a credit that differs by no more than this settles the claim
without_cost = "hold"            # hold | claim: goods whose cost price the product master does not say

[calendar]                       # business hours, for the clocks
time_zone = "America/Chicago"
days = [0, 1, 2, 3, 4]           # Monday = 0
opens = "08:00"
closes = "17:00"
holidays = ["2025-12-25"]

[clocks.receipt]                 # or another clock, see [clocks] in partners/README.md
warn_hours = 40
due_hours = 60
```
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal
from functools import cached_property
from typing import Annotated, Literal

from pydantic import Field, field_validator, model_validator

from gateway.returns.model import POSTING_KINDS, PostingKind
from gateway.returns.policy.calendar import Calendar, ClockClass, ClockRule, _default_clocks
from gateway.returns.policy.closed import Closed
from gateway.returns.policy.eligibility import Rule, _default_rules
from gateway.returns.policy.follow_ons import FollowOnRules
from gateway.returns.policy.postings import DispositionRule, Stages, _default_dispositions, with_follow_ons
from gateway.returns.policy.prices import PriceRule
from gateway.returns.policy.routes import Routes
from gateway.returns.policy.units import _held
from gateway.returns.policy.vendor_claims import VendorClaimRules

# Up to which value what the ERP has posted is undone without asking.
ReversalLimit = Annotated[Decimal, Field(ge=0)] | Literal["any"]
Settlement = Literal["after_receipt", "after_inspection", "in_advance", "none"]


class Policy(Closed):
    """The house's rules for one partner, after its overrides. See the module's docstring for the TOML."""

    currency: str = "USD"
    rma_format: str = "RMA-{:06d}"
    return_format: str = "R{:06d}"
    settlement: Settlement = "after_inspection"
    warehouse: str = ""
    site: str = ""
    erp: str = ""
    request_date: Literal["received", "stated"] = "received"
    request_grace_days: int = Field(default=3, ge=0)
    answer_expiry_days: int = Field(default=30, ge=0)
    inspection_by_warehouse: bool = True
    short_receipt: Literal["hold", "close"] = "hold"
    over_receipt_tolerance: Decimal = Decimal(0)
    posted_tolerance: Decimal = Field(default=Decimal(0), ge=0)
    wrong_site: Literal["hold", "accept"] = "hold"
    compare_serials: bool = True
    compare_lots: bool = True
    park_limit_hours: int = Field(default=72, ge=0)
    price: Literal["lower", "sale"] = "lower"
    price_tolerance: PriceRule = PriceRule()
    unsaid_follow_on: Literal["take", "hold"] = "take"
    restocking_fee: dict[str, Decimal] = Field(default_factory=dict)
    credited_charges: dict[str, ReversalLimit] = Field(default_factory=dict)
    reverse_posted_up_to: dict[PostingKind, ReversalLimit] = Field(default_factory=dict)
    freight_allowance: Decimal = Field(default=Decimal(0), ge=0)
    tax_percent: Decimal = Field(default=Decimal(0), ge=0)
    rules: tuple[Rule, ...] = Field(default_factory=_default_rules)
    dispositions: dict[str, DispositionRule] = Field(default_factory=_default_dispositions)
    stages: Stages = Stages()
    suppliers: dict[str, str] = Field(default_factory=dict)
    vendor_claims: VendorClaimRules = VendorClaimRules()
    units: dict[str, str] = Field(default_factory=lambda: {"DZ": "12 EA"})
    condition_dispositions: dict[str, str] = Field(
        default_factory=lambda: {"good": "restock", "new": "restock", "damaged": "quarantine", "*": "quarantine"}
    )
    calendar: Calendar = Calendar()
    clocks: dict[ClockClass, ClockRule] = Field(default_factory=_default_clocks)
    # Made from the partner folders, never written in a policy: noted with it, so that decisions can be made again.
    routes: Routes = Routes()

    @field_validator("clocks", mode="before")
    @classmethod
    def _keep_other_clocks(cls, value: object) -> object:
        """A policy that names some clocks leaves the others as they are shipped."""
        return {**_default_clocks(), **value} if isinstance(value, dict) else value

    @field_validator("rma_format", "return_format")
    @classmethod
    def _takes_one_number(cls, value: str) -> str:
        try:
            number_one, number_two = value.format(1), value.format(2)
        except (IndexError, KeyError, ValueError) as error:
            raise ValueError(f"needs one number, as in RMA-{{:06d}}: {value!r}") from error
        if number_one == number_two:
            raise ValueError(f"gives every return the same number: {value!r}")
        return value

    @field_validator("return_format")
    @classmethod
    def _fits_a_key(cls, value: str) -> str:
        sample = value.format(999_999)
        if not sample.isalnum() or not sample.isascii() or len(sample) > 12:
            raise ValueError(f"a return number is letters and digits, at most 12: {value!r}")
        return value

    @field_validator("reverse_posted_up_to")
    @classmethod
    def _ask_before_they_are_undone(cls, value: dict[PostingKind, ReversalLimit]) -> dict[PostingKind, ReversalLimit]:
        for kind in value:
            if not POSTING_KINDS[kind].undo_owner:
                asked = ", ".join(name for name, row in POSTING_KINDS.items() if row.undo_owner)
                raise ValueError(f"{kind} is undone without asking anyway; there are {asked}")
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

    @field_validator("dispositions", mode="before")
    @classmethod
    def _shipped_follow_ons(cls, value: object) -> object:
        return with_follow_ons(value) if isinstance(value, Mapping) else value

    @model_validator(mode="after")
    def _follow_ons_fit(self) -> Policy:
        if wrong := self.follow_ons.problem():
            raise ValueError(wrong)
        return self

    @cached_property
    def follow_ons(self) -> FollowOnRules:
        """Which outcome may follow which."""
        return FollowOnRules(self.dispositions, inferred=self.unsaid_follow_on == "take")

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
        rules_by_check = self.fitting_rules.get((product_class, reason))
        if rules_by_check is None:
            rules_by_check = self.fitting_rules[product_class, reason] = {}
            for rule in self.rules:
                if rule.product_class in {"", product_class} and (not rule.reasons or reason in rule.reasons):
                    rules_by_check.setdefault(rule.check, rule)
        return rules_by_check

    def supplier_of(self, vendor: str) -> str:
        """The supplier's folder for a vendor of the product master; "" where none is asked to take goods back."""
        return self.suppliers.get(vendor) or self.suppliers.get("*", "")

    def fee_percent(self, reason: str) -> Decimal:
        """Restocking fee for a canonical reason, in percent of the line value."""
        return self.restocking_fee.get(reason, self.restocking_fee.get("*", Decimal(0)))


DEFAULT_POLICY = Policy()
# One policy for everything, or the policy that applies to a partner's returns (by partner name).
Policies = Policy | Callable[[str], Policy]


def policy_for(policies: Policies, partner: str) -> Policy:
    """The policy that applies to a partner's returns."""
    return policies if isinstance(policies, Policy) else policies(partner)
