# Every target has a line after ## that `make help` prints. Nothing here needs root, except that `make test` installs
# Debian packages that are missing. Work that is already done is not done again.

SHELL := bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.NOTPARALLEL:

# Compiled modules are kept, whatever the caller's shell says: without them every start compiles everything again.
unexport PYTHONDONTWRITEBYTECODE

python := .venv/bin/python
installed_run := .venv/installed-run
installed_test := .venv/installed-test
assets := gateway/assets/built/htmx.min.js
code := chassis carriage workdays papers services gateway suite
ROWS ?=
DATA ?= ../shared/data
CARDS ?= 25

.PHONY: help setup run test prove check fix protos bench local worn

help: ## shows these lines
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):.*## /\1\t/' | expand -t 10

setup: $(installed_run) protos $(assets) ## prepares .venv, generated code and page assets, without root

run: setup ## starts everything on this machine with the demonstration city (Ctrl-C stops, data is kept)
	@exec $(python) -m suite run

test: $(installed_test) protos $(assets) ## installs what the tests need (says what) and runs them all, scaled
	@deploy/install/servers.sh
	$(python) -m pytest -m "not prove" -n 2 --dist loadgroup --no-loadscope-reorder

prove: $(installed_test) protos $(assets) ## runs the full figures and writes docs/proof.md
	@deploy/install/servers.sh
	$(python) -m tests.proof

check: $(installed_test) protos ## reads the code: style, types, who imports whom, contracts
	.venv/bin/ruff check .
	.venv/bin/mypy $(code)
	.venv/bin/lint-imports
	.venv/bin/buf lint gen/image.binpb --path zhengfeng

fix: $(installed_test) ## repairs what can be repaired by machine: imports and style
	.venv/bin/ruff check --fix .
	.venv/bin/ruff format .

protos: $(installed_run) ## generates gen/ from protos/
	@$(python) protos/build.py

bench: $(installed_test) protos ## measures what should be fast beside its ceiling: make bench ROWS="facts tally"
	@deploy/install/servers.sh
	$(python) -m bench $(ROWS)

local: $(installed_test) protos ## runs the tests on data that may not be passed on: make local DATA=folder
	ZHENGFENG_LOCAL_DATA="$(DATA)" $(python) -m pytest tests/local

worn: $(installed_test) protos ## reads drawn cards that somebody else's damage (augraphy) has gone over: make worn CARDS=25
	@test -x build/augraphy/bin/python || python3 -m venv build/augraphy
	@build/augraphy/bin/python -m pip install -q --require-hashes -r requirements/cards.lock
	$(python) -m suite cards bench-set build/cards --cards $(CARDS)
	build/augraphy/bin/python tests/worn_cards.py build/cards build/worn
	$(python) -m suite cards read build/worn
	$(python) -m suite cards score build/worn/truth.csv build/worn/result.csv

$(installed_run): requirements/run.lock deploy/install/environment.sh
	@deploy/install/environment.sh requirements/run.lock && touch $@

$(installed_test): requirements/test.lock deploy/install/environment.sh
	@deploy/install/environment.sh requirements/test.lock && touch $@

$(assets): gateway/assets/build.py gateway/assets/package-lock.json | $(installed_run)
	@$(python) gateway/assets/build.py
	@[ ! -e $@ ] || touch $@
