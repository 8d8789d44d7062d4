# Driftwatch: `make` lists what can be made.

SHELL   := /bin/bash
TAGS    := sqlite_fts5
GO      ?= go
PREFIX  ?= /usr/local
SYSTEMD ?= /etc/systemd/system
VERSION ?= $(shell git describe --tags --always --dirty 2>/dev/null || echo dev)
LDFLAGS := -s -w -X main.version=$(VERSION)
FUZZTIME ?= 10s
# Vectorscan is measured beside the matcher where it is installed.
VECTORSCAN := $(shell pkg-config --exists libhs 2>/dev/null && echo ,vectorscan)

export CGO_ENABLED := 1

.PHONY: help build demo test browser lint race fuzz bench eval picture install check-tools clean

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## /{printf "  make %-10s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

# The program is a copy of what the linker wrote: that lies in the page cache in pieces
# of 2 MB, which are mapped whole, and of a copy a cycle has 20 MB less in memory.
build: check-tools ## build ./driftwatch
	built=$$(mktemp -d) && trap 'rm -rf "$$built"' EXIT && \
	$(GO) build -trimpath -tags $(TAGS) -ldflags '$(LDFLAGS)' -o "$$built/driftwatch" ./cmd/driftwatch && \
	cp "$$built/driftwatch" driftwatch.new && mv driftwatch.new driftwatch

demo: build ## the whole job on made-up outlets, on loopback only
	./driftwatch demo

test: check-tools browser lint race fuzz ## all that CI runs: lint, tests with the race detector, each fuzz test for FUZZTIME

# axe-core looks for what keeps people from using a page. It is under the MPL-2.0, and
# fetched from npm instead of kept here.
AXE     := 4.14.1
AXE_SUM := 29348999450cdf2849a8e70b7912fc2da85a849da39c0d0d5394f51d4a9ed95c

browser: review/testdata/axe.min.js ## Debian's chromium and npm's axe-core, which the desk's tests look at the pages with
	@command -v chromium >/dev/null || { command -v apt-get >/dev/null && apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends chromium; } || { echo "no chromium: install it, on Debian: apt-get install chromium"; exit 1; }

review/testdata/axe.min.js: Makefile
	@command -v npm >/dev/null || { command -v apt-get >/dev/null && apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends npm; } || { echo "no npm, which fetches axe-core: install it, on Debian: apt-get install npm"; exit 1; }
	@t=$$(mktemp -d) && trap 'rm -rf '$$t EXIT && npm pack --silent --pack-destination $$t axe-core@$(AXE) >/dev/null && tar xzf $$t/axe-core-$(AXE).tgz -C $$t package/axe.min.js && echo "$(AXE_SUM)  $$t/package/axe.min.js" | sha256sum --quiet -c && mkdir -p $(@D) && cp $$t/package/axe.min.js $@

lint: check-tools ## go vet, staticcheck and gofmt
	@test -z "$$(gofmt -l $$(git ls-files '*.go' 2>/dev/null || find . -name '*.go'))" || { echo "not formatted; run gofmt -w on:"; gofmt -l .; exit 1; }
	$(GO) vet -tags $(TAGS) ./...
	$(GO) tool -modfile=tools/go.mod staticcheck -tags $(TAGS) ./...
	cd eval && $(GO) vet -tags $(TAGS) ./... && $(GO) tool -modfile=../tools/go.mod staticcheck -tags $(TAGS) ./...

# Tests that try rules over many articles, run scripts of commands or every command of
# the docs, open every page of the desk, or go through a week, a day or many kills do
# what shorter ones do with the race detector, many times over: they run without it,
# which takes minutes less.
LONG := ^(TestScript|TestDeskRules.*|TestBacktest.*|TestDaemonTakesOverChangedRules|TestFlaggingAgainAlertsNobody|TestWeekOfNews|TestWeekFitsItsTerminal|TestADayOfOutlets|TestKilledCyclesLoseNothing|TestHostileOutlets|TestDocsExamplesRun|TestEveryPage|TestTriageByKeyboard)$$

race: check-tools ## tests with the race detector
	$(GO) test -race -timeout 10m -tags $(TAGS) -skip '$(LONG)' ./...
	$(GO) test -tags $(TAGS) -run '$(LONG)' ./cmd/driftwatch ./watch ./review
	$(GO) test -tags $(TAGS) -run Garbage ./rules ./text/...
	cd eval && $(GO) test -race -tags $(TAGS) ./...

fuzz: check-tools ## each fuzz test for FUZZTIME (10s; make fuzz FUZZTIME=10m)
	GO="$(GO)" TAGS=$(TAGS) ./deploy/fuzz.sh $(FUZZTIME)

bench: build ## time, CPU and memory, beside peers, in one run
	cd eval && $(GO) run -tags $(TAGS) ./bench
	cd eval && $(GO) run -tags $(TAGS) ./deliveries
	cd eval && $(GO) run -tags $(TAGS) ./bench -stories 10000,100000,1000000
	cd eval && $(GO) run -tags $(TAGS) ./intervals
	cd eval && $(GO) run -tags $(TAGS) ./desk
	cd eval && $(GO) run -tags $(TAGS)$(VECTORSCAN) ./matching
	$(GO) test -tags $(TAGS) -run '^$$' -bench . -benchtime 200ms ./...

eval: check-tools ## what is reached on the texts of the data folder, into docs/evaluation.md
	cd eval && $(GO) run -tags $(TAGS) ./report

picture: check-tools ## draw docs/demo.svg anew, from what the demo prints
	$(GO) test -tags $(TAGS) -run '^TestPicture$$' ./cmd/driftwatch -update

install: build ## the binary and the systemd units (PREFIX=/usr/local, SYSTEMD=/etc/systemd/system, DESTDIR=)
	install -D -m 0755 driftwatch $(DESTDIR)$(PREFIX)/bin/driftwatch
	for u in driftwatch.service driftwatch-run.service driftwatch-run.timer; do \
	  sed 's|@PREFIX@|$(PREFIX)|g' deploy/systemd/$$u > $$u.tmp && \
	  install -D -m 0644 $$u.tmp $(DESTDIR)$(SYSTEMD)/$$u && rm -f $$u.tmp || exit 1; done
	@echo "next: systemctl enable --now driftwatch-run.timer   (a cycle every 10 minutes)"
	@echo "  or: systemctl enable --now driftwatch.service     (the daemon)"

check-tools:
	@command -v $(GO) >/dev/null || { echo "Go isn't installed: get Go 1.26 or newer from https://go.dev/dl/ and put its bin folder on PATH"; exit 1; }
	@v=$$($(GO) env GOVERSION | sed 's/^go//'); printf '%s\n1.26\n' "$$v" | sort -V | head -n1 | grep -qx 1.26 || { echo "Go $$v is too old: Driftwatch needs Go 1.26 or newer, from https://go.dev/dl/ (Debian's own package is older)"; exit 1; }
	@command -v $${CC:-gcc} >/dev/null || command -v cc >/dev/null || { echo "no C compiler: SQLite is compiled from C; install one, on Debian: apt-get install gcc libc6-dev"; exit 1; }

clean: ## remove what was built
	rm -f driftwatch *.tmp
