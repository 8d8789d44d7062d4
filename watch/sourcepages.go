package watch

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"sync"
	"time"

	"driftwatch/configs"
	"driftwatch/crawler/address"
	"driftwatch/crawler/feed"
	"driftwatch/crawler/schedule"
	"driftwatch/guard"
	"driftwatch/news"
	"driftwatch/review"
	"driftwatch/rules"
	"driftwatch/text"
)

// sourcePages is what the desk does about sources.
type sourcePages struct {
	w     *Watch
	looks chan struct{} // holds a value for each look that is under way
	mu    sync.Mutex
	seen  []Discovered // by the last looks: only these are added
}

// patienceOfPages is how long a page waits for a poll or a look.
const patienceOfPages = time.Minute

// sparkDays is how many days the items of a source are shown of.
const sparkDays = 30

func newSourcePages(w *Watch) *sourcePages {
	return &sourcePages{w: w, looks: make(chan struct{}, 2)}
}

// Health implements review.Sources.
func (p *sourcePages) Health(ctx context.Context) ([]review.SourceHealth, error) {
	states, err := p.w.Store.SourceStates(ctx)
	if err != nil {
		return nil, err
	}
	paused, err := Paused(ctx, p.w.Store)
	if err != nil {
		return nil, err
	}
	today := p.w.Now().UTC().Truncate(24 * time.Hour)
	first := today.AddDate(0, 0, 1-sparkDays)
	days, err := p.w.Store.ItemsByDay(ctx, first)
	if err != nil {
		return nil, err
	}
	out := make([]review.SourceHealth, 0, len(p.w.sources()))
	for _, s := range p.w.sources() {
		h := review.SourceHealth{Source: s, State: stateOf(s, states), Pace: s.Interval, Days: make([]int, sparkDays)}
		if seen, ok := schedule.PerDay(h.State.Rhythm); ok {
			h.Seen = &seen
		}
		for i := range h.Days {
			h.Days[i] = days[s.ID][first.AddDate(0, 0, i).Format(time.DateOnly)]
		}
		if i := slices.IndexFunc(paused, func(p news.PausedSource) bool { return p.Source == s.ID }); i >= 0 {
			h.Paused = &paused[i]
		}
		out = append(out, h)
	}
	return out, nil
}

// Poll implements review.Sources: a cycle of that source alone.
func (p *sourcePages) Poll(ctx context.Context, id string) (string, error) {
	release, err := Lock(p.w.Database)
	if errors.Is(err, ErrLocked) {
		return "", &review.Refused{Why: "a cycle is under way; try again when it has ended"}
	}
	if err != nil {
		return "", err
	}
	defer release()
	ctx, cancel := context.WithTimeout(ctx, patienceOfPages)
	defer cancel()
	s, err := p.w.Cycle(ctx, Order{Only: id, Enough: patienceOfPages})
	if err != nil {
		return "", err
	}
	for _, f := range s.Failures {
		if f.Source == id {
			return "", &review.Refused{Why: guard.Line(f.Problem)}
		}
	}
	if s.Articles.New == 1 {
		return "1 new article", nil
	}
	return fmt.Sprintf("%d new articles", s.Articles.New), nil
}

// Pause implements review.Sources.
func (p *sourcePages) Pause(ctx context.Context, id, by string, paused bool) error {
	return p.w.pause(ctx, id, by, paused)
}

// Look implements review.Sources. Whom it may ask is decided where all fetching is:
// by the address that a socket is about to connect to.
func (p *sourcePages) Look(ctx context.Context, given string) ([]review.FoundListing, error) {
	if _, err := address.Parse(given); err != nil {
		return nil, &review.Refused{Why: "this is no address of a page or feed: it must begin with http:// or https://"}
	}
	select {
	case p.looks <- struct{}{}:
		defer func() { <-p.looks }()
	default:
		return nil, &review.Refused{Why: "others are looking at addresses; try again in a minute"}
	}
	ctx, cancel := context.WithTimeout(ctx, patienceOfPages)
	defer cancel()
	found, err := p.w.Discover(ctx, given, func(string) {})
	if err != nil {
		return nil, &review.Refused{Why: guard.Line(p.w.hide(err.Error()))}
	}
	engine, err := p.w.Rules.Engine()
	if err != nil {
		return nil, err
	}
	p.mu.Lock()
	p.seen = append(slices.Clone(found), p.seen[:min(len(p.seen), 10*maxTried)]...)
	p.mu.Unlock()
	out := make([]review.FoundListing, len(found))
	for i, d := range found {
		f := review.FoundListing{URL: guard.Line(d.URL), Kind: string(d.Kind), Title: guard.Line(d.Title), Why: guard.Line(d.Why), Language: d.Language,
			Items: d.Items, Problem: guard.Line(d.Problem)}
		if d.Newest != nil {
			f.Newest = *d.Newest
		}
		for _, item := range d.items[:min(len(d.items), latestShown)] {
			f.Latest = append(f.Latest, guard.Line(item.Title))
		}
		if i == 0 && f.Problem == "" && len(d.items) > 0 {
			f.Sample = p.sample(ctx, d, engine)
		}
		for _, item := range d.WouldFlag(engine, news.Source{Languages: []string{d.Language}}) {
			f.Flagged = append(f.Flagged, review.FlaggedItem{Title: guard.Line(item.Title), Lang: d.Language, Hits: item.Hits})
		}
		out[i] = f
	}
	return out, nil
}

