# Every command of the project. `make` alone lists them; each calls one thing.
#
# BUSBAR_CACHE (default ~/.cache/busbar) keeps what tests install: npm packages, Python environments, PocketBase.

.DEFAULT_GOAL := help
.PHONY: help run ui check test test-peers test-peers-full bench bench-large fuzz clean

UI_SOURCES := $(shell find ui -type f -not -path '*/node_modules/*' -not -path 'ui/dist/*' 2>/dev/null)
UI_PACKAGES := ui/node_modules/.package-lock.json

help: ## this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "make %-16s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

run: ui ## build what is missing and start Busbar on http://localhost:7130
	@command -v cargo >/dev/null || { echo "cargo is missing: install Rust from https://rustup.rs"; exit 1; }
	cargo build -p busbar-server --profile local --locked
	@exec target/local/busbar serve

ui: ui/dist/console/index.html ## build the console's bundle, when its sources are newer

# Without npm the server still runs, and its pages say what is missing.
ui/dist/console/index.html: $(UI_SOURCES)
	@if command -v npm >/dev/null; then $(MAKE) --no-print-directory $(UI_PACKAGES) && npm --prefix ui run build; \
	else mkdir -p ui/dist; echo "npm is missing: the console's pages are not built (Node 20 or newer has it)"; fi

$(UI_PACKAGES): ui/package-lock.json
	npm --prefix ui ci --no-audit --no-fund
	@touch $@

check: $(UI_PACKAGES) ## formatting, lints, types
	cargo fmt --all --check
	cargo clippy --workspace --all-targets --locked -- -D warnings
	npm --prefix ui run check

test: ## every test, with a private PostgreSQL and Redis
	python3 -u -m tests.run test

test-peers: ## the tests that need heavier real servers, installed once into the cache
	python3 -u -m tests.run peers

test-peers-full: test-peers ## also what needs a long build or a long run: 20 kill rounds, the whole fuzz, every benchmark round
	ROUNDS=20 python3 -u -m tests.run test kill-sqlite kill-postgres
	EXAMPLES=200 python3 -u -m tests.run peers fuzz
	BUSBAR_TEST_TENANT_REQUESTS=100000 python3 -u -m tests.run test tenants
	$(MAKE) bench

bench: ## side by side with Node, PocketBase and pgbench; writes benches/results/latest.md
	cargo build -p busbar-server --profile local --locked
	BUSBAR_BIN=target/local/busbar python3 -u -m benches.run

bench-large: ## a table of ten million rows beside other requests; writes benches/results/large.md
	cargo build -p busbar-server --profile local --locked
	BUSBAR_BIN=target/local/busbar python3 -u -m benches.large

fuzz: ## random requests for the query parser and the renderers, guided by coverage, for an hour
	fuzz/run.sh 3600

clean: ## delete what was built here; data, logs and the cache stay
	rm -rf target ui/dist ui/node_modules
