package watch

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"hash/fnv"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"time"

	"driftwatch/configs"
	"driftwatch/crawler/address"
	"driftwatch/crawler/extract"
	"driftwatch/crawler/feed"
	"driftwatch/crawler/fetch"
	"driftwatch/crawler/schedule"
	"driftwatch/crawler/site"
	"driftwatch/crawler/telegram"
	"driftwatch/crawler/wall"
	"driftwatch/guard"
	"driftwatch/news"
	"driftwatch/rules"
	"driftwatch/story"
	"driftwatch/text"
	"driftwatch/text/names"
)

// wholeArticle is the length in bytes from which a listing's own text counts as
// the article where a source's fulltext is auto. Teasers are shorter.
const wholeArticle = 1500

// pageTries is how many cycles try to fetch a page that can't be had before the
// listing's words stand for good.
const pageTries = 4

// poll is one source's turn in a cycle.
type poll struct {
	w      *Watch
	desk   *desk
	tally  *tally
	source news.Source
	state  news.SourceState

	published []time.Time       // of the items that weren't known before
	barred    bool              // it was found to be, lately
	proxied   *fetch.Client     // asks through the source's proxy; nil: it is asked without
	inHand    *bool             // it, or a copy of it, holds one of the desk's hands; nil: it needs none
	pages     int               // that were asked for
	walls     map[wall.Kind]int // and stood before the articles
}

// listing is what a source says it has published.
type listing struct {
	items   []news.Item
	title   string // of the feed
	outcome schedule.Outcome
	cut     bool // the feed breaks off after the items
	more    bool // it has more items than are read

	mirror  string // where it was read; empty: at the source's own address
	proxied bool   // it was read through the source's proxy
	failed  error  // why it wasn't read there, or without
}

// run polls the source. Nothing new is begun once soft has ended; requests in
// hand end with work.
func (p *poll) run(soft, work context.Context) {
	p.inHand = new(bool)
	defer p.putDown()
	l, err := p.list(work)
	if err != nil {
		if work.Err() != nil {
			p.left()
			return
		}
		p.failed(work, err)
		return
	}
	rest, whole, err := p.file(soft, work, l.items)
	switch {
	case errors.Is(err, errInterrupted):
		p.left()
		return
	case err != nil:
		return // the desk has stopped the cycle
	}
	l.outcome.Published = p.published
	if l.outcome.Status == "" {
		l.outcome.Status, l.outcome.Problem, l.outcome.Unasked = p.walled()
	}
	if !whole {
		l.outcome.ETag, l.outcome.LastModified = "", "" // so that the listing comes again
	}
	p.read(work, l, rest)
}

