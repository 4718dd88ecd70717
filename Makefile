# `make demo` and `make test` need Python 3.11 or later and Node 20 or later; all else
# is set up in .venv and frontend_snippet/node_modules, in a fresh clone too.
PYTHON ?= python3
ARGS ?=

VENV := .venv
BIN := $(VENV)/bin
READY_FOR_DEMO := $(VENV)/ready-for-demo
READY_FOR_TEST := $(VENV)/ready-for-test

SNIPPET := frontend_snippet
NODE_MODULES := $(SNIPPET)/node_modules/.package-lock.json
BUNDLES := $(SNIPPET)/dist/ready
MADE_IN_SNIPPET := \( -name node_modules -o -name dist -o -name .next \) -prune
SNIPPET_SOURCES := $(shell find $(SNIPPET) $(MADE_IN_SNIPPET) -o -name '*.js*' -print)

.DEFAULT_GOAL := help
.PHONY: help setup demo test unit test-snippet snippet chaos dist bench chromium format lint types check clean

help: ## Say what each command does
	@sed -n 's/^\([a-z-]*\):.*## /  make \1\t/p' $(MAKEFILE_LIST) | expand -t 20

demo: $(READY_FOR_DEMO) node $(if $(findstring --once,$(ARGS)),,$(BUNDLES)) ## Watch a payment, then try the storefront (ARGS=--once: only watch)
	@$(BIN)/python -m tests.demo $(ARGS)

# A file's tests stay together, and each host's come in one piece: starting a store is
# what takes long. Each process has a store, a database and a browser of its own; where
# there are only two cores, three processes leave less of them idle than two.
IN_PARALLEL := --numprocesses 3 --dist loadgroup --no-loadscope-reorder
# How much of the plugin the tests reach in their own processes (pyproject.toml says how
# much they have to). With ARGS it may be some of them, which reach less.
COVERAGE := $(if $(strip $(ARGS)),,--cov --cov-report=)

test: $(READY_FOR_TEST) test-snippet chromium ## Run every test; ARGS go to pytest
	$(BIN)/python -m pytest $(IN_PARALLEL) $(COVERAGE) $(ARGS)

unit: $(READY_FOR_TEST) ## Run the tests that need no store and no browser, in a minute and a half
	$(BIN)/python -m pytest $(IN_PARALLEL) tests/unit --ignore tests/unit/state_machine $(ARGS)

test-snippet: $(NODE_MODULES) $(BUNDLES)
	npm --prefix $(SNIPPET) run --silent size
	npm --prefix $(SNIPPET) test --silent

chaos: $(READY_FOR_TEST) ## Break everything under many payments (ARGS="--payments 500 --seed 7")
	$(BIN)/python -m tests.chaos $(ARGS)

snippet: $(BUNDLES) ## Build the card form and print its script tags
	@npm --prefix $(SNIPPET) run --silent integrity

dist: $(READY_FOR_TEST) $(BUNDLES) ## Make the packages of a release, try each, and tell their hashes
	@$(BIN)/python -m tests.release dist

bench: $(READY_FOR_TEST) $(BUNDLES) chromium ## Measure speed on real Saleor (ARGS="--host slice": what the stand-in can)
	$(BIN)/python -m tests.bench $(ARGS)

format: $(READY_FOR_TEST) $(NODE_MODULES) ## Put the code into its style
	$(BIN)/ruff check --fix
	$(BIN)/ruff format
	cd $(SNIPPET) && npx prettier --log-level warn --write .

lint: $(READY_FOR_TEST) $(NODE_MODULES) ## Check style
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	cd $(SNIPPET) && npx prettier --check .

types: $(READY_FOR_TEST) $(NODE_MODULES) ## Check types
	$(BIN)/mypy
	cd $(SNIPPET) && npx tsc

check: lint types test ## Run all that a change has to pass

setup: $(READY_FOR_TEST) $(NODE_MODULES) ## Set up everything for development

clean: ## Remove all that was set up or built
	rm -rf $(VENV) build dist *.egg-info .coverage \
		.hypothesis .mypy_cache .pytest_cache .ruff_cache
	find $(SNIPPET) $(MADE_IN_SNIPPET) -exec rm -rf {} +
	find . -name __pycache__ -prune -exec rm -rf {} +

$(READY_FOR_DEMO): pyproject.toml
	@echo "Setting up $(VENV), once."
	@$(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip install --quiet --editable '.[demo]'
	@touch $@

$(READY_FOR_TEST): pyproject.toml
	@echo "Setting up $(VENV) for the tests, once."
	@$(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip install --quiet --editable '.[test]'
	@touch $(READY_FOR_DEMO) $@

$(NODE_MODULES): $(SNIPPET)/package.json $(SNIPPET)/package-lock.json | node
	@echo "Setting up $(SNIPPET)/node_modules, once."
	@npm --prefix $(SNIPPET) ci --silent --no-audit --no-fund
	@touch $@

$(BUNDLES): $(NODE_MODULES) $(SNIPPET_SOURCES)
	@npm --prefix $(SNIPPET) run --silent build
	@touch $@

.PHONY: node
node:
	@command -v node >/dev/null && command -v npm >/dev/null || { echo "Node 20 or later is needed." >&2; exit 1; }

# A package of Debian's, where it can be installed: $(call install,package,what for)
install = { test "$$(id -u)" = 0 && command -v apt-get >/dev/null \
	&& echo "Installing Debian's $(1) for $(2)." \
	&& apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $(1); }

# Debian's own Chromium. Where it cannot be had, pytest names what did not run.
chromium:
	@test -x /usr/bin/chromium || $(call install,chromium,the browser tests) \
		|| echo "NO CHROMIUM: the browser tests will not run. apt-get install chromium" >&2
