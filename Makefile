# The commands of a contributor. `make` alone lists them.

SHELL := bash
.SHELLFLAGS := -euo pipefail -c
.DELETE_ON_ERROR:

# Adds rustup's folder for a shell that was opened before Rust was installed.
export PATH := $(PATH):$(HOME)/.cargo/bin

# All sources of the built page. Folders are included, because a removed file must count as a change.
page_sources := $(shell find frontend/src frontend/public locales 2>/dev/null) \
	$(wildcard frontend/*.html frontend/*.ts frontend/*.json)

.PHONY: help
help: ## List these commands
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-10s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

.PHONY: run
run: rust ## Build everything and serve it at http://127.0.0.1:8000, with its data in ./data
	@scripts/build
	@exec cargo run --quiet --profile quick --locked -- serve

.PHONY: dev
dev: rust packages ## Serve while you edit: the page reloads by itself, the server when you start this again
	@exec scripts/dev

.PHONY: cluster
cluster: ## Serve with two web nodes and a worker behind nginx, as in production; its data goes when you stop it
	@exec scripts/cluster

.PHONY: test
test: ## Check everything, as for a change to be accepted; installs what it needs where it may
	@exec scripts/test

.PHONY: soak
soak: rust ## Break things again and again, with new seeds, for MINUTES (10): every fault that must be survived
	@exec scripts/soak $(MINUTES)

.PHONY: fuzz
fuzz: rust ## Give random bytes to what reads requests, for MINUTES (5); what breaks a promise is saved in fuzz/finds
	@exec scripts/fuzz $(MINUTES)

.PHONY: bench
bench: rust ## Measure against floors what reads, pushes and submissions cost; ten minutes and the building
	@exec scripts/bench

.PHONY: million
million: rust ## Fill N (10) million submissions and measure how costs grow with them; ten take about an hour
	@exec scripts/million $(N)

.PHONY: crowd
crowd: rust ## Measure SCREENS (100000) on NODES (5) web nodes, and a rolling restart; five minutes and the building
	@exec scripts/crowd $(SCREENS) $(NODES)

.PHONY: lint
lint: rust packages ## Check formats, lints and types, without running a test
	cargo fmt --all --check
	cargo fmt --manifest-path tests/clients/cynic/Cargo.toml --check
	cargo clippy --workspace --all-targets --locked -- -D warnings
	cd frontend && npm run format:check && npm run lint && npm run types

.PHONY: fmt
fmt: rust packages ## Format all code
	cargo fmt --all
	cargo fmt --manifest-path tests/clients/cynic/Cargo.toml
	cd frontend && npm run format

.PHONY: generate
generate: rust packages ## Bring what is generated up to date: both schemas, then the page's types from them
	@trap 'rm -f schema.graphql.new admin.graphql.new budget.schema.json.new' EXIT; \
	cargo run --quiet --locked -- schema >schema.graphql.new; \
	cargo run --quiet --locked -- schema --desk >admin.graphql.new; \
	cargo run --quiet --locked -- schema --budget-file >budget.schema.json.new; \
	mv schema.graphql.new schema.graphql; \
	mv budget.schema.json.new budgets/budget.schema.json; \
	mv admin.graphql.new admin.graphql
	cd frontend && npm run generate

.PHONY: clean
clean: ## Remove what was built and the installed packages; never ./data
	rm -rf target frontend/dist frontend/node_modules tests/clients/relay/node_modules

# Targets that the commands above share.

.PHONY: rust packages page
rust:
	@scripts/need rust

packages: frontend/node_modules/.installed ; @:
page: frontend/dist/index.html ; @:

# The stamp lies in the folder that npm ci replaces, so that it disappears with the packages. npm's warnings are hidden:
# they are about engines that indirect dependencies ask for; scripts/need checks the one that the page needs.
frontend/node_modules/.installed: frontend/package-lock.json
	@scripts/need node
	cd frontend && npm ci --no-audit --no-fund --loglevel=error
	@touch $@

# The server embeds frontend/dist when it is compiled, so this comes before cargo.
frontend/dist/index.html: frontend/node_modules/.installed $(page_sources)
	cd frontend && npm run build
