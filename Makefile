# `make help` lists the habits of this project.
SHELL := /bin/bash
PYTHON ?= $(shell command -v python3.11 || command -v python3)
BIN := .venv/bin

.PHONY: help chat test check format bench screenshots clean
help:  ## list the targets
	@grep -E '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## /  make \1|/' | column -t -s '|'

.venv/ready: pyproject.toml constraints.txt
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "ragbot needs Python 3.11 or newer")'
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --upgrade 'pip>=25.1'
	$(BIN)/python -m pip install --quiet --constraint constraints.txt torch
	$(BIN)/python -m pip install --quiet --constraint constraints.txt --editable . --group dev
	@touch $@

# Without the weights ragbot answers by extraction, so a failed download does not keep the page shut.
chat: .venv/ready  ## set up, fetch the model, index corpus/ and open the assistant
	-$(BIN)/ragbot models pull
	$(BIN)/ragbot index corpus
	$(BIN)/ragbot serve --open

test: .venv/ready  ## set up, then run every test
	scripts/chromium.sh
	$(BIN)/python -m pytest

check: .venv/ready  ## format, lint, types, tests
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(MAKE) test

format: .venv/ready  ## format the code and mend what the linter can
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

bench: .venv/ready  ## measure the start, the first words, and what lies come through
	$(BIN)/python -m pip install --quiet --constraint constraints.txt --group bench
	$(BIN)/python benchmarks/start.py
	$(BIN)/python benchmarks/ask.py
	$(BIN)/python benchmarks/lies.py

screenshots: .venv/ready  ## draw docs/images anew
	scripts/chromium.sh
	$(BIN)/python scripts/screenshots.py

clean:  ## remove the environment and the index
	rm -rf .venv index/ragbot.db* index/vectors.faiss
