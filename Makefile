# Two commands: `make run` opens the page, `make test` checks everything. Both set up what they need.
PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
# processes that run tests: one for each core, and one more, since some tests wait; beyond 8 memory becomes scarce
CORES := $(shell cores=$$(getconf _NPROCESSORS_ONLN || echo 2); echo $$((cores < 8 ? cores : 8)))
# tests of one file run in one process, since they share what they set up; files in the order of tests/conftest.py
PYTEST := $(BIN)/python -m pytest --dist loadfile --no-loadscope-reorder
# compiled modules are kept, where the machine is set not to keep any: every process of the tests would compile them anew
export PYTHONDONTWRITEBYTECODE :=

.PHONY: run test quick check check-page audit advisories onnxruntime requirements format screenshots clean

run: $(VENV)/ready-to-run
	$(BIN)/python app.py

test: $(VENV)/ready-to-test $(VENV)/ready-for-mcp browser servers check
	$(PYTEST) -n $$(($(CORES) + 1))

# an answer in about a minute: what needs no browser, no server and no training; a third process only collects once more
quick: $(VENV)/ready-to-test node_modules/ready
	npm run --silent check
	QUICK=1 npm run --silent test
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(PYTEST) -n $(CORES) -m "not slow"

check: $(VENV)/ready-to-test audit check-page
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy .

# the page's scripts: types, lint, format, and tests of what they compute
check-page: node_modules/ready
	npm run --silent check
	npm run --silent test

# pins of all files requirements*.txt, anew from the ranges in pyproject.toml; needs a network
COMPILE := $(BIN)/uv pip compile --quiet --universal --no-deps --no-annotate --no-strip-extras --python-version 3.10 \
  --upgrade --custom-compile-command "make requirements"
requirements: $(VENV)/ready-to-test
	$(COMPILE) pyproject.toml --extra page -o requirements.txt
	for extra in hosts train align ray mcp test; do \
	  $(COMPILE) pyproject.toml --extra $$extra -c requirements.txt -o requirements-$$extra.txt || exit; done
	$(COMPILE) --group newer -o requirements-newer.txt

# known advisories on what is installed and pinned: the kept ones, and osv.dev's of today where it can be reached
audit: $(VENV)/ready-to-test $(VENV)/ready-for-mcp
	$(BIN)/python -m audit --live
	$(VENV)/mcp/bin/python -m audit --live

# keeps today's advisories; needs a network
advisories: $(VENV)/ready-to-test
	$(BIN)/python -m audit --refresh

# what draws in browsers, anew from npm, compared with its checksum; for another version: make onnxruntime VERSION=1.31.0
onnxruntime: $(VENV)/ready-to-test node_modules/ready
	$(BIN)/python -m audit.runtime $(VERSION)

format: $(VENV)/ready-to-test node_modules/ready
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .
	npm run --silent format

screenshots: $(VENV)/ready-to-test browser
	$(BIN)/python -m docs.screenshots

# build/static/: tabs that need no server, for any host of files
.PHONY: static
static: $(VENV)/ready-to-run
	$(BIN)/python -m standalone

# the browser of the tests: CHROMIUM, or Debian's, without its windows where there is such a package
.PHONY: browser
browser:
	@command -v $${CHROMIUM:-chromium-headless-shell} >/dev/null || command -v chromium >/dev/null || { \
	  echo "installing chromium for the browser tests"; \
	  SUDO=$$([ "$$(id -u)" = 0 ] || echo sudo); \
	  $$SUDO apt-get update -qq && { $$SUDO apt-get install -y -qq chromium-headless-shell \
	    || $$SUDO apt-get install -y -qq chromium; } >/dev/null; }

# the other browsers that a visitor may have: Firefox, and WebKit with a screen that nobody sees. Tests skip what is missing
.PHONY: browsers
browsers:
	@command -v firefox-esr >/dev/null && command -v WebKitWebDriver >/dev/null && command -v Xvfb >/dev/null || { \
	  echo "installing firefox and webkit for the tests of browsers"; \
	  SUDO=$$([ "$$(id -u)" = 0 ] || echo sudo); \
	  $$SUDO apt-get update -qq && $$SUDO apt-get install -y -qq firefox-esr webkit2gtk-driver xvfb >/dev/null; }

# the database and the balancer of the tests, Debian's; each test starts its own
.PHONY: servers
servers:
	@{ ls /usr/lib/postgresql/*/bin/pg_ctl >/dev/null 2>&1 || command -v pg_ctl >/dev/null; } \
	  && { [ -x /usr/sbin/nginx ] || command -v nginx >/dev/null; } || { \
	  echo "installing postgresql and nginx for the tests of the scores"; \
	  SUDO=$$([ "$$(id -u)" = 0 ] || echo sudo); \
	  $$SUDO apt-get update -qq && $$SUDO apt-get install -y -qq postgresql nginx-light >/dev/null; }

# Node for the checks of the page's scripts, Debian's if there is none; the page itself needs nothing of it
node_modules/ready: package.json package-lock.json
	@command -v npm >/dev/null || { \
	  echo "installing node for the checks of the page's scripts"; \
	  SUDO=$$([ "$$(id -u)" = 0 ] || echo sudo); \
	  $$SUDO apt-get update -qq && $$SUDO apt-get install -y -qq nodejs npm >/dev/null; }
	npm ci --silent --no-audit --no-fund
	@touch $@

$(BIN)/python:
	@$(PYTHON) -c 'import sys; v = sys.version_info[:2]; sys.exit(None if (3, 10) <= v <= (3, 13) else \
	  f"Python {v[0]}.{v[1]} found; 3.10 to 3.13 work. Name another one: make PYTHON=python3.12")'
	$(PYTHON) -m venv $(VENV)

INSTALL := -m pip install --quiet --disable-pip-version-check
$(VENV)/ready-to-run: requirements.txt requirements-newer.txt | $(BIN)/python
	$(BIN)/python $(INSTALL) -r requirements.txt
	$(BIN)/python $(INSTALL) --no-deps -r requirements-newer.txt
	@touch $@

$(VENV)/ready-to-test: requirements-test.txt requirements-newer.txt | $(BIN)/python
	$(BIN)/python $(INSTALL) -r requirements-test.txt
	$(BIN)/python $(INSTALL) --no-deps -r requirements-newer.txt
	@touch $@ $(VENV)/ready-to-run

# tools for assistants want an older pydantic: an environment on top of the other, which adds 60 MB in some seconds
SITE := -c 'import sysconfig; print(sysconfig.get_path("purelib"))'
IN_MCP := -m pip --python $(VENV)/mcp/bin/python install --quiet --disable-pip-version-check
$(VENV)/ready-for-mcp: requirements.txt requirements-mcp.txt requirements-newer.txt | $(VENV)/ready-to-test
	$(BIN)/python -m venv --clear --without-pip $(VENV)/mcp
	$(BIN)/python $(SITE) > "$$($(VENV)/mcp/bin/python $(SITE))/page.pth"
	$(BIN)/python $(IN_MCP) -r requirements-mcp.txt
	$(BIN)/python $(IN_MCP) --no-deps -r requirements-newer.txt
	@touch $@

clean:
	rm -rf $(VENV) node_modules
