"""The lock of the tools that check the page's JavaScript."""

import json
from pathlib import Path

LOCK = Path(__file__).parents[3] / "ops/page-tools/package-lock.json"


def test_every_package_is_locked_by_hash_and_without_an_address() -> None:
    packages = json.loads(LOCK.read_text())["packages"]
    del packages[""]  # the folder's own package.json
    assert packages
    assert all(package["integrity"].startswith("sha512-") for package in packages.values())
    assert "://" not in LOCK.read_text()
