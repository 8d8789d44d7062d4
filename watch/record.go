package watch

import (
	"cmp"
	"context"
	"errors"
	"maps"
	"slices"
	"strings"
	"time"

	"driftwatch/news"
	"driftwatch/rules"
	"driftwatch/store"
	"driftwatch/text"
)

// Standing is how the signals do: what they found, and what was said of it.
type Standing struct {
	Since   time.Time
	Signals []SignalStanding // those of the rules, by theme and id, then those that the rules no longer have
	Misses  []MissCount      // by theme
	Metered int              // articles that costs were taken from
	Terms   []TermStanding   // those in hits judged irrelevant, the worst first
}

// SignalStanding is one signal's record.
type SignalStanding struct {
	Theme     news.Theme
	Signal    string
	Title     string // "" where the rules no longer have it
	Hits      int
	Verdicts  Verdicts
	Last      time.Time // zero: never, since then
	Weeks     []int     // hits of each week since then, the last one is this week's
	Languages []LanguageStanding
	Misses    int        // stories that were reported as missed by it
	Cost      rules.Cost // of the metered articles
}

// LanguageStanding is a signal's record in one language.
type LanguageStanding struct {
	Language string
	Hits     int
	Verdicts Verdicts
	Last     time.Time
}

// Verdicts count what stands of hits.
type Verdicts struct{ Relevant, Irrelevant, Unsure int }

func (v *Verdicts) add(o Verdicts) {
	v.Relevant += o.Relevant
	v.Irrelevant += o.Irrelevant
	v.Unsure += o.Unsure
}

// Judged is how many verdicts say that a hit was right or wrong.
func (v Verdicts) Judged() int { return v.Relevant + v.Irrelevant }

// MissCount is how many stories of a theme were reported as missed.
type MissCount struct {
	Theme  news.Theme
	Misses int
}

// TermStanding is a word, as it stands in evidence, with what was said of the
// hits that rest on it.
type TermStanding struct {
	Word     string // folded to small letters
	Signal   string
	Language string
	Verdicts
}

// Stand adds up how the signals did since a time.
func Stand(ctx context.Context, st store.Store, engine *rules.Engine, since, now time.Time) (*Standing, error) {
	s, err := standing(ctx, st, engine, since, now)
	if err != nil {
		return nil, err
	}
	judged, err := st.Hits(ctx, store.HitFilter{Since: since, Withdrawn: true, Verdicts: []news.Judgement{news.Relevant, news.Irrelevant}})
	if err != nil {
		return nil, err
	}
	s.Terms = termStandings(judged)
	meter, err := meterLatest(ctx, st, engine, now)
	if err != nil {
		return nil, err
	}
	s.Metered = meter.Texts
	for i := range s.Signals {
		s.Signals[i].Cost = meter.Costs[s.Signals[i].Signal]
	}
	return s, nil
}

// standing is Stand without the terms and the costs, which take seconds.
func standing(ctx context.Context, st store.Store, engine *rules.Engine, since, now time.Time) (*Standing, error) {
	counts, err := st.SignalCounts(ctx, since)
	if err != nil {
		return nil, err
	}
	misses, err := st.Misses(ctx)
	if err != nil {
		return nil, err
	}
	s := &Standing{Since: since, Signals: signalStandings(counts, engine, since, now), Misses: missCounts(misses, since)}
	for i, x := range s.Signals {
		for _, m := range misses {
			if m.Signal == x.Signal && !m.Given.Before(since) {
				s.Signals[i].Misses++
			}
		}
	}
	return s, nil
}

// What costs are taken from: the articles of some days, not more than this many.
const (
	meteredDays = 14
	meteredMost = 2000
)

// meterLatest takes the costs of the signals from late articles.
func meterLatest(ctx context.Context, st store.Store, engine *rules.Engine, now time.Time) (rules.Meter, error) {
	var m rules.Meter
	var rd text.Reader
	var r text.Reading
	enough := errors.New("enough articles")
	err := st.EachArticle(ctx, now.AddDate(0, 0, -meteredDays), func(a news.Article) error {
		if m.Texts == meteredMost {
			return enough
		}
		rd.Read(&r, a.Title, a.Text, a.Lang)
		m.Add(engine, &r, aboutOf(a, news.Source{ID: a.Source}))
		return nil
	})
	if err == enough {
		err = nil
	}
	return m, err
}

