package watch

import (
	"cmp"
	"context"
	"fmt"
	"runtime"
	"slices"
	"time"

	"golang.org/x/sync/errgroup"

	"driftwatch/news"
	"driftwatch/rules"
	"driftwatch/store"
	"driftwatch/text"
)

// Backtest is what changed rules would have found in the stored articles, beside
// what the rules before them find, or what was found.
type Backtest struct {
	Since    time.Time
	Articles int
	Took     time.Duration
	Kept     int      // hits that both find
	Lost     []Change // those that an analyst called relevant first
	Gained   []Change // the strongest first

	Signals, Countries, Languages []Shift // by key
}

// Change is a hit that one of two versions of the rules finds alone.
type Change struct {
	Article news.Article // without text
	Source  news.Source  // as far as it is configured
	Hit     news.Hit
	Verdict *news.Verdict // of a lost one: what was said of it
	// Others are the signals of the same theme that the article has in the
	// version without this hit: where there are any, the story itself stays.
	Others []string
}

// Shift adds up the changes of one signal, country or language.
type Shift struct {
	Key                string
	Kept, Gained, Lost int
	LostRelevant       int // of the lost: called relevant
	LostIrrelevant     int // of the lost: called irrelevant
}

// BacktestOrder says what to compare.
type BacktestOrder struct {
	Since    time.Time
	Before   *rules.Engine // nil: what was found and stands
	After    *rules.Engine
	Progress func(done int) // called now and then, from one goroutine
}

// RunBacktest reads the stored articles with one or both versions of the rules.
// It stores and sends nothing.
func RunBacktest(ctx context.Context, st store.Store, sources []news.Source, o BacktestOrder) (*Backtest, error) {
	begun := time.Now()
	stored, err := st.Hits(ctx, store.HitFilter{})
	if err != nil {
		return nil, err
	}
	was := make(map[int64][]store.HitRow)
	for _, h := range stored {
		was[h.Article.ID] = append(was[h.Article.ID], h)
	}
	b := &Backtest{Since: o.Since}
	tally := shifts{}
	know := sourcesByID(sources)
	err = readAgain(ctx, st, o.Since, know, o.engines(), o.Progress, func(a news.Article, found [][]news.Hit) {
		b.Articles++
		before := found[0]
		if o.Before == nil {
			before = hitsOf(was[a.ID])
		}
		b.compare(a, know[a.Source], before, found[len(found)-1], was[a.ID], tally)
	})
	if err != nil {
		return nil, err
	}
	b.Signals, b.Countries, b.Languages = tally.sorted("signal"), tally.sorted("country"), tally.sorted("language")
	b.order()
	b.Took = time.Since(begun)
	return b, nil
}

func (o BacktestOrder) engines() []*rules.Engine {
	if o.Before == nil {
		return []*rules.Engine{o.After}
	}
	return []*rules.Engine{o.Before, o.After}
}

func sourcesByID(sources []news.Source) map[string]news.Source {
	m := make(map[string]news.Source, len(sources))
	for _, s := range sources {
		m[s.ID] = s
	}
	return m
}

func hitsOf(rows []store.HitRow) []news.Hit {
	out := make([]news.Hit, len(rows))
	for i, r := range rows {
		out[i] = r.Hit
	}
	return out
}

// identity is what makes a hit of an article the same in two versions.
type identity struct {
	signal    string
	direction news.Direction
}

func identityOf(h news.Hit) identity { return identity{h.Signal, h.Direction} }

// compare notes what of one article's hits is in one version alone.
func (b *Backtest) compare(a news.Article, src news.Source, before, after []news.Hit, stored []store.HitRow, t shifts) {
	a.Text = ""
	for _, h := range before {
		if has(after, h) {
			b.Kept++
			t.add(a, h, func(s *Shift) { s.Kept++ })
			continue
		}
		c := Change{Article: a, Source: src, Hit: h, Verdict: verdictOn(stored, h), Others: othersOf(after, h)}
		b.Lost = append(b.Lost, c)
		t.add(a, h, func(s *Shift) {
			s.Lost++
			switch {
			case c.Verdict == nil:
			case c.Verdict.Says == news.Relevant:
				s.LostRelevant++
			case c.Verdict.Says == news.Irrelevant:
				s.LostIrrelevant++
			}
		})
	}
	for _, h := range after {
		if !has(before, h) {
			b.Gained = append(b.Gained, Change{Article: a, Source: src, Hit: h, Others: othersOf(before, h)})
			t.add(a, h, func(s *Shift) { s.Gained++ })
		}
	}
}

