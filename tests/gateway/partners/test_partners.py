"""Reading partner folders: what a correct folder becomes, who is found by which address, what a reload keeps."""

from __future__ import annotations

import shutil
import tomllib
from pathlib import Path
from typing import Any, get_args

import pytest
from pydantic import BaseModel

from gateway.partners import (
    Partner,
    PartnersError,
    PartnerSettings,
    UnknownPartner,
    WireFormat,
    load_partner,
    load_partners,
    read_partners,
    shipped_partners,
)
from gateway.settings import SecretRef
from gateway.transports.folder import FolderInbound
from gateway.transports.sftp.settings import SftpInbound, SftpOutbound
from tests.gateway.partners.conftest import MINIMAL, Write


@pytest.fixture
def partners(tmp_path: Path) -> Path:
    folder = tmp_path / "partners"
    (folder / "_house").mkdir(parents=True)
    (folder / "_house/partner.toml").write_text('name = "Us"\n[identity]\nisa = { id = "US" }\ngs = ["US1"]\n')
    (folder / "_house/policy.toml").write_text('warehouse = ""\n[restocking_fee]\nunwanted = 15\n')
    return folder


# --- the shipped partners


def test_the_shipped_partners_load_without_a_problem() -> None:
    book = load_partners(shipped_partners())
    assert sorted(book.partners) == ["atlas", "cedar", "harbor", "northgate"]
    assert {p.id: p.role for p in book} == {
        "atlas": "erp",
        "cedar": "retailer",
        "harbor": "warehouse",
        "northgate": "retailer",
    }
    assert book.house.name == "Meridian Supply"


def test_partners_are_found_by_their_envelope_addresses_with_or_without_padding() -> None:
    book = load_partners(shipped_partners())
    assert book.by_sender("ZZ", "NORTHGATE      ") is book["northgate"]
    assert book.by_sender("01", "NORTHGATE") is None
    assert book.by_group("HARBORPOINT ") is book["harbor"]
    assert book.is_us("ZZ", "MERIDIAN")


def test_the_profile_addresses_the_partner_as_its_folder_says() -> None:
    envelope = load_partners(shipped_partners())["northgate"].profile.envelope
    assert (envelope.our_id, envelope.their_id, envelope.usage) == ("MERIDIAN", "NORTHGATE", "P")
    assert (envelope.gs_ours, envelope.gs_theirs) == ("MERIDIAN", "NORTHGATE")


def test_a_partner_says_how_each_kind_of_document_is_written() -> None:
    book = load_partners(shipped_partners())
    assert book["northgate"].writes("return_answer") == WireFormat("x12", "180")
    assert book["cedar"].writes("return_answer") == WireFormat("flat", "answers")
    assert book["harbor"].writes("expected_receipt") == WireFormat("x12", "943")
    assert book["harbor"].writes("return_answer") is None
    assert book["atlas"].writes("erp_batch", "return_order") == WireFormat("erp", "generic-fixed")
    assert book["atlas"].writes("erp_batch", "supplier_claim") == WireFormat("erp", "generic-csv")


def test_the_policy_chooses_the_warehouse() -> None:
    book = load_partners(shipped_partners())
    for found in (book.warehouse_for("northgate"), book.warehouse_for("northgate", site="HP1")):
        assert found is book["harbor"]


def test_one_partner_is_loaded_alone_and_an_unknown_one_is_named(tmp_path: Path) -> None:
    assert load_partner("cedar", tmp_path / "nowhere").id == "cedar"
    with pytest.raises(UnknownPartner, match="birch"):
        load_partner("birch", shipped_partners())
    for name in ("", "_house", "../partners/cedar"):
        with pytest.raises(UnknownPartner):
            load_partner(name, shipped_partners())


# --- the template


def _template() -> str:
    return (shipped_partners() / "_template/partner.toml").read_text(encoding="utf-8")


def _template_with_sftp() -> str:
    """The template with its commented keys in place of the two folder transports."""
    lines: list[str] = []
    in_folder = False
    for line in _template().splitlines():
        if line.startswith("["):
            in_folder = line.startswith("[transport.")
        if in_folder and not line.startswith("#"):
            continue
        commented = line.startswith("#") and line[1:2] not in ("", " ")
        lines.append(line[1:] if commented else line)
        if commented and line.startswith("#["):
            in_folder = False
    return "\n".join(lines)


def test_the_template_loads_as_it_is_and_with_its_commented_keys() -> None:
    settings = PartnerSettings.model_validate(tomllib.loads(_template()))
    assert isinstance(settings.transport.inbound, FolderInbound)
    settings = PartnerSettings.model_validate(tomllib.loads(_template_with_sftp()))
    assert isinstance(settings.transport.inbound, SftpInbound)
    assert isinstance(settings.transport.outbound, SftpOutbound)


