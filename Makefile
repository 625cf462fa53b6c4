# SPDX-License-Identifier: Apache-2.0
# The front door: `make` lists what one can do. One's own settings go into Makefile.local, which is not in the repository.
SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
-include Makefile.local

# Node.js of tools/setup, where the system's is too old.
export PATH := $(CURDIR)/build/node/bin:$(PATH)
JOBS ?= $(shell nproc)
PRESET ?= dev
FUZZ_SECONDS ?= 60

# Configures and builds: $(call build,preset,targets)
build = cmake --preset $(1) --log-level=WARNING && cmake --build --preset $(1) -j $(JOBS) $(if $(2),--target $(2))

.PHONY: help
help: ## list what one can do
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-10s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

.PHONY: setup
setup: ## install what is missing from Debian and npm
	@tools/setup test

.PHONY: setup-run
setup-run:
	@tools/setup run

.PHONY: build
build: setup-run ## the release binary: build/release/parley
	@$(call build,release,parley)

.PHONY: run
run: build ## build, then serve on http://127.0.0.1:8080 with data in ./data
	@exec build/release/parley serve

.PHONY: test
test: ## install what is missing, build, and run every test; ends with `N passed, N failed`
	@tools/test

.PHONY: lint
lint: setup ## format, clang-tidy, layers, rules, generated files
	@$(call build,$(PRESET))
	@tools/lint build/$(PRESET)

.PHONY: format
format: setup ## format every C++ source
	@git ls-files -co --exclude-standard '*.cpp' '*.hpp' | xargs clang-format-19 -i

.PHONY: generate
generate: setup-run ## write docs/reference and the sample configuration from the sources
	@$(call build,$(PRESET),parley)
	@tools/generate build/$(PRESET)/parley

.PHONY: asan
asan: setup ## unit and API tests under the address and undefined behaviour sanitizers
	@$(call build,asan)
	@tools/run_tests asan build/asan 'unit_*' api_tests

.PHONY: tsan
tsan: setup ## unit and API tests under the thread sanitizer
	@$(call build,tsan)
	@tools/run_tests tsan build/tsan 'unit_*' api_tests

.PHONY: trust
trust: setup ## prove every promise and print the table of docs/TRUST.md; PARLEY_FAULTS=long for the long form
	@$(call build,dev)
	@tools/trust build/dev

.PHONY: mutants
mutants: setup ## the fault tests against servers with a fault that was put in: each is to be found
	@$(call build,dev)
	@tools/mutants build/dev

.PHONY: fuzz
fuzz: setup ## every fuzz target for FUZZ_SECONDS (60)
	@$(call build,fuzz)
	@tools/fuzz build/fuzz $(FUZZ_SECONDS)

.PHONY: coverage
coverage: setup ## line coverage of the unit and API tests, as a table
	@$(call build,coverage)
	@tools/coverage build/coverage

.PHONY: bench
bench: ## what Parley costs, beside other servers, as one table; SCENARIO=fanout for one, BENCH_ARGUMENTS for sizes and runs
	@tools/setup bench
	@$(call build,release,parley parley_bench)
	@build/release/bench/parley_bench $(addprefix --scenario ,$(SCENARIO)) --results bench/results --label $$(git rev-parse --short HEAD) $(BENCH_ARGUMENTS)

.PHONY: image
image: ## the container image, with docker or podman or buildah, whichever is there
	@tools/image

.PHONY: deb
deb: ## the Debian package, in build/package: binary, systemd unit, sample configuration, list of what it is made of
	@tools/setup deb
	@tools/package

.PHONY: clean
clean: ## remove the build folder
	@rm -rf build