func signalStandings(counts []store.SignalCount, engine *rules.Engine, since, now time.Time) []SignalStanding {
	var out []SignalStanding
	at := map[string]int{}
	for _, s := range engine.Signals() {
		at[s.ID] = len(out)
		out = append(out, SignalStanding{Theme: s.Theme, Signal: s.ID, Title: s.Title})
	}
	weeks := weeksBetween(since, now)
	for _, c := range counts {
		i, known := at[c.Signal]
		if !known {
			i = len(out)
			at[c.Signal] = i
			out = append(out, SignalStanding{Theme: c.Theme, Signal: c.Signal})
		}
		out[i].add(c, weeks, now)
	}
	for i := range out {
		if out[i].Weeks == nil {
			out[i].Weeks = make([]int, weeks)
		}
	}
	return out
}

// maxWeeks bounds the row of weeks that is shown.
const maxWeeks = 26

// weeksBetween is how many weeks have a part between two times, the last
// maxWeeks at most.
func weeksBetween(since, now time.Time) int {
	n := int(monday(now).Sub(monday(since)).Hours()/(24*7)) + 1
	return max(1, min(n, maxWeeks))
}

// monday is when the week of a time begins, UTC.
func monday(t time.Time) time.Time {
	t = t.UTC()
	y, m, d := t.Date()
	return time.Date(y, m, d-(int(t.Weekday())+6)%7, 0, 0, 0, 0, time.UTC)
}

func (s *SignalStanding) add(c store.SignalCount, weeks int, now time.Time) {
	v := Verdicts{c.Relevant, c.Irrelevant, c.Unsure}
	s.Hits += c.Hits
	s.Verdicts.add(v)
	if c.Last.After(s.Last) {
		s.Last = c.Last
	}
	if s.Weeks == nil {
		s.Weeks = make([]int, weeks)
	}
	if i := weeks - weeksBetween(c.Week, now); i >= 0 {
		s.Weeks[i] += c.Hits
	}
	i := slices.IndexFunc(s.Languages, func(l LanguageStanding) bool { return l.Language == c.Language })
	if i < 0 {
		i = len(s.Languages)
		s.Languages = append(s.Languages, LanguageStanding{Language: c.Language})
	}
	l := &s.Languages[i]
	l.Hits += c.Hits
	l.Verdicts.add(v)
	if c.Last.After(l.Last) {
		l.Last = c.Last
	}
}

func missCounts(all []news.Miss, since time.Time) []MissCount {
	n := map[news.Theme]int{}
	for _, m := range all {
		if !m.Given.Before(since) {
			n[m.Theme]++
		}
	}
	out := make([]MissCount, 0, len(n))
	for _, t := range slices.Sorted(maps.Keys(n)) {
		out = append(out, MissCount{t, n[t]})
	}
	return out
}

// termStandings counts the words of the theme that judged hits rest on, and
// keeps those with more wrong hits than right ones, or at least three wrong.
func termStandings(judged []store.HitRow) []TermStanding {
	type key struct{ word, signal, lang string }
	n := map[key]*Verdicts{}
	for _, h := range judged {
		seen := map[key]bool{}
		for _, e := range h.Hit.Evidence {
			for _, w := range e.Words {
				from, to := w.Start-e.SentenceStart, w.End-e.SentenceStart
				if w.Leg != "theme" || from < 0 || to > len(e.Sentence) || from >= to {
					continue
				}
				k := key{strings.ToLower(e.Sentence[from:to]), h.Hit.Signal, h.Article.Lang}
				if seen[k] {
					continue
				}
				seen[k] = true
				if n[k] == nil {
					n[k] = &Verdicts{}
				}
				if h.Verdict.Says == news.Relevant {
					n[k].Relevant++
				} else {
					n[k].Irrelevant++
				}
			}
		}
	}
	var out []TermStanding
	for k, v := range n {
		if v.Irrelevant > v.Relevant || v.Irrelevant >= 3 {
			out = append(out, TermStanding{k.word, k.signal, k.lang, *v})
		}
	}
	slices.SortFunc(out, func(a, b TermStanding) int {
		return cmp.Or(b.Irrelevant-a.Irrelevant, a.Relevant-b.Relevant, strings.Compare(a.Word, b.Word), strings.Compare(a.Signal, b.Signal), strings.Compare(a.Language, b.Language))
	})
	return out
}
