package review_test

import (
	"context"
	"fmt"
	"strings"
	"time"

	"driftwatch/configs"
	"driftwatch/news"
	"driftwatch/review"
	"driftwatch/store"
)

// book is a rulebook of one file; a line that says "broken" is a fault.
type book struct {
	text   string
	writes bool
	saved  int
	base   string
}

const nasty = `<script>alert(1)</script><img src=x onerror=alert(2)>`

func (b *book) file() review.RuleFile {
	return review.RuleFile{ID: "1/x.yaml", Name: "x.yaml", Path: "/etc/rules/x.yaml", Text: b.text, Base: b.base, Own: true, Writable: b.writes}
}

func (b *book) Signals(context.Context, time.Time) (review.RuleList, error) {
	return review.RuleList{Packs: 2, Tests: 3, Passed: 2, Folder: "/etc/rules", Writes: b.writes, Claims: true, Misses: map[news.Theme]int{"csto": 2}, Files: []review.RuleFile{b.file()},
		Signals: []review.RuleRecord{
			{ID: "s2", Title: "Export control " + nasty, Theme: "sanctions", Direction: "apart", Level: 4, Hits: 41, Relevant: 33, Irrelevant: 2, Unsure: 1, Low: 0.81, High: 0.98,
				Languages: []review.RuleLanguage{{Language: "ru", Hits: 41, Relevant: 33}}, Claimed: []string{"ru", "kk"}, Unverified: []string{"kk"}},
			{ID: "c3", Title: "Drill skipped", Theme: "csto", Direction: "apart", Level: 3, Hits: 2, Relevant: 1, Failing: 1},
		}}, nil
}

func (b *book) Signal(_ context.Context, id string) (review.RuleSignal, error) {
	if id != "s2" && id != "1" {
		return review.RuleSignal{}, review.ErrNoRule
	}
	return review.RuleSignal{ID: id, Title: "Export control " + nasty, Why: nasty, FalsePositives: []string{nasty}, Theme: "sanctions", Direction: "apart", Level: 4, File: b.file(), Line: 3,
		Text: b.text, Tests: []review.RuleTest{{Lang: "en", Text: nasty, Match: true}, {Lang: "ru", Text: "Нет.", Problem: "this must not match, and does"}}}, nil
}

func (b *book) File(_ context.Context, id string) (review.RuleFile, error) {
	if id != "1/x.yaml" {
		return review.RuleFile{}, review.ErrNoRule
	}
	return b.file(), nil
}

func (b *book) NewFile(_ context.Context, name string) (review.RuleFile, error) {
	if strings.ContainsAny(name, "/\\") || !strings.HasSuffix(name, ".yaml") {
		return review.RuleFile{}, review.ErrFileName
	}
	return review.RuleFile{ID: "1/" + name, Name: name, Path: "/etc/rules/" + name, Own: true}, nil
}

func (b *book) Draft(context.Context, string) (review.RuleFile, error) { return b.file(), nil }

func (b *book) Check(_ context.Context, file, text string) (review.Checked, error) {
	for i, l := range strings.Split(text, "\n") {
		if at := strings.Index(l, "broken"); at >= 0 {
			return review.Checked{Faults: configs.Errors{{File: file, Line: i + 1, Column: at + 1, Msg: "this is " + nasty, Snippet: l + "\n" + strings.Repeat(" ", at) + "^"}}}, nil
		}
	}
	return review.Checked{Tests: 3, Passed: 3}, nil
}

func (b *book) Backtest(_ context.Context, _, _ string, _ time.Time, progress func(int)) (review.Backtest, error) {
	progress(250)
	return review.Backtest{Articles: 812, Before: 23, After: 19, LostNot: 5, LostCount: 5, GainedCount: 1,
		Lost: []review.BacktestHit{{Hit: news.Hit{Signal: "s2", Level: 3, Evidence: []news.Evidence{{Sentence: nasty, Words: []news.Span{{Start: 1, End: 5}}}}}, Article: news.Article{ID: 3, Story: 1, Title: nasty},
			Verdict: &news.Verdict{Says: news.Irrelevant, By: "dana"}}},
		Gained: []review.BacktestHit{{Hit: news.Hit{Signal: "s2", Level: 4}, Article: news.Article{ID: 4, Story: 1, Title: nasty}, Others: []string{"s2", "s9"}}}}, nil
}

func (b *book) Save(_ context.Context, _, text, base string) (string, error) {
	switch {
	case !b.writes:
		return "", review.ErrNoWriting
	case base != b.base:
		return "", review.ErrStale
	}
	b.text, b.base = text, fmt.Sprint("v", b.saved+1)
	b.saved++
	return "abc", nil
}

func (b *book) Patch(_ context.Context, _, text string) (string, error) {
	return "--- a/x.yaml\n+++ b/x.yaml\n@@ -1 +1 @@\n-old\n+" + text, nil
}

func (b *book) Versions(context.Context, int) ([]review.RuleVersion, error) {
	return []review.RuleVersion{{Digest: "abc", First: time.Now(), Changes: "changed " + nasty, Diff: "--- a/x\n+++ b/x\n@@ -1 +1 @@\n-" + nasty + "\n+b\n", Now: true}}, nil
}

// box is the outbox of a store.
type box struct{ store.Store }

func (b box) DeliveryList(ctx context.Context, f review.DeliveryFilter) ([]review.DeliveryLine, error) {
	rows, err := b.Store.Deliveries(ctx, store.DeliveryFilter{States: f.States, Channels: f.Channels, Routes: f.Routes, IDs: f.IDs, Stories: f.Stories, Before: f.Before, Limit: f.Limit})
	var out []review.DeliveryLine
	for _, r := range rows {
		out = append(out, review.DeliveryLine{Delivery: r.Delivery, Title: r.Title})
	}
	return out, err
}

func (b box) Retry(ctx context.Context, now time.Time, ids ...int64) (int, error) {
	return b.RetryDeliveries(ctx, now, ids...)
}

func (b box) Cancel(ctx context.Context, why string, ids ...int64) (int, error) {
	return b.CancelDeliveries(ctx, why, ids...)
}

func (b box) Message(context.Context, news.Delivery) (review.Message, error) {
	return review.Message{Text: `{"text": "` + nasty + `"}`, Type: "application/json", Read: "A message " + nasty}, nil
}

func (b box) Names() (channels, routes []string) { return []string{"desk"}, []string{"all"} }

// data is what the API tells of a store.
type data struct{ store.Store }

func (d data) HitList(ctx context.Context, f review.HitFilter) ([]review.HitLine, error) {
	rows, err := d.Hits(ctx, store.HitFilter{Themes: f.Themes, Countries: f.Countries, Since: f.Since, Until: f.Until, Unjudged: f.Unjudged, Limit: f.Limit})
	var out []review.HitLine
	for _, r := range rows {
		out = append(out, review.HitLine{Hit: r.Hit, Article: r.Article, Verdict: r.Verdict})
	}
	return out, err
}

func (d data) SourceList(context.Context) ([]review.SourceLine, error) {
	return []review.SourceLine{{ID: "outlet-0", Name: "Ковыль Медиа", Enabled: true}}, nil
}

func (d data) DriftWeeks(context.Context, []string, []news.Theme, time.Time) ([]review.ToldWeek, error) {
	return []review.ToldWeek{{Country: "KZ", Week: "2031-W35"}}, nil
}
