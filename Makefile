# Sperre: `make demo` to try it, `make test` to test it, `make check` for all that CI checks.

PYTHON ?= python3
SHELL := /bin/bash
BIN := .venv/bin
READY := .venv/ready
DEMO := .demo
CATALOGUES := console/locale
KEYWORDS := -k N_ -k NN_:1,2
LOCK := pip-compile --quiet --generate-hashes --all-extras --all-build-deps --allow-unsafe --strip-extras \
	--no-emit-index-url --no-emit-find-links --no-emit-trusted-host --no-annotate --no-header

.PHONY: demo demo-reset test check lint snapshots snapshots-diff gallery catalogues lock bench softhsm compiler tmux

demo: $(READY) softhsm
	@export SPERRE_HOME=$(DEMO); \
	if [ ! -e $(DEMO)/demo-pin ]; then rm -rf $(DEMO) && $(BIN)/sperre demo; fi && \
	echo "PIN: $$(cat $(DEMO)/demo-pin)" && \
	$(BIN)/sperre

demo-reset:
	rm -rf $(DEMO)
	@$(MAKE) --no-print-directory demo

# Four workers on any machine: much of a test is waiting for a terminal or a token.
test: $(READY) softhsm compiler tmux
	$(BIN)/pytest -n 4

check: lint test

lint: $(READY)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

# Take every state of the console anew, and build the pages that show them: snapshots/README.md and gallery.html.
snapshots: $(READY) softhsm compiler
	$(BIN)/pytest -n auto tests/snapshots/test_snapshots.py tests/plain \
		tests/terminal/test_recorded_flow.py --snapshot-update
	@$(MAKE) --no-print-directory gallery

gallery: $(READY)
	@$(BIN)/python -m tests.snapshots.gallery

# make snapshots-diff REV=origin/main: snapshots/diff.html sets before and after side by side.
snapshots-diff: $(READY)
	@$(BIN)/python -m tests.snapshots.gallery diff "$(REV)"

# The console beside its peers, several minutes: docs/performance.md. QUICK=1: a first look. WRITE=1: writes that file.
bench: $(READY) build/visidata/ready
	@$(call installed,command -v tig && command -v git,tig git)
	@$(BIN)/python -m tests.bench $(if $(QUICK),--quick) $(if $(WRITE),--write)

build/visidata/ready:
	$(PYTHON) -m venv build/visidata
	build/visidata/bin/pip install --quiet visidata
	touch $@

# Collect the texts, bring the Norwegian catalogue up to date with them, and compile it.
catalogues: $(READY)
	mkdir -p build
	$(BIN)/pybabel -q extract $(KEYWORDS) --no-location --omit-header -o build/sperre.pot console store token
	$(BIN)/pybabel -q update -D sperre -l nb -i build/sperre.pot -d $(CATALOGUES) \
		--no-fuzzy-matching --ignore-obsolete --ignore-pot-creation-date --no-wrap
	$(BIN)/pybabel -q compile -D sperre -d $(CATALOGUES)

lock: $(READY)
	$(BIN)/pip install --quiet pip-tools
	$(BIN)/$(LOCK) --output-file requirements.lock pyproject.toml

# What the lock file pins, and the package itself, so that an edited file counts at once.
$(READY): requirements.lock pyproject.toml
	@$(call installed,$(PYTHON) -c 'import ensurepip',python3-venv)
	$(PYTHON) -m venv .venv
	$(BIN)/pip install --quiet --require-hashes -r requirements.lock
	$(BIN)/pip install --quiet --no-deps --no-build-isolation --editable .
	touch $(READY)

softhsm:
	@$(call installed,ls /usr/lib/softhsm/libsofthsm2.so /usr/lib/*/softhsm/libsofthsm2.so /usr/lib/*/pkcs11/libsofthsm2.so 2>/dev/null | grep -q .,softhsm2)

compiler:
	@$(call installed,command -v gcc && test -e /usr/include/stdlib.h,gcc libc6-dev)

tmux:
	@$(call installed,command -v tmux,tmux)

# $(call installed,TEST,PACKAGES): install Debian packages unless TEST succeeds.
define installed
if ! { $(1); } >/dev/null 2>&1; then \
	if [ "$$(id -u)" = 0 ]; then as_root=""; else as_root="sudo"; fi; \
	if ! command -v apt-get >/dev/null || { [ -n "$$as_root" ] && ! command -v sudo >/dev/null; }; then \
		echo "Please install first: $(2)" >&2; exit 1; \
	fi; \
	{ $$as_root apt-get update -qq && $$as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq $(2) >/dev/null; } || \
		{ echo "Please install first: $(2)" >&2; exit 1; }; \
fi
endef
