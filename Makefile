# What a developer runs. `make` lists the targets.

SITE := target/site
PKG := $(SITE)/pkg
# The order of the cascade: tokens, then the base, then the families of components by name.
STYLES := $(wildcard style/tokens.css style/base.css)
STYLES += $(filter-out $(STYLES),$(sort $(wildcard style/*.css)))

WASM_TARGET := wasm32-unknown-unknown
WASM := target/$(WASM_TARGET)/wasm-release/flowery.wasm
HYDRATE := --lib --no-default-features --features hydrate --target $(WASM_TARGET)
# Older ones do not know what the compiler emits today.
WASM_OPT_MIN := 121

# One target directory for the server and the bundle, wherever a developer's own settings point.
export CARGO_TARGET_DIR := $(CURDIR)/target
# cargo install's folder: the build calls what the set-up has put there.
export PATH := $(or $(CARGO_HOME),$(HOME)/.cargo)/bin:$(PATH)
# If this is set while compiling, the page asks for flowery.wasm instead of wasm-bindgen's flowery_bg.wasm.
unexport LEPTOS_OUTPUT_NAME

STEP := @.ci/step

# The steps stand in their order; cargo uses every core by itself.
.NOTPARALLEL:
.DELETE_ON_ERROR:
.PHONY: help setup setup-build run build test fmt lint unit browser site e2e release clean FORCE

help: ## lists the targets
	@awk -F ':.*## ' '/^[a-z0-9-]+:.*## / { printf "  make %-12s %s\n", $$1, $$2 }' Makefile

setup-build:
	@.ci/setup/wasm-target
	@.ci/setup/wasm-bindgen
	@.ci/setup/models

setup: setup-build ## installs what building, running and testing need
	@.ci/setup/browser

run: setup-build build browser ## builds what has changed and serves the site on LEPTOS_SITE_ADDR (127.0.0.1:3000)
	@exec target/debug/flowery serve

build: ## builds the server (development profile)
	cargo build

release: setup-build browser ## builds the optimised server: target/release/flowery beside target/site
	cargo build --release

test: ## runs every check, cheap ones first, and sets up what they need
	$(STEP) format $(MAKE) --no-print-directory fmt
	$(STEP) set-up $(MAKE) --no-print-directory setup
	$(STEP) lint $(MAKE) --no-print-directory lint
	$(STEP) unit $(MAKE) --no-print-directory unit
	$(STEP) browser $(MAKE) --no-print-directory browser
	$(STEP) server $(MAKE) --no-print-directory build
	$(STEP) e2e .ci/e2e

fmt: ## checks the formatting
	cargo fmt --check

lint: ## lints the server and the browser side
	cargo clippy --all-targets -- -D warnings
	cargo clippy $(HYDRATE) -- -D warnings

unit: ## runs the tests that need no browser
	cargo test

e2e: build browser ## runs the browser journeys against a server of their own
	@.ci/e2e $(E2E)

browser: $(PKG)/flowery_bg.wasm site ## builds what the browser loads into target/site

# Cargo decides whether the library changed; only then is the bundle made again.
$(WASM): FORCE
	cargo build $(HYDRATE) --profile wasm-release

$(PKG)/flowery_bg.wasm: $(WASM) Cargo.lock
	@mkdir -p $(PKG)
	wasm-bindgen --target web --no-typescript --remove-name-section --out-dir $(PKG) --out-name flowery $<
	@version=$$(wasm-opt --version 2>/dev/null | tr -dc '0-9 ' | awk '{ print $$1 }'); \
	if [ "$${version:-0}" -ge $(WASM_OPT_MIN) ]; then \
		echo "wasm-opt -Oz $@"; \
		wasm-opt -Oz $@ -o $@.opt && mv $@.opt $@; \
	fi

# Laid anew each time (it takes no time), so that nothing stays that public/ or style/ no longer has.
site:
	@mkdir -p $(PKG)
	@find $(SITE) -mindepth 1 -maxdepth 1 ! -name pkg -exec rm -rf {} +
	@if [ -d public ]; then cp -Rp public/. $(SITE)/; fi
	@cat $(STYLES) /dev/null >$(PKG)/flowery.css

clean: ## removes everything that was built (not data/ and models/)
	cargo clean
	rm -rf end2end/node_modules end2end/test-results end2end/playwright-report

FORCE:
