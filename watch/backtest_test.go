package watch_test

import (
	"context"
	"io/fs"
	"net"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"driftwatch/configs"
	"driftwatch/news"
	"driftwatch/rules"
	"driftwatch/store"
	"driftwatch/watch"
)

// narrow takes the place of the signal C3 and finds less; wide finds every
// mention of the bloc, in a theme of its own.
const (
	narrow = `signals:
  - {id: C3, theme: csto, title: Exercises, why: A test., level: 4, direction: apart, when: "@csto AND @weather", tie: implied}
`
	wide = `signals:
  - {id: mine, theme: bloc, title: Mentions, why: A test., level: 1, direction: none, when: "@csto", tie: implied}
`
)

// rulesWith are the embedded packs with another one over them.
func rulesWith(t *testing.T, pack string) *rules.Engine {
	t.Helper()
	packs := []fs.FS{configs.FS()}
	if pack != "" {
		packs = append(packs, fstest.MapFS{"mine.yaml": {Data: []byte(pack)}})
	}
	e, err := rules.Load(packs...)
	if err != nil {
		t.Fatal(err)
	}
	return e
}

func (f *fixture) backtest(before, after *rules.Engine) *watch.Backtest {
	f.t.Helper()
	b, err := watch.RunBacktest(f.t.Context(), f.watch.Store, f.watch.Sources, watch.BacktestOrder{Before: before, After: after})
	if err != nil {
		f.t.Fatal(err)
	}
	return b
}

func TestBacktestOfTheSameRulesFindsWhatWasFound(t *testing.T) {
	f := open(t)
	f.cycle(watch.Order{})
	stored := f.hits()
	b := f.backtest(nil, rulesWith(t, ""))
	if b.Kept != len(stored) || len(b.Lost) != 0 || len(b.Gained) != 0 || b.Articles == 0 {
		t.Errorf("%d kept of %d, lost %v, gained %v", b.Kept, len(stored), b.Lost, b.Gained)
	}
}

func TestBacktestShowsWhatIsLostAndGained(t *testing.T) {
	f := open(t)
	f.cycle(watch.Order{})
	var c3 []store.HitRow
	for _, h := range f.hits() {
		if h.Hit.Signal == "C3" {
			c3 = append(c3, h)
		}
	}
	if len(c3) < 3 {
		t.Fatalf("%d hits of C3; the newsroom should have three", len(c3))
	}
	wrong, right := c3[0].Hit.ID, c3[len(c3)-1].Hit.ID
	for id, says := range map[int64]news.Judgement{wrong: news.Irrelevant, right: news.Relevant} {
		if err := f.watch.Store.Judge(t.Context(), news.Verdict{Hit: id, Says: says, Given: f.clock.now()}); err != nil {
			t.Fatal(err)
		}
	}
	b := f.backtest(rulesWith(t, ""), rulesWith(t, narrow))
	if len(b.Lost) != len(c3) {
		t.Fatalf("%d lost, want %d", len(b.Lost), len(c3))
	}
	if v := b.Lost[0].Verdict; v == nil || v.Says != news.Relevant {
		t.Errorf("first of the lost: %+v, want the one judged relevant", v)
	}
	if v := b.Lost[len(b.Lost)-1].Verdict; v == nil || v.Says != news.Irrelevant {
		t.Errorf("last of the lost: %+v, want the one judged irrelevant", v)
	}
	i := slices.IndexFunc(b.Signals, func(s watch.Shift) bool { return s.Key == "C3" })
	want := watch.Shift{Key: "C3", Lost: len(c3), LostRelevant: 1, LostIrrelevant: 1}
	if i < 0 || b.Signals[i] != want {
		t.Errorf("by signal: %+v, want %+v", b.Signals, want)
	}

	b = f.backtest(rulesWith(t, ""), rulesWith(t, wide))
	if len(b.Lost) != 0 || len(b.Gained) == 0 {
		t.Fatalf("lost %d, gained %d; want some gained", len(b.Lost), len(b.Gained))
	}
	for _, c := range b.Gained {
		if c.Hit.Signal != "mine" || c.Article.Title == "" || len(c.Hit.Evidence) == 0 {
			t.Errorf("gained %+v", c)
		}
	}
}

func TestFlaggingAgainAlertsNobody(t *testing.T) {
	f := open(t)
	f.cycle(watch.Order{})
	told, before := len(f.desk.titles()), f.hits()
	dir := t.TempDir()
	writePack(t, filepath.Join(dir, "mine.yaml"), narrow+strings.TrimPrefix(wide, "signals:\n"), time.Hour)
	f.watch.Rules = watch.NewRulebook(&configs.Config{Themes: []string{dir}})
	done, err := f.watch.Reflag(t.Context(), time.Time{}, nil)
	if err != nil {
		t.Fatal(err)
	}
	if done.Gained == 0 || done.Withdrawn == 0 || done.Changed == 0 {
		t.Errorf("%+v, want hits gained and withdrawn", done)
	}
	for _, h := range f.hits() {
		if h.Hit.Signal == "C3" {
			t.Errorf("hit %d of the narrowed signal stands", h.Hit.ID)
		}
		if h.Hit.Signal == "mine" && h.Hit.Quiet == "" {
			t.Errorf("hit %d of the new signal isn't quiet", h.Hit.ID)
		}
	}
	f.cycle(watch.Order{})
	if now := len(f.desk.titles()); now != told {
		t.Errorf("%d messages after it, want none", now-told)
	}
	again, err := f.watch.Reflag(t.Context(), time.Time{}, nil)
	if err != nil || again.Changed != 0 {
		t.Errorf("a second time: %+v, %v; want nothing changed", again, err)
	}

	f.watch.Rules = watch.NewRulebook(&configs.Config{})
	if _, err := f.watch.Reflag(t.Context(), time.Time{}, nil); err != nil {
		t.Fatal(err)
	}
	after := f.hits()
	if len(after) != len(before) {
		t.Errorf("%d hits with the rules of before, want %d", len(after), len(before))
	}
	if packs, err := f.watch.Store.Packs(t.Context()); err != nil || len(packs) != 2 {
		t.Errorf("%d versions of the rules recorded, %v; want 2", len(packs), err)
	}
}

