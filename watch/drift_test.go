package watch_test

import (
	"bytes"
	"context"
	"image/png"
	"testing"
	"time"

	"driftwatch/drift"
	"driftwatch/news"
	"driftwatch/rules"
	"driftwatch/store"
	"driftwatch/watch"
)

// TestDriftOfANewsroom adds up what two cycles filed: what the newsroom's labels
// say, and no more after a verdict.
func TestDriftOfANewsroom(t *testing.T) {
	f := open(t)
	f.cycle(watch.Order{})
	f.clock.pass(time.Hour)
	f.cycle(watch.Order{})
	engine := engineOf(t, f)
	ctx := context.Background()
	rows, err := watch.Drift(ctx, f.watch.Store, engine, watch.DriftOrder{Now: f.clock.now()})
	if err != nil {
		t.Fatal(err)
	}
	if len(rows) == 0 || len(rows)%len(news.Countries) != 0 {
		t.Fatalf("%d rows", len(rows))
	}
	var entry drift.Entry
	for _, r := range rows {
		if !r.Coverage.Known && r.Week == drift.WeekOf(f.clock.now()) {
			t.Errorf("%s %s: the coverage isn't known", r.Country, r.Week)
		}
		if r.Country == "KZ" && len(r.Apart.Stories) > 0 {
			entry = r.Apart.Stories[0]
		}
	}
	if entry.Weight == 0 || entry.Severity == 0 || len(entry.Outlets) == 0 {
		t.Fatalf("Kazakhstan's weightiest story: %+v", entry)
	}
	hits, err := f.watch.Store.Hits(ctx, store.HitFilter{Stories: []int64{entry.Story}})
	if err != nil {
		t.Fatal(err)
	}
	for _, h := range hits {
		if err := f.watch.Store.Judge(ctx, news.Verdict{Hit: h.Hit.ID, Says: news.Irrelevant, By: "test", Given: f.clock.now()}); err != nil {
			t.Fatal(err)
		}
	}
	after, err := watch.Drift(ctx, f.watch.Store, engine, watch.DriftOrder{Countries: []string{"KZ"}, Now: f.clock.now()})
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range after {
		for _, e := range r.Apart.Stories {
			if e.Story == entry.Story {
				t.Errorf("a story judged irrelevant counts: %+v", e)
			}
		}
	}
}

func TestDriftOfAnEmptyStoreIsNothing(t *testing.T) {
	f := open(t)
	lines, picture, err := watch.DigestDrift(context.Background(), f.watch.Store, engineOf(t, f), nil, f.clock.now())
	if err != nil || lines != nil || picture != nil {
		t.Errorf("%v, %d bytes, %v", lines, len(picture), err)
	}
}

func TestDigestDrift(t *testing.T) {
	f := open(t)
	f.cycle(watch.Order{})
	end := drift.WeekOf(f.hits()[0].Article.When()).Monday().AddDate(0, 0, 7).Add(9 * time.Hour) // next Monday at nine
	lines, picture, err := watch.DigestDrift(context.Background(), f.watch.Store, engineOf(t, f), nil, end)
	if err != nil {
		t.Fatal(err)
	}
	if len(lines) != len(news.Countries) || lines[0].Country != "KZ" {
		t.Errorf("%+v", lines)
	}
	if _, err := png.Decode(bytes.NewReader(picture)); err != nil {
		t.Error(err)
	}
	sum := 0.0
	for _, l := range lines {
		sum += l.Apart + l.Closer
	}
	if sum == 0 {
		t.Error("nothing in the week that is over")
	}
}

func engineOf(t *testing.T, f *fixture) *rules.Engine {
	t.Helper()
	engine, err := f.watch.Rules.Engine()
	if err != nil {
		t.Fatal(err)
	}
	return engine
}
