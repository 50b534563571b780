"""Counts of the store as Prometheus text. Labels are bounded: never a number, a name of a file or a return."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from importlib.metadata import PackageNotFoundError, version

from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from gateway.store import Snapshot
from gateway.store.read import overview as query
from gateway.web.display.formatting import moment
from gateway.web.sources import Sources

PREFIX = "returns_gateway_"


def installed_version() -> str:
    """The version of this package, or "unknown" when it runs from files that were never installed."""
    try:
        return version("returns-gateway")
    except PackageNotFoundError:
        return "unknown"


def exposition(sources: Sources) -> bytes:
    """Every metric in Prometheus' text format, counted now."""
    registry = CollectorRegistry(auto_describe=False)
    registry.register(_StoreCounts(sources))
    return generate_latest(registry)


class _StoreCounts(Collector):
    def __init__(self, sources: Sources) -> None:
        self._sources = sources

    def describe(self) -> Iterable[Metric]:
        return ()

    def collect(self) -> Iterator[Metric]:
        yield _gauge("build_info", "The version that runs.", ("version",), [((installed_version(),), 1)])
        with self._sources.store.read() as snapshot:
            yield from _states(snapshot)
            yield from self._waiting(snapshot)

    def _waiting(self, snapshot: Snapshot) -> Iterator[Metric]:
        now = self._sources.now()
        holds = query.holds_by_class(snapshot)
        yield _gauge(
            "holds_open",
            "Business exceptions that wait for a person.",
            ("class", "owner"),
            [((hold["class"], hold["owner"]), hold["count"]) for hold in holds],
        )
        faults: dict[tuple[str, ...], float] = {}
        for fault in query.faults(snapshot):
            label = (str(fault["class"]), str(fault["severity"]))
            faults[label] = faults.get(label, 0) + 1
        yield _gauge("faults_open", "Technical troubles that last.", ("class", "severity"), faults.items())
        yield _gauge("clocks_overdue", "Clocks past their due time.", (), [((), query.count_overdue(snapshot, now))])
        blocked = query.blocked(snapshot)
        stages = [((stage["stage"],), float(stage["count"])) for stage in blocked]
        yield _gauge("returns_blocked", "Open returns by the stage they wait for.", ("stage",), stages)
        ages = [
            ((stage["stage"],), (now - since).total_seconds())
            for stage in blocked
            if (since := moment(stage["oldest_at"]))
        ]
        yield _gauge("returns_blocked_oldest_age_seconds", "How long the oldest one waits there.", ("stage",), ages)
        last = query.last_file(snapshot)
        times = [
            ((direction,), at.timestamp())
            for direction, text in (("in", last["received_at"]), ("out", last["delivered_at"]))
            if (at := moment(text))
        ]
        yield _gauge("last_file_timestamp_seconds", "When the last file came or went.", ("direction",), times)


def _states(snapshot: Snapshot) -> Iterator[Metric]:
    for name, description, label, by_value in (
        ("intakes", "Received files by state.", "state", query.intakes_by_state(snapshot)),
        ("documents", "Canonical documents by state.", "state", query.documents_by_state(snapshot)),
        ("returns", "Returns by status.", "status", query.returns_by_status(snapshot)),
        ("postings", "Instructions to the ERP by state.", "state", query.postings_by_state(snapshot)),
        ("dispatches", "Sent files by state.", "state", query.dispatches_by_state(snapshot)),
        ("acknowledgments", "Sent files by what the partner said.", "state", query.acknowledgments_by_state(snapshot)),
    ):
        yield _gauge(name, description, (label,), [((value,), count) for value, count in by_value.items()])


def _gauge(
    name: str, description: str, labels: tuple[str, ...], samples: Iterable[tuple[tuple[str, ...], float]]
) -> GaugeMetricFamily:
    gauge = GaugeMetricFamily(PREFIX + name, description, labels=labels)
    for values, value in samples:
        gauge.add_metric(values, value)
    return gauge