func TestStandingAddsUpWhatSignalsDid(t *testing.T) {
	f := open(t)
	f.cycle(watch.Order{})
	hits := f.hits()
	h := hits[0].Hit
	if err := f.watch.Store.Judge(t.Context(), news.Verdict{Hit: h.ID, Says: news.Irrelevant, Given: f.clock.now()}); err != nil {
		t.Fatal(err)
	}
	if _, err := f.watch.Store.AddMiss(t.Context(), news.Miss{URL: "https://outlet.example/1", Theme: news.ThemeCSTO, Country: "KG", Given: f.clock.now()}); err != nil {
		t.Fatal(err)
	}
	s, err := watch.Stand(t.Context(), f.watch.Store, rulesWith(t, ""), f.clock.now().Add(-30*24*time.Hour), f.clock.now())
	if err != nil {
		t.Fatal(err)
	}
	total, never := 0, 0
	for _, x := range s.Signals {
		total += x.Hits
		if x.Hits == 0 {
			never++
			continue
		}
		weeks, langs := 0, 0
		for _, n := range x.Weeks {
			weeks += n
		}
		for _, l := range x.Languages {
			langs += l.Hits
		}
		if weeks != x.Hits || langs != x.Hits || x.Last.IsZero() {
			t.Errorf("%s: %d hits, %d by week, %d by language, last %v", x.Signal, x.Hits, weeks, langs, x.Last)
		}
		if x.Signal == h.Signal && x.Verdicts.Irrelevant != 1 {
			t.Errorf("%s: %+v, want one irrelevant", x.Signal, x.Verdicts)
		}
	}
	if total != len(hits) || never == 0 {
		t.Errorf("%d hits, want %d; %d signals never fired", total, len(hits), never)
	}
	if len(s.Misses) != 1 || s.Misses[0] != (watch.MissCount{Theme: news.ThemeCSTO, Misses: 1}) {
		t.Errorf("misses %+v", s.Misses)
	}
	if len(s.Terms) == 0 || s.Terms[0].Signal != h.Signal || s.Terms[0].Irrelevant != 1 {
		t.Errorf("words %+v", s.Terms)
	}
}

func TestDaemonTakesOverChangedRules(t *testing.T) {
	f := open(t)
	dir := t.TempDir()
	file := filepath.Join(dir, "mine.yaml")
	writePack(t, file, wide, time.Hour)
	f.watch.Rules = watch.NewRulebook(&configs.Config{Themes: []string{dir}})
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	type change struct {
		changes []rules.Change
		err     error
	}
	cycled, changed := make(chan bool, 9), make(chan change, 9)
	d := watch.NewDaemon(f.watch, time.Hour, func(watch.Summary, error) { cycled <- true })
	d.Look = time.Millisecond
	d.Changed = func(c []rules.Change, err error) { changed <- change{c, err} }
	ctx, stop := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- d.Run(ctx, l) }()
	<-cycled

	writePack(t, file, strings.ReplaceAll(wide, "level: 1", "level: 2"), time.Minute)
	if c := <-changed; c.err != nil || watch.Lines(c.changes) != "mine changed\n  level: 1 → 2" {
		t.Errorf("%q, %v", watch.Lines(c.changes), c.err)
	}
	packs, err := f.watch.Store.Packs(t.Context())
	if err != nil || len(packs) != 2 || packs[0].Changes != "mine changed\n  level: 1 → 2" {
		t.Errorf("recorded: %+v, %v", packs, err)
	}
	writePack(t, file, "signals: 1\n", time.Second)
	if c := <-changed; c.err == nil {
		t.Error("broken rules were taken over")
	}
	if _, body := get(t, "http://"+l.Addr().String()+"/healthz"); !strings.Contains(body, "refused") {
		t.Errorf("healthz doesn't say that rules were refused: %s", body)
	}
	if err := os.Remove(file); err != nil {
		t.Fatal(err)
	}
	if c := <-changed; c.err != nil {
		t.Error(c.err)
	}
	if _, body := get(t, "http://"+l.Addr().String()+"/metrics"); !strings.Contains(body, "driftwatch_rules_refused 0") {
		t.Error("the metrics still say that rules are refused")
	}
	stop()
	if err := <-ended; err != nil {
		t.Error(err)
	}
}