// How many items of a listing a look names, and how much of the first one's text it
// shows, in bytes.
const (
	latestShown = 5
	sampleShown = 700
)

// sample reads the page of a listing's first item as a cycle would, and stores nothing.
func (p *sourcePages) sample(ctx context.Context, d Discovered, engine *rules.Engine) *review.SamplePage {
	item := d.items[0]
	out := &review.SamplePage{Link: guard.Line(item.Link)}
	one := poll{w: p.w, source: news.Source{ID: "new", Kind: d.Kind, URL: d.URL}}
	a := news.Article{Title: item.Title, Text: cmp.Or(item.Content, item.Summary), Lang: d.Language, Published: item.Published, Seen: p.w.Now()}
	if d.Kind != news.KindTelegram {
		if _, err := one.fromPage(ctx, item, &a); err != nil {
			out.Problem = guard.Line(p.w.hide(err.Error()))
			return out
		}
	}
	r := text.Read(a.Title, a.Text, a.Lang)
	out.Title, out.Lang, out.Long, out.Published = guard.Line(a.Title), r.Lang, len(a.Text), a.Published
	out.Text = strings.ToValidUTF8(a.Text[:min(len(a.Text), sampleShown)], "")
	for _, h := range engine.Flag(r, rules.About{URL: item.Link, Date: a.Published, Languages: []string{r.Lang}}) {
		if !h.Background {
			out.Signals = append(out.Signals, h.Title)
		}
	}
	return out
}

// Add implements review.Sources. Only what a look has just shown is added.
func (p *sourcePages) Add(_ context.Context, listing, name, country string) (id, yaml string, err error) {
	p.mu.Lock()
	i := slices.IndexFunc(p.seen, func(d Discovered) bool { return d.URL == listing && d.Problem == "" })
	var d Discovered
	if i >= 0 {
		d = p.seen[i]
	}
	p.mu.Unlock()
	if i < 0 {
		return "", "", &review.Refused{Why: "look at the address first"}
	}
	if s, ok := ReadBy(p.w.sources(), d.URL); ok {
		return "", "", &review.Refused{Why: "the source " + s.ID + " reads this already"}
	}
	s := d.Source("", p.w.sources())
	s.Name, s.Country, s.Languages = cmp.Or(guard.Line(name), s.Name), country, []string{cmp.Or(d.Language, "ru")}
	yaml, err = p.keep(s)
	return s.ID, yaml, err
}

// keep writes sources to the file that the configuration names last; without one, or
// where that can't be written, it gives what is to be put there.
func (p *sourcePages) keep(sources ...configs.Source) (yaml string, err error) {
	if p.w.SourceFile == "" {
		return string(configs.SourceYAML(sources...)), nil
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if err := configs.AddSources(p.w.SourceFile, sources...); err != nil {
		return string(configs.SourceYAML(sources...)), &review.Refused{Why: guard.Line(err.Error())}
	}
	if p.w.Reread == nil {
		p.w.readToo(Sources(&configs.Config{Sources: sources}))
		return "", nil
	}
	if _, _, err := p.w.LookAtSources(); err != nil {
		return "", &review.Refused{Why: guard.Line(p.w.hide("it stands in the file of sources now, but " + err.Error()))}
	}
	return "", nil
}

// WriteOPML implements review.Sources.
func (p *sourcePages) WriteOPML(w io.Writer) error {
	return feed.WriteOPML(w, "Driftwatch", Subscriptions(p.w.sources()))
}

// importMost is how many feeds of a list the desk adds at once.
const importMost = 500

// ReadOPML implements review.Sources. Nothing is fetched.
func (p *sourcePages) ReadOPML(_ context.Context, list []byte) (added, known int, yaml string, err error) {
	subs, broken := feed.ReadOPML(list)
	if broken != nil && len(subs) == 0 {
		return 0, 0, "", &review.Refused{Why: guard.Line(broken.Error())}
	}
	fresh, known, unfit := Subscribed(p.w.sources(), subs, Unsaid{Country: "INT", Language: "ru",
		IsCountry: func(folder string) bool { return slices.Contains(news.Countries, folder) }})
	switch {
	case len(fresh) > importMost:
		return 0, 0, "", &review.Refused{Why: fmt.Sprintf("the list has %d new feeds; the desk adds up to %d at once, driftwatch sources import more", len(fresh), importMost)}
	case len(fresh) > 0:
		if yaml, err = p.keep(fresh...); err != nil {
			return 0, known, yaml, err
		}
	}
	switch {
	case broken != nil:
		err = &review.Refused{Why: guard.Line(fmt.Sprintf("%d of the list's feeds are new. %v; what comes behind that wasn't read", len(fresh), broken))}
	case len(unfit) > 0:
		err = &review.Refused{Why: guard.Line(fmt.Sprintf("%d of the list's feeds are new; %d have no address that can be asked for: %s", len(fresh), len(unfit), unfit[0]))}
	}
	return len(fresh), known, yaml, err
}
