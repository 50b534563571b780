"""Trouble with the parser, and with partner folders that cannot be used."""

from __future__ import annotations

from gateway.faults.error import GatewayError


class ParserUnusable(GatewayError):
    """The parser process cannot be started."""

    retry = True
    severity = "page"
    remedy = "Look at the process and memory limits of the gateway's user, and at its log. Files wait meanwhile."
    runbook = (
        "Files are parsed in processes of their own, with limits; none can be started. Look at the limits of the "
        "gateway's user for processes and memory. Files wait in the archive and lose nothing."
    )


class PartnerFolderWrong(GatewayError):
    """A partner folder has a mistake."""

    remedy = "{correction}"
    runbook = (
        "The partner is used as it was before the mistake, or not at all; the others go on. The message names the "
        "line, and `returns-gateway check` lists every mistake of the folder with its correction."
    )


class NoImportProfile(GatewayError):
    """Postings wait for an ERP that has no import profile for them."""

    remedy = "Name one under [receives.erp_batch] in partners/{erp}/partner.toml."
    runbook = (
        "A policy sends postings of this kind to the ERP, and the ERP's folder does not say how they are written. The "
        "postings wait and lose nothing. The next run writes them once the profile is named."
    )


class ImportProfileWrong(GatewayError):
    """An import profile of an ERP cannot write its postings."""

    remedy = "Correct the profile (partners/{erp}/layouts/{profile}.toml); the next run writes them."
    runbook = (
        "No posting is to blame: a file name, header or trailer of the profile asks for something that is not there, "
        "or the TOML is wrong. The postings wait and lose nothing. `returns-gateway check` tries the profile."
    )
