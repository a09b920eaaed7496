# Two commands: `make run` opens the page, `make test` checks everything. Both set up what they need.
PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin

.PHONY: run test check format screenshots clean

run: $(VENV)/ready-to-run
	$(BIN)/python app.py

test: $(VENV)/ready-to-test $(VENV)/ready-for-mcp browser servers check
	$(BIN)/python -m pytest

check: $(VENV)/ready-to-test
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy .

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

$(VENV)/ready-to-run: requirements.txt | $(BIN)/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements.txt
	@touch $@

$(VENV)/ready-to-test: requirements.txt requirements-train.txt requirements-dev.txt | $(BIN)/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements-dev.txt
	@touch $@ $(VENV)/ready-to-run

# tools for assistants want an older pydantic: an environment on top of the other, which adds 60 MB in some seconds
SITE := -c 'import sysconfig; print(sysconfig.get_path("purelib"))'
$(VENV)/ready-for-mcp: requirements.txt requirements-mcp.txt | $(VENV)/ready-to-test
	$(BIN)/python -m venv --clear $(VENV)/mcp
	$(BIN)/python $(SITE) > "$$($(VENV)/mcp/bin/python $(SITE))/page.pth"
	$(VENV)/mcp/bin/python -m pip install --quiet --disable-pip-version-check -r requirements-mcp.txt
	@touch $@

clean:
	rm -rf $(VENV)
