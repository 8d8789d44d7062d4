package watch_test

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"driftwatch/configs"
	"driftwatch/watch"
)

const ownSignal = `signals:
  - id: mine
    theme: csto
    title: Membership is named
    why: A test of changed rules.
    level: LEVEL
    direction: none
    when: "@csto"
    tie: implied
`

// writePack writes a pack and gives the file another time than before. Who looks at
// the folder meanwhile sees the file as it was or as it is, not half of it.
func writePack(t *testing.T, file, content string, age time.Duration) {
	t.Helper()
	whole := filepath.Join(t.TempDir(), "whole")
	if err := os.WriteFile(whole, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
	at := time.Now().Add(-age)
	if err := errors.Join(os.Chtimes(whole, at, at), os.Rename(whole, file)); err != nil {
		t.Fatal(err)
	}
}

func TestRulebookTakesOverWhatIsWholeAndRefusesTheRest(t *testing.T) {
	dir := t.TempDir()
	file := filepath.Join(dir, "mine.yaml")
	writePack(t, file, strings.ReplaceAll(ownSignal, "LEVEL", "1"), time.Hour)
	b := watch.NewRulebook(&configs.Config{Themes: []string{dir}})
	if _, changed, err := b.Look(); changed || err != nil {
		t.Errorf("before the first reading: changed %t, %v", changed, err)
	}
	first, err := b.Engine()
	if err != nil {
		t.Fatal(err)
	}
	if _, changed, err := b.Look(); changed || err != nil {
		t.Errorf("nothing has changed: changed %t, %v", changed, err)
	}

	writePack(t, file, strings.ReplaceAll(ownSignal, "LEVEL", "2"), time.Minute)
	changes, changed, err := b.Look()
	if want := "mine changed\n  level: 1 → 2"; !changed || err != nil || watch.Lines(changes) != want {
		t.Errorf("%q, changed %t, %v; want %q", watch.Lines(changes), changed, err, want)
	}
	second, _ := b.Engine()
	if second == first || second.Digest() == first.Digest() {
		t.Error("the rules are the old ones")
	}

	writePack(t, file, strings.ReplaceAll(ownSignal, "LEVEL", "9"), time.Second)
	_, changed, err = b.Look()
	if !changed || err == nil || !strings.Contains(err.Error(), "the level must be from 1 to 5") {
		t.Errorf("broken rules: changed %t, %v", changed, err)
	}
	if now, _ := b.Engine(); now != second {
		t.Error("broken rules were taken over")
	}
	if _, changed, err := b.Look(); changed || err != nil {
		t.Errorf("refused rules are looked at again: changed %t, %v", changed, err)
	}

	writePack(t, file, strings.ReplaceAll(ownSignal, "LEVEL", "2"), 2*time.Minute)
	if changes, changed, err := b.Look(); !changed || err != nil || len(changes) != 0 {
		t.Errorf("mended: %v, changed %t, %v", changes, changed, err)
	}
}

func TestVersionsOfTheRulesAreRecorded(t *testing.T) {
	f := open(t)
	f.cycle(watch.Order{})
	packs, err := f.watch.Store.Packs(t.Context())
	if err != nil || len(packs) != 1 {
		t.Fatalf("%d versions, %v; want 1", len(packs), err)
	}
	engine, _ := f.watch.Rules.Engine()
	if packs[0].Digest != engine.Digest() {
		t.Errorf("version %s, want %s", packs[0].Digest, engine.Digest())
	}
	f.clock.pass(time.Hour)
	f.cycle(watch.Order{})
	if packs, err = f.watch.Store.Packs(t.Context()); err != nil || len(packs) != 1 {
		t.Errorf("after a second cycle: %d versions, %v; want 1", len(packs), err)
	}
	if then, err := watch.SinceThen(t.Context(), f.watch.Store, engine.Digest(), engine); err != nil || len(then) != 0 {
		t.Errorf("changes over itself: %v, %v", then, err)
	}
}
