"""Every mistake in every folder, in one report, by file, key and line, with what would mend it."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.partners import PartnersError, Problem, load_partners, read_partners, render_problems
from gateway.partners.files.crosswalks import read_crosswalk, shadowed
from gateway.partners.files.toml_lines import line_of, outline
from tests.gateway.partners.conftest import MINIMAL, Write

ACCOUNT = 'kind = "sftp"\nhost = "h"\nuser = "u"\nhost_keys = ["SHA256:' + "A" * 43 + '"]\npassword = { env = "P" }\n'


@pytest.fixture
def partners(tmp_path: Path) -> Path:
    folder = tmp_path / "partners"
    (folder / "_house").mkdir(parents=True)
    (folder / "_house/partner.toml").write_text('name = "Us"\n[identity]\nisa = { id = "US" }\n')
    (folder / "_house/policy.toml").write_text("")
    return folder


def _only(partners: Path) -> Problem:
    _, problems = read_partners(partners)
    assert len(problems) == 1, render_problems(problems)
    return problems[0]


@pytest.mark.parametrize(
    ("text", "key", "line", "says", "remedy"),
    [
        ('role = "retailer"\n', "name", 1, "is missing", "add name"),
        ('name = "B"\nrole = "retailr"\n', "role", 2, '"retailr" is not a choice', "'retailer'"),
        (MINIMAL + 'stagee = "live"\n', "stagee", 3, "unknown key", "did you mean stage?"),
        (MINIMAL + "\n[x12]\nstrict = 1.5\n", "x12.strict", 5, "true or false", "without quotes"),
        (MINIMAL + '[x12]\nversion = "4010"\n', "x12.version", 4, "expected form", "match"),
        (MINIMAL + '[x12]\ntolerate = ["byte_order"]\n', "x12.tolerate", 4, "byte_order_mark", "its code"),
        (MINIMAL + "[x12.delimiters]\nelemnt = '|'\n", "x12.delimiters.elemnt", 4, "unknown key", "mean element?"),
        (MINIMAL + "[collect]\nsettle_seconds = -1\n", "collect.settle_seconds", 4, "greater than", "correct"),
        (MINIMAL + "[identity]\nisa = { qualifier = 'ZZ' }\n", "identity.isa.id", 4, "is missing", "add id"),
        (
            MINIMAL + "[identity]\naliases = [{ id = 'A' }, { id = ' B' }]\n",
            "identity.aliases.1.id",
            4,
            "blanks",
            "_template",
        ),
        (MINIMAL + "time_zone = 'Mars/Olympus'\n", "time_zone", 3, "unknown time zone", "Europe/Berlin"),
        (MINIMAL + "[stages]\nshipmnt = 'test'\n", "stages.shipmnt", 4, "not a choice", "shipment"),
        (MINIMAL + "[transport.inbound]\nkind = 'ftp'\n", "transport.inbound", 3, "not a transport", "sftp"),
        (MINIMAL + "[batch]\ncron = ['18:00']\n", "batch.cron", 4, "five fields", "0 18 * * 1-5"),
        (MINIMAL + "[receives]\nreturn_answer = 'edi'\n", "receives.return_answer", 4, "form", "x12"),
        (
            MINIMAL + "[receives]\nreturn_answer = 'flat:answers'\n",
            "receives.return_answer",
            4,
            "no 'answers'",
            "layouts/answers",
        ),
        (MINIMAL + "[sends]\nlayouts = ['rq']\n", "sends.layouts", 4, "there is no 'rq'", "generic-result"),
        (MINIMAL + "[policy]\nwarehouse = 'wh9'\n", "policy.warehouse", 4, "no partner 'wh9'", "role is warehouse"),
        ("name = Birch\n", "", 1, "not readable as TOML", "quotes"),
    ],
)
def test_a_mistake_is_reported_with_its_key_line_and_remedy(
    partners: Path, write: Write, text: str, key: str, line: int, says: str, remedy: str
) -> None:
    write("birch/partner.toml", text)
    problem = _only(partners)
    assert (problem.file, problem.key, problem.line) == ("birch/partner.toml", key, line)
    assert says in problem.message
    assert remedy in problem.remedy


@pytest.mark.parametrize(
    ("account", "key", "says"),
    [
        ('password = "hunter2"\n', "password", "must not stand in this file"),
        ('password = { env = "A", file = "/b" }\n', "password", "exactly one"),
        ('key = { file = "keys/birch" }\n', "key", "absolute path"),
        ("", "transport.inbound", "needs key or password"),
    ],
)
def test_secrets_stand_elsewhere(partners: Path, write: Write, account: str, key: str, says: str) -> None:
    lines = ACCOUNT.replace('password = { env = "P" }\n', account)
    write("birch/partner.toml", MINIMAL + "[transport.inbound]\n" + lines)
    problem = _only(partners)
    assert problem.key.endswith(key)
    assert says in problem.message
    assert "hunter2" not in str(problem)


def test_host_keys_must_be_keys(partners: Path, write: Write) -> None:
    write("birch/partner.toml", MINIMAL + "[transport.inbound]\n" + ACCOUNT.replace("SHA256:", "MD5:"))
    assert "neither a SHA256" in _only(partners).message


def test_all_problems_of_all_folders_come_at_once(partners: Path, write: Write) -> None:
    write("birch/partner.toml", MINIMAL + 'stagee = "live"\n[x12]\nversion = "4010"\n[clocks]\nsilence_hours = "no"\n')
    write("birch/codes/reason.csv", "theirs,ours\nA,\n,defective\n")
    write("cypress/partner.toml", "")
    with pytest.raises(PartnersError) as caught:
        load_partners(partners)
    places = {(p.file, p.key, p.line) for p in caught.value.problems}
    assert places == {
        ("birch/partner.toml", "stagee", 3),
        ("birch/partner.toml", "x12.version", 5),
        ("birch/partner.toml", "clocks.silence_hours", 7),
        ("birch/codes/reason.csv", "ours", 2),
        ("birch/codes/reason.csv", "theirs", 3),
        ("cypress/partner.toml", "name", 1),
        ("cypress/partner.toml", "role", 1),
    }
    assert "7 problems" in str(caught.value)


@pytest.mark.parametrize(
    ("claim", "kind"),
    [
        ('[identity]\nisa = { id = "SAME" }\n', "interchange id ZZ/SAME"),
        ('[identity]\ngs = ["SAME"]\n', "group id SAME"),
        (f"[transport.inbound]\n{ACCOUNT}", "SFTP account and path (inbound) u@h:22:."),
        ('[api]\ntoken = { env = "NOT_SET_HERE" }\n', "API token (env NOT_SET_HERE)"),
    ],
)
def test_identities_are_unique(partners: Path, write: Write, claim: str, kind: str) -> None:
    write("birch/partner.toml", MINIMAL + claim)
    write("cypress/partner.toml", 'name = "Cypress"\nrole = "supplier"\n\n' + claim)
    book, problems = read_partners(partners)
    assert list(book.partners) == []
    assert [p.partner for p in problems] == ["birch", "cypress"]
    assert f"{kind} also belongs to cypress" in problems[0].message
    assert f"{kind} also belongs to birch" in problems[1].message


def test_one_token_in_two_places_is_one_token_and_is_never_shown(
    partners: Path, write: Write, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("BIRCH_TOKEN", "s3cr3t")
    (tmp_path / "token").write_text("s3cr3t\n")
    write("birch/partner.toml", MINIMAL + '\n[api]\ntoken = { env = "BIRCH_TOKEN" }\n')
    write("cypress/partner.toml", MINIMAL + f'[api]\ntoken = {{ file = "{tmp_path}/token" }}\n')
    _, problems = read_partners(partners)
    found = [(p.file, p.key, p.line, p.message) for p in problems]
    assert found == [
        ("birch/partner.toml", "api.token", 5, "API token (env BIRCH_TOKEN) also belongs to cypress"),
        ("cypress/partner.toml", "api.token", 4, f"API token (file {tmp_path}/token) also belongs to birch"),
    ]
    monkeypatch.setenv("BIRCH_TOKEN", "another")
    assert read_partners(partners)[1] == []


def test_a_newcomer_with_a_taken_identity_does_not_push_out_who_had_it(partners: Path, write: Write) -> None:
    write("birch/partner.toml", MINIMAL + '[identity]\nisa = { id = "SAME" }\n')
    first, _ = read_partners(partners)
    write("cypress/partner.toml", 'name = "C"\nrole = "supplier"\n[identity]\nisa = { id = "SAME" }\n')
    second, problems = read_partners(partners, first)
    assert len(problems) == 2
    assert second.by_sender("ZZ", "SAME") is first["birch"]


def test_nobody_has_our_own_address(partners: Path, write: Write) -> None:
    write("birch/partner.toml", MINIMAL + '[identity]\nisa = { id = "US" }\n')
    assert "also belongs to _house" in _only(partners).message


def test_a_route_needs_the_right_role(partners: Path, write: Write) -> None:
    write("birch/partner.toml", MINIMAL + "[policy]\nerp = 'birch'\n")
    assert "has the role retailer, not erp" in _only(partners).message
    write("birch/partner.toml", MINIMAL)
    write("_house/policy.toml", "erp = 'birch'\n")
    assert _only(partners).file == "_house/policy.toml"


ERPS = 'name = "Us"\n\n[[erp_switch]]\nto = "new"\n\n[[erp_switch]]\nto = "new"\n'


@pytest.mark.parametrize(
    ("text", "key", "says", "remedy"),
    [
        ('partner = "brich"', "erp_switch.1.partner", "no partner 'brich'", "did you mean birch?"),
        ('site = "HP9"', "erp_switch.1.site", "'HP9' is no site of any warehouse", "name one of HP1, HP2"),
        ('return_type = "repairs"', "erp_switch.1.return_type", '"repairs" is not a choice', "'repair'"),
        (
            "valid_from = 2025-06-02\nvalid_to = 2025-06-01",
            "erp_switch.1",
            "valid_from is after valid_to",
            "swap the two days",
        ),
    ],
)
def test_a_switch_names_what_there_is(
    partners: Path, write: Write, text: str, key: str, says: str, remedy: str
) -> None:
    write("birch/partner.toml", MINIMAL)
    write("dock/partner.toml", 'name = "Dock"\nrole = "warehouse"\n[warehouse]\nsites = ["HP1", "HP2"]\n')
    write("new/partner.toml", 'name = "New"\nrole = "erp"\n')
    write("_house/partner.toml", ERPS)
    assert read_partners(partners)[1] == []
    write("_house/partner.toml", ERPS + text + "\n")
    problem = _only(partners)
    assert (problem.file, problem.key) == ("_house/partner.toml", key)
    assert problem.line in (6, 8)
    assert says in problem.message
    assert remedy in problem.remedy


def test_a_policy_names_a_site_of_its_warehouse(partners: Path, write: Write) -> None:
    write("birch/partner.toml", MINIMAL + '[policy]\nsite = "HP9"\n')
    write("dock/partner.toml", 'name = "Dock"\nrole = "warehouse"\n[warehouse]\nsites = ["HP1", "HP2"]\n')
    write("pier/partner.toml", 'name = "Pier"\nrole = "warehouse"\n[warehouse]\nsites = ["HP9"]\n')
    write("_house/policy.toml", 'warehouse = "dock"\n')
    problem = _only(partners)
    assert (problem.key, problem.line, problem.message) == ("policy.site", 4, "'HP9' is no site of dock")
    write("birch/partner.toml", MINIMAL + '[policy]\nsite = "HP9"\nwarehouse = "pier"\n')
    assert read_partners(partners)[1] == []
    write("_house/policy.toml", '\nsite = "HP3"\n')
    assert (_only(partners).file, _only(partners).line) == ("_house/policy.toml", 2)


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("birch/partner.tml", "does not read this"),
        ("birch/guide/180.toml", "does not read this"),
        ("birch/codes/reason.xlsx", "does not read this"),
        ("Birch GmbH/partner.toml", "not a name for a partner folder"),
        ("_birch/partner.toml", "not a name for a partner folder"),
    ],
)
def test_what_is_not_read_is_said(partners: Path, write: Write, name: str, says: str) -> None:
    write("birch/partner.toml", MINIMAL)
    write(name, MINIMAL)
    assert says in _only(partners).message


def test_a_folder_without_partner_toml_is_a_problem(partners: Path, write: Write) -> None:
    write("birch/README.md", "soon")
    problem = _only(partners)
    assert (problem.file, problem.message) == ("birch/partner.toml", "the file is missing")


def test_a_missing_partners_folder_is_a_problem(tmp_path: Path) -> None:
    with pytest.raises(PartnersError, match="no such folder"):
        load_partners(tmp_path / "partners")


# --- overlays, bindings, layouts


@pytest.mark.parametrize(
    ("file", "text", "key", "line"),
    [
        ("guides/180.toml", '[[require]]\npath = "/PRF"\n\n[[require]]\npath = "/XYZ"\n', "require[2]", 4),
        ("guides/18.toml", '[[require]]\npath = "/PRF"\n', "", 0),
        ("bindings/180.toml", '[header]\nnumber = "BGN02"\ncurency = "CUR02"\n', "header.curency", 3),
        ("bindings/181.toml", "[header]\n", "", 0),
        ("layouts/rq.toml", "document = 'return_request'\nformat = 'csv'\n", "format", 2),
        ("layouts/erp.toml", "direction = 'erp'\nformat = 'csv'\n", "files", 1),
    ],
)
def test_what_the_translators_refuse_is_a_problem_at_its_place(
    partners: Path, write: Write, file: str, text: str, key: str, line: int
) -> None:
    write("birch/partner.toml", MINIMAL)
    write(f"birch/{file}", text)
    _, problems = read_partners(partners)
    assert (problems[0].file, problems[0].key, problems[0].line) == (f"birch/{file}", key, line)


# --- codes


def test_a_codes_file_is_read_both_ways_with_dates_and_default() -> None:
    raw = (
        b"\xef\xbb\xbftheirs;ours;text;valid_from;valid_to\r\nA;defective;Broken;;\r\n"
        b"B;unwanted;;2025-01-01;2025-06-30\r\n*;other;;;\r\n"
    )
    crosswalk, problems = read_crosswalk("reason", "b/codes/reason.csv", raw)
    assert problems == []
    assert (crosswalk.ours("A"), crosswalk.ours("B", "2025-03-14"), crosswalk.ours("B", "2025-07-01")) == (
        "defective",
        "unwanted",
        "other",
    )
    assert (crosswalk.theirs("defective"), crosswalk.theirs("nothing")) == ("A", None)


@pytest.mark.parametrize(
    ("text", "key", "line", "says"),
    [
        ("their,ours\nA,b\n", "theirs", 1, "column is missing"),
        ("", "theirs", 1, "column is missing"),
        ("theirs,ours,ours\nA,b,c\n", "ours", 1, "stands twice"),
        ("theirs,ours\nA,b,c\n", "", 2, "3 cells under 2 columns"),
        ("theirs,ours\n\nA,b\nA,b\n", "theirs", 4, "stands already in line 3"),
        ("theirs,ours,valid_from\nA,b,03/14/2025\n", "valid_from", 2, "not a date"),
        ("theirs,ours,valid_from,valid_to\nA,b,2025-02-01,2025-01-01\n", "valid_to", 2, "before it begins"),
    ],
)
def test_mistakes_in_codes_are_located(text: str, key: str, line: int, says: str) -> None:
    _, problems = read_crosswalk("reason", "b/codes/reason.csv", text.encode())
    found = [(p.key, p.line) for p in problems if says in p.message]
    assert (key, line) in found


def test_codes_in_another_charset_name_the_line() -> None:
    _, problems = read_crosswalk("reason", "b/codes/reason.csv", "theirs,ours\nA,b\nK,Größe\n".encode("latin-1"))
    assert (problems[0].line, problems[0].message) == (3, "the file is not UTF-8 text")


def test_one_code_of_theirs_for_two_of_ours_is_read_as_the_first_and_written_for_both() -> None:
    crosswalk, problems = read_crosswalk("answer", "b/codes/answer.csv", b"theirs,ours\nNO,late\nNO,unknown\n")
    assert problems == []
    assert (crosswalk.ours("NO"), crosswalk.theirs("unknown")) == ("late", "NO")
    assert len(shadowed(crosswalk)) == 1


# --- lines of keys


def test_keys_are_found_in_tables_arrays_and_after_long_values() -> None:
    text = '''a = 1
b.c = """
x = 3
"""
list = [
  1,
  2,
]
[t.u]
"odd key" = 1
[[rows]]
n = 1
[[rows]]
n = 2
[rows.sub]
deep = true
'''
    places = outline(text)
    assert places[("b", "c")] == 2
    assert ("x",) not in places
    assert places[("list",)] == 5
    assert places[("t", "u", "odd key")] == 10
    assert places[("rows", 1, "n")] == 14
    assert places[("rows", 1, "sub", "deep")] == 16
    assert line_of(places, ("t", "u", "missing")) == 9
    assert line_of(places, ("nowhere",)) == 1


@given(st.dictionaries(st.from_regex(r"[a-z]{1,6}", fullmatch=True), st.integers(), min_size=1, max_size=8))
def test_every_key_of_a_flat_table_is_on_its_line(table: dict[str, int]) -> None:
    places = outline("\n".join(f"{k} = {v}" for k, v in table.items()))
    assert places == {(key,): number for number, key in enumerate(table, start=1)}


def test_what_a_wrong_key_hides_is_said_too(partners: Path, write: Write) -> None:
    """Names of layouts and sets, further entries of an overlay, further bindings: one reading says them all."""
    write(
        "birch/partner.toml",
        MINIMAL + 'stage = "tset"\n[sends]\nsets = ["180", "857"]\nlayouts = ["events"]\n'
        '[transport.inbound]\nkind = "sftp"\nhost = "h"\nuser = "u"\npassword = { env = "P" }\n',
    )
    write(
        "birch/guides/180.toml",
        '[[require]]\npath = "/BLI"\n[[require]]\npath = "/BLJ"\n[[codes]]\nelement = "RDR02"\nadd = ["LONG"]\n'
        '[[allow]]\nsegment = "CTT"\nafter = "/BLX"\n',
    )
    write("birch/bindings/856.toml", '[line]\nquantty = "SN102"\nunit = "SN1"\n[hedaer]\n[header]\nrma = "ZZZ02"\n')
    _, problems = read_partners(partners)
    assert {(problem.file.removeprefix("birch/"), problem.key, problem.line) for problem in problems} == {
        ("partner.toml", "stage", 3),
        ("partner.toml", "sends.sets", 5),
        ("partner.toml", "sends.layouts", 6),
        ("partner.toml", "transport.inbound.host_keys", 7),
        ("guides/180.toml", "require[2]", 3),
        ("guides/180.toml", "codes[1]", 5),
        ("guides/180.toml", "allow[1]", 8),
        ("bindings/856.toml", "line.quantty", 2),
        ("bindings/856.toml", "line.unit", 3),
        ("bindings/856.toml", "hedaer", 4),
        ("bindings/856.toml", "header.rma", 6),
    }
