"""The example sets that stand in the sets' folders, and whole files made of them."""

from __future__ import annotations

from translators.x12.sets.table import folder_of, set_description


def example_of(set_id: str, release: str) -> str:
    """The set's example for a release (or the latest before it) from ST to SE in one line; "" where it has none."""
    folder = folder_of(set_id) / "examples"
    names = [file.name for file in folder.iterdir()] if folder.is_dir() else []
    fitting = sorted(name for name in names if name.endswith(".edi") and name.removesuffix(".edi") <= release)
    return (folder / fitting[-1]).read_text(encoding="utf-8").replace("\n", "") if fitting else ""


def file_of(set_id: str, release: str, body: str) -> bytes:
    """One set as a whole file from NORTHGATE to us."""
    five = release >= "005010"
    header = "ISA*00*          *00*          *ZZ*NORTHGATE      *ZZ*GATEWAY        *250314*0930*"
    header += f"{'^*00501' if five else 'U*00401'}*000000001*0*P*>~"
    description = set_description(set_id)
    assert description is not None
    group = f"GS*{description.group}*NORTHGATE*GATEWAY*20250314*0930*1*X*{release}~"
    return f"{header}{group}{body}GE*1*1~IEA*1*000000001~".encode("latin-1")
