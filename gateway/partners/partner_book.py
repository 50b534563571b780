"""All partners of a home: found by name or by who an envelope says the sender is."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from gateway.partners.cross_checks import contradictions_between
from gateway.partners.folder import HOUSE, TEMPLATE, read_house, read_partner, stamp
from gateway.partners.model import House, Partner
from gateway.partners.problems import PartnersError, Problem, UnknownPartner
from gateway.partners.sections.events import WebhookReceiver
from gateway.partners.shipped import shipped_partners

Stamp = tuple[tuple[str, int, int, int], ...]


@dataclass(frozen=True, slots=True)
class PartnerBook:
    """Every usable partner by id, and the house. Immutable: a change of configuration makes a new book."""

    partners: dict[str, Partner]
    house: House
    stamps: dict[str, Stamp] = field(default_factory=dict, repr=False)
    _senders: dict[tuple[str, str], str] = field(default_factory=dict, repr=False)
    _groups: dict[str, str] = field(default_factory=dict, repr=False)
    pilots: dict[str, frozenset[str]] = field(default_factory=dict, repr=False)
    """Partner → its kinds of document that are in stage pilot; without those that have none."""

    @classmethod
    def of(cls, partners: dict[str, Partner], house: House, stamps: dict[str, Stamp] | None = None) -> PartnerBook:
        """The book of these partners by id; `stamps` tell later which folders have changed."""
        senders = {(i.qualifier, i.id): p.id for p in partners.values() for i in p.identity.isa_ids()}
        groups = {gs: p.id for p in partners.values() for gs in p.identity.gs}
        pilots = {p.id: kinds for p in partners.values() if (kinds := p.pilot_kinds())}
        return cls(partners, house, stamps or {}, senders, groups, pilots)

    def __getitem__(self, partner: str) -> Partner:
        return self.partners[partner]

    def __contains__(self, partner: object) -> bool:
        return partner in self.partners

    def __iter__(self) -> Iterator[Partner]:
        return iter(self.partners.values())

    def __len__(self) -> int:
        return len(self.partners)

    def get(self, partner: str) -> Partner | None:
        """The partner of this id, or None."""
        return self.partners.get(partner)

    def by_sender(self, qualifier: str, id: str) -> Partner | None:
        """The partner with this interchange address (ISA05/06 as received: padding does not matter)."""
        found = self._senders.get((qualifier.strip(), id.strip()))
        return self.partners[found] if found else None

    def by_group(self, gs_id: str) -> Partner | None:
        """The partner with this application id (GS02 as received)."""
        found = self._groups.get(gs_id.strip())
        return self.partners[found] if found else None

    def is_us(self, qualifier: str, id: str) -> bool:
        """Is this interchange address one of the house's?"""
        return any((i.qualifier, i.id) == (qualifier.strip(), id.strip()) for i in self.house.identity.isa_ids())

    def with_role(self, role: str) -> list[Partner]:
        """The partners with a role: retailer, warehouse, carrier, supplier or erp."""
        return [p for p in self.partners.values() if p.role == role]

    def merged_policy(self, partner: str) -> dict[str, Any]:
        """The house's policy with the partner's `[policy]` on top: tables key by key, lists as a whole."""
        return _merge_tables(self.house.policy, self.partners[partner].policy if partner in self.partners else {})

    def webhooks(self) -> list[tuple[str, str, WebhookReceiver]]:
        """Every receiver of events: its name among all (a partner's is "partner/name"), its partner ("" for ours)."""
        ours = [(webhook.name, "", webhook) for webhook in self.house.events.webhook]
        theirs = [(f"{p.id}/{webhook.name}", p.id, webhook) for p in self.partners.values() for webhook in p.webhook]
        return [*ours, *theirs]

    def warehouse_for(self, partner: str, site: str = "") -> Partner | None:
        """Where a partner's returned goods go: the warehouse of the site, or the policy's.

        With none of them said, the only warehouse there is; None if there are several, or none.
        """
        warehouses = {p.id: p for p in self.with_role("warehouse")}
        if site:
            found = next((w for w in warehouses.values() if site in w.warehouse.sites), None)
            if found is not None:
                return found
        chosen = warehouses.get(str(self.merged_policy(partner).get("warehouse", "")))
        return chosen or (next(iter(warehouses.values())) if len(warehouses) == 1 else None)