func has(hits []news.Hit, h news.Hit) bool {
	return slices.ContainsFunc(hits, func(o news.Hit) bool { return identityOf(o) == identityOf(h) })
}

func verdictOn(stored []store.HitRow, h news.Hit) *news.Verdict {
	for _, r := range stored {
		if identityOf(r.Hit) == identityOf(h) {
			return r.Verdict
		}
	}
	return nil
}

// othersOf are the signals of h's theme among hits.
func othersOf(hits []news.Hit, h news.Hit) []string {
	var out []string
	for _, o := range hits {
		if o.Theme == h.Theme && !slices.Contains(out, o.Signal) {
			out = append(out, o.Signal)
		}
	}
	return out
}

// order puts first what an author has to look at first.
func (b *Backtest) order() {
	rank := func(c Change) int {
		switch {
		case c.Verdict == nil:
			return 1
		case c.Verdict.Says == news.Relevant:
			return 0
		case c.Verdict.Says == news.Unsure:
			return 1
		}
		return 2
	}
	slices.SortStableFunc(b.Lost, func(x, y Change) int {
		return cmp.Or(rank(x)-rank(y), min(len(x.Others), 1)-min(len(y.Others), 1), strongest(x.Hit, y.Hit))
	})
	slices.SortStableFunc(b.Gained, func(x, y Change) int {
		return cmp.Or(min(len(x.Others), 1)-min(len(y.Others), 1), strongest(x.Hit, y.Hit))
	})
}

func strongest(a, b news.Hit) int {
	return cmp.Or(cmp.Compare(b.Level, a.Level), cmp.Compare(b.Score, a.Score), cmp.Compare(a.Signal, b.Signal))
}

// shifts are the sums by kind and key.
type shifts map[[2]string]*Shift

func (t shifts) add(a news.Article, h news.Hit, note func(*Shift)) {
	one := func(kind, key string) {
		k := [2]string{kind, key}
		if t[k] == nil {
			t[k] = &Shift{Key: key}
		}
		note(t[k])
	}
	one("signal", h.Signal)
	one("language", a.Lang)
	for _, c := range h.Countries {
		one("country", c)
	}
}

func (t shifts) sorted(kind string) []Shift {
	out := []Shift{}
	for k, s := range t {
		if k[0] == kind {
			out = append(out, *s)
		}
	}
	slices.SortFunc(out, func(a, b Shift) int { return cmp.Compare(a.Key, b.Key) })
	return out
}

// again is an article on its way through the rules.
type again struct {
	article news.Article
	found   chan [][]news.Hit
}

// progressEvery is how many articles pass between two calls of Progress.
const progressEvery = 250

// readAgain reads the stored articles since a time with each of the engines, on
// all processors, and calls note with what they found, in order, from one
// goroutine.
func readAgain(ctx context.Context, st store.Store, since time.Time, sources map[string]news.Source,
	engines []*rules.Engine, progress func(int), note func(news.Article, [][]news.Hit)) error {
	workers := runtime.GOMAXPROCS(0)
	work := make(chan again, 4*workers)
	queue := make(chan again, 16*workers)
	g, ctx := errgroup.WithContext(ctx)
	g.Go(func() error {
		defer close(work)
		defer close(queue)
		return st.EachArticle(ctx, since, func(a news.Article) error {
			x := again{a, make(chan [][]news.Hit, 1)}
			for _, to := range []chan again{work, queue} {
				select {
				case to <- x:
				case <-ctx.Done():
					return context.Cause(ctx)
				}
			}
			return nil
		})
	})
	for range workers {
		g.Go(func() error {
			var rd text.Reader
			var r text.Reading
			for x := range work {
				x.found <- flagAgain(&rd, &r, x.article, sources[x.article.Source], engines)
			}
			return nil
		})
	}
	g.Go(func() error {
		done := 0
		for x := range queue {
			select {
			case found := <-x.found:
				note(x.article, found)
			case <-ctx.Done():
				return context.Cause(ctx)
			}
			if done++; progress != nil && done%progressEvery == 0 {
				progress(done)
			}
		}
		return nil
	})
	if err := g.Wait(); err != nil {
		return fmt.Errorf("read the stored articles again: %w", err)
	}
	return nil
}

// flagAgain flags a stored article as a cycle would.
func flagAgain(rd *text.Reader, r *text.Reading, a news.Article, src news.Source, engines []*rules.Engine) [][]news.Hit {
	rd.Read(r, a.Title, a.Text, a.Lang)
	out := make([][]news.Hit, len(engines))
	for i, e := range engines {
		out[i] = e.Flag(r, aboutOf(a, src))
	}
	return out
}
