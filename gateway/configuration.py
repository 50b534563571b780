"""The configuration in force: partner folders with the policies they make, read together and swapped together."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from pydantic import ValidationError

from gateway.partners import HOUSE, PartnerBook, PartnersError, Problem, read_partners
from gateway.partners.folder import PARTNER_FILE, POLICY_FILE
from gateway.partners.lint import policy_problems
from gateway.returns import Policy


@dataclass(frozen=True, slots=True)
class Configuration:
    """Every usable partner and the policy of each; `problems` say which folders are left out, and why."""

    book: PartnerBook
    house_policy: Policy
    partner_policies: dict[str, Policy]
    problems: tuple[Problem, ...] = ()
    _switched: dict[tuple[str, date], Policy] = field(default_factory=dict, compare=False, repr=False)

    def policy(self, partner: str) -> Policy:
        """The policy for a partner's returns: the house's, with the partner's overrides."""
        return self.partner_policies.get(partner, self.house_policy)

    def policies_on(self, day: date) -> Callable[[str], Policy]:
        """The policies of a day: a new return goes to the ERP that the house's `[[erp_switch]]` names for that day.

        A return keeps the ERP it was opened with, whatever has been switched since.
        """
        if not self.book.house.erp_switch:
            return self.policy

        def policy(partner: str) -> Policy:
            known = self._switched.get((partner, day))
            if known is None:
                known = self._switched[partner, day] = self._on(partner, day)
            return known

        return policy

    def policies_in_force(self, day: date) -> Iterator[tuple[str, Policy]]:
        """The house's policy (as "") and that of every partner for which another one is in force on a day."""
        yield "", self.house_policy
        policies = self.policies_on(day)
        for partner in self.book:
            policy = policies(partner.id)
            if policy is not self.house_policy:
                yield partner.id, policy

    def _on(self, partner: str, day: date) -> Policy:
        plain = self.policy(partner)
        if partner not in self.book:
            return plain
        warehouse = self.book.warehouse_for(partner)
        sites = warehouse.warehouse.sites if warehouse else ()
        erp = self.book.erp_for(partner, day, site=sites[0] if len(sites) == 1 else "")
        return plain if erp is None or erp.id == plain.erp else plain.model_copy(update={"erp": erp.id})


def read_configuration(folder: Path, previous: Configuration | None = None) -> Configuration:
    """The partners folder → the configuration it makes. A wrong partner is left out and reported; a wrong house is
    nothing to go on with. With `previous`, unchanged folders are not read again and a folder that has become wrong
    keeps its old version.

    Raises PartnersError when the house's own folder or policy is wrong.
    """
    book, problems = read_partners(folder, previous.book if previous else None)
    house_problems = [each for each in problems if each.partner == HOUSE]
    try:
        house_policy = Policy.model_validate(book.house.policy)
    except ValidationError as wrong:
        house_problems += policy_problems(Policy, folder, f"{HOUSE}/{POLICY_FILE}", (), wrong)
        raise PartnersError(house_problems) from None
    if house_problems:
        raise PartnersError(house_problems)
    partner_policies: dict[str, Policy] = {}
    broken: set[str] = set()
    for partner in book:
        if not partner.policy:
            continue
        try:
            partner_policies[partner.id] = Policy.model_validate(book.merged_policy(partner.id))
        except ValidationError as wrong:
            broken.add(partner.id)
            problems += policy_problems(Policy, folder, f"{partner.id}/{PARTNER_FILE}", ("policy",), wrong)
    if broken:
        kept = {partner.id: partner for partner in book if partner.id not in broken}
        book = PartnerBook.of(kept, book.house, book.stamps)
    return Configuration(book, house_policy, partner_policies, tuple(problems))
