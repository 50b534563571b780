"""Every recipe of CONTRIBUTING.md works as it is written."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.recipes.recipes import CONTRIBUTING, Recipe, ScratchCopy, read_recipes

RECIPES = read_recipes(CONTRIBUTING.read_text(encoding="utf-8"))
# These run whole test modules of the copy, or many commands in it.
LONG = {"Add a transaction set", "Add a transport", "Add an ERP profile"}


@pytest.mark.parametrize(
    "recipe",
    [
        pytest.param(
            recipe,
            id=recipe.title.lower().replace(" ", "-"),
            marks=[pytest.mark.long] if recipe.title in LONG else [],
        )
        for recipe in RECIPES
    ],
)
def test_a_recipe_works_on_a_scratch_copy(recipe: Recipe, tmp_path: Path) -> None:
    ScratchCopy.make(tmp_path).follow(recipe)


def test_no_recipe_has_another_title() -> None:
    assert {recipe.title for recipe in RECIPES} > LONG
