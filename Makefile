# One command each: demo, test, lint, format, picture, package, client, vsix, clean.
# PYTHON names the interpreter that the environment is made with (3.10 or later).

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.set-up

.PHONY: demo test lint format picture package client vsix clean setup
.DEFAULT_GOAL := demo

demo: $(STAMP)
	@$(BIN)/tensorhints run lessons/01-tensors/fundamentals.py

test: lint
	$(BIN)/python -m pytest

lint: $(STAMP)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

format: $(STAMP)
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

picture: $(STAMP)
	$(BIN)/python docs/picture.py

package: $(STAMP) vscode-client/node_modules/.package-lock.json
	cd vscode-client && node webview/build.mjs
	$(BIN)/python -m build --outdir dist .

# The extension for VS Code; it needs Node 20.19 or later and npm.
client: vscode-client/node_modules/.package-lock.json
	cd vscode-client && npm run --silent typecheck && npm run --silent lint && npm run --silent test

vsix: $(STAMP) vscode-client/node_modules/.package-lock.json
	$(BIN)/python vscode-client/tools/libraries.py
	cd vscode-client && npm run --silent build && npm run --silent vsix

vscode-client/node_modules/.package-lock.json: vscode-client/package-lock.json
	cd vscode-client && npm ci --ignore-scripts --no-audit --no-fund --loglevel=error

clean:
	rm -rf vscode-client/node_modules vscode-client/dist vscode-client/tensorhints.vsix
	rm -rf server/tensorhints/browser/static
	rm -rf $(VENV) dist .mypy_cache .ruff_cache .pytest_cache .import_linter_cache

setup: $(STAMP)

$(STAMP): pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 10))' || \
	  { echo 'Python 3.10 or later is needed: make PYTHON=/path/to/python3' >&2; exit 1; }
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check 'torch==2.13.0'
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[dev]'
	@touch $@
