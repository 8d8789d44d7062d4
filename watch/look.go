package watch

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"time"

	"driftwatch/crawler/address"
	"driftwatch/crawler/extract"
	"driftwatch/crawler/fetch"
	"driftwatch/crawler/wall"
	"driftwatch/news"
	"driftwatch/store"
)

// maxLooks is how many pages a cycle looks at again; the rest is left for the
// next. lookers is how many wait for their hosts at once.
const (
	maxLooks = 300
	lookers  = 32
)

// lookAgain looks at the pages of flagged articles that are due, like the polls:
// nothing is begun once soft has ended, and what is in hand ends with work.
func (w *Watch) lookAgain(soft, work context.Context, d *desk, t *tally) {
	if len(w.Evidence.Looks) == 0 {
		return
	}
	due, err := w.Store.LooksDue(work, w.Now(), maxLooks)
	if err != nil {
		d.fail(fmt.Errorf("look at flagged pages again: %w", err))
		return
	}
	sources := sourcesByID(w.sources())
	var wg sync.WaitGroup
	slots := make(chan struct{}, lookers)
	defer wg.Wait()
	for _, l := range due {
		select {
		case slots <- struct{}{}:
		case <-soft.Done():
			return
		}
		if soft.Err() != nil {
			return
		}
		wg.Go(func() {
			defer func() { <-slots }()
			w.look(work, d, t, l, sources)
		})
	}
}

// look looks at one page and files what it finds.
func (w *Watch) look(ctx context.Context, d *desk, t *tally, l store.Look, sources map[string]news.Source) {
	a, err := w.Store.Article(ctx, l.Article)
	if err != nil {
		if ctx.Err() == nil {
			d.fail(err)
		}
		return
	}
	src, known := sources[a.Source]
	if !known {
		src.ID = a.Source
	}
	p := poll{w: w, desk: d, tally: t, source: src}
	var s *sight
	var page *extract.Article
	err = p.sound(a.Address(), func() (err error) {
		s, page, err = p.sighting(ctx, a, l)
		return err
	})
	if ctx.Err() != nil {
		return
	}
	l.Tries, l.Due = w.nextLook(l, err)
	if err != nil {
		w.Log.Info("page not looked at again", "source", a.Source, "url", w.hide(a.Address()), "problem", w.hide(err.Error()))
	}
	dr := draft{article: a, sight: s, look: &l}
	if page != nil && page.Text != a.Text && a.From != fromListing {
		was := dr
		if err := p.rewritten(ctx, &dr, page, l); errors.As(err, new(*FaultError)) {
			dr = was // what the page says is kept, and the article as it was
		} else if err != nil {
			return
		}
	}
	if p.desk.file(ctx, filing{source: src, drafts: []draft{dr}}) != nil {
		return
	}
	t.do(func(s *Summary) { s.Evidence.Looked++ })
}

// nextLook is after how many tries and when a page is looked at next: soon, and
// less and less soon, where it could not be had; after three tries when it would
// be anyway.
func (w *Watch) nextLook(l store.Look, err error) (tries int, due time.Time) {
	now := w.Now()
	due = w.Evidence.next(l.Flagged, now)
	if err == nil || l.Tries >= 3 {
		return 0, due
	}
	soon := now.Add(10 * time.Minute << l.Tries)
	if due.IsZero() || soon.Before(due) {
		due = soon
	}
	return l.Tries + 1, due
}

// rewritten makes a draft of an article whose page says something else now.
func (p *poll) rewritten(ctx context.Context, dr *draft, page *extract.Article, l store.Look) error {
	engine, known, err := p.readers(ctx)
	if err != nil {
		return err
	}
	a := dr.article
	if l.Said.Title != "" && page.Title != "" && !sameLine(page.Title, l.Said.Title) {
		a.Title = page.Title
	}
	a.Text, a.From, a.Seen = page.Text, page.From.Text, p.w.Now().UTC()
	if m := page.Modified.UTC(); m.After(a.Modified) {
		a.Modified = m
	}
	return p.judge(engine, known, dr, a)
}

// sighting fetches an article's page. An error says that nothing is known of it
// now; that it is gone is none.
func (p *poll) sighting(ctx context.Context, a news.Article, l store.Look) (*sight, *extract.Article, error) {
	if p.isPost(a.Address()) {
		s, err := p.post(ctx, a.Address())
		return s, nil, err
	}
	r := fetch.Request{
		URL: a.Address(), Purpose: fetch.Page, Origin: p.source.URL, UserAgent: p.source.UserAgent, Keep: p.w.Evidence.keeps(),
	}
	if l.Down == "" {
		r.ETag, r.LastModified = l.ETag, l.LastModified
	}
	s := &sight{said: news.Version{Seen: p.w.Now().UTC()}}
	res, err := p.get(ctx, r)
	if err != nil {
		if s.removed(err) {
			return s, nil, nil
		}
		return nil, nil, err
	}
	s.capture = res.Kept
	if res.NotModified {
		s.said.Title, s.said.Text, s.etag, s.lastModified = l.Said.Title, l.Said.Text, res.ETag, res.LastModified
		return s, nil, nil
	}
	if p.isFront(res.URL) && !p.isFront(a.Address()) {
		s.down = "redirected to the front page"
		return s, nil, nil
	}
	page, err := p.article(res)
	if errors.As(err, new(*FaultError)) {
		return nil, nil, err
	}
	if err != nil {
		if f := wall.Guarded(string(res.Body)); f.Kind != "" {
			return nil, nil, fmt.Errorf("%s is %s", res.URL, f.What)
		}
		s.down = strings.TrimPrefix(err.Error(), extract.ErrNoArticle.Error()+": ")
		return s, nil, nil
	}
	s.said.Title, s.said.Text, s.etag, s.lastModified = page.Title, page.Text, res.ETag, res.LastModified
	return s, page, nil
}

// removed takes down that a page is there no more, where an error says so by its
// status.
func (s *sight) removed(err error) bool {
	var fe *fetch.Error
	if !errors.As(err, &fe) || fe.Status != http.StatusNotFound && fe.Status != http.StatusGone && fe.Status != http.StatusUnavailableForLegalReasons {
		return false
	}
	s.down, s.capture = fmt.Sprintf("status %d", fe.Status), fe.Kept
	return true
}

// isFront reports whether an address is an outlet's front page: its root, that of
// one of its languages, or what the catalogue calls its homepage.
func (p *poll) isFront(raw string) bool {
	u, err := url.Parse(raw)
	if err != nil || u.RawQuery != "" {
		return false
	}
	if home, err := address.Canonical(p.source.Homepage); err == nil && p.source.Homepage != "" {
		if at, err := address.Canonical(raw); err == nil && at == home {
			return true
		}
	}
	path := strings.ToLower(strings.Trim(u.Path, "/"))
	switch path {
	case "", "index.html", "index.php", "home", "main", "404":
		return true
	}
	return len(path) == 2 || len(path) == 3 && !strings.ContainsAny(path, "0123456789./")
}
