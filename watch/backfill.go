package watch

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"driftwatch/crawler/address"
	"driftwatch/crawler/fetch"
	"driftwatch/crawler/site"
	"driftwatch/crawler/telegram"
	"driftwatch/news"
	"driftwatch/store"
)

// BackfillOrder says what of a source's past is to be read.
type BackfillOrder struct {
	Source string
	Since  time.Time
	DryRun bool // list only: no page is read, nothing is kept
	Again  bool // from the start, though an earlier run came somewhere

	// Step is called after each page of a list, from one goroutine.
	Step func(Backfilled)

	// Sleep waits while a cycle holds the lock; nil: a timer.
	Sleep func(ctx context.Context, d time.Duration) error
}

// Backfilled is how far the reading of the past came. The JSON names are stable.
type Backfilled struct {
	Source   string     `json:"source"`
	Since    time.Time  `json:"since"`
	Ways     []string   `json:"ways"`   // by which the past was read: "pages of the feed", …
	Lists    int        `json:"lists"`  // pages of lists, sitemaps and channels that were read
	Listed   int        `json:"listed"` // items on them since then
	Known    int        `json:"known"`  // of those, that were stored before
	New      int        `json:"new"`    // articles that were filed; in a dry run, items that would be read
	Older    int        `json:"older"`  // whose page told that they are older
	Hits     int        `json:"hits"`   // all of them kept without an alert
	Oldest   *time.Time `json:"oldest"` // the oldest date that was met; null: none had one
	Done     bool       `json:"done"`   // all that there is was read, or can't be
	Problems []string   `json:"problems,omitempty"`
}

// Bounds of a backfill.
const (
	maxBackfillLists = 5000 // pages of one list
	maxQuietDays     = 31   // of an archive, in a row
	backfillWait     = 5 * time.Second
)

// backfillState is what is kept so that a backfill goes on where it was stopped.
type backfillState struct {
	Since time.Time `json:"since"`
	backfillPlace
	Done bool `json:"done"`

	// Owed is the first place at which something couldn't be had that may be had
	// later, a page of a list or of an article: the next run begins there. Nil: there
	// is none.
	Owed *backfillPlace `json:"owed,omitempty"`
}

// backfillPlace is a place on one of the ways into a source's past.
type backfillPlace struct {
	Way    int    `json:"way"`
	Cursor string `json:"cursor"`
}

// owe notes that what stands here has to be asked for again.
func (at *backfillState) owe() {
	if at.Owed == nil {
		here := at.backfillPlace
		at.Owed = &here
	}
}

func backfillMeta(source string) string { return "backfill " + source }

// way is one way into a source's past: a list that goes on and on. next gives
// what stands at a cursor, "" for its start, and the cursor of what follows, ""
// for the end.
type way struct {
	name string
	days bool // each page of it is a day's, and a day may be without news
	next func(ctx context.Context, cursor string) (items []news.Item, following string, err error)
}

// backfill is one reading of a source's past.
type backfill struct {
	poll
	order BackfillOrder
	done  Backfilled
	seen  map[string]bool // keys of items that were listed in this run
}

