# Two commands: `make run` opens the page, `make test` checks everything. Both set up what they need.
PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin

.PHONY: run test check audit advisories format screenshots clean

run: $(VENV)/ready-to-run
	$(BIN)/python app.py

test: $(VENV)/ready-to-test $(VENV)/ready-for-mcp browser servers check
	$(BIN)/python -m pytest

check: $(VENV)/ready-to-test audit
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy .

# known advisories on what is installed and pinned: the kept ones, and osv.dev's of today where it can be reached
audit: $(VENV)/ready-to-test $(VENV)/ready-for-mcp
	$(BIN)/python -m audit --live
	$(VENV)/mcp/bin/python -m audit --live

# keeps today's advisories; needs a network
advisories: $(VENV)/ready-to-test
	$(BIN)/python -m audit --refresh

format: $(VENV)/ready-to-test
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

screenshots: $(VENV)/ready-to-test browser
	$(BIN)/python -m docs.screenshots

# the browser of the tests: CHROMIUM, or Debian's
.PHONY: browser
browser:
	@command -v $${CHROMIUM:-chromium} >/dev/null || { \
	  echo "installing chromium for the browser tests"; \
	  SUDO=$$([ "$$(id -u)" = 0 ] || echo sudo); \
	  $$SUDO apt-get update -qq && $$SUDO apt-get install -y -qq chromium >/dev/null; }

# the database and the balancer of the tests, Debian's; each test starts its own
.PHONY: servers
servers:
	@{ ls /usr/lib/postgresql/*/bin/pg_ctl >/dev/null 2>&1 || command -v pg_ctl >/dev/null; } \
	  && { [ -x /usr/sbin/nginx ] || command -v nginx >/dev/null; } || { \
	  echo "installing postgresql and nginx for the tests of the scores"; \
	  SUDO=$$([ "$$(id -u)" = 0 ] || echo sudo); \
	  $$SUDO apt-get update -qq && $$SUDO apt-get install -y -qq postgresql nginx-light >/dev/null; }

$(BIN)/python:
	@$(PYTHON) -c 'import sys; v = sys.version_info[:2]; sys.exit(None if (3, 10) <= v <= (3, 12) else \
	  f"Python {v[0]}.{v[1]} found; 3.10 to 3.12 work. Name another one: make PYTHON=python3.12")'
	$(PYTHON) -m venv $(VENV)

INSTALL := -m pip install --quiet --disable-pip-version-check
$(VENV)/ready-to-run: requirements.txt requirements-newer.txt | $(BIN)/python
	$(BIN)/python $(INSTALL) -r requirements.txt
	$(BIN)/python $(INSTALL) --no-deps -r requirements-newer.txt
	@touch $@

$(VENV)/ready-to-test: requirements.txt requirements-train.txt requirements-ray.txt requirements-align.txt requirements-dev.txt \
  requirements-newer.txt | $(BIN)/python
	$(BIN)/python $(INSTALL) -r requirements-dev.txt
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
	rm -rf $(VENV)
