"""`check`: a partner folder's samples against their expectations, and the certificate of what they exercised."""

from __future__ import annotations

from gateway.onboarding.certificate.check import LiveTraffic, Traffic, check
from gateway.onboarding.certificate.exercised import Certificate
from gateway.onboarding.certificate.report import CheckReport, PartnerReport, SampleResult, render_report, report_json

__all__ = [
    "Certificate",
    "CheckReport",
    "LiveTraffic",
    "PartnerReport",
    "SampleResult",
    "Traffic",
    "check",
    "render_report",
    "report_json",
]
