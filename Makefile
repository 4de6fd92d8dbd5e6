# One command for each task; CONTRIBUTING.md lists them.
# PYTHON names the interpreter that the environment is made with (3.10 or later).

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/$(if $(filter Windows_NT,$(OS)),Scripts,bin)
STAMP := $(VENV)/.set-up
LOCK := requirements-dev.txt
PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check
# The servers that ours is measured beside, in an environment of their own.
REFERENCES := .cache/benchmarks/references
BENCH ?=

.PHONY: demo check test matrix bench lint generate generate-check format lock picture package client vsix clean setup \
  release release-check publish-extension
.DEFAULT_GOAL := demo

demo: $(STAMP)
	@$(BIN)/tensorhints run lessons/01-tensors/fundamentals.py

# What a change needs while one works on it: two minutes on two cores that do nothing else.
check: lint
	$(BIN)/python -m pytest -n 2 --dist loadfile --no-loadscope-reorder -m "not slow" \
	  tests/unit tests/golden tests/architecture

# In two processes, file by file; beside them the editors one after another, which mostly wait and
# whose report comes last. The coverage has a floor, in pyproject.toml.
test: lint
	@mkdir -p .cache; status=0; \
	$(BIN)/python -m pytest tests/editors >.cache/editors.txt 2>&1 & \
	$(BIN)/python -m pytest -n 2 --dist loadfile --no-loadscope-reorder --ignore=tests/editors \
	  --cov --cov-report= || status=1; \
	wait $$! || status=1; \
	cat .cache/editors.txt; exit $$status

# Each Python that this machine has, and the oldest torch: about an hour. See docs/compatibility.md.
matrix: $(STAMP)
	$(BIN)/python tools/matrix.py $(ROWS)

# The whole table takes half an hour on a machine that does nothing else; BENCH="--quick" a few
# minutes, BENCH="edit_lesson initialize" these figures alone.
bench: $(STAMP) $(REFERENCES)/.set-up
	PYTHONPATH=tests $(BIN)/python -m benchmarks $(BENCH)

lint: $(STAMP) generate-check
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

# Tables of docs/protocol.md, docs/settings.md, the client's schema and settings, from the server.
generate: $(STAMP)
	$(BIN)/python tools/generate.py

generate-check: $(STAMP)
	$(BIN)/python tools/generate.py --check

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
	rm -rf $(VENV) dist .coverage .mypy_cache .ruff_cache .pytest_cache .import_linter_cache

setup: $(STAMP)

# The newest releases of everything but torch, whose line in the lock is changed by hand.
lock: $(STAMP)
	@mkdir -p .cache
	grep '^torch==' $(LOCK) >.cache/torch.txt
	$(PIP) --upgrade --upgrade-strategy eager --constraint .cache/torch.txt --editable '.[dev]'
	$(BIN)/python tools/lock.py

# Writes VERSION into the server and the extension; CHANGELOG.md has to have its section.
release: $(STAMP)
	$(BIN)/python tools/release.py $(VERSION)

release-check:
	$(PYTHON) tools/release.py --check $(VERSION)

# Uploads the extension that `make vsix` built, with the tokens VSCE_PAT and OVSX_PAT.
publish-extension: vscode-client/node_modules/.package-lock.json
	cd vscode-client && npx vsce publish --packagePath tensorhints.vsix
	cd vscode-client && npx --yes ovsx@0 publish tensorhints.vsix

# Pyrefly's stubs without what they depend on: that is a second torch.
$(REFERENCES)/.set-up: Makefile | $(STAMP)
	@test -x $(REFERENCES)/bin/python || $(BIN)/python -m venv $(REFERENCES)
	$(REFERENCES)/bin/python -m pip install --quiet --disable-pip-version-check \
	  jedi-language-server
	$(REFERENCES)/bin/python -m pip install --quiet --disable-pip-version-check --no-deps \
	  pyrefly pyrefly-torch-stubs pyrefly-shape-extensions
	@touch $@

# torch alone comes first, so that nothing else decides its version.
$(STAMP): pyproject.toml $(LOCK)
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 10))' || \
	  { echo 'Python 3.10 or later is needed: make PYTHON=/path/to/python3' >&2; exit 1; }
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(PIP) --constraint $(LOCK) torch
	$(PIP) --constraint $(LOCK) --editable '.[dev]'
	@touch $@
