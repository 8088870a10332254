"""The rules, dashboards and runbook that operators get: whole, and of one piece."""

import json
import re
import runpy
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.support.tools import tool

ROOT = Path(__file__).parents[3]
PROMETHEUS, GRAFANA = ROOT / "ops/prometheus", ROOT / "ops/grafana"
DASHBOARDS = sorted((GRAFANA / "dashboards").glob("*.json"))
RUNBOOK = (ROOT / "docs/operations.md").read_text()


def groups(name: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = yaml.safe_load((PROMETHEUS / name).read_text())["groups"]
    return found


ALERTS = [rule for group in groups("alerts.yml") for rule in group["rules"]]
RECORDED = [rule for group in groups("recording.yml") for rule in group["rules"]]


def promtool(*arguments: str) -> subprocess.CompletedProcess[str]:
    command = [tool("promtool", "prometheus"), *arguments]
    return subprocess.run(command, cwd=PROMETHEUS, text=True, capture_output=True, check=False)


def test_each_alert_fires_on_what_it_is_for_and_is_silent_beside_it() -> None:
    ran = promtool("test", "rules", "tests.yml")
    assert ran.returncode == 0, ran.stdout + ran.stderr


def test_prometheus_takes_the_configuration_and_every_rule() -> None:
    ran = promtool("check", "config", "prometheus.yml")
    assert ran.returncode == 0, ran.stdout + ran.stderr


def test_the_unit_tests_of_the_rules_leave_no_alert_out() -> None:
    tests = yaml.safe_load((PROMETHEUS / "tests.yml").read_text())["tests"]
    asked = {
        (case["alertname"], bool(case["exp_alerts"]))
        for test in tests
        for case in test["alert_rule_test"]
    }
    assert asked == {(rule["alert"], fires) for rule in ALERTS for fires in (True, False)}


@pytest.mark.parametrize("rule", ALERTS, ids=lambda rule: rule["alert"])
def test_each_alert_has_its_entry_in_the_runbook_and_links_it(rule: dict[str, Any]) -> None:
    name = rule["alert"]
    assert f"\n### {name}\n" in RUNBOOK
    assert rule["annotations"]["runbook_url"] == f"docs/operations.md#{name.lower()}"
    assert rule["labels"]["severity"] in {"critical", "warning", "info"}


def test_the_runbook_has_no_entry_of_an_alert_that_is_gone() -> None:
    assert re.findall(r"^### (Overcast\w+)$", RUNBOOK, re.MULTILINE) == [
        rule["alert"] for rule in ALERTS
    ]


def test_the_dashboards_are_those_that_the_list_of_panels_makes() -> None:
    made = runpy.run_path(str(GRAFANA / "make_dashboards.py"))
    assert {path.stem for path in DASHBOARDS} == set(made["TITLES"])
    for path in DASHBOARDS:
        assert path.read_text() == made["text_of"](path.stem), "run: make dashboards"


@pytest.mark.parametrize("path", DASHBOARDS, ids=lambda path: path.stem)
def test_a_dashboard_fits_its_data_source_and_its_grid(path: Path) -> None:
    source = yaml.safe_load((GRAFANA / "provisioning/datasources/prometheus.yml").read_text())[
        "datasources"
    ][0]
    panels = json.loads(path.read_text())["panels"]
    assert len({panel["id"] for panel in panels}) == len(panels)
    for panel in panels:
        place = panel["gridPos"]
        assert place["x"] + place["w"] <= 24
        assert panel["title"]
        assert panel["description"]
        assert panel["targets"]
        for target in panel["targets"]:
            assert target["datasource"] == {"type": source["type"], "uid": source["uid"]}
            assert target["expr"]


@pytest.mark.parametrize("path", DASHBOARDS, ids=lambda path: path.stem)
def test_a_dashboard_has_the_variables_that_its_panels_use(path: Path) -> None:
    dashboard = json.loads(path.read_text())
    given = {each["name"] for each in dashboard["templating"]["list"]}
    used = {
        n
        for p in dashboard["panels"]
        for t in p["targets"]
        for n in re.findall(r"\$(\w+)", t["expr"])
    }
    assert given == used
    assert dashboard["uid"] == f"overcast-{path.stem}"
    assert dashboard["schemaVersion"] >= 39


def test_compose_brings_prometheus_and_grafana_with_what_is_tested_here() -> None:
    services = yaml.safe_load((ROOT / "docker-compose.yml").read_text())["services"]
    assert "./ops/prometheus:/etc/prometheus:ro" in services["prometheus"]["volumes"]
    mounts = dict(volume.split(":")[:2] for volume in services["grafana"]["volumes"])
    assert mounts["./ops/grafana/provisioning"] == "/etc/grafana/provisioning"
    provider = yaml.safe_load((GRAFANA / "provisioning/dashboards/overcast.yml").read_text())
    (source,) = provider["providers"]
    assert mounts["./ops/grafana/dashboards"] == source["options"]["path"]
    assert services["worker"]["healthcheck"]["test"][1:] == [
        "python3",
        "-m",
        "streams.probe",
        "ready",
    ]


def test_every_recorded_name_is_used() -> None:
    texts = [path.read_text() for path in (*DASHBOARDS, *PROMETHEUS.glob("*.yml"))]
    for rule in RECORDED:
        assert sum(text.count(rule["record"]) for text in texts) > 1, rule["record"]
