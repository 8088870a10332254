"""Write Grafana's three dashboards from panels.toml: `make dashboards`."""

import json
import tomllib
from itertools import groupby
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
SOURCE = {"type": "prometheus", "uid": "overcast-prometheus"}
WIDTH, HEIGHT = 24, 8  # of Grafana's grid: a row, a panel
TITLES = {
    "pipeline": "Overcast: pipeline",
    "models": "Overcast: model quality",
    "drift": "Overcast: drift",
}

Panel = dict[str, Any]  # as it is written in panels.toml


def panels(name: str) -> list[Panel]:
    """Return the panels of a dashboard, in order."""
    everything: list[Panel] = tomllib.loads((HERE / "panels.toml").read_text())["panel"]
    return [panel for panel in everything if panel["dashboard"] == name]


def dashboard(name: str) -> dict[str, Any]:
    """Return a dashboard as Grafana's JSON."""
    rows = [list(row) for _, row in groupby(panels(name), lambda panel: panel["row"])]
    placed = [
        _panel(panel, number * WIDTH // len(row), line * HEIGHT, WIDTH // len(row))
        for line, row in enumerate(rows)
        for number, panel in enumerate(row)
    ]
    for number, panel in enumerate(placed, start=1):
        panel["id"] = number
    return {
        "uid": f"overcast-{name}",
        "title": TITLES[name],
        "tags": ["overcast"],
        "timezone": "utc",
        "schemaVersion": 39,
        "refresh": "10s",
        "time": {"from": "now-1h", "to": "now"},
        "templating": {"list": [] if name == "pipeline" else [_model_keys()]},
        "panels": placed,
    }


def _panel(panel: Panel, x: int, y: int, width: int) -> dict[str, Any]:
    kind = panel.get("kind", "timeseries")
    steps = panel.get("steps", [{"from": 0, "colour": "text"}])
    defaults = {"unit": panel["unit"], "thresholds": {"mode": "absolute", "steps": _steps(steps)}}
    return {
        "type": kind,
        "title": panel["title"],
        "description": panel["says"],
        "datasource": SOURCE,
        "gridPos": {"x": x, "y": y, "w": width, "h": HEIGHT},
        "fieldConfig": {"defaults": defaults, "overrides": []},
        "options": {},
        "targets": [
            _target(chr(ord("A") + number), expression, legend, kind)
            for number, (expression, legend) in enumerate(panel["shows"])
        ],
    }


def _steps(steps: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return the threshold steps; Grafana's first has no value: it is minus infinity."""
    values = [None, *(step["from"] for step in steps[1:])]
    return [{"value": v, "color": s["colour"]} for v, s in zip(values, steps, strict=True)]


def _target(letter: str, expression: str, legend: str, kind: str) -> dict[str, Any]:
    instant = kind in {"stat", "table"}
    return {
        "refId": letter,
        "datasource": SOURCE,
        "expr": expression,
        "legendFormat": legend,
        "instant": instant,
        "range": not instant,
        "format": "table" if kind == "table" else "time_series",
    }


def _model_keys() -> dict[str, Any]:
    query = "label_values(overcast_model_info, model_key)"
    return {
        "name": "model_key",
        "label": "Model",
        "type": "query",
        "datasource": SOURCE,
        "query": {"query": query, "refId": "keys"},
        "definition": query,
        "refresh": 2,
        "includeAll": True,
        "multi": True,
        "allValue": ".*",
        "current": {"text": ["All"], "value": ["$__all"]},
    }


def main() -> None:
    """Write all three dashboards."""
    for name in TITLES:
        (HERE / "dashboards" / f"{name}.json").write_text(text_of(name))


def text_of(name: str) -> str:
    """Return the text of a dashboard's file."""
    return json.dumps(dashboard(name), indent=2, ensure_ascii=False) + "\n"


if __name__ == "__main__":
    main()
