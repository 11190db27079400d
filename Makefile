# The commands of the README. Each builds what it needs; a second run does only what changed.

SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c

BINARY := target/release/kartoteka
WEB_SOURCES := $(shell find web/src web/public web/index.html web/package.json web/vite.config.ts -type f 2>/dev/null)
DEMO_DATA := data/demo

.PHONY: run demo test test-rust test-web test-devices test-e2e test-hostile hostile bench fmt lint build

run: build
	$(BINARY) serve

# The base is made once; delete data/demo for a fresh one. The password stands in data/demo/login.txt.
demo: build
	@if [ ! -e $(DEMO_DATA)/login.txt ]; then \
		rm -rf $(DEMO_DATA) && mkdir -p $(DEMO_DATA) && \
		( umask 077 && $(BINARY) demo --data $(DEMO_DATA) --contacts 5000 > $(DEMO_DATA)/login.part ) && \
		mv $(DEMO_DATA)/login.part $(DEMO_DATA)/login.txt; \
	fi
	@cat $(DEMO_DATA)/login.txt
	$(BINARY) serve --data $(DEMO_DATA)

build: web/dist/index.html
	cargo build --release --locked --package kartoteka

web/node_modules/.package-lock.json: web/package.json web/package-lock.json
	cd web && npm ci --no-audit --no-fund
	touch $@

web/dist/index.html: web/node_modules/.package-lock.json $(WEB_SOURCES)
	cd web && npm run build
	touch $@

# Everything that continuous integration runs; it installs what it needs.
test:
	scripts/install-test-tools.sh
	$(MAKE) lint test-web test-rust test-devices test-e2e test-hostile

lint: web/dist/index.html
	cargo fmt --all --check
	cargo clippy --workspace --all-targets --locked -- --deny warnings

# The binary holds the web client, so that is built first.
test-rust: web/dist/index.html
	@if cargo nextest --version > /dev/null 2>&1; then \
		cargo nextest run --workspace --locked --no-fail-fast; \
	else \
		cargo test --workspace --locked --no-fail-fast --lib --bins --tests; \
	fi
	cargo test --workspace --locked --doc

test-web: web/dist/index.html
	cd web && npm run lint && npm run test && npm run size

# Real clients of calendars, and Radicale as the other server, against the running program: a quarter of a minute.
test-devices: web/dist/index.html
	scripts/install-test-tools.sh
	cargo build --locked --package kartoteka
	target/devices-venv/bin/python scripts/devices/try_calendars.py

# Against the debug binary: the browser is slower than it.
test-e2e: web/dist/index.html
	cargo build --locked --package kartoteka
	cd web && npm run e2e

# schemathesis and sqlmap over the running program, in their short form: about two minutes. What they asked stands in target/hostile.
test-hostile: web/dist/index.html
	scripts/install-test-tools.sh
	cargo build --locked --package kartoteka
	python3 scripts/hostile/fuzz_api.py
	python3 scripts/hostile/inject_sql.py

# The long forms, before a release: about an hour and a half. The seed of a run is printed with what it found.
hostile: build
	scripts/install-test-tools.sh
	KARTOTEKA_BINARY=$(abspath $(BINARY)) python3 scripts/hostile/fuzz_api.py --long
	KARTOTEKA_BINARY=$(abspath $(BINARY)) python3 scripts/hostile/inject_sql.py --long
	KARTOTEKA_RETRY_KILLS=100 cargo test --locked --package kartoteka --test it retries::

bench: build
	$(BINARY) bench --contacts 1000000

fmt:
	cargo fmt --all
