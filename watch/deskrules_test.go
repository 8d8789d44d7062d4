package watch

import (
	"errors"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"driftwatch/configs"
	"driftwatch/review"
	"driftwatch/store/sqlite"
)

// bookOf is the desk's rules over a folder with one file.
func bookOf(t *testing.T, writes bool) (*deskRules, string) {
	t.Helper()
	st, err := sqlite.Open(t.Context(), filepath.Join(t.TempDir(), "rules.db"), sqlite.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { st.Close() })
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "own.yaml"), []byte(ownRule), 0o644); err != nil {
		t.Fatal(err)
	}
	w := &Watch{Store: st, Rules: NewRulebook(&configs.Config{Themes: []string{dir}}), Now: time.Now, Log: slog.New(slog.DiscardHandler)}
	d := &deskRules{w: w, writes: writes}
	t.Cleanup(d.busy.Wait)
	return d, dir
}

const ownRule = `# Ours.
signals:
  - id: OWN1
    theme: sanctions
    title: A space station is opened
    why: It is a tie.
    level: 3
    direction: closer
    when: "AFFIRMED(@open) NEAR/8 \"space station\""
    languages: [en]
    tests:
      match:
        - {lang: en, text: "Kazakhstan opened a space station with Russia.", countries: [KZ]}
      miss:
        - {lang: en, text: "Kazakhstan did not open a space station with Russia."}
`

func TestDeskRulesAreTheFiles(t *testing.T) {
	d, dir := bookOf(t, true)
	ctx := t.Context()
	state, err := d.look()
	if err != nil {
		t.Fatal(err)
	}
	<-state.tested
	list, err := d.Signals(ctx, time.Now().AddDate(0, 0, -30))
	if err != nil {
		t.Fatal(err)
	}
	if list.Folder != dir || !list.Writes || len(list.Files) != 1 || list.Tests == 0 || len(list.Faults) > 0 {
		t.Errorf("the list: %d files, %d tests, faults %v", len(list.Files), list.Tests, list.Faults)
	}
	s, err := d.Signal(ctx, "OWN1")
	if err != nil || s.Line != 3 || !strings.HasPrefix(s.Text, "  - id: OWN1\n") || !strings.HasSuffix(s.Text, "with Russia.\"}\n") || len(s.Tests) != 2 || !s.File.Own {
		t.Errorf("the signal: %v %d %q", err, s.Line, s.Text)
	}
	built, err := d.Signal(ctx, "C1")
	if err != nil || built.File.Own || !strings.HasPrefix(built.Text, "  - id: C1\n") || strings.Contains(built.Text, "id: C2") {
		t.Errorf("a built-in signal: %v %.80q", err, built.Text)
	}
	draft, err := d.Draft(ctx, "C1")
	if err != nil || draft.ID != "1/c1.yaml" || draft.Base != "" || draft.Text != "signals:\n"+built.Text {
		t.Errorf("its draft: %v %s", err, draft.ID)
	}
	if c, err := d.Check(ctx, draft.ID, draft.Text); err != nil || len(c.Faults) > 0 {
		t.Errorf("the draft doesn't compile: %v %v", err, c.Faults)
	}
}

func TestDeskRulesFaultsHavePlaces(t *testing.T) {
	d, dir := bookOf(t, true)
	c, err := d.Check(t.Context(), "1/own.yaml", strings.Replace(ownRule, "@open)", "@opem)", 1))
	if err != nil || len(c.Faults) == 0 {
		t.Fatalf("no fault: %v", err)
	}
	f := c.Faults[0]
	if f.File != filepath.Join(dir, "own.yaml") || f.Line != 9 || f.Column == 0 || !strings.Contains(f.Snippet, "^") || c.Fine() {
		t.Errorf("the fault: %+v", f)
	}
	c, err = d.Check(t.Context(), "1/own.yaml", strings.Replace(ownRule, "opened a space", "left a space", 1))
	if err != nil || len(c.Faults) > 0 {
		t.Fatal(err, c.Faults)
	}
	if c.Passed == c.Tests && c.Fine() {
		t.Errorf("a test that must fail passes: %+v", c)
	}
	c, err = d.Check(t.Context(), "1/own.yaml", "signals: [\n")
	if err != nil || len(c.Faults) == 0 || c.Faults[0].Line == 0 {
		t.Errorf("broken YAML: %v %v", err, c.Faults)
	}
}

