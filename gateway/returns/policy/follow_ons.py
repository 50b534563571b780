"""Which outcome may follow which: goods leave quarantine, come back from repair, are refused by a vendor."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property, lru_cache
from zlib import crc32

from gateway.returns.model import ends_of, step_code
from gateway.returns.policy.postings import DispositionRule


@lru_cache(maxsize=1024)
def split_of_code(code: str) -> str:
    """A condition, a disposition or a step of goods as the split part of a key: letters and digits, at most 12.

    "0" for none. Of a step the first 4 of what goods leave and 8 of what they get: "quarantine>restock" is quarrestock.
    What is longer ends in three digits of a check sum, so that no two names look alike that begin alike.
    """
    left, reached = ends_of(code)
    if left:
        end = split_of_code(reached)
        if len(end) > 8:
            end = end[:5] + f"{crc32(reached.encode()):08x}"[:3]
        return split_of_code(left)[:4] + end
    return "".join(c for c in code if c.isascii() and c.isalnum())[:12] or "0"


class FollowOnRules:
    """The steps that the dispositions of a policy allow. `inferred`: an inspection need not say which it is."""

    def __init__(self, dispositions: Mapping[str, DispositionRule], *, inferred: bool) -> None:
        self._dispositions = dispositions
        self._inferred = inferred

    @cached_property
    def steps(self) -> dict[str, tuple[str, ...]]:
        """Outcome → those that may follow it, of those that any may follow."""
        steps: dict[str, tuple[str, ...]] = {}
        for name, rule in self._dispositions.items():
            others = tuple(code for code in self._dispositions if code != name)
            if then := others if "*" in rule.then else rule.then:
                steps[name] = then
        return steps

    def allows(self, left: str, reached: str) -> bool:
        """May goods with one outcome get the other one next?"""
        return reached in self.steps.get(left, ())

    @cached_property
    def unsaid(self) -> dict[str, tuple[str, ...]]:
        """Outcome → the passing ones that goods may come from which get it, where nobody says so."""
        sources: dict[str, tuple[str, ...]] = {}
        for left, then in self.steps.items() if self._inferred else ():
            for reached in then if self._dispositions[left].passing else ():
                sources[reached] = (*sources.get(reached, ()), left)
        return sources

    def stands_as(self, code: str) -> str:
        """The stock status of goods with an outcome, as the ERP knows it; "" if it is not told of them."""
        rule = self._dispositions.get(code)
        moves_by = rule.moves_by if rule else None
        return moves_by.stock_status if moves_by else ""

    def problem(self) -> str:
        """What is wrong with what a policy says of follow-ons, in words; "" if nothing is."""
        for name, rule in self._dispositions.items():
            strange = [code for code in rule.then if code != "*" and code not in self._dispositions]
            if strange:
                return f"dispositions.{name}.then: no such disposition: {strange[0]}"
            if name in rule.then:
                return f"dispositions.{name}.then: goods cannot go from {name} to {name}"
            if rule.passing and name not in self.steps:
                return f"dispositions.{name}: goods may not stay here, and nothing may follow; say it in then"
            if rule.replaces and (unpaid := self._unpaid_after(name)):
                return f"dispositions.{name}.then: {unpaid} is not credited, and these goods are replaced already"
        return self._same_split()

    def _unpaid_after(self, replaced: str) -> str:
        """An outcome without credit that replaced goods can get; "" if there is none."""
        reachable: set[str] = set()
        to_look_at = [replaced]
        while to_look_at:
            for code in self.steps.get(to_look_at.pop(), ()):
                if code not in reachable:
                    reachable.add(code)
                    to_look_at.append(code)
        return next((code for code in sorted(reachable) if not self._dispositions[code].credit), "")

    def _same_split(self) -> str:
        """Two steps that one posting key would stand for; "" if there are none."""
        known: dict[str, str] = {}
        codes = [*self._dispositions, *(step_code(left, to) for left, then in self.steps.items() for to in then)]
        for code in codes:
            if known.setdefault(split_of_code(code), code) != code:
                return f"dispositions {known[split_of_code(code)]} and {code} look alike in posting keys: rename one"
        return ""