def _models_in(annotation: Any) -> list[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return [annotation]
    return [m for argument in get_args(annotation) for m in _models_in(argument)]


def _missing_keys(model: type[BaseModel], table: Any, path: str = "") -> set[str]:
    missing: set[str] = set()
    for name, field in model.model_fields.items():
        if name not in table:
            missing.add(f"{path}{name}")
            continue
        value = table[name][0] if isinstance(table[name], list) and table[name] else table[name]
        for inner in _models_in(field.annotation):
            if isinstance(value, dict) and inner is not SecretRef and value.get("kind", "") in ("", _kind(inner)):
                missing |= _missing_keys(inner, value, f"{path}{name}.")
    return missing


def _kind(model: type[BaseModel]) -> str:
    kind = model.model_fields.get("kind")
    return str(get_args(kind.annotation)[0]) if kind else ""


def test_the_template_shows_every_key_of_the_model() -> None:
    plain = _missing_keys(PartnerSettings, tomllib.loads(_template()))
    sftp = _missing_keys(PartnerSettings, tomllib.loads(_template_with_sftp()))
    # The outbound account repeats none of the optional keys that the inbound one shows.
    shown_once = {"port", "key", "key_passphrase", "time_limit_seconds", "password"}
    assert {key for key in plain if not key.startswith("transport.")} == set()
    assert {key for key in sftp if key.removeprefix("transport.outbound.") not in shown_once} == set()


def test_the_template_shows_the_defaults() -> None:
    shown = PartnerSettings.model_validate(tomllib.loads(_template()))
    default = PartnerSettings(name="x", role="retailer")
    for section in ("acknowledge", "duplicates", "transport", "collect", "clocks", "batch", "receives", "warehouse"):
        assert getattr(shown, section).model_dump() == getattr(default, section).model_dump() or section == "receives"
    assert shown.x12.model_dump(exclude={"tolerate"}) == default.x12.model_dump(exclude={"tolerate"})


# --- one folder


def test_a_minimal_folder_is_a_partner(partners: Path, write: Write) -> None:
    write("birch/partner.toml", MINIMAL)
    partner = load_partners(partners)["birch"]
    assert (partner.stage, partner.profile.envelope.usage) == ("test", "T")
    assert partner.inbox(Path("/home")) == Path("/home/inbox/birch")
    assert partner.outbox(Path("/home")) == Path("/home/outbox/birch")
    assert partner.profile.partner == "birch"


def test_stages_may_differ_by_document(partners: Path, write: Write) -> None:
    write("birch/partner.toml", MINIMAL + 'stage = "live"\n[stages]\nshipment = "test"\n')
    partner = load_partners(partners)["birch"]
    assert (partner.stage_of("shipment"), partner.stage_of("return_request")) == ("test", "live")


def test_the_hash_changes_with_any_configuration_file_and_with_no_sample(partners: Path, write: Write) -> None:
    write("birch/partner.toml", MINIMAL)
    hashes = [load_partners(partners)["birch"].config_hash]
    write("birch/samples/a.edi", "ISA")
    assert load_partners(partners)["birch"].config_hash == hashes[0]
    write("birch/codes/reason.csv", "theirs,ours\nA,defective\n")
    hashes.append(load_partners(partners)["birch"].config_hash)
    write("birch/codes/reason.csv", "theirs,ours\nA,unwanted\n")
    hashes.append(load_partners(partners)["birch"].config_hash)
    assert len(set(hashes)) == 3


def test_a_codes_file_of_the_partner_replaces_the_houses(partners: Path, write: Write) -> None:
    write("birch/partner.toml", MINIMAL)
    write("_house/codes/reason.csv", "theirs,ours\nA,defective\n")
    write("_house/codes/unit.csv", "theirs,ours\nST,EA\n")
    write("birch/codes/reason.csv", "theirs,ours\nB,unwanted\n")
    profile = load_partners(partners)["birch"].profile
    assert profile.crosswalk("reason").ours("A") is None
    assert profile.crosswalk("reason").ours("B") == "unwanted"
    assert profile.crosswalk("unit").ours("ST") == "EA"


def test_a_partners_policy_is_laid_over_the_houses(partners: Path, write: Write) -> None:
    write("birch/partner.toml", MINIMAL + "[policy.restocking_fee]\noverstock = 20\n")
    book = load_partners(partners)
    assert book.merged_policy("birch")["restocking_fee"] == {"unwanted": 15, "overstock": 20}
    assert book.merged_policy("nobody")["restocking_fee"] == {"unwanted": 15}


# --- reload


def test_a_reload_reads_only_what_changed_and_keeps_the_last_good_version(partners: Path, write: Write) -> None:
    write("birch/partner.toml", MINIMAL)
    write("cypress/partner.toml", 'name = "Cypress"\nrole = "carrier"\n')
    first, _ = read_partners(partners)
    write("birch/partner.toml", "name = Birch\n")
    second, problems = read_partners(partners, first)
    assert [p.partner for p in problems] == ["birch"]
    assert second["cypress"] is first["cypress"]
    assert second["birch"] is first["birch"]
    write("birch/partner.toml", MINIMAL + 'description = "mended"\n')
    third, problems = read_partners(partners, second)
    assert problems == []
    assert third["birch"].description == "mended"


def test_a_folder_that_is_wrong_from_the_start_is_left_out_and_the_rest_goes_on(partners: Path, write: Write) -> None:
    write("birch/partner.toml", MINIMAL)
    write("cypress/partner.toml", 'name = "Cypress"\n')
    book, problems = read_partners(partners)
    assert list(book.partners) == ["birch"]
    assert len(problems) == 1
    with pytest.raises(PartnersError, match=r"cypress/partner\.toml"):
        load_partners(partners)


def test_a_removed_folder_leaves_the_book(partners: Path, write: Write) -> None:
    write("birch/partner.toml", MINIMAL)
    first, _ = read_partners(partners)
    shutil.rmtree(partners / "birch")
    second, problems = read_partners(partners, first)
    assert (list(second.partners), problems) == ([], [])


def test_a_change_of_the_house_reaches_every_profile(partners: Path, write: Write) -> None:
    write("birch/partner.toml", MINIMAL)
    first, _ = read_partners(partners)
    write("_house/partner.toml", 'name = "Us"\n[identity]\nisa = { id = "NEWNAME" }\n')
    second, _ = read_partners(partners, first)
    assert second["birch"].profile.envelope.our_id == "NEWNAME"


def test_partners_are_immutable(partners: Path, write: Write) -> None:
    write("birch/partner.toml", MINIMAL)
    partner: Partner = load_partners(partners)["birch"]
    with pytest.raises(ValueError, match="frozen"):
        partner.name = "other"  # type: ignore[misc] # what must not work