// Backfill reads a source's past since a time: through the further pages of its
// list or feed, its sitemaps, or its channel's earlier posts, whatever it has.
// What is found is filed and flagged, and nobody is told. How far it came is
// kept after each page of a list: stopped, it goes on from there next time, and
// where an outlet couldn't be read for a while, from there. It takes the cycle's lock only while it files, and asks nothing while a cycle
// runs. An *[UnknownSourceError] says that there is no such source.
func (w *Watch) Backfill(ctx context.Context, o BackfillOrder) (did Backfilled, err error) {
	chosen, err := w.choose([]string{o.Source})
	if err != nil {
		return Backfilled{}, err
	}
	if !o.DryRun {
		defer func() { err = errors.Join(err, w.keepPaces(ctx)) }()
	}
	src := chosen[0]
	b := &backfill{order: o, seen: map[string]bool{}, done: Backfilled{Source: src.ID, Since: o.Since.UTC(), Ways: []string{}}}
	b.poll = poll{w: w, desk: new(desk), tally: newTally(w.Now()), source: src, state: news.SourceState{Source: src.ID, URL: src.Address()}}
	if b.order.Sleep == nil {
		b.order.Sleep = sleep
	}
	if err := w.recallPaces(ctx); err != nil {
		return b.done, err
	}
	at, err := b.resume(ctx)
	if err != nil || at.Done {
		b.done.Done = at.Done
		return b.done, err
	}
	ways := b.ways(ctx)
	for ; at.Way < len(ways); at.Way, at.Cursor = at.Way+1, "" {
		b.done.Ways = append(b.done.Ways, ways[at.Way].name)
		if err := b.follow(ctx, ways[at.Way], &at); err != nil {
			return b.done, err
		}
	}
	if len(b.done.Problems) == len(ways) && b.done.Lists == 0 {
		return b.done, nil // nothing could be read: there is nothing to remember
	}
	at.Done = at.Owed == nil
	b.done.Done = at.Done
	return b.done, b.save(ctx, at)
}

func sleep(ctx context.Context, d time.Duration) error {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
		return nil
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}

// resume is where an earlier run to the same day came to.
func (b *backfill) resume(ctx context.Context) (at backfillState, err error) {
	fresh := backfillState{Since: b.order.Since.UTC()}
	if b.order.Again || b.order.DryRun {
		return fresh, nil
	}
	text, err := b.w.Store.Meta(ctx, backfillMeta(b.source.ID))
	if err != nil || text == "" {
		return fresh, err
	}
	if err := json.Unmarshal([]byte(text), &at); err != nil || !at.Since.Equal(fresh.Since) {
		return fresh, nil
	}
	if at.Owed != nil {
		at.backfillPlace, at.Owed = *at.Owed, nil
	}
	return at, nil
}

func (b *backfill) save(ctx context.Context, at backfillState) error {
	if b.order.DryRun {
		return nil
	}
	doc, err := json.Marshal(at)
	if err != nil {
		return err
	}
	return b.w.Store.Update(context.WithoutCancel(ctx), func(tx store.Tx) error {
		return tx.SetMeta(backfillMeta(b.source.ID), string(doc))
	})
}

// follow goes along one way until it ends or nothing on it is late enough. What
// can't be read ends it, too, and is told; what may be had later is owed.
func (b *backfill) follow(ctx context.Context, w way, at *backfillState) error {
	quiet := 0 // days in a row
	for range maxBackfillLists {
		if err := b.pause(ctx); err != nil {
			return err
		}
		items, following, err := b.read(ctx, w, at.Cursor)
		if ctx.Err() == nil && barred(err) && b.throughProxy() {
			items, following, err = b.read(ctx, w, at.Cursor)
		}
		if ctx.Err() != nil {
			return context.Cause(ctx)
		}
		if err != nil {
			b.done.Problems = append(b.done.Problems, b.w.hide(w.name+": "+err.Error()))
			if passing(err) {
				at.owe()
			}
			if len(items) == 0 {
				return nil
			}
		}
		b.done.Lists++
		late, anyNew := b.since(items)
		owed, err := b.take(ctx, late)
		if err != nil {
			return err
		}
		if owed > 0 {
			at.owe()
		}
		if b.order.Step != nil {
			b.order.Step(b.done)
		}
		if quiet++; anyNew {
			quiet = 0
		}
		switch {
		case following == "":
			return nil
		case w.days && quiet == maxQuietDays:
			b.done.Problems = append(b.done.Problems, fmt.Sprintf("%s: nothing new on %d days in a row: it ends there, or links.archive leads elsewhere", w.name, quiet))
			return nil
		case w.days:
		case !anyNew, len(late) == 0 && len(items) > 0:
			return nil
		}
		at.Cursor = following
		if err := b.save(ctx, *at); err != nil {
			return err
		}
	}
	return nil
}