// takeUp waits until there is a hand free for a listing that was fetched. Polls
// that wait for hosts are many; what is read and not yet filed takes memory.
func (p *poll) takeUp(ctx context.Context) error {
	if p.inHand == nil || *p.inHand {
		return nil
	}
	select {
	case p.desk.hands <- struct{}{}:
		*p.inHand = true
		return nil
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}

// putDown gives the hand back, where the poll has one.
func (p *poll) putDown() {
	if p.inHand != nil && *p.inHand {
		<-p.desk.hands
		*p.inHand = false
	}
}

// leastWalled is how many pages of a poll a wall must stand before, all of
// them, for it to be said of the source.
const leastWalled = 2

// walled says what stands before every page that a listing leads to; unknown
// where too few were asked for.
func (p *poll) walled() (status, problem string, unknown bool) {
	if p.source.Fulltext == news.FulltextNever {
		return "", "", false
	}
	for kind, n := range p.walls {
		switch {
		case n == p.pages && n < leastWalled:
			return "", "", true
		case n == p.pages:
			return stateOfWall(kind), fmt.Sprintf("the list is read, but of the articles only what it says: all %d pages that were asked for have a wall before them (%s)", n, kind), false
		}
	}
	return "", "", p.pages == 0
}

// behind counts a page before which a wall of a kind stands.
func (p *poll) behind(k wall.Kind) {
	if p.walls == nil {
		p.walls = map[wall.Kind]int{}
	}
	p.walls[k]++
}

// list asks the source for its listing, and where it can't be had, the source's
// mirrors, in their order, and then once more through its proxy; at once through that
// where it was barred without lately.
func (p *poll) list(ctx context.Context) (listing, error) {
	if l, ok := p.listAsLately(ctx); ok {
		return l, nil
	}
	l, err := p.listHere(ctx)
	if err == nil || ctx.Err() != nil {
		return l, err
	}
	if !elsewhere(err) {
		return p.listProxied(ctx, err)
	}
	for _, address := range p.source.Mirrors {
		m := *p
		m.source.URL, m.source.Shown = address, ""
		m.state = news.SourceState{Source: p.source.ID, URL: address} // the validators are the other address's
		if l, mirrorErr := m.listHere(ctx); mirrorErr == nil {
			l.outcome.ETag, l.outcome.LastModified = "", ""
			l.mirror, l.failed = p.w.hide(address), err
			p.w.Log.Info("source read at a mirror", "source", p.source.ID, "mirror", l.mirror, "problem", p.w.hide(err.Error()))
			return l, nil
		}
	}
	if n := len(p.source.Mirrors); n > 0 {
		err = fmt.Errorf("%w (nor could its mirrors be read: %d)", err, n)
	}
	return p.listProxied(ctx, err)
}

// elsewhere reports whether what can't be read at one address may be read at
// another: not where the outlet asks programs to stay away, or to wait.
func elsewhere(err error) bool {
	var fe *fetch.Error
	return !errors.As(err, &fe) || fe.Kind != fetch.KindRobots && fe.Kind != fetch.KindWait
}

// listHere asks where the source's own address has led to for good, where it has,
// else at the address itself.
func (p *poll) listHere(ctx context.Context) (listing, error) {
	if p.state.MovedPolls >= schedule.MovedEnough {
		m := *p
		m.source.URL, m.source.Shown = p.state.Moved, ""
		m.state.URL = p.state.Moved // the validators are that address's
		if l, err := m.ask(ctx); err == nil {
			l.outcome.Moved = p.state.Moved
			return l, nil
		}
	}
	l, err := p.ask(ctx)
	if p.w.hide(l.outcome.Moved) != l.outcome.Moved { // it has a secret in it
		l.outcome.Moved = ""
	}
	return l, err
}

// ask asks at the source's address.
func (p *poll) ask(ctx context.Context) (l listing, err error) {
	err = p.sound(p.source.Address(), func() error {
		l, err = p.askByKind(ctx)
		return err
	})
	return l, err
}

func (p *poll) askByKind(ctx context.Context) (listing, error) {
	switch p.source.Kind {
	case news.KindFeed, news.KindJSON:
		return p.listFeed(ctx)
	case news.KindSite:
		return p.listSite(ctx, site.Discover)
	case news.KindSitemap:
		return p.listSite(ctx, site.Sitemap)
	case news.KindTelegram:
		return p.listChannel(ctx)
	}
	return listing{}, fmt.Errorf("there is no kind of source called %q", p.source.Kind)
}

// listFeed reads a feed or an endpoint.
func (p *poll) listFeed(ctx context.Context) (listing, error) {
	res, err := p.client().Get(ctx, fetch.Request{
		URL: p.source.URL, Purpose: fetch.Listing, UserAgent: p.source.UserAgent,
		ETag: p.state.ETag, LastModified: p.state.LastModified,
	})
	if err != nil {
		return listing{}, err
	}
	if res.NotModified {
		return unchanged(res.MaxAge, res.Moved), nil
	}
	if err := p.takeUp(ctx); err != nil {
		return listing{}, err
	}
	f, err := p.parse(res)
	if err != nil {
		return listing{}, p.noFeed(ctx, err, res.URL)
	}
	items := f.NewsItems(p.source.ID)
	if f.Cut && len(items) == 0 {
		return listing{}, fmt.Errorf("read %s: %w", res.URL, &feed.CutOffError{})
	}
	l := listing{items: items, title: f.Title, outcome: outcome(items, f.Format, res.ETag, res.LastModified, max(res.MaxAge, f.Rest.TTL)), cut: f.Cut, more: f.More}
	l.outcome.Moved = res.Moved
	if len(items) == 0 {
		l.outcome.Status, l.outcome.Problem = StateEmpty, p.nothing(len(f.Items))
		l.outcome.NewestItem = p.state.NewestItem
	}
	l.outcome.SkipHours, l.outcome.SkipDays = f.Rest.Hours, f.Rest.Days
	if l.cut {
		l.outcome.ETag, l.outcome.LastModified = "", "" // so that the whole of it comes next time
	}
	return l, nil
}

// parse reads what a feed or an endpoint answered.
func (p *poll) parse(res *fetch.Response) (*feed.Feed, error) {
	o := feed.Options{ContentType: res.ContentType, Base: res.URL, Zone: p.source.Zone}
	if p.source.Kind == news.KindJSON {
		return feed.ParseJSON(res.Body, o, p.source.JSON)
	}
	return feed.Parse(res.Body, o)
}

// nothing says that a feed lists nothing; so many of its items lead nowhere.
func (p *poll) nothing(useless int) string {
	switch {
	case useless > 0:
		return fmt.Sprintf("of the feed's items, %d, none has an address or a text of its own", useless)
	case p.state.Items > 0:
		return fmt.Sprintf("the feed lists nothing (it listed %d before)", p.state.Items)
	}
	return "the feed lists nothing"
}

// noFeed is the error of a feed that can't be read at an address that redirects
// led to.
func (p *poll) noFeed(ctx context.Context, err error, at string) error {
	var not *feed.NotFeedError
	if errors.As(err, &not) && not.Wall.Kind == "" && not.Page != "" && p.cameHome(ctx, not.Page, at) {
		return &HomeError{p.source.URL}
	}
	return fmt.Errorf("read %s: %w", at, err)
}

// cameHome reports whether a page that came instead of a feed is the front page of its
// site. What a poll found out stands while the source fails: the front page isn't asked
// for each time.
func (p *poll) cameHome(ctx context.Context, page, at string) bool {
	switch {
	case wall.AtHome(page, p.source.URL, at):
		return true
	case p.state.Failures > 0 && (p.state.Status == StateHome || p.state.Status == StateNoFeed):
		return p.state.Status == StateHome
	}
	return p.isFrontPage(ctx, page, at)
}

// isFrontPage asks for the front page of the site of an address, to see whether it
// is the page that was given there.
func (p *poll) isFrontPage(ctx context.Context, page, at string) bool {
	front, err := address.Resolve(at, "/")
	if err != nil || front == at {
		return false
	}
	res, err := p.client().Get(ctx, fetch.Request{URL: front, Purpose: fetch.Page, Origin: p.source.URL, UserAgent: p.source.UserAgent})
	return err == nil && wall.Same(page, string(res.Body))
}

// listSite reads a section page or a sitemap.
func (p *poll) listSite(ctx context.Context, read func(context.Context, *fetch.Client, news.Source, news.SourceState) (*site.Listing, error)) (listing, error) {
	l, err := read(ctx, p.client(), p.source, p.state)
	var empty *site.EmptyError
	if errors.As(err, &empty) && empty.Wall.Kind == "" && p.source.Kind == news.KindSite && p.state.Items > 0 {
		err = &ChangedError{Before: p.state.Items, Err: err}
	}
	if err != nil {
		return listing{}, err
	}
	if l.NotModified {
		return unchanged(l.MaxAge, l.Moved), nil
	}
	items, err := p.deeper(ctx, l.Items)
	if err != nil {
		return listing{}, err
	}
	o := outcome(items, l.Format, l.ETag, l.LastModified, l.MaxAge)
	o.Moved = l.Moved
	return listing{items: items, outcome: o}, nil
}

// deeper reads the further pages of a section's list, as many as the source's
// links.depth allows and as long as they bring something new. One that can't be
// read ends it.
func (p *poll) deeper(ctx context.Context, items []news.Item) ([]news.Item, error) {
	last := items
	for n := 2; n <= p.source.Links.Depth && p.source.Kind == news.KindSite; n++ {
		if p.desk == nil { // a check looks at the first page
			break
		}
		known, err := p.allKnown(ctx, last)
		if err != nil {
			return nil, p.desk.fail(err)
		}
		if known {
			break
		}
		if last, err = site.Page(ctx, p.client(), p.source, n); err != nil {
			p.w.Log.Info("further page of the list not read", "source", p.source.ID, "page", n, "problem", p.w.hide(err.Error()))
			break
		}
		if len(last) == 0 {
			break
		}
		items = append(items, last...)
	}
	return items, nil
}

// allKnown reports whether all items were seen before.
func (p *poll) allKnown(ctx context.Context, items []news.Item) (bool, error) {
	keys := make([]string, len(items))
	for i, it := range items {
		keys[i] = itemKey(it)
	}
	known, err := p.w.Store.KnownItems(ctx, p.source.ID, keys)
	if err != nil {
		return false, fmt.Errorf("look up what is known of %s: %w", p.source.ID, err)
	}
	for _, k := range keys {
		if _, ok := known[k]; !ok {
			return false, nil
		}
	}
	return true, nil
}

func (p *poll) listChannel(ctx context.Context) (listing, error) {
	l, err := telegram.Read(ctx, p.client(), p.source)
	if err != nil {
		return listing{}, err
	}
	o := outcome(l.Items, telegram.Format, "", "", l.MaxAge)
	o.Moved = l.Moved
	return listing{items: l.Items, outcome: o}, nil
}

// unchanged is a listing that was handled before.
func unchanged(maxAge time.Duration, moved string) listing {
	return listing{outcome: schedule.Outcome{NotModified: true, MaxAge: maxAge, Moved: moved}}
}

func outcome(items []news.Item, format, etag, lastModified string, maxAge time.Duration) schedule.Outcome {
	o := schedule.Outcome{ETag: etag, LastModified: lastModified, Format: format, Items: len(items), MaxAge: maxAge}
	for _, it := range items {
		if it.Published.After(o.NewestItem) {
			o.NewestItem = it.Published
		}
	}
	return o
}

// errInterrupted says that the cycle was told to stop before the source was
// handled whole.
var errInterrupted = errors.New("interrupted")

// file reads what is new or changed among the items and files it, but for the
// rest, which is filed with the source's new state. whole is false where a page
// has to be tried again.
func (p *poll) file(soft, work context.Context, items []news.Item) (rest []draft, whole bool, err error) {
	fresh, err := p.fresh(work, items)
	if err != nil {
		return nil, false, p.desk.fail(err)
	}
	whole = true
	batch := make([]draft, 0, len(fresh))
	flush := func() error {
		if len(batch) == 0 {
			return nil
		}
		b := batch
		batch = nil
		return p.desk.file(work, filing{source: p.source, first: p.state.FirstPoll(), drafts: b})
	}
	for _, e := range fresh {
		if soft.Err() != nil {
			if err := flush(); err != nil {
				return nil, false, err
			}
			return nil, false, errInterrupted
		}
		d, paged, err := p.draft(work, e)
		if errors.As(err, new(*FaultError)) { // that one is left for a later version, and asked for at each poll
			whole = false
			p.tally.do(func(s *Summary) { s.Articles.Failed++ })
			continue
		}
		if err != nil {
			return nil, false, err
		}
		if d.owed {
			whole = false
		}
		batch = append(batch, d)
		if paged { // pages come at the host's pace: file each as it comes
			if err := flush(); err != nil {
				return nil, false, err
			}
		}
	}
	return batch, whole, nil
}

// entry is an item with what the store remembers of it.
type entry struct {
	item  news.Item
	key   string
	hash  uint64 // fingerprint of what the listing says now, with room for tries
	tries uint64 // fetches of its page that failed so far
}

// fresh keeps the items that are new, changed in the listing, or still owe
// their page; each key once.
func (p *poll) fresh(ctx context.Context, items []news.Item) ([]entry, error) {
	keys := make([]string, 0, len(items))
	entries := make([]entry, 0, len(items))
	seen := make(map[string]bool, len(items))
	for _, it := range items {
		key := itemKey(it)
		if seen[key] {
			continue
		}
		seen[key] = true
		keys = append(keys, key)
		entries = append(entries, entry{item: it, key: key, hash: fingerprint(it)})
	}
	known, err := p.w.Store.KnownItems(ctx, p.source.ID, keys)
	if err != nil {
		return nil, fmt.Errorf("look up what is known of %s: %w", p.source.ID, err)
	}
	fresh := entries[:0]
	for _, e := range entries {
		was, ok := known[e.key]
		if ok && was.Hash == e.hash {
			continue
		}
		if !ok {
			p.sighted(e.item)
		}
		e.tries = was.Hash & triesMask
		fresh = append(fresh, e)
	}
	return fresh, nil
}

// sighted notes when an item that wasn't known before was published: now, where
// it doesn't say, or only on which day. Of a first poll such items say nothing.
func (p *poll) sighted(it news.Item) {
	t := it.Published
	vague := t.IsZero() || t.Equal(t.Truncate(time.Hour)) && p.midnight(t)
	switch {
	case !vague:
		p.published = append(p.published, t)
	case !p.state.FirstPoll():
		p.published = append(p.published, p.w.Now())
	}
}

// midnight reports whether a time is that of a date without one.
func (p *poll) midnight(t time.Time) bool {
	if z := p.source.Zone; z != nil && t.In(z).Hour() == 0 {
		return true
	}
	return t.UTC().Hour() == 0
}

// itemKey is an item's identity within its source.
func itemKey(it news.Item) string {
	if it.Link != "" {
		if c, err := address.Canonical(it.Link); err == nil {
			return c
		}
	}
	return "id:" + it.ID
}

// triesMask is the part of an item's hash that counts the cycles in which its
// page was tried in vain and is to be tried again; 0 when nothing is owed.
const triesMask = 7

// fingerprint changes whenever the listing says something else of an item.
func fingerprint(it news.Item) uint64 {
	h := fnv.New64a()
	for _, s := range []string{it.Title, it.Summary, it.Content, strconv.FormatInt(it.Updated.Unix(), 10)} {
		h.Write([]byte(s))
		h.Write([]byte{0})
	}
	return h.Sum64() &^ triesMask
}

// draft makes an article of an entry: from its page where that is wanted and
// can be had, else from the listing's own words. paged says that a page was
// asked for.
func (p *poll) draft(ctx context.Context, e entry) (d draft, paged bool, err error) {
	now := p.w.Now().UTC()
	a := p.fromItem(e.item)
	a.Seen = now
	d = draft{key: e.key, hash: e.hash}
	if p.wantsPage(e.item) {
		paged = true
		if err := p.readPage(ctx, e, &d, &a); err != nil {
			return d, paged, err
		}
	}
	engine, known, err := p.readers(ctx)
	if err != nil {
		return d, paged, err
	}
	if err := p.judge(engine, known, &d, a); err != nil {
		return d, paged, err
	}
	d.hasPage = p.hasPage(e.item)
	if len(d.hits) > 0 && !paged && d.hasPage && p.w.Evidence.keeps() { // the page is evidence
		paged = true
		if err := p.readPage(ctx, e, &d, &a); err != nil {
			return d, paged, err
		}
		if err := p.judge(engine, known, &d, a); err != nil {
			return d, paged, err
		}
	}
	if len(d.hits) == 0 && d.sight != nil && p.w.Evidence.Pages != configs.PagesAll {
		d.sight.capture = nil
	}
	return d, paged, nil
}

// readPage lets an entry's page complete the article. That the page can't be had
// is no error: it is owed, where that may pass.
func (p *poll) readPage(ctx context.Context, e entry, d *draft, a *news.Article) error {
	p.putDown() // the page comes at the host's pace
	err := p.sound(e.item.Link, func() (err error) {
		d.sight, err = p.fromPage(ctx, e.item, a)
		return err
	})
	p.pages++
	var stands *extract.WallError
	var fe *fetch.Error
	switch {
	case errors.As(err, &stands):
		p.behind(stands.Wall.Kind)
	case errors.As(err, &fe) && fe.Wall.Kind != "":
		p.behind(fe.Wall.Kind)
	case errors.As(err, new(*HomeError)):
		p.behind(wall.Home)
	}
	p.tally.do(func(s *Summary) {
		if err == nil {
			s.Articles.Pages++
		} else {
			s.Articles.Failed++
		}
	})
	if err == nil {
		return nil
	}
	if ctx.Err() != nil {
		return errInterrupted
	}
	p.w.Log.Info("page not read", "source", p.source.ID, "url", p.w.hide(e.item.Link), "problem", p.w.hide(err.Error()))
	if passing(err) && e.tries+1 < pageTries {
		d.owed = true
		d.hash = e.hash | (e.tries + 1)
	}
	return nil
}

// readers are the rules and the names that articles are read with.
func (p *poll) readers(ctx context.Context) (*rules.Engine, *names.Gazetteer, error) {
	engine, err := p.w.Rules.Engine()
	if err != nil {
		return nil, nil, p.desk.fail(fmt.Errorf("load the rules: %w", err))
	}
	if err := p.w.Rules.Record(context.WithoutCancel(ctx), p.w.Store, engine, p.w.Now().UTC()); err != nil {
		return nil, nil, p.desk.fail(err)
	}
	known, err := p.w.Names.get(ctx, p.w.Store)
	switch {
	case err != nil && ctx.Err() != nil:
		return nil, nil, errInterrupted
	case err != nil:
		return nil, nil, p.desk.fail(err)
	}
	return engine, known, nil
}

// judge reads the article once, for the rules and for its story. Of one that isn't
// flagged nothing is ever told: it is found again by its text alone.
func (p *poll) judge(engine *rules.Engine, known *names.Gazetteer, d *draft, a news.Article) error {
	hint := a.Lang
	if hint == "" && len(p.source.Languages) == 1 {
		hint = p.source.Languages[0]
	}
	defer p.w.way.reading()()
	return p.sound(a.URL, func() error {
		room := readings.Get().(*reading) // and not put back where something fails
		r := &room.Reading
		room.Read(r, a.Title, a.Text, hint)
		a.Lang = r.Lang
		d.article = a
		about := aboutOf(a, p.source)
		room.named = AppendNamed(room.named[:0], known, r)
		about.Names = room.named
		var places []rules.Place
		if d.hits, places = engine.Read(r, about); len(d.hits) == 0 {
			d.sketch = story.DrawText(r)
		} else {
			d.sketch = story.Draw(r, Concepts(places), a.When())
			d.sketch.Flagged(Signals(d.hits))
		}
		readings.Put(room)
		return nil
	})
}

// reading is the room in which an article is read, many times that of its text;
// what is found out from a reading doesn't hold on to it.
type reading struct {
	text.Reader
	text.Reading
	named []rules.Named
}

var readings = sync.Pool{New: func() any { return new(reading) }}

// aboutOf is what the rules are told of an article beside its text.
func aboutOf(a news.Article, src news.Source) rules.About {
	return rules.About{Source: src.ID, Country: src.Country, Ownership: src.Ownership, Languages: src.Languages, URL: a.URL, Date: a.When()}
}

// wantsPage reports whether the item's page is to be fetched.
func (p *poll) wantsPage(it news.Item) bool {
	return p.hasPage(it) && !p.isPost(it.Link) && (p.source.Fulltext == news.FulltextAlways || len(it.Content) < wholeArticle)
}

// hasPage reports whether the item has a page that may be fetched.
func (p *poll) hasPage(it news.Item) bool {
	return it.Link != "" && p.source.Fulltext != news.FulltextNever
}

// isPost reports whether a link is that of a channel's post: its page, which
// shows what the channel's preview does, is asked for as evidence only.
func (p *poll) isPost(link string) bool {
	return p.source.Kind == news.KindTelegram && telegram.IsPost(link, p.source)
}

// fromItem is the article as far as the listing tells it.
func (p *poll) fromItem(it news.Item) news.Article {
	a := news.Article{
		Source: p.source.ID, Link: it.Link, Title: it.Title, Authors: it.Authors,
		Published: it.Published, Modified: it.Updated, From: fromListing, Site: p.source.Name,
	}
	a.URL = itemKey(it)
	if strings.HasPrefix(a.URL, "id:") { // no address: known by the source's own id
		a.URL = p.source.Address() + "#" + a.URL
	}
	a.Text = it.Content
	if a.Text == "" {
		a.Text = it.Summary
	}
	return a
}

// fromListing marks an article whose text is the listing's.
const fromListing = "feed"

// fromPage fetches the page and lets what it says stand over the listing's
// words, but for a text that is shorter than the listing's own. What the page was
// found to be comes back wherever there was one.
func (p *poll) fromPage(ctx context.Context, it news.Item, a *news.Article) (*sight, error) {
	if p.isPost(it.Link) {
		return p.post(ctx, it.Link)
	}
	res, err := p.get(ctx, fetch.Request{
		URL: it.Link, Purpose: fetch.Page, Origin: p.source.URL, UserAgent: p.source.UserAgent, Keep: p.w.Evidence.keeps(),
	})
	if err != nil {
		return nil, err
	}
	s := &sight{said: news.Version{Seen: a.Seen}, etag: res.ETag, lastModified: res.LastModified, capture: res.Kept}
	if c, err := address.Canonical(res.URL); err == nil {
		a.URL = c
	}
	page, err := p.article(res)
	if err != nil {
		if errors.Is(err, extract.ErrNoArticle) && wall.AtHome(string(res.Body), it.Link, res.URL) {
			err = &HomeError{it.Link}
		}
		return s, err
	}
	if len(page.Text) < wholeArticle && bytes.Contains(res.Body, []byte("isAccessibleForFree")) && wall.Look(string(res.Body)).Kind == wall.Paywall {
		p.behind(wall.Paywall) // a teaser is read of it
	}
	s.said.Title, s.said.Text = page.Title, page.Text
	if c, err := address.Canonical(page.Canonical); err == nil && page.Canonical != "" {
		a.URL = c
	}
	a.Title = cmp.Or(a.Title, page.Title)
	if len(page.Text) > len(a.Text) {
		a.Text, a.From = page.Text, page.From.Text
	}
	if len(a.Authors) == 0 {
		a.Authors = page.Authors
	}
	if a.Published.IsZero() {
		a.Published = page.Published.UTC()
	}
	if m := page.Modified.UTC(); m.After(a.Modified) {
		a.Modified = m
	}
	a.Lang = page.Language
	a.Site = cmp.Or(page.Site, a.Site)
	a.Section = page.Section
	return s, nil
}

// post is what the page of a channel's post shows. That the post is gone is no
// error.
func (p *poll) post(ctx context.Context, link string) (*sight, error) {
	res, err := p.get(ctx, fetch.Request{
		URL: telegram.PostPage(link), Purpose: fetch.Page, Origin: p.source.URL, UserAgent: p.source.UserAgent, Keep: p.w.Evidence.keeps(),
	})
	s := &sight{said: news.Version{Seen: p.w.Now().UTC()}}
	if err != nil {
		if s.removed(err) {
			return s, nil
		}
		return nil, err
	}
	s.capture = res.Kept
	it, err := telegram.Post(res.Body, res.URL, p.source)
	var gone *telegram.GoneError
	switch {
	case errors.As(err, &gone):
		s.down = guard.Line(gone.Why)
	case err != nil:
		return nil, err
	}
	s.said.Title, s.said.Text = it.Title, it.Content
	return s, nil
}

// article is what a page says.
func (p *poll) article(res *fetch.Response) (a *extract.Article, err error) {
	err = p.sound(res.URL, func() error {
		a, err = extract.Page(res.Body, extract.Options{
			URL: res.URL, ContentType: res.ContentType, Selectors: p.source.Selectors, Fetched: p.w.Now(), Zone: p.source.Zone,
		})
		return err
	})
	return a, err
}

// passing reports whether a page's failure may be gone by the next cycle.
func passing(err error) bool {
	var fe *fetch.Error
	if !errors.As(err, &fe) {
		return false
	}
	switch fe.Kind {
	case fetch.KindWait, fetch.KindDNS, fetch.KindTimeout, fetch.KindNetwork:
		return true
	case fetch.KindStatus:
		return fe.Status == http.StatusTooManyRequests || fe.Status >= 500
	}
	return false
}

// read records a listing that was handled, with what is left to be filed of it.
func (p *poll) read(ctx context.Context, l listing, rest []draft) {
	next := schedule.After(p.state, p.source, l.outcome, p.w.Now())
	err := p.desk.file(ctx, filing{source: p.source, first: p.state.FirstPoll(), drafts: rest, state: &next})
	switch {
	case errors.Is(err, errInterrupted):
		p.left()
		return
	case err != nil:
		return
	}
	p.tally.do(func(s *Summary) {
		s.Sources.Polled++
		if l.outcome.NotModified {
			s.Sources.Unchanged++
		}
		p.tally.ready[p.source.ID] = true
		p.tally.empty[p.source.ID] = next.Status == StateEmpty
	})
}

// failed records a listing that could not be read.
func (p *poll) failed(ctx context.Context, err error) {
	next := schedule.After(p.state, p.source, schedule.Outcome{Err: err}, p.w.Now())
	next.Problem, next.Status = p.w.hide(next.Problem), statusOf(p.source, err)
	if p.desk.file(ctx, filing{source: p.source, state: &next}) != nil {
		return
	}
	p.w.Log.Info("source not read", "source", p.source.ID, "problem", next.Problem)
	p.tally.do(func(s *Summary) {
		s.Sources.Failed++
		if next.Gone {
			s.Sources.Gone++
		}
		s.Failures = append(s.Failures, Failure{Source: p.source.ID, Problem: next.Problem, Gone: next.Gone, InARow: next.Failures})
		p.tally.ready[p.source.ID] = false
	})
}

// left counts a source that wasn't handled whole before the end.
func (p *poll) left() {
	p.tally.do(func(s *Summary) { s.Sources.Left++ })
}
