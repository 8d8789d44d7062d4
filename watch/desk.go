package watch

import (
	"context"
	"fmt"
	"sync"
	"time"

	"driftwatch/news"
	"driftwatch/store"
	"driftwatch/story"
)

// batchDrafts is how many articles are filed in one transaction at most, where
// as many are waiting.
const batchDrafts = 192

// hands is how many polls hold a feed that was read and isn't filed whole, besides
// those that wait for articles' pages.
const hands = 16

// draft is an article ready to be filed.
type draft struct {
	key     string // of the item within its source
	hash    uint64 // fingerprint of the item, with the tries that its page took
	owed    bool   // the page has to be tried again
	article news.Article
	hits    []news.Hit
	sketch  *story.Sketch

	hasPage bool           // its page may be fetched
	sight   *sight         // what its page was found to be; nil: it wasn't read
	kept    *news.KeptPage // where that lies in the archive; nil: it isn't kept
	look    *store.Look    // the page was looked at again, and is so next as this says; nil: it was polled
}

// filing is what one poll hands to the desk at a time: articles, or the
// source's new state, or both.
type filing struct {
	source news.Source
	first  bool // found by the source's first poll
	past   bool // of the past: nobody is told
	drafts []draft
	state  *news.SourceState
	done   chan error
}

// desk files what the polls bring: it alone writes, so that copies of one text
// that arrive at the same moment meet in one story, and it puts what is waiting
// into one transaction.
type desk struct {
	w     *Watch
	tally *tally
	order Order
	kick  func() // tells the senders that something is owed
	in    chan filing
	hands chan struct{} // full: no feed is taken up
	wg    sync.WaitGroup
	pages pageShelf // the archive

	// Of the one goroutine that writes: the first article of the cycle, how many
	// there were, and the stories that are to be settled.
	begins    int64
	articles  int
	unsettled map[int64]bool

	mu  sync.Mutex
	err error // what ended the cycle; nothing is filed after it
}

func (w *Watch) startDesk(ctx context.Context, t *tally, o Order, kick func()) *desk {
	d := &desk{w: w, tally: t, order: o, kick: kick, in: make(chan filing, 64), hands: make(chan struct{}, hands), unsettled: map[int64]bool{}}
	d.wg.Go(func() { d.work(ctx) })
	return d
}

// close waits until all is filed, and settles the stories; no poll may be running.
// The error is what ended the cycle early.
func (d *desk) close() error {
	close(d.in)
	d.wg.Wait()
	if err := d.pages.close(); err != nil {
		d.lost(err)
	}
	if err := d.fail(nil); err != nil {
		return err
	}
	return d.settle(context.Background())
}

// fail keeps the first error that ends the cycle, and gives back that one.
func (d *desk) fail(err error) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.err == nil {
		d.err = err
	}
	return d.err
}

// file waits until the filing is on disk.
func (d *desk) file(ctx context.Context, f filing) error {
	f.done = make(chan error, 1)
	select {
	case d.in <- f:
	case <-ctx.Done():
		return errInterrupted
	}
	return <-f.done
}

// work files until the channel is closed.
func (d *desk) work(ctx context.Context) {
	for f := range d.in {
		d.commit(ctx, d.batch(f))
	}
}

// linger is how long a batch that has room waits for polls that are reading what
// they hold: pages of the database that several articles go to are then written
// once.
const linger = 10 * time.Millisecond

// batch gathers what is filed in one transaction.
func (d *desk) batch(f filing) []filing {
	batch := []filing{f}
	var late <-chan time.Time
	for n := len(f.drafts); n < batchDrafts; n += len(f.drafts) + 1 {
		var ok bool
		select {
		case f, ok = <-d.in:
		default:
			if len(d.hands) <= len(batch) {
				return batch // nobody is reading
			}
			if late == nil {
				late = time.After(linger)
			}
			select {
			case f, ok = <-d.in:
			case <-late:
			}
		}
		if !ok {
			return batch
		}
		batch = append(batch, f)
	}
	return batch
}

// commit writes a batch in one transaction. A store that can't be written ends
// the cycle.
func (d *desk) commit(ctx context.Context, batch []filing) {
	err := d.fail(nil)
	if err == nil {
		var c counted
		d.keepPages(ctx, batch)
		pushed := d.w.Fetch != nil && d.w.Fetch.Pushed() // kept at once: the run may be killed
		err = d.w.Store.Update(context.WithoutCancel(ctx), func(tx store.Tx) error {
			c = counted{}
			for _, f := range batch {
				if err := d.put(tx, f, &c); err != nil {
					return err
				}
			}
			if pushed {
				return d.w.putPaces(tx)
			}
			return nil
		})
		if err == nil {
			c.add(d.tally, d.order.Keep)
			d.articles += c.articles
			if c.queued > 0 {
				d.kick()
			}
		} else {
			err = d.fail(fmt.Errorf("file articles: %w", err))
		}
	}
	for _, f := range batch {
		f.done <- err
	}
}

func (d *desk) put(tx store.Tx, f filing, c *counted) error {
	for i := range f.drafts {
		dr := &f.drafts[i]
		was, err := d.earlier(tx, dr)
		if err == nil {
			err = d.putDraft(tx, f, dr, c)
		}
		if err == nil {
			err = d.putEvidence(tx, f.source, dr, was, c)
		}
		if err != nil {
			return fmt.Errorf("%s: %s: %w", f.source.ID, dr.article.URL, err)
		}
	}
	if f.state != nil {
		return tx.SaveSourceState(*f.state)
	}
	return nil
}

