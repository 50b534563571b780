"""The configuration in force: partner folders with the policies they make, read together and swapped together."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from pydantic import ValidationError

from gateway.partners import HOUSE, PartnerBook, PartnersError, Problem, read_partners
from gateway.partners.folder import PARTNER_FILE, POLICY_FILE
from gateway.partners.lint import policy_problems
from gateway.returns import ErpSwitch, Policy, Routes


@dataclass(frozen=True, slots=True)
class Configuration:
    """Every usable partner and the policy of each; `problems` say which folders are left out, and why."""

    book: PartnerBook
    house_policy: Policy
    partner_policies: dict[str, Policy]
    problems: tuple[Problem, ...] = ()

    def policy(self, partner: str) -> Policy:
        """The policy for a partner's returns: the house's, with the partner's overrides."""
        return self.partner_policies.get(partner, self.house_policy)

    def policies_in_force(self) -> Iterator[tuple[str, Policy]]:
        """The house's policy (as "") and that of every partner which has one of its own."""
        yield "", self.house_policy
        yield from self.partner_policies.items()


def _routed(policy: Policy, book: PartnerBook) -> Policy:
    """The policy with what the folders say of where things go: goods come to the policy's site, else to the first one
    of their warehouse."""
    if not book.house.erp_switch:
        return policy
    sites = {each.id: each.warehouse.sites[0] for each in book.with_role("warehouse") if each.warehouse.sites}
    only = book.warehouse_for("")
    if only is not None and only.warehouse.sites:
        sites[""] = only.warehouse.sites[0]
    if policy.site:
        sites[policy.warehouse] = policy.site
    switches = tuple(ErpSwitch.model_validate(each.model_dump()) for each in book.house.erp_switch)
    return policy.model_copy(update={"routes": Routes(switches=switches, sites=sites)})


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
    policies = {name: _routed(policy, book) for name, policy in partner_policies.items()}
    return Configuration(book, _routed(house_policy, book), policies, tuple(problems))