// read is what stands at a cursor of a way.
func (b *backfill) read(ctx context.Context, w way, cursor string) (items []news.Item, following string, err error) {
	err = b.sound(b.source.Address(), func() error {
		items, following, err = w.next(ctx, cursor)
		return err
	})
	return items, following, err
}

// since gives those of the items that aren't known to be older than what is
// wanted, and reports whether the list had any that this run hadn't met.
func (b *backfill) since(items []news.Item) (late []news.Item, anyNew bool) {
	for _, it := range items {
		key := itemKey(it)
		if b.seen[key] {
			continue
		}
		b.seen[key], anyNew = true, true
		if t := it.Published; !t.IsZero() {
			if b.done.Oldest == nil || t.Before(*b.done.Oldest) {
				t = t.UTC()
				b.done.Oldest = &t
			}
			if t.Before(b.order.Since) {
				continue
			}
		}
		late = append(late, it)
	}
	return late, anyNew
}

// backfillBatch is how many articles are filed at a time.
const backfillBatch = 20

// take reads and files what isn't known of some items, and says how many of their
// pages are to be asked for again: they are filed with the list's words.
func (b *backfill) take(ctx context.Context, items []news.Item) (owed int, err error) {
	b.done.Listed += len(items)
	fresh, err := b.unknown(ctx, items)
	if err != nil {
		return 0, err
	}
	b.done.Known += len(items) - len(fresh)
	if b.order.DryRun {
		b.done.New += len(fresh)
		return 0, nil
	}
	var drafts []draft
	for _, e := range fresh {
		if err := b.pause(ctx); err != nil {
			return 0, err
		}
		d, paged, err := b.draft(ctx, e)
		if ctx.Err() != nil {
			return 0, context.Cause(ctx)
		}
		if errors.As(err, new(*FaultError)) { // that one is left out
			b.done.Problems = append(b.done.Problems, b.w.hide(err.Error()))
			continue
		}
		if err != nil {
			return 0, err
		}
		if t := d.article.Published; !t.IsZero() && t.Before(b.order.Since) {
			b.done.Older++
			continue
		}
		if d.owed {
			owed++
		}
		drafts = append(drafts, d)
		if paged || len(drafts) == backfillBatch { // a page that was fetched isn't lost with the process
			if err := b.fileAway(ctx, drafts); err != nil {
				return 0, err
			}
			drafts = nil
		}
	}
	if owed > 0 {
		b.done.Problems = append(b.done.Problems, fmt.Sprintf("%d of the articles' pages couldn't be had", owed))
	}
	return owed, b.fileAway(ctx, drafts)
}

// unknown are the items that aren't stored yet, and those that are stored without
// their page, which couldn't be had. What else is stored stays as it is: the past has
// no later words.
func (b *backfill) unknown(ctx context.Context, items []news.Item) ([]entry, error) {
	keys := make([]string, len(items))
	for i, it := range items {
		keys[i] = itemKey(it)
	}
	known, err := b.w.Store.KnownItems(ctx, b.source.ID, keys)
	if err != nil {
		return nil, fmt.Errorf("look up what is known of %s: %w", b.source.ID, err)
	}
	var out []entry
	for i, it := range items {
		was, ok := known[keys[i]]
		if tries := was.Hash & triesMask; !ok || tries > 0 {
			out = append(out, entry{item: it, key: keys[i], hash: fingerprint(it), tries: tries})
		}
	}
	return out, nil
}

// fileAway files drafts, in its turn between two cycles.
func (b *backfill) fileAway(ctx context.Context, drafts []draft) error {
	if len(drafts) == 0 {
		return nil
	}
	release, err := b.turn(ctx)
	if err != nil {
		return err
	}
	defer release()
	b.desk = b.w.startDesk(context.WithoutCancel(ctx), b.tally, Order{}, func() {})
	err = b.desk.file(context.WithoutCancel(ctx), filing{source: b.source, past: true, drafts: drafts})
	err = errors.Join(err, b.desk.close())
	b.desk = new(desk)
	b.tally.do(func(s *Summary) {
		b.done.New, b.done.Hits = s.Articles.New, 0
		for _, n := range s.Hits {
			b.done.Hits += n
		}
	})
	return err
}