// putDraft files one article: a new one, a changed one, or one that is known.
func (d *desk) putDraft(tx store.Tx, f filing, dr *draft, c *counted) error {
	known, found, err := tx.ArticleByURL(dr.article.URL)
	if err != nil {
		return err
	}
	var a news.Article
	switch {
	case !found:
		if a, err = d.putNew(tx, dr); err == nil {
			c.articles++
			c.from(f.source.ID)
			if !f.past && !f.first || d.w.AlertFirstPoll { // a first poll finds what was there before us
				c.published(a)
			}
		}
	case revises(known, dr):
		dr.article.ID = known.Article.ID
		a, err = tx.PutRevision(dr.article, Print(dr.sketch), dr.article.Seen)
		if err == nil {
			c.revised++
		}
	default:
		a = known.Article
		return remember(tx, f, dr, a)
	}
	if err != nil {
		return err
	}
	if err := remember(tx, f, dr, a); err != nil {
		return err
	}
	return d.putHits(tx, f, dr, a, c)
}

// remember keeps the entry that led to an article; a page that was looked at
// again has none.
func remember(tx store.Tx, f filing, dr *draft, a news.Article) error {
	if dr.look != nil {
		return nil
	}
	return tx.PutItem(store.ItemState{Source: f.source.ID, Key: dr.key, Hash: dr.hash, Article: a.ID, First: dr.article.Seen})
}

// revises reports whether a draft's text takes the place of the one that is
// stored. The teaser of a second listing doesn't displace a page's text, nor
// do the words of another outlet's listing.
func revises(known store.Known, dr *draft) bool {
	if known.Hash == store.TextHash(dr.article.Title, dr.article.Text) {
		return false
	}
	if known.Article.Source != dr.article.Source {
		return false
	}
	if dr.look != nil && known.Article.Revision != dr.article.Revision {
		return false // a poll revised it while its page was looked at
	}
	return dr.article.From != fromListing || known.Article.From == fromListing
}

// putHits files an article's hits, and what is owed to the routes for them.
func (d *desk) putHits(tx store.Tx, f filing, dr *draft, a news.Article, c *counted) error {
	if len(dr.hits) == 0 && a.Revision == 1 {
		if a.Join.To == 0 { // it has begun a story: nobody was told of it
			return nil
		}
		return d.tell(tx, f, a, nil, c)
	}
	first := f.first && !d.w.AlertFirstPoll
	for i := range dr.hits {
		h := &dr.hits[i]
		h.Found = dr.article.Seen
		h.Quiet = d.quiet(*h, a, first)
		if f.past && h.Quiet != news.QuietBackground {
			h.Quiet = news.QuietBackfill
		}
	}
	put, err := tx.PutHits(a.ID, a.Revision, dr.hits)
	if err != nil {
		return err
	}
	for _, p := range put {
		if p.New {
			c.hit(p.Hit, a, f.source)
		}
	}
	return d.tell(tx, f, a, put, c)
}

// tell writes what is owed to the routes for an article, unless it is of the past.
func (d *desk) tell(tx store.Tx, f filing, a news.Article, hits []store.PutHit, c *counted) error {
	if f.past {
		return nil
	}
	return d.w.tellOf(tx, f.source, a, hits, c)
}

// quiet says why a hit isn't alerted; "" when it is.
func (d *desk) quiet(h news.Hit, a news.Article, first bool) string {
	switch {
	case h.Background:
		return news.QuietBackground
	case d.w.Now().Sub(a.When()) > d.w.MaxAge:
		return news.QuietOld
	case first:
		return news.QuietFirstPoll
	}
	return ""
}

// counted is what a transaction will have done once it is committed.
type counted struct {
	articles, revised, queued int
	changed, takenDown        int // pages of flagged articles
	hits                      map[string]int
	silent                    map[string]int
	fresh                     map[string]int // new articles by source
	seen                      []time.Duration
	found                     []Found
}

// from counts a new article of a source.
func (c *counted) from(source string) {
	if c.fresh == nil {
		c.fresh = map[string]int{}
	}
	c.fresh[source]++
}

func (c *counted) published(a news.Article) {
	if !a.Published.IsZero() && a.Published.Before(a.Seen) {
		c.seen = append(c.seen, a.Seen.Sub(a.Published))
	}
}

func (c *counted) hit(h news.Hit, a news.Article, s news.Source) {
	if c.hits == nil {
		c.hits, c.silent = map[string]int{}, map[string]int{}
	}
	c.hits[string(h.Theme)]++
	if h.Quiet != "" {
		c.silent[h.Quiet]++
	}
	c.found = append(c.found, Found{h, a, s})
}

func (c *counted) add(t *tally, keep bool) {
	t.do(func(s *Summary) {
		s.Articles.New += c.articles
		s.Articles.Revised += c.revised
		s.Alerts.Queued += c.queued
		s.Evidence.Changed += c.changed
		s.Evidence.TakenDown += c.takenDown
		for k, n := range c.hits {
			s.Hits[k] += n
		}
		for k, n := range c.silent {
			s.Quiet[k] += n
		}
		for id, n := range c.fresh {
			t.fresh[id] += n
		}
		t.seen = append(t.seen, c.seen...)
		if keep {
			s.Found = append(s.Found, c.found...)
		}
	})
}
