package watch

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"driftwatch/configs"
	"driftwatch/news"
	"driftwatch/review"
	"driftwatch/rules"
)

const oneSource = `- id: kovyl
  name: Ковыль Медиа
  country: KZ
  languages: [ru]
  kind: feed
  url: https://kovyl.example/feed
`

// A source that is added at the desk, or in the file, is read from then on; what
// can't be read changes nothing.
func TestSourcesAreReadAgain(t *testing.T) {
	dir := t.TempDir()
	main, list := filepath.Join(dir, "driftwatch.yaml"), filepath.Join(dir, "sources.yaml")
	write := func(file, text string) {
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	write(main, "sources:\n  - file: sources.yaml\n")
	write(list, oneSource)
	read := func() (*configs.Config, error) {
		return configs.Load(main, func(string) (string, bool) { return "", false })
	}
	c, err := read()
	if err != nil {
		t.Fatal(err)
	}
	w, err := New(c, Settings{Now: time.Now, Log: slog.New(slog.DiscardHandler), Reread: read})
	if err != nil {
		t.Fatal(err)
	}
	defer w.Close()
	d := NewDaemon(w, time.Hour, nil)
	ids := func() string {
		var all []string
		for _, s := range w.sources() {
			all = append(all, s.ID)
		}
		return strings.Join(all, " ")
	}
	if d.lookAtSources(); ids() != "kovyl" {
		t.Fatalf("at first: %s", ids())
	}

	p := newSourcePages(w)
	p.seen = []Discovered{{URL: "https://ozgon.example/feed", Kind: news.KindFeed, Title: "Өзгөн", Language: "ky"}}
	id, yaml, err := p.Add(t.Context(), "https://ozgon.example/feed", "Өзгөн кабары", "KG")
	if err != nil || yaml != "" || ids() != "kovyl "+id || w.outlets()[id] != "Өзгөн кабары" {
		t.Errorf("added at the desk: %q %q %v; there are %s, %v", id, yaml, err, ids(), w.outlets())
	}
	if _, _, err := p.Add(t.Context(), "https://ozgon.example/feed", "", "KG"); !errors.As(err, new(*review.Refused)) {
		t.Errorf("added twice: %v", err)
	}

	write(list, oneSource+strings.NewReplacer("kovyl", "saryarka").Replace(oneSource))
	if d.lookAtSources(); ids() != "kovyl saryarka" {
		t.Errorf("changed by hand: %s", ids())
	}
	write(list, oneSource+"- id: broken\n")
	if d.lookAtSources(); ids() != "kovyl saryarka" || d.health().Sources == "" {
		t.Errorf("a broken file: %s, health %+v", ids(), d.health())
	}
	if _, changed, _ := w.LookAtSources(); changed {
		t.Error("a broken file is read again and again")
	}
	write(list, oneSource)
	if d.lookAtSources(); ids() != "kovyl" || d.health().Sources != "" {
		t.Errorf("mended: %s, health %+v", ids(), d.health())
	}
}

// What does no cycles, such as the demo's desk, takes over changed files too.
func TestChangedFilesAreFollowed(t *testing.T) {
	dir := t.TempDir()
	main, list, pack := filepath.Join(dir, "driftwatch.yaml"), filepath.Join(dir, "sources.yaml"), filepath.Join(dir, "own", "own.yaml")
	write := func(file, text string) {
		t.Helper()
		if err := os.MkdirAll(filepath.Dir(file), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	signal := "signals:\n  - {id: mine, theme: csto, title: Membership, why: A test., level: 1, direction: none, when: \"@csto\", tie: implied}\n"
	write(main, "sources:\n  - file: sources.yaml\nthemes: [own]\nstore: {path: d.db}\n")
	write(list, oneSource)
	write(pack, signal)
	read := func() (*configs.Config, error) {
		return configs.Load(main, func(string) (string, bool) { return "", false })
	}
	c, err := read()
	if err != nil {
		t.Fatal(err)
	}
	w, err := Open(t.Context(), c, Settings{Now: time.Now, Log: slog.New(slog.DiscardHandler), Reread: read})
	if err != nil {
		t.Fatal(err)
	}
	defer w.Close()
	if _, err := w.Rules.Engine(); err != nil {
		t.Fatal(err)
	}
	d := NewDaemon(w, time.Hour, nil)
	d.Look = time.Millisecond
	changed := make(chan string, 10)
	d.Changed = func(changes []rules.Change, err error) { changed <- fmt.Sprint(Lines(changes), err) }
	ctx, stop := context.WithCancel(t.Context())
	write(list, oneSource+strings.NewReplacer("kovyl", "saryarka").Replace(oneSource))
	write(pack, strings.Replace(signal, "title: Membership", "title: Being a member", 1))
	var following sync.WaitGroup // from now on: it would read a file that is half written
	following.Go(func() { d.Follow(ctx) })
	got := <-changed
	stop()
	following.Wait()
	if !strings.Contains(got, "Being a member") || len(w.sources()) != 2 {
		t.Errorf("the rules: %s; %d sources", got, len(w.sources()))
	}
}

func TestSourceChangesAreNamed(t *testing.T) {
	a, b := news.Source{ID: "a", URL: "https://a.example", Enabled: true}, news.Source{ID: "b", Enabled: true}
	off, moved := b, a
	off.Enabled, moved.URL = false, "https://a.example/new"
	got := sourceChanges([]news.Source{a, b}, []news.Source{moved, off, {ID: "c"}})
	if want := []string{"moved a to https://a.example/new", "switched off b", "added c"}; !slices.Equal(got, want) {
		t.Errorf("%q, want %q", got, want)
	}
	if got := sourceChanges([]news.Source{a, off}, []news.Source{b}); !slices.Equal(got, []string{"switched on b", "removed a"}) {
		t.Errorf("%q", got)
	}
}
