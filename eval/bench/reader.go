package main

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"time"
)

// reader is a program that is measured.
type reader interface {
	name() string
	// prepare writes what the reader needs into its empty home.
	prepare(home string, p plan, feeds []string) error
	// command polls every feed once.
	command(ctx context.Context, home string) *exec.Cmd
	// settling is how many polls after the first it takes the reader to ask
	// with validators.
	settling() int
}

// driftwatch is the program of this repository.
type driftwatch struct{ path string }

func (driftwatch) name() string { return "driftwatch" }

func (driftwatch) settling() int { return 0 }

func (driftwatch) prepare(home string, p plan, feeds []string) error {
	fulltext, pace := "never", time.Second
	if p.pages {
		fulltext, pace = "always", time.Millisecond
	}
	var b strings.Builder
	fmt.Fprintf(&b, `store:
  path: %s
network:
  contact: bench@driftwatch.example
  allow: [127.0.0.0/8]
  concurrency: %d
  host_interval: %v
sources:
`, filepath.Join(home, "driftwatch.db"), p.threads, pace)
	n := 0
	for some := range slices.Chunk(feeds, perFile) {
		var list strings.Builder
		for _, url := range some {
			fmt.Fprintf(&list, "- {id: bench-%d, name: Bench %d, country: KZ, languages: [ru, en], kind: feed, url: %q, homepage: %q, ownership: private, fulltext: %s, interval: 1ms}\n",
				n, n, url, url, fulltext)
			n++
		}
		name := fmt.Sprintf("sources-%d.yaml", n)
		if err := os.WriteFile(filepath.Join(home, name), []byte(list.String()), 0o600); err != nil {
			return err
		}
		fmt.Fprintf(&b, "  - file: %s\n", name)
	}
	return os.WriteFile(filepath.Join(home, "driftwatch.yaml"), []byte(b.String()), 0o600)
}

// perFile is how many sources are in a file: so many in one are hard to read and
// to change, for people too.
const perFile = 500

func (d driftwatch) command(ctx context.Context, home string) *exec.Cmd {
	c := exec.CommandContext(ctx, d.path, "run", "--json", "--config", filepath.Join(home, "driftwatch.yaml"))
	c.Env = append(os.Environ(), "HOME="+home)
	return c
}

// newsboat is Debian's feed reader.
type newsboat struct{ path string }

func (newsboat) name() string { return "newsboat" }

// settling is one poll: version 2.21 stores a new feed's validators before the
// feed itself, that is nowhere, and has them from the second poll on.
func (newsboat) settling() int { return 1 }

func (newsboat) prepare(home string, p plan, feeds []string) error {
	config := fmt.Sprintf(`reload-threads %d
auto-reload no
refresh-on-startup no
download-retries 1
notify-beep no
notify-xterm no
use-proxy no
`, p.threads)
	if err := os.WriteFile(filepath.Join(home, "config"), []byte(config), 0o600); err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(home, "urls"), []byte(strings.Join(feeds, "\n")+"\n"), 0o600)
}

func (n newsboat) command(ctx context.Context, home string) *exec.Cmd {
	c := exec.CommandContext(ctx, n.path, "-q",
		"-C", filepath.Join(home, "config"), "-u", filepath.Join(home, "urls"), "-c", filepath.Join(home, "cache.db"),
		"-x", "reload")
	c.Env = append(os.Environ(), "HOME="+home, "LANG=C.UTF-8")
	return c
}
