package watch

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"time"

	"driftwatch/configs"
	"driftwatch/crawler/feed"
	"driftwatch/news"
	"driftwatch/text"
)

// Checked is what a poll of one source found, for `sources check`. The JSON
// names are stable.
type Checked struct {
	Source   string     `json:"source"`
	URL      string     `json:"url"`
	Status   string     `json:"status"` // StatusOK, or why not in a word
	Format   string     `json:"format,omitempty"`
	Items    int        `json:"items"`
	Newest   *time.Time `json:"newest"`             // null: no item has a date
	Language string     `json:"language,omitempty"` // of most items' words
	Seconds  float64    `json:"seconds"`
	Problem  string     `json:"problem,omitempty"`
	Advice   string     `json:"advice,omitempty"`
}

// StatusOK is the status of a source that could be read.
const StatusOK = "ok"

// Check polls the enabled sources, or those named, and stores nothing.
func (w *Watch) Check(ctx context.Context, ids []string, progress func(done, total int)) ([]Checked, error) {
	chosen, err := w.choose(ids)
	if err != nil {
		return nil, err
	}
	out := make([]Checked, len(chosen))
	slots := make(chan struct{}, max(64, 8*w.Concurrency))
	var wg sync.WaitGroup
	var mu sync.Mutex
	done := 0
	for i, src := range chosen {
		slots <- struct{}{}
		wg.Go(func() {
			defer func() { <-slots }()
			out[i] = w.check(ctx, src)
			mu.Lock()
			defer mu.Unlock()
			done++
			progress(done, len(chosen))
		})
	}
	wg.Wait()
	return out, ctx.Err()
}

func (w *Watch) choose(ids []string) ([]news.Source, error) {
	byID := make(map[string]news.Source, len(w.sources()))
	var out []news.Source
	for _, s := range w.sources() {
		byID[s.ID] = s
		if s.Enabled && len(ids) == 0 {
			out = append(out, s)
		}
	}
	for _, id := range ids {
		s, ok := byID[id]
		if !ok {
			return nil, w.unknownSource(id)
		}
		out = append(out, s)
	}
	return out, nil
}

// UnknownSourceError says that no source has an id.
type UnknownSourceError struct {
	ID      string // as it was asked for
	Nearest string // the id that was probably meant; empty: none is near
}

// Error is a sentence that says what to do.
func (e *UnknownSourceError) Error() string {
	if e.Nearest != "" {
		return fmt.Sprintf("no source is called %q; did you mean %s?", e.ID, e.Nearest)
	}
	return fmt.Sprintf("no source is called %q; see: driftwatch sources list", e.ID)
}

// CheckSource returns an *[UnknownSourceError] where c has no source id.
func CheckSource(c *configs.Config, id string) error {
	ids := make([]string, len(c.Sources))
	for i, s := range c.Sources {
		if ids[i] = s.ID; s.ID == id {
			return nil
		}
	}
	return &UnknownSourceError{ID: id, Nearest: configs.Nearest(id, ids)}
}

func (w *Watch) unknownSource(id string) error {
	ids := make([]string, len(w.sources()))
	for i, s := range w.sources() {
		ids[i] = s.ID
	}
	return &UnknownSourceError{ID: id, Nearest: configs.Nearest(id, ids)}
}

func (w *Watch) check(ctx context.Context, src news.Source) Checked {
	c := Checked{Source: src.ID, URL: src.Address(), Status: StatusOK}
	started := w.Now()
	p := poll{w: w, source: src, state: news.SourceState{Source: src.ID, URL: src.Address()}}
	l, err := p.list(ctx)
	c.Seconds = w.Now().Sub(started).Seconds()
	if err != nil {
		c.Status, c.Problem, c.Advice = diagnose(src, err)
		c.Problem = w.hide(c.Problem)
		return c
	}
	c.Format, c.Items = l.outcome.Format, l.outcome.Items
	if n := l.outcome.NewestItem; !n.IsZero() {
		n = n.UTC()
		c.Newest = &n
	}
	c.Language = languageOf(l.items)
	switch {
	case l.outcome.Status == StateEmpty:
		c.Status, c.Problem, c.Advice, c.Language = StateEmpty, l.outcome.Problem, Advice(StateEmpty), ""
	case l.mirror != "":
		_, problem, advice := diagnose(src, l.failed)
		c.Problem = p.w.hide(fmt.Sprintf("read at its mirror %s; the address itself: %s", l.mirror, problem))
		c.Advice = advice
	case l.proxied:
		_, problem, advice := diagnose(src, l.failed)
		c.Problem = p.w.hide("read through its proxy; without: " + problem)
		c.Advice = advice
	case l.outcome.Moved != "":
		c.Problem = p.w.hide("it has moved for good to " + l.outcome.Moved)
		c.Advice = "write the new address into the configuration; the old one may stop leading there"
	case l.cut:
		c.Problem = fmt.Sprintf("the feed is cut off; of its items %d could be read", c.Items)
		c.Advice = "it is asked for anew each time; if it stays cut off, tell the outlet"
	case c.Newest != nil && started.Sub(*c.Newest) > 14*24*time.Hour:
		c.Problem = "the newest item is over two weeks old"
		c.Advice = "look at the outlet in a browser: the listing may have moved to another address"
	case l.more:
		c.Problem = fmt.Sprintf("the feed has more than %d items; only the first %d are read", feed.MaxItems, feed.MaxItems)
		c.Advice = "nothing is lost where the newest come first; else look for a shorter feed of the outlet"
	}
	return c
}

// languageOf reads the items' own words.
func languageOf(items []news.Item) string {
	var b strings.Builder
	for _, it := range items {
		b.WriteString(it.Title)
		b.WriteString(". ")
		b.WriteString(it.Summary)
		b.WriteString("\n\n")
		if b.Len() > 8<<10 {
			break
		}
	}
	return text.Read("", b.String(), "").Lang
}

// diagnose says in a word and a sentence why a source can't be read, and what
// an operator can do.
func diagnose(src news.Source, err error) (status, problem, advice string) {
	status = statusOf(src, err)
	advice = Advice(status)
	if src.Kind == news.KindSitemap && status == "unreadable" {
		advice = "look for the address of its sitemap in the outlet's robots.txt; check links.allow and links.deny"
	}
	return status, err.Error(), advice
}
