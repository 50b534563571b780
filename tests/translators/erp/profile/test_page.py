"""The pages about the profiles. `python -m tests.translators.erp.profile.test_page` writes profiles/pages anew."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.translators.erp.batches import batch, shipped
from translators.erp.profile.load import shipped_erp_profiles
from translators.erp.profile.page import profile_page
from translators.erp.write.batch import render_batch

PAGES = Path(__file__).resolve().parents[4] / "translators/erp/profiles/pages"


def test_the_pages_beside_the_profiles_are_up_to_date() -> None:
    pages = {page.stem: page.read_text(encoding="utf-8") for page in PAGES.glob("*.md")}
    missing = sorted(set(shipped_erp_profiles()) - set(pages))
    assert not missing, f"no page for {missing}: write it with python -m tests.translators.erp.profile.test_page"
    assert set(pages) == set(shipped_erp_profiles()), "pages of profiles that are not there"
    for name in shipped_erp_profiles():
        assert pages[name] == profile_page(shipped(name)), name


@pytest.mark.parametrize("name", sorted(shipped_erp_profiles()))
def test_every_profile_has_a_page(name: str) -> None:
    profile = shipped(name)
    page = profile_page(profile)
    assert profile.title in page
    assert "How to load it" in page
    if profile.status == "experimental":
        assert "experimental" in page
        assert "What is verified" in page
    for spec in profile.files:
        for record in spec.records:
            assert all(f"`{field.name}`" in page for field in record.fields)


def test_positions_on_the_page_are_those_of_the_file() -> None:
    page = profile_page(shipped("generic-fixed"))
    row = next(line for line in page.splitlines() if line.startswith("| `sku` |"))
    first, last = (int(position) for position in row.split("|")[2].split("–"))
    data = render_batch(batch("scrap"), shipped("generic-fixed")).data.decode("latin-1").splitlines()
    assert data[1][first - 1 : last].strip() == "TENT-2"


if __name__ == "__main__":
    PAGES.mkdir(exist_ok=True)
    for name in shipped_erp_profiles():
        (PAGES / f"{name}.md").write_text(profile_page(shipped(name)), encoding="utf-8")
