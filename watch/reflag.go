package watch

import (
	"context"
	"fmt"
	"slices"
	"time"

	"driftwatch/news"
	"driftwatch/rules"
	"driftwatch/store"
)

// Reflagged is what flagging stored articles again did.
type Reflagged struct {
	Articles  int     `json:"articles"`  // read
	Changed   int     `json:"changed"`   // of these, with other hits now
	Gained    int     `json:"gained"`    // hits
	Withdrawn int     `json:"withdrawn"` // hits
	Seconds   float64 `json:"seconds"`
}

// reflagBatch is how many changed articles are written in one transaction.
const reflagBatch = 256

// Reflag flags the articles seen since a time again, and keeps what the rules say
// now. Nobody is told. Hits that are the same stay as they are, with the version
// of the rules that made them; hits that are no longer found are withdrawn, with
// their verdicts. The caller holds the cycle's lock.
func (w *Watch) Reflag(ctx context.Context, since time.Time, progress func(done int)) (Reflagged, error) {
	begun := time.Now()
	engine, err := w.Rules.Engine()
	if err != nil {
		return Reflagged{}, err
	}
	now := w.Now().UTC()
	if err := w.Rules.Record(ctx, w.Store, engine, now); err != nil {
		return Reflagged{}, err
	}
	stored, err := w.Store.Hits(ctx, store.HitFilter{})
	if err != nil {
		return Reflagged{}, err
	}
	standing := make(map[int64][]news.Hit)
	for _, h := range stored {
		standing[h.Article.ID] = append(standing[h.Article.ID], h.Hit)
	}
	r := reflagging{w: w, ctx: ctx, now: now}
	err = readAgain(ctx, w.Store, since, sourcesByID(w.sources()), []*rules.Engine{engine}, progress, func(a news.Article, found [][]news.Hit) {
		r.article(a, standing[a.ID], found[0])
	})
	if err == nil {
		r.flush()
		err = r.err
	}
	r.done.Seconds = time.Since(begun).Seconds()
	return r.done, err
}

// reflagging collects changed articles until there are enough to write.
type reflagging struct {
	w       *Watch
	ctx     context.Context
	now     time.Time
	waiting []changed
	pending Reflagged // what the waiting ones will have changed
	done    Reflagged
	err     error
}

// changed is an article with other hits than before.
type changed struct {
	article news.Article
	hits    []news.Hit
}

func (r *reflagging) article(a news.Article, was, is []news.Hit) {
	if r.err != nil {
		return
	}
	r.done.Articles++
	if sameHits(was, is) {
		return
	}
	a.Text = ""
	for i := range is {
		is[i].Found, is[i].Quiet = r.now, news.QuietRules
		if is[i].Background {
			is[i].Quiet = news.QuietBackground
		}
		if !has(was, is[i]) {
			r.pending.Gained++
		}
	}
	for _, h := range was {
		if !has(is, h) {
			r.pending.Withdrawn++
		}
	}
	r.pending.Changed++
	if r.waiting = append(r.waiting, changed{a, is}); len(r.waiting) >= reflagBatch {
		r.flush()
	}
}

// sameHits reports whether two readings of a text found the same, wherever the
// rules came from.
func sameHits(a, b []news.Hit) bool {
	if len(a) != len(b) {
		return false
	}
	for _, x := range a {
		i := slices.IndexFunc(b, func(y news.Hit) bool { return identityOf(x) == identityOf(y) })
		if i < 0 || !sameHit(x, b[i]) {
			return false
		}
	}
	return true
}

func sameHit(a, b news.Hit) bool {
	return a.Theme == b.Theme && a.Title == b.Title && a.Why == b.Why && a.Level == b.Level && a.Score == b.Score &&
		a.Background == b.Background && slices.Equal(a.Countries, b.Countries) &&
		slices.EqualFunc(a.Evidence, b.Evidence, func(x, y news.Evidence) bool {
			return x.Field == y.Field && x.Start == y.Start && x.End == y.End && slices.Equal(x.Words, y.Words)
		})
}

// flush writes what waits.
func (r *reflagging) flush() {
	if r.err != nil || len(r.waiting) == 0 {
		return
	}
	r.err = r.w.Store.Update(r.ctx, func(tx store.Tx) error {
		for _, c := range r.waiting {
			if _, err := tx.PutHits(c.article.ID, c.article.Revision, c.hits); err != nil {
				return fmt.Errorf("flag %s again: %w", c.article.URL, err)
			}
			if err := r.w.lookSoon(tx, c.article, c.hits, r.now); err != nil {
				return err
			}
		}
		return nil
	})
	if r.err == nil {
		r.done.Changed += r.pending.Changed
		r.done.Gained += r.pending.Gained
		r.done.Withdrawn += r.pending.Withdrawn
	}
	r.waiting, r.pending = nil, Reflagged{}
}
