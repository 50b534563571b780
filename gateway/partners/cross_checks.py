"""What partner folders say of one another: what only one of them may have, and whom they send things to."""

from __future__ import annotations

import difflib
from collections.abc import Iterator
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path

from gateway.faults import SecretUnusable
from gateway.partners.files.toml_lines import Place, line_of, outline
from gateway.partners.folder import HOUSE, PARTNER_FILE, POLICY_FILE
from gateway.partners.model import ErpSwitch, House, Partner
from gateway.partners.problems import Problem
from gateway.settings import SecretRef

Mistake = tuple[str, str]
"""What is wrong, what would mend it."""


@dataclass(frozen=True, slots=True)
class _OwnedThing:
    """One thing that belongs to one partner only.

    `kind`: interchange id, SFTP account …; `key` tells two of a kind apart; `text` shows the thing in a report; `place`
    is where `partner.toml` has it.
    """

    kind: str
    key: str
    text: str
    place: Place


def contradictions_between(folder: Path, partners: dict[str, Partner], house: House, broken: set[str]) -> list[Problem]:
    """Every contradiction between the folders of `folder`. `broken` are those left out for reasons of their own."""
    return [*_things_with_two_owners(partners, house), *_Routes(folder, partners, house, broken).problems()]


# --- things that only one partner may have


def _owned_things(partner: Partner) -> Iterator[_OwnedThing]:
    if partner.identity.isa:
        isa = str(partner.identity.isa)
        yield _OwnedThing("interchange id", isa, isa, ("identity", "isa"))
    for alias in partner.identity.aliases:
        yield _OwnedThing("interchange id", str(alias), str(alias), ("identity", "aliases"))
    for gs in partner.identity.gs:
        yield _OwnedThing("group id", gs, gs, ("identity", "gs"))
    for side, transport in (("inbound", partner.transport.inbound), ("outbound", partner.transport.outbound)):
        if account := transport.account_path():
            yield _OwnedThing(f"{transport.title} ({side})", account, account, ("transport", side))
    if partner.api.token is not None:
        yield _OwnedThing("API token", _token_key(partner.api.token), f"({partner.api.token})", ("api", "token"))


def _token_key(token: SecretRef) -> str:
    """Two tokens are the same if their texts are; where a text cannot be read here, if their places are."""
    try:
        return sha256(token.resolve().encode()).hexdigest()
    except SecretUnusable:
        return str(token)


def _things_with_two_owners(partners: dict[str, Partner], house: House) -> list[Problem]:
    owners: dict[tuple[str, str], list[tuple[str, _OwnedThing]]] = {}
    for isa in house.identity.isa_ids():
        owned = _OwnedThing("interchange id", str(isa), str(isa), ("identity", "isa"))
        owners.setdefault((owned.kind, owned.key), []).append((HOUSE, owned))
    for partner in partners.values():
        for owned in _owned_things(partner):
            owners.setdefault((owned.kind, owned.key), []).append((partner.id, owned))
    problems: list[Problem] = []
    for claimed in owners.values():
        for name, owned in claimed if len(claimed) > 1 else []:
            if name == HOUSE:
                continue
            other_owners = ", ".join(sorted({owner for owner, _ in claimed} - {name})) or "this folder, twice"
            message = f"{owned.kind} {owned.text} also belongs to {other_owners}"
            problems.append(_at(partners[name], owned.place, message, "give each partner its own"))
    return problems


# --- partners and sites that a policy or a switch names


