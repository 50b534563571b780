"""A story's documents in every order: the domain decides them, the ERP posts, people answer, and the ends are equal."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import islice, permutations
from math import factorial
from typing import Any, Literal

from gateway.returns import Policies
from tests.gateway.returns.histories import Sent, summary
from tests.gateway.returns.shell import Shell

# The ERP posts after every document, or only once all of them are there.
ErpRuns = Literal["between", "at_end"]
# So many orders of one story are tried; of more, this many spread evenly over all.
MOST_ORDERS = 120


def nobody_acts(_: Shell) -> None:
    """No person decides anything."""


def in_every_order(
    documents: Sequence[Sent],
    policy: Policies,
    *,
    first: Sequence[Sent] = (),
    act: Callable[[Shell], None] = nobody_acts,
    erp: ErpRuns = "at_end",
) -> Shell:
    """Play `documents` in every order, after those of `first` in theirs, and return the shell of the given order.

    `act` is what people decide when everything is there. Fails with the first order whose balances, net postings or
    open Holds are others than those of the given order.
    """
    told: Shell | None = None
    for order in _orders(documents):
        shell = play_order(first, order, policy, act=act, erp=erp)
        if told is None:
            told = shell
            continue
        ends_here, ends_as_given = summary(shell), summary(told)
        assert ends_here == ends_as_given, f"another end in the order {[_name(sent) for sent in order]}"
    assert told is not None
    return told


def play_order(
    first: Sequence[Sent],
    documents: Sequence[Sent],
    policy: Policies,
    *,
    act: Callable[[Shell], None] = nobody_acts,
    erp: ErpRuns = "at_end",
) -> Shell:
    """One order: documents arrive, the ERP posts what is ready, people act, the ERP posts again."""
    shell = Shell(policy=policy, through_store=True)
    for partner, document in (*first, *documents):
        shell.receive(document, partner)
        if erp == "between":
            shell.run_erp()
    shell.run_erp()
    act(shell)
    shell.run_erp()
    return shell


def _orders(documents: Sequence[Sent]) -> Iterator[Sequence[Sent]]:
    """The given order first, then the others: all, or MOST_ORDERS spread evenly."""
    step = max(1, factorial(len(documents)) // MOST_ORDERS)
    yield from islice(permutations(documents), 0, None, step)


def _name(sent: Sent) -> Any:
    partner, document = sent
    return f"{partner} {document.kind} {document.number}"  # type: ignore[attr-defined]  # every inbound has them
