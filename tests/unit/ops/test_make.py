"""Recipes that write over something refuse to run on nothing."""

import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]


@pytest.mark.parametrize("recipe", ["starter", "verify"])
def test_a_recipe_that_needs_archives_says_so_and_does_nothing(recipe: str) -> None:
    command = ["make", "--dry-run", recipe, "DATA="]
    made = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert made.returncode == 2
    assert f"make {recipe} needs DATA=" in made.stderr
    assert f"overcast {recipe.replace('starter', 'train')}" not in made.stdout