// turn takes the cycle's lock, waiting while a cycle runs. A dry run takes none.
func (b *backfill) turn(ctx context.Context) (release func(), err error) {
	if b.w.Database == "" || b.order.DryRun {
		return func() {}, nil
	}
	for {
		release, err = Lock(b.w.Database)
		if !errors.Is(err, ErrLocked) {
			return release, err
		}
		if err := b.order.Sleep(ctx, backfillWait); err != nil {
			return nil, err
		}
	}
}

// pause waits while a cycle runs, so that the two don't ask one host at once.
func (b *backfill) pause(ctx context.Context) error {
	release, err := b.turn(ctx)
	if err == nil {
		release()
	}
	return err
}

// ways are the ways into the source's past, the surest first.
func (b *backfill) ways(ctx context.Context) []way {
	if b.source.Kind == news.KindTelegram {
		return []way{{name: "earlier posts of the channel", next: b.earlierPosts}}
	}
	var all []way
	if b.source.Links.Archive != "" {
		all = append(all, way{name: "the archive, day by day", days: true, next: b.archiveDay})
	}
	switch {
	case b.source.Kind == news.KindSitemap:
		all = append(all, b.sitemap(b.source.URL)) // one of news has the last days alone
	case b.source.Kind == news.KindFeed:
		all = append(all, way{name: "pages of the feed", next: b.feedPage})
	case b.source.Kind == news.KindJSON:
		all = append(all, way{name: "pages of the endpoint", next: b.jsonPage})
	case b.source.Links.Pages != "":
		all = append(all, way{name: "pages of the list", next: b.listPage})
	}
	home := b.source.Homepage
	if home == "" {
		home = b.source.URL
	}
	u, err := url.Parse(home)
	if err != nil {
		return all
	}
	for i, c := range b.w.sitemaps(ctx, u, func(string) {}) {
		if i == maxTried {
			break
		}
		if c.URL != b.source.URL {
			all = append(all, b.sitemap(c.URL))
		}
	}
	if len(all) == 0 {
		all = append(all, way{name: "the list as it is", next: b.listPage})
	}
	return all
}

// sitemap reads a sitemap whole: what is in it already is passed over.
func (b *backfill) sitemap(at string) way {
	return way{name: "the sitemap " + b.w.hide(at), next: func(ctx context.Context, _ string) ([]news.Item, string, error) {
		items, err := site.Past(ctx, b.client(), b.source, at, b.order.Since)
		return items, "", err
	}}
}

func (b *backfill) earlierPosts(ctx context.Context, cursor string) ([]news.Item, string, error) {
	items, following, err := telegram.Before(ctx, b.client(), b.source, number(cursor))
	if following == 0 {
		return items, "", err
	}
	return items, strconv.Itoa(following), err
}

// number is a cursor that counts, 0 at the start.
func number(cursor string) int {
	n, _ := strconv.Atoi(cursor) // "" is the start
	return n
}

func (b *backfill) listPage(ctx context.Context, cursor string) ([]news.Item, string, error) {
	n := max(1, number(cursor))
	items, err := site.Page(ctx, b.client(), b.source, n)
	if err = endOf(n, err); len(items) == 0 || b.source.Links.Pages == "" {
		return items, "", err
	}
	return items, strconv.Itoa(n + 1), err
}

