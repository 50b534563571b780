"""Every recipe of CONTRIBUTING.md works as it is written."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.recipes.recipes import CONTRIBUTING, Recipe, ScratchCopy, read_recipes

RECIPES = read_recipes(CONTRIBUTING.read_text(encoding="utf-8"))


@pytest.mark.parametrize("recipe", RECIPES, ids=lambda recipe: recipe.title.lower().replace(" ", "-"))
def test_a_recipe_works_on_a_scratch_copy(recipe: Recipe, tmp_path: Path) -> None:
    ScratchCopy.make(tmp_path).follow(recipe)