def _merge_tables(below: dict[str, Any], above: dict[str, Any]) -> dict[str, Any]:
    merged = dict(below)
    for key, value in above.items():
        base = merged.get(key)
        merged[key] = _merge_tables(base, value) if isinstance(base, dict) and isinstance(value, dict) else value
    return merged


def load_partners(folder: Path) -> PartnerBook:
    """Every folder in `partners/` → the book. Raises PartnersError with all problems of all folders if there is any."""
    book, problems = read_partners(folder)
    if problems:
        raise PartnersError(problems)
    return book


def load_partner(partner: str, folder: Path) -> Partner:
    """One partner by its folder's name, from `folder` or else from the shipped ones.

    Raises UnknownPartner if neither has it, PartnersError with its problems if it is wrong; other folders are not read.
    """
    root = next((r for r in (folder, shipped_partners()) if _is_partner(r, partner)), None)
    if root is None:
        names = sorted(p.name for p in folder.iterdir() if _is_partner(folder, p.name)) if folder.is_dir() else []
        raise UnknownPartner(f"There is no partner folder of this name; there are: {', '.join(names)}", subject=partner)
    house, problems = read_house(root / HOUSE)
    read, wrong = read_partner(root / partner, house)
    if read is None:
        raise PartnersError([*problems, *wrong])
    return read


def _is_partner(folder: Path, name: str) -> bool:
    return bool(name) and not name.startswith(("_", ".")) and "/" not in name and (folder / name).is_dir()


def read_partners(folder: Path, previous: PartnerBook | None = None) -> tuple[PartnerBook, list[Problem]]:
    """As load_partners, but folders with problems are left out of the book and the rest goes on.

    With the `previous` book, unchanged folders are not read again, and a folder that has become wrong keeps the
    version it had there: its problems say so to whoever looks.
    """
    if not folder.is_dir():
        remedy = "run returns-gateway init for a new home, or say --home"
        return PartnerBook.of({}, House()), [Problem(str(folder), "", 0, "there is no such folder", remedy)]
    house, problems = read_house(folder / HOUSE)
    if previous is not None and any(p.partner == HOUSE for p in problems):
        house = previous.house
    same_house = previous is not None and previous.house == house
    partners: dict[str, Partner] = {}
    stamps: dict[str, Stamp] = {}
    broken: set[str] = set()
    for path in sorted(p for p in folder.iterdir() if p.is_dir() and not p.name.startswith(".")):
        if path.name in (HOUSE, TEMPLATE):
            continue
        seen = stamp(path)
        old = previous.partners.get(path.name) if previous is not None and same_house else None
        if old is not None and previous is not None and previous.stamps.get(path.name) == seen:
            partners[path.name], stamps[path.name] = old, seen
            continue
        partner, wrong = read_partner(path, house)
        problems += wrong
        if partner is None:
            broken.add(path.name)
        else:
            partners[path.name], stamps[path.name] = partner, seen
    contradictions = contradictions_between(folder, partners, house, broken)
    problems += contradictions
    for name in {p.partner for p in contradictions} & set(partners):
        del partners[name]
        broken.add(name)
    _keep_previous(partners, broken, previous)
    return PartnerBook.of(dict(sorted(partners.items())), house, stamps), problems


def _keep_previous(partners: dict[str, Partner], broken: set[str], previous: PartnerBook | None) -> None:
    """Put the last good version of broken folders back, unless its identity now belongs to somebody else."""
    if previous is None:
        return
    taken = {i for p in partners.values() for i in p.identity.isa_ids()}
    for name in sorted(broken):
        old = previous.partners.get(name)
        if old is not None and not taken.intersection(old.identity.isa_ids()):
            partners[name] = old
