from __future__ import annotations

import pytest

from tests.translators.erp.batches import batch, shipped
from translators.erp.page import profile_page
from translators.erp.profile import shipped_erp_profiles
from translators.erp.render import render_batch


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
    first, last = (int(each) for each in row.split("|")[2].split("–"))
    data = render_batch(batch("scrap"), shipped("generic-fixed")).data.decode("latin-1").splitlines()
    assert data[1][first - 1 : last].strip() == "TENT-2"
