# `make demo` and `make test` do all their own set-up on a machine with Python 3.11+, git and make.
PYTHON ?= python3
PORT ?= 3000
COUNT ?= 100000
BIN := .venv/bin
CHROMIUM := $(firstword $(shell command -v chromium chromium-browser google-chrome 2>/dev/null))

.PHONY: help demo test setup setup-test chromium format lock migration adversary chaos fuzz conversation benchmark screenshots clean

help:  ## what one can do here
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*##/\t/'

demo: setup  ## the playground with the sample company, in the browser (PORT=3000)
	@$(BIN)/ampersand demo --port $(PORT) $(ARGS)

test: setup-test chromium  ## every check: lint, types, import rules, tests on SQLite and PostgreSQL, the browser
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/pytest -n 2 --dist worksteal $(ARGS)

setup: .venv/ready  ## install the program here, in .venv
setup-test: .venv/ready-test

.venv/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Ampersand needs Python 3.11 or newer; choose one with: make PYTHON=python3.12 ..."; exit 1; }
	@$(PYTHON) -m venv .venv || { rm -rf .venv; echo "This Python cannot make a virtual environment; on Debian: apt-get install python3-venv"; exit 1; }

.venv/ready: .venv/bin/python requirements.lock pyproject.toml
	@echo "Setting up (once, about a minute) ..."
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $@

.venv/ready-test: .venv/ready tests/requirements.lock
	@echo "Setting up the checks (once, about a minute) ..."
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r tests/requirements.lock
	@touch $@

chromium:
ifeq ($(CHROMIUM),)
	@if command -v apt-get >/dev/null && [ "$$(id -u)" = 0 ]; then echo "Installing Chromium for the browser tests ..."; \
	  apt-get update -qq && apt-get install -y -qq --no-install-recommends chromium fonts-noto-color-emoji >/dev/null \
	  || echo "Chromium could not be installed: the browser tests will be SKIPPED."; \
	else echo "No Chromium here and no way to install it: the browser tests will be SKIPPED."; fi
endif

format:  ## tidy the code
	$(BIN)/ruff check --fix . ; $(BIN)/ruff format .

UV_COMPILE = $(BIN)/uv pip compile --quiet --universal --generate-hashes --python-version 3.11 --no-header --no-annotate pyproject.toml
lock: setup-test  ## write the two lock files again
	@$(BIN)/python -m pip install --quiet uv
	$(UV_COMPILE) --extra build -o requirements.lock
	$(UV_COMPILE) --extra build --extra test -o tests/requirements.lock

adversary: setup-test  ## attack the figures of 10,000 random companies (about two minutes)
	$(BIN)/python -m tests.domain.figures_adversary 10000

fuzz: setup-test  ## send the bot 100,000 mutated requests, signed and unsigned (about four minutes; make fuzz COUNT=1000000 SEED=7)
	MALLOC_ARENA_MAX=1 $(BIN)/python -m tests.wire.fuzz $(COUNT) $(SEED)  # one heap: glibc's one for each thread grows for hours

conversation: setup-test  ## the same minute of conversation over HTTP and over Socket Mode
	$(BIN)/python -m tests.wire.conversation --seconds 60

chaos: setup-test  ## kill processes 60 times in every set-up while Slack fails: lost 0, double 0 (ten minutes; SEED=)
	$(BIN)/python -m tests.chaos $(SEED)

benchmark: setup-test  ## the brief of a workspace with a million entries, a check-in of 10,000 people: time and memory
	$(BIN)/python -m benchmarks.brief
	$(BIN)/python -m benchmarks.checkin

screenshots: setup-test chromium  ## take the pictures of README and docs from a real demo
	$(BIN)/python docs/screenshots.py
	$(BIN)/python -m docs.screenshots_rhythm

migration: setup-test  ## write the next migration from the tables: make migration NUMBER=0002 NAME="What changed"
	file=$$($(BIN)/python -m storage.migrate $(NUMBER) "$(NAME)") && $(BIN)/ruff format "$$file"

clean:
	rm -rf .venv .mypy_cache .ruff_cache .pytest_cache .hypothesis