@dataclass(slots=True)
class _Routes:
    """Warehouses, sites and ERPs that a policy or a switch names must be there, and partners that hear of events."""

    folder: Path
    partners: dict[str, Partner]
    house: House
    broken: set[str]
    _sites: dict[str, str] = field(init=False)

    def __post_init__(self) -> None:
        self._sites = {site: p.id for p in self.partners.values() for site in p.warehouse.sites}

    def problems(self) -> Iterator[Problem]:
        for partner in self.partners.values():
            for key, wrong in self._wrong_in_policy(partner.policy):
                yield _at(partner, ("policy", key), *wrong)
        for key, wrong in self._wrong_in_policy(self.house.policy):
            yield self._at_house(POLICY_FILE, (key,), wrong)
        for number, switch in enumerate(self.house.erp_switch):
            for key, wrong in self._wrong_in_switch(switch):
                yield self._at_house(PARTNER_FILE, ("erp_switch", number, key), wrong)
        for path, name in self._told_of_events():
            if name not in self.partners and name not in self.broken:
                wrong = f"there is no partner {name!r}", self._nearest_partner(name)
                yield self._at_house(PARTNER_FILE, path, wrong)

    def _told_of_events(self) -> Iterator[tuple[Place, str]]:
        """The partners that `[events]` of the house names, and where."""
        events = self.house.events
        if events.drop is not None:
            yield ("events", "drop", "to"), events.drop.to
            yield from ((("events", "drop", "partners"), name) for name in events.drop.partners)
        for number, webhook in enumerate(events.webhook):
            yield from ((("events", "webhook", number, "partners"), name) for name in webhook.partners)

    def _wrong_in_policy(self, policy: dict[str, object]) -> Iterator[tuple[str, Mistake]]:
        for role in ("warehouse", "erp"):
            if wrong := self._wrong_partner(str(policy.get(role, "")), role):
                yield role, wrong
        suppliers = policy.get("suppliers", {})
        for partner in suppliers.values() if isinstance(suppliers, dict) else ():
            if wrong := self._wrong_partner(str(partner), "supplier"):
                yield "suppliers", wrong
        site = str(policy.get("site", ""))
        warehouse = str(policy.get("warehouse") or self.house.policy.get("warehouse", ""))
        if site and (wrong := self._wrong_site(site, warehouse)):
            yield "site", wrong
        if "routes" in policy:
            yield "routes", ("unknown key", "say [[erp_switch]] in _house/partner.toml, and site here")

    def _wrong_in_switch(self, switch: ErpSwitch) -> Iterator[tuple[str, Mistake]]:
        if wrong := self._wrong_partner(switch.to, "erp"):
            yield "to", wrong
        if switch.partner and switch.partner not in self.partners and switch.partner not in self.broken:
            yield "partner", (f"there is no partner {switch.partner!r}", self._nearest_partner(switch.partner))
        if switch.site and (wrong := self._wrong_site(switch.site, "")):
            yield "site", wrong

    def _wrong_partner(self, target: str, role: str) -> Mistake | None:
        if not target or target in self.broken:
            return None
        if target not in self.partners:
            return f"there is no partner {target!r}", self._nearest_partner(target, role)
        if self.partners[target].role != role:
            its = self.partners[target].role
            return f"{target} has the role {its}, not {role}", f"name a partner whose role is {role}"
        return None

    def _nearest_partner(self, name: str, role: str = "") -> str:
        known = [partner.id for partner in self.partners.values() if role in ("", partner.role)]
        near = difflib.get_close_matches(name, known, n=1)
        guess = f"did you mean {near[0]}? " if near else ""
        return guess + f"name a folder in partners/{f' whose role is {role}' if role else ''}"

    def _wrong_site(self, site: str, warehouse: str) -> Mistake | None:
        """`warehouse`: the one that the site must be of; "" for any."""
        if self.broken or (site in self._sites and warehouse in ("", self._sites[site])):
            return None
        known = sorted(known_site for known_site, owner in self._sites.items() if warehouse in ("", owner))
        whose = f"of {warehouse}" if warehouse else "of any warehouse"
        remedy = f"name one of {', '.join(known)}" if known else "list it in the warehouse's partner.toml"
        return f"{site!r} is no site {whose}", f"{remedy}: [warehouse] sites"

    def _at_house(self, file: str, path: Place, wrong: Mistake) -> Problem:
        text = self.folder / HOUSE / file
        places = outline(text.read_text(encoding="utf-8-sig")) if text.is_file() else {}
        return Problem(f"{HOUSE}/{file}", ".".join(map(str, path)), line_of(places, path), *wrong)


def _at(partner: Partner, path: Place, message: str, remedy: str) -> Problem:
    """A Problem in a partner's own file. The text is read again: this is the rare case."""
    places = outline((partner.folder / PARTNER_FILE).read_text(encoding="utf-8-sig"))
    file = f"{partner.id}/{PARTNER_FILE}"
    return Problem(file, ".".join(str(p) for p in path), line_of(places, path), message, remedy)
