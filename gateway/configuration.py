"""The configuration in force: partner folders with the policies they make, read together and swapped together."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from pydantic import ValidationError

from gateway.partners import HOUSE, House, Partner, PartnerBook, PartnersError, Problem, read_partners
from gateway.partners.files.toml_models import policy_problems
from gateway.partners.folder import PARTNER_FILE, POLICY_FILE, Files, house_of, partner_of
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

    def folders(self) -> Iterator[tuple[str, str, Mapping[str, bytes]]]:
        """Every folder that is in force, as it was read: name, hash of its content, path → bytes."""
        house = self.book.house
        yield HOUSE, house.config_hash, house.files
        for partner in self.book:
            yield partner.id, partner.config_hash, partner.files


def _routed(policy: Policy, book: PartnerBook) -> Policy:
    """The policy with what the folders say of where things go: goods come to the policy's site, else to the first one
    of their warehouse."""
    warehouses = [partner for partner in book.with_role("warehouse") if partner.warehouse.sites]
    places = tuple(dict.fromkeys(site for partner in warehouses for site in partner.warehouse.sites))
    sites = {partner.id: partner.warehouse.sites[0] for partner in warehouses}
    only = book.warehouse_for("")
    if only is not None and only.warehouse.sites:
        sites[""] = only.warehouse.sites[0]
    if policy.site:
        sites[policy.warehouse] = policy.site
    switches = tuple(ErpSwitch.model_validate(switch.model_dump()) for switch in book.house.erp_switch)
    return policy.model_copy(update={"routes": Routes(switches=switches, sites=sites, places=places)})


def read_configuration(folder: Path, previous: Configuration | None = None) -> Configuration:
    """The partners folder → the configuration it makes. A wrong partner is left out and reported; a wrong house is
    nothing to go on with. With `previous`, unchanged folders are not read again and a folder that has become wrong
    keeps its old version.

    Raises PartnersError when the house's own folder or policy is wrong.
    """
    book, problems = read_partners(folder, previous.book if previous else None)
    house_problems = [problem for problem in problems if problem.partner == HOUSE]
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
        usable = {partner.id: partner for partner in book if partner.id not in broken}
        book = PartnerBook.of(usable, book.house, book.stamps)
    policies = {name: _routed(policy, book) for name, policy in partner_policies.items()}
    return Configuration(book, _routed(house_policy, book), policies, tuple(problems))


def stored_configuration(
    hashes: Mapping[str, str], files_of: Callable[[str], Mapping[str, bytes]], previous: Configuration | None = None
) -> Configuration:
    """The configuration that was in force once, made of the files that the store has of its folders.

    `hashes`: name of a folder → hash of its content; `files_of`: hash → path inside the folder → bytes.
    With `previous`, folders with the same content are not read again. Raises PartnersError if this version of the
    gateway cannot read them, LookupError if a content is not what its hash says.
    """
    problems: list[Problem] = []
    before = previous.book if previous else PartnerBook.of({}, House())
    house = before.house
    if house.config_hash != hashes[HOUSE]:
        house, problems = house_of(_stored_files(HOUSE, hashes[HOUSE], files_of))
        before = PartnerBook.of({}, house)
    partners: dict[str, Partner] = {}
    for name, digest in sorted(hashes.items()):
        old = before.get(name)
        if old is not None and old.config_hash == digest:
            partners[name] = old
        elif name != HOUSE:
            partner, wrong = partner_of(_stored_files(name, digest, files_of), house)
            problems += wrong
            partners |= {name: partner} if partner else {}
    if problems:
        raise PartnersError(problems)
    book = PartnerBook.of(partners, house)
    partner_policies = {partner.id: _stored_policy(partner.id, book) for partner in book if partner.policy}
    return Configuration(book, _stored_policy(HOUSE, book), partner_policies)


def _stored_files(name: str, digest: str, files_of: Callable[[str], Mapping[str, bytes]]) -> Files:
    files = Files(name, Path(name), dict(files_of(digest)))
    if files.digest() != digest:
        raise LookupError(f"the content {digest[:12]} kept of partners/{name} is not what it was")
    return files


def _stored_policy(name: str, book: PartnerBook) -> Policy:
    try:
        return _routed(Policy.model_validate(book.merged_policy(name)), book)
    except ValidationError as wrong:
        message = str(wrong.errors()[0]["msg"])
        raise PartnersError([Problem(f"{name}/{POLICY_FILE}", "", 0, message, "it was right once")]) from None