// archiveDay reads what the outlet lists of a day; a cursor is a day, in the outlet's
// zone.
func (b *backfill) archiveDay(ctx context.Context, cursor string) ([]news.Item, string, error) {
	zone := cmp.Or(b.source.Zone, time.UTC)
	day, err := time.ParseInLocation(time.DateOnly, cursor, zone)
	if err != nil { // the start
		day = b.w.Now().In(zone)
	}
	following := day.AddDate(0, 0, -1).Format(time.DateOnly)
	if following < b.order.Since.In(zone).Format(time.DateOnly) {
		following = ""
	}
	items, err := site.Archive(ctx, b.client(), b.source, day)
	for i, it := range items {
		if it.Published.IsZero() && !b.wantsPage(it) { // which would know the hour
			items[i].Published = time.Date(day.Year(), day.Month(), day.Day(), 0, 0, 0, 0, zone)
		}
	}
	return items, following, endOf(2, err)
}

// feedPage reads a page of a feed, the way WordPress counts them: ?paged=2. A
// feed that has none gives the same items again, or an error: the end.
func (b *backfill) feedPage(ctx context.Context, cursor string) ([]news.Item, string, error) {
	n := max(1, number(cursor))
	at, err := url.Parse(b.source.URL)
	if err != nil {
		return nil, "", err
	}
	if n > 1 {
		q := at.Query()
		q.Set("paged", strconv.Itoa(n))
		at.RawQuery = q.Encode()
	}
	items, err := b.listAt(ctx, at.String())
	return items, strconv.Itoa(n + 1), endOf(n, err)
}

// listAt reads the listing at an address as that of the source.
func (b *backfill) listAt(ctx context.Context, at string) ([]news.Item, error) {
	res, err := b.client().Get(ctx, fetch.Request{URL: at, Purpose: fetch.Listing, Origin: b.source.URL, UserAgent: b.source.UserAgent})
	if err != nil {
		return nil, err
	}
	f, err := b.parse(res)
	if err != nil {
		return nil, err
	}
	return f.NewsItems(b.source.ID), nil
}

// jsonPage reads a page of an endpoint: where links.pages says, else the way
// WordPress counts them: ?page=2. A cursor is a page's number, or the date before
// which the page is.
func (b *backfill) jsonPage(ctx context.Context, cursor string) ([]news.Item, string, error) {
	n, at := 1, b.source.URL
	if cursor != "" {
		n = max(2, number(cursor))
		if at = b.jsonPageURL(cursor); at == "" {
			return nil, "", nil
		}
	}
	items, err := b.listAt(ctx, at)
	if err != nil || len(items) == 0 {
		return nil, "", endOf(n, err)
	}
	if !strings.Contains(b.source.Links.Pages, before) {
		return items, strconv.Itoa(n + 1), nil
	}
	oldest := items[0].Published
	for _, it := range items {
		if t := it.Published; t.IsZero() || t.Before(oldest) {
			oldest = t
		}
	}
	if oldest.IsZero() {
		return items, "", nil
	}
	return items, oldest.UTC().Format(time.RFC3339), nil
}

// before is what stands in links.pages for the oldest date so far.
const before = "{before}"

// jsonPageURL is the address of a further page of an endpoint; "" where it has
// none.
func (b *backfill) jsonPageURL(cursor string) string {
	switch pages := b.source.Links.Pages; {
	case strings.Contains(pages, before):
		at, _ := address.Resolve(b.source.URL, strings.Replace(pages, before, url.QueryEscape(cursor), 1))
		return at
	case pages != "":
		return site.PageURL(b.source, number(cursor))
	}
	at, err := url.Parse(b.source.URL)
	if err != nil {
		return ""
	}
	q := at.Query()
	if b.source.JSON != (news.JSONPaths{}) && !q.Has("page") {
		return "" // nothing says that it has pages
	}
	q.Set("page", cursor)
	at.RawQuery = q.Encode()
	return at.String()
}

// endOf passes over what comes after the last page: there is nothing, or no feed. A
// wall is no end.
func endOf(page int, err error) error {
	var fe *fetch.Error
	switch {
	case page == 1, wallOf(err) != "":
		return err
	case !errors.As(err, &fe):
		return nil
	case fe.Kind == fetch.KindStatus && fe.Status < 429 && fe.Status != http.StatusUnauthorized && fe.Status != http.StatusForbidden:
		return nil
	}
	return err
}
