"""Read one partner folder: files → Partner, and every mistake in them."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from pathlib import Path

from gateway.partners.files import translation_files
from gateway.partners.files.crosswalks import read_crosswalk
from gateway.partners.files.named_formats import named_format_problems
from gateway.partners.files.toml_models import build, build_without_mistakes, read_toml
from gateway.partners.model import House, HouseSettings, Partner, PartnerSettings
from gateway.partners.problems import Problem
from gateway.partners.sections.partner import Identity
from translators.profile import DEFAULT_TOLERATE, Crosswalk, Envelope, Profile

PARTNER_FILE = "partner.toml"
POLICY_FILE = "policy.toml"
HOUSE = "_house"
TEMPLATE = "_template"
# Folder → the ending of the files in it. Samples are no configuration and are not read here.
CONTENT = {"codes": ".csv", "guides": ".toml", "bindings": ".toml", "layouts": ".toml"}
SAMPLES = "samples"

_NAME = re.compile(r"^[a-z0-9][a-z0-9-]{0,31}$")


@dataclass(frozen=True, slots=True)
class Files:
    """The configuration files of one folder: path inside it → bytes. `folder` is its name."""

    folder: str
    path: Path
    content: dict[str, bytes]

    def under(self, part: str) -> dict[str, bytes]:
        """The files of one content folder, by their path in the partners folder (as problems name them)."""
        return {f"{self.folder}/{name}": raw for name, raw in self.content.items() if name.startswith(part + "/")}

    def digest(self) -> str:
        """The sha256 over names, sizes and bytes of the files, in hexadecimal digits."""
        digest = hashlib.sha256()
        for name, raw in sorted(self.content.items()):
            digest.update(f"{name}\0{len(raw)}\0".encode())
            digest.update(raw)
        return digest.hexdigest()


def paths_in(folder: Path) -> tuple[list[Path], list[Problem]]:
    """The configuration files of a folder, and a Problem for everything that looks like one but is not read."""
    found: list[Path] = []
    problems: list[Problem] = []
    top = (PARTNER_FILE, POLICY_FILE) if folder.name == HOUSE else (PARTNER_FILE,)
    for entry in sorted(folder.iterdir()):
        if entry.name.startswith(".") or entry.name == SAMPLES or entry.suffix == ".md":
            continue
        if entry.name in CONTENT and entry.is_dir():
            listed, wrong = _in_content(folder.name, entry)
            found += listed
            problems += wrong
        elif entry.name in top:
            found.append(entry)
        else:
            remedy = f"a partner folder has {PARTNER_FILE} and {', '.join([*CONTENT, SAMPLES])}; move or remove it"
            problems.append(Problem(f"{folder.name}/{entry.name}", "", 0, "the gateway does not read this", remedy))
    return found, problems


def _in_content(partner: str, folder: Path) -> tuple[list[Path], list[Problem]]:
    found: list[Path] = []
    problems: list[Problem] = []
    ending = CONTENT[folder.name]
    for entry in sorted(folder.iterdir()):
        if entry.name.startswith(".") or entry.suffix == ".md":
            continue
        if entry.suffix == ending:
            found.append(entry)
        else:
            place = f"{partner}/{folder.name}/{entry.name}"
            problems.append(Problem(place, "", 0, "the gateway does not read this", f"files here end in {ending}"))
    return found, problems


def stamp(folder: Path) -> tuple[tuple[str, int, int, int], ...]:
    """What tells cheaply whether a folder has changed: names, inodes, sizes and times of its files."""
    found, _ = paths_in(folder)
    stats = [(path, path.stat()) for path in found]
    return tuple((str(p.relative_to(folder)), s.st_ino, s.st_size, s.st_mtime_ns) for p, s in stats)


def read_files(folder: Path) -> tuple[Files, list[Problem]]:
    """The configuration files of a folder with their bytes; a Problem for each that cannot be read or is not one."""
    found, problems = paths_in(folder)
    content: dict[str, bytes] = {}
    for path in found:
        name = path.relative_to(folder).as_posix()
        try:
            content[name] = path.read_bytes()
        except OSError as error:
            message = f"cannot be read: {error.strerror or error}"
            problems.append(Problem(f"{folder.name}/{name}", "", 0, message, "correct the file's owner and mode"))
    return Files(folder.name, folder, content), problems


def read_partner(folder: Path, house: House) -> tuple[Partner | None, list[Problem]]:
    """One folder → its Partner; None if there is any Problem in it."""
    if not _NAME.match(folder.name):
        remedy = "use small letters, digits and hyphens, 32 at most"
        return None, [Problem(folder.name, "", 0, "not a name for a partner folder", remedy)]
    files, problems = read_files(folder)
    partner, wrong = partner_of(files, house)
    problems += wrong
    return (None if problems else partner), problems


def partner_of(files: Files, house: House) -> tuple[Partner | None, list[Problem]]:
    """The files of one folder, on disk or kept from earlier → its Partner; None if there is any Problem in them."""
    problems: list[Problem] = []
    raw = files.content.get(PARTNER_FILE)
    place = f"{files.folder}/{PARTNER_FILE}"
    if raw is None:
        remedy = f"copy partners/{TEMPLATE}/{PARTNER_FILE} here and edit it"
        return None, [Problem(place, "", 0, "the file is missing", remedy)]
    settings, wrong = build(PartnerSettings, place, raw)
    problems += wrong
    crosswalks, wrong = _crosswalks(files)
    problems += wrong
    tables = {}
    for part in ("guides", "bindings", "layouts"):
        tables[part], wrong = translation_files.read_tables(files.under(part))
        problems += wrong
    release = (settings.x12.version if settings else "004010")[:6]
    problems += _check_tables(files, tables, release)
    if settings is None:
        draft = build_without_mistakes(PartnerSettings, raw)
        return None, problems + (named_format_problems(place, raw, draft, tables["layouts"]) if draft else [])
    problems += named_format_problems(place, raw, settings, tables["layouts"])
    if problems:
        return None, problems
    profile = _profile(files.folder, settings, house, tables, crosswalks)
    fields = {name: getattr(settings, name) for name in PartnerSettings.model_fields}
    # The settings are checked already; constructing saves validating thousands of partners twice.
    partner = Partner.model_construct(
        **fields,
        id=files.folder,
        folder=files.path,
        config_hash=files.digest(),
        profile=profile,
        files=files.content,
    )
    return partner, []


def read_house(folder: Path) -> tuple[House, list[Problem]]:
    """`_house` → the House; what is wrong falls back to defaults, and is a Problem."""
    if not folder.is_dir():
        remedy = "restore the folder from a new home (returns-gateway init)"
        return House(), [Problem(f"{HOUSE}/{PARTNER_FILE}", "", 0, "the house's folder is missing", remedy)]
    files, problems = read_files(folder)
    house, wrong = house_of(files)
    return house, [*problems, *wrong]


def house_of(files: Files) -> tuple[House, list[Problem]]:
    """The files of `_house`, on disk or kept from earlier → the House; what is wrong falls back to defaults."""
    problems: list[Problem] = []
    place = f"{HOUSE}/{PARTNER_FILE}"
    settings, wrong = build(HouseSettings, place, files.content.get(PARTNER_FILE, b""))
    problems += wrong
    policy, wrong = read_toml(f"{HOUSE}/{POLICY_FILE}", files.content.get(POLICY_FILE, b""))
    problems += wrong
    crosswalks, wrong = _crosswalks(files)
    problems += wrong
    read = settings or HouseSettings()
    fields = {name: getattr(read, name) for name in HouseSettings.model_fields}
    house = House(**fields, policy=policy, config_hash=files.digest(), crosswalks=crosswalks, files=files.content)
    return house, problems


def _crosswalks(files: Files) -> tuple[dict[str, Crosswalk], list[Problem]]:
    crosswalks: dict[str, Crosswalk] = {}
    problems: list[Problem] = []
    for place, raw in files.under("codes").items():
        name = Path(place).stem
        crosswalks[name], wrong = read_crosswalk(name, place, raw)
        problems += wrong
    return crosswalks, problems


def _check_tables(files: Files, tables: dict[str, translation_files.Tables], release: str) -> list[Problem]:
    readable = {
        part: {file: raw for file, raw in files.under(part).items() if Path(file).stem in tables[part]}
        for part in tables
    }
    if not any(readable.values()):
        return []
    return translation_files.check_tables(readable["guides"], readable["bindings"], readable["layouts"], release)


def _profile(
    partner: str,
    settings: PartnerSettings,
    house: House,
    tables: dict[str, translation_files.Tables],
    crosswalks: dict[str, Crosswalk],
) -> Profile:
    """What translation may know of this partner. A codes file of the partner replaces the house's of that name."""
    x12 = settings.x12
    named = [*settings.sends.layouts]
    receives = settings.receives
    sent = (receives.return_answer, receives.expected_receipt, receives.vendor_request, receives.status)
    named += [written.removeprefix("flat:") for written in sent]
    # Import profiles carry their direction, so that nobody takes one for a layout of files that come in.
    layouts = {
        name: {**table, "direction": "erp"} if translation_files.is_erp_profile(table) else table
        for name, table in tables["layouts"].items()
    }
    for name in named:
        if name not in layouts and name != "none" and not name.startswith("x12:"):
            layouts[name] = translation_files.shipped_layouts()[name]
    return Profile(
        partner=partner,
        customer=settings.identity.customer,
        role=settings.role,
        strict=x12.strict,
        tolerate=DEFAULT_TOLERATE if x12.tolerate is None else x12.tolerate,
        charset=x12.charset,
        envelope=_envelope(settings, house.identity),
        acknowledgments=settings.acknowledge,
        overlays=tables["guides"],
        bindings=tables["bindings"],
        layouts=layouts,
        crosswalks={**house.crosswalks, **crosswalks},
        meaning_180=x12.meaning_180,
        w07_includes_exceptions=x12.w07_includes_exceptions,
    )


def _envelope(settings: PartnerSettings, ours: Identity) -> Envelope:
    x12, theirs = settings.x12, settings.identity
    fields: dict[str, str] = {}
    if ours.isa:
        fields |= {"our_qualifier": ours.isa.qualifier, "our_id": ours.isa.id}
    if theirs.isa:
        fields |= {"their_qualifier": theirs.isa.qualifier, "their_id": theirs.isa.id}
    return Envelope(
        **fields,
        our_group_id=ours.gs[0] if ours.gs else "",
        their_group_id=theirs.gs[0] if theirs.gs else "",
        version=x12.version,
        usage=x12.usage or ("T" if settings.stage == "test" else "P"),
        ack_requested=x12.ack_requested,
        delimiters=x12.delimiters,
    )
