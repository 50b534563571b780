"""`check`: lint partner folders and replay their samples; prints a certificate."""

from __future__ import annotations

from pathlib import Path

from gateway.commands import Write
from gateway.onboarding import check, render_report
from gateway.partners import UnknownPartner, read_partners, render_problems


def check_partners(root: Path, names: list[str], write_expectations: bool, write: Write) -> int:
    """Check the folders named (all if none is); 0 if everything is as it should be, 1 if not.

    With `write_expectations` what the samples give now becomes what they must give. Raises UnknownPartner.
    """
    folder = root / "partners"
    book, problems = read_partners(folder)
    unknown = [name for name in names if name not in book and not (folder / name).is_dir()]
    if unknown:
        known = ", ".join(sorted(partner.id for partner in book))
        raise UnknownPartner(f"There is no partner folder of this name; there are: {known}", subject=unknown[0])
    mine = [each for each in problems if not names or each.partner in names or each.partner.startswith("_")]
    if mine:
        write(render_problems(mine) + "\n")
    report = check(book, names, write_expectations, mine)
    write(render_report(report))
    return 0 if report.ok and not mine else 1
