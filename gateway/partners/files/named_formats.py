"""Check that the sets, layouts and import profiles that a `partner.toml` names exist, in its folder or shipped."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass

from gateway.partners.files import translation_files
from gateway.partners.files.toml_lines import Place, line_of, outline
from gateway.partners.model import PartnerSettings
from gateway.partners.problems import Problem

_KINDS_OF_DOCUMENT = ("return_answer", "expected_receipt", "vendor_request", "status")


def named_format_problems(
    file: str, raw: bytes, settings: PartnerSettings, own: translation_files.Tables
) -> list[Problem]:
    """A Problem for each name in `partner.toml` that nothing answers to.

    `file` and `raw`: the file's path in the partners folder and its bytes. `own`: the tables of the folder's layouts/.
    """
    names = _Names(file, raw, settings, own)
    return [*names.sets(), *names.layouts(), *names.documents_we_send(), *names.import_profiles()]


@dataclass(frozen=True, slots=True)
class _Names:
    file: str
    raw: bytes
    settings: PartnerSettings
    own: translation_files.Tables

    def sets(self) -> Iterator[Problem]:
        """Sets that the partner sends and nobody reads."""
        for name in self.settings.sends.sets:
            if name not in translation_files.sets_read():
                remedy = f"name some of: {', '.join(translation_files.sets_read())}"
                yield self._problem(("sends", "sets"), f"the gateway reads no set {name!r}", remedy)

    def layouts(self) -> Iterator[Problem]:
        """Layouts of files that the partner sends."""
        for name in self.settings.sends.layouts:
            if not self._is_layout(name):
                yield self._missing(("sends", "layouts"), name, translation_files.shipped_layouts())

    def documents_we_send(self) -> Iterator[Problem]:
        """How each kind of document is written for the partner: "flat:answers", "x12:180"."""
        for key in _KINDS_OF_DOCUMENT:
            kind, _, name = str(getattr(self.settings.receives, key)).partition(":")
            if kind == "flat" and not self._is_layout(name):
                yield self._missing(("receives", key), name, translation_files.shipped_layouts())
            sets_written = translation_files.sets_written(key)
            if kind == "x12" and name not in sets_written:
                choices = " or ".join(f'"x12:{set_id}"' for set_id in sets_written) or '"flat:<layout>"'
                message = f"we write no {key.replace('_', ' ')} as set {name}"
                yield self._problem(("receives", key), message, f"write {choices}, or a flat layout")

    def import_profiles(self) -> Iterator[Problem]:
        """Which import profile carries each kind of posting: "erp:generic-csv"."""
        batches = self.settings.receives.erp_batch
        for key in type(batches).model_fields:
            kind, _, name = str(getattr(batches, key)).partition(":")
            if kind == "erp" and name not in self.own and name not in translation_files.shipped_erp_names():
                yield self._missing(("receives", "erp_batch", key), name, translation_files.shipped_erp_names())

    def _is_layout(self, name: str) -> bool:
        return name in self.own or name in translation_files.shipped_layouts()

    def _missing(self, key: Place, name: str, shipped: Collection[str]) -> Problem:
        remedy = f"add layouts/{name}.toml, or name one of: {', '.join(sorted({*self.own, *shipped})) or '(none)'}"
        return self._problem(key, f"there is no {name!r}", remedy)

    def _problem(self, key: Place, message: str, remedy: str) -> Problem:
        line = line_of(outline(self.raw.decode("utf-8-sig")), key)
        return Problem(self.file, ".".join(map(str, key)), line, message, remedy)
