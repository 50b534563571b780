"""The page about an ERP profile: what it writes, what of it is verified, how to load it, field by field (Markdown)."""

from __future__ import annotations

from translators.erp.profile.model import ErpProfile, FieldSpec, FileSpec, RecordSpec

WHEN = {
    "start": "once, at the start",
    "group": "before the rows of a {group}",
    "row": "one per posting",
    "group_end": "after the rows of a {group}",
    "end": "once, at the end",
}


def profile_page(profile: ErpProfile) -> str:
    """A profile → its page: title and status, verification, loading, then every file with its records and fields."""
    parts = [f"# {profile.title or profile.name}", f"Profile `{profile.name}`, {profile.status}."]
    if profile.verified:
        parts += ["## What is verified", profile.verified.strip()]
    if profile.load:
        parts += ["## How to load it", profile.load.strip()]
    ends = "CR LF" if profile.line_ends == "crlf" else "LF"
    parts += ["## Files", f"Format {profile.format}, {profile.encoding}, line ends {ends}."]
    for spec in profile.files:
        parts += _file(profile, spec)
    if profile.control is not None:
        parts.append(f"Beside it stands the control file `{profile.control.name}`: counts, totals and SHA-256.")
    return "\n\n".join(parts) + "\n"


def _file(profile: ErpProfile, spec: FileSpec) -> list[str]:
    kinds = "all postings" if "*" in spec.kinds else ", ".join(spec.kinds)
    parts = [f"### `{spec.name}` ({kinds})"]
    for record in spec.records:
        parts += [_record_title(record, spec), _table(profile, record)]
    return parts


def _record_title(record: RecordSpec, spec: FileSpec) -> str:
    name = record.segment or record.element
    title = WHEN[record.when].format(group=" and ".join(spec.group_by))
    condition = f", where there is a value in {record.only_if}" if record.only_if else ""
    return f"Record{f' `{name}`' if name else ''}: {title}{condition}."


def _table(profile: ErpProfile, record: RecordSpec) -> str:
    """The fields; with positions (from 1) where the format has them."""
    positions = profile.format in {"fixed", "idoc"}
    lines = (
        ["| field | position | width | holds |", "|---|---|---|---|"]
        if positions
        else ["| field | holds |", "|---|---|"]
    )
    at = 1
    for field in record.fields:
        place = f" {at}–{at + field.width - 1} | {field.width} |" if positions else ""
        lines.append(f"| `{field.name}` |{place} {_holds(field, positions)} |")
        at += field.width
    return "\n".join(lines)


def _holds(field: FieldSpec, positions: bool) -> str:
    fed = field.fed_from
    if fed == "constant":
        text = f"`{field.constant}`" if field.constant else "blank"
    elif fed == "concat":
        text = f" {field.separator or 'and'} ".join(field.of)
    elif fed == "first_of":
        text = "the first of " + ", ".join(field.of)
    else:
        text = fed
    notes = [
        f"map {field.map}" if field.map else "",
        f"{field.decimals} decimals{', no mark' if field.implied else ''}" if field.decimals is not None else "",
        field.format,
        "required" if field.required else "",
        f"at most {field.width} characters" if field.width and not positions else "",
    ]
    return "; ".join([text, *(note for note in notes if note)])