func TestDeskRulesAreSaved(t *testing.T) {
	d, dir := bookOf(t, true)
	ctx := t.Context()
	f, err := d.File(ctx, "1/own.yaml")
	if err != nil {
		t.Fatal(err)
	}
	next := strings.Replace(ownRule, "level: 3", "level: 4", 1)
	version, err := d.Save(ctx, f.ID, next, f.Base)
	if err != nil {
		t.Fatal(err)
	}
	if got, _ := os.ReadFile(filepath.Join(dir, "own.yaml")); string(got) != next {
		t.Errorf("the file holds %q", got)
	}
	if _, err := d.Save(ctx, f.ID, ownRule, f.Base); !errors.Is(err, review.ErrStale) {
		t.Errorf("an older text is saved over a newer one: %v", err)
	}
	var faults configs.Errors
	if _, err := d.Save(ctx, f.ID, "signals: [", tagOf(next)); !errors.As(err, &faults) {
		t.Errorf("what doesn't compile is saved: %v", err)
	}
	again, err := d.Save(ctx, f.ID, ownRule, tagOf(next))
	if err != nil || again == version {
		t.Fatalf("the second version: %v %s", err, again)
	}
	all, err := d.Versions(ctx, 10)
	if err != nil || len(all) != 2 || all[0].Digest != again || !all[0].Now || all[1].Digest != version {
		t.Fatalf("the versions: %v %+v", err, all)
	}
	if !strings.Contains(all[0].Diff, "-    level: 4\n+    level: 3") || !strings.Contains(all[0].Changes, "OWN1") {
		t.Errorf("the history: %q %q", all[0].Changes, all[0].Diff)
	}
	left, _ := filepath.Glob(filepath.Join(dir, ".*"))
	if len(left) > 0 {
		t.Errorf("left behind: %v", left)
	}
}

func TestDeskRulesStayInTheirFolder(t *testing.T) {
	d, dir := bookOf(t, true)
	outside := filepath.Join(filepath.Dir(dir), "outside.yaml")
	for _, id := range []string{"1/../outside.yaml", "../outside.yaml", "1/" + outside, "0/themes/csto.yaml", "2/own.yaml", "1/themes/../../outside.yaml", "1/x.yml", "1/a b.yaml", "1/.yaml", "1/..yaml", "1/x\x00.yaml", "1/..%2fx.yaml", `1/..\x.yaml`, ""} {
		if _, err := d.Save(t.Context(), id, ownRule, ""); err == nil {
			t.Errorf("%q is written", id)
		}
		if _, err := d.Check(t.Context(), id, ownRule); err == nil {
			t.Errorf("%q is checked", id)
		}
	}
	if _, err := os.Stat(outside); err == nil {
		t.Error("a file outside of the folder was written")
	}
	if err := os.Symlink(t.TempDir(), filepath.Join(dir, "link")); err != nil {
		t.Fatal(err)
	}
	if err := writeRule(dir, "link/x.yaml", "a"); err == nil {
		t.Error("a link leads out of the folder")
	}
	d, _ = bookOf(t, false)
	if _, err := d.Save(t.Context(), "1/own.yaml", ownRule, tagOf(ownRule)); !errors.Is(err, review.ErrNoWriting) {
		t.Errorf("saved without leave: %v", err)
	}
	patch, err := d.Patch(t.Context(), "1/own.yaml", strings.Replace(ownRule, "level: 3", "level: 4", 1))
	if err != nil || !strings.Contains(patch, "--- a/own.yaml") || !strings.Contains(patch, "+    level: 4") {
		t.Errorf("the patch: %v %s", err, patch)
	}
}

// Which languages of a signal are verified is known a while after somebody asked first.
func TestDeskRulesSayWhichLanguagesAreVerified(t *testing.T) {
	d, _ := bookOf(t, false)
	if _, err := d.Signals(t.Context(), time.Now()); err != nil {
		t.Fatal(err)
	}
	d.busy.Wait()
	list, err := d.Signals(t.Context(), time.Now())
	if err != nil || !list.Claims {
		t.Fatalf("nothing is known: %v", err)
	}
	whole, partly := 0, 0
	for _, s := range list.Signals {
		for _, lang := range s.Unverified {
			if !slices.Contains(s.Claimed, lang) {
				t.Errorf("%s: %s is unverified, and not claimed", s.ID, lang)
			}
		}
		if len(s.Unverified) == 0 {
			whole++
		} else {
			partly++
		}
	}
	if whole == 0 || partly == 0 {
		t.Errorf("%d signals are verified in all their languages, %d aren't", whole, partly)
	}
}
