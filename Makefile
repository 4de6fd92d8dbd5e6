# One command each: demo, test, bench, lint, format, picture, package, client, vsix, clean.
# PYTHON names the interpreter that the environment is made with (3.10 or later).

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.set-up
# The servers that ours is measured beside, in an environment of their own.
REFERENCES := .cache/benchmarks/references
BENCH ?=

.PHONY: demo test bench lint format picture package client vsix clean setup
.DEFAULT_GOAL := demo

demo: $(STAMP)
	@$(BIN)/tensorhints run lessons/01-tensors/fundamentals.py

# In two processes, file by file; beside them the editors one after another, which mostly wait and
# whose report comes last.
test: lint
	@mkdir -p .cache; status=0; \
	$(BIN)/python -m pytest tests/editors >.cache/editors.txt 2>&1 & \
	$(BIN)/python -m pytest -n 2 --dist loadfile --no-loadscope-reorder --ignore=tests/editors || status=1; \
	wait $$! || status=1; \
	cat .cache/editors.txt; exit $$status

# The whole table takes half an hour on a machine that does nothing else; BENCH="--quick" a few
# minutes, BENCH="edit_lesson initialize" these figures alone.
bench: $(STAMP) $(REFERENCES)/.set-up
	PYTHONPATH=tests $(BIN)/python -m benchmarks $(BENCH)

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

# Pyrefly's stubs without what they depend on: that is a second torch.
$(REFERENCES)/.set-up: Makefile | $(STAMP)
	@test -x $(REFERENCES)/bin/python || $(BIN)/python -m venv $(REFERENCES)
	$(REFERENCES)/bin/python -m pip install --quiet --disable-pip-version-check \
	  jedi-language-server
	$(REFERENCES)/bin/python -m pip install --quiet --disable-pip-version-check --no-deps \
	  pyrefly pyrefly-torch-stubs pyrefly-shape-extensions
	@touch $@

$(STAMP): pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 10))' || \
	  { echo 'Python 3.10 or later is needed: make PYTHON=/path/to/python3' >&2; exit 1; }
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check 'torch==2.13.0'
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[dev]'
	@touch $@
