package main

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync/atomic"
	"time"

	"driftwatch/alert/mail"
	"driftwatch/alert/slack"
	"driftwatch/configs"
	"driftwatch/drift"
	"driftwatch/guard"
	"driftwatch/news"
	"driftwatch/newsroom"
	"driftwatch/newsroom/sink"
	"driftwatch/rules"
	"driftwatch/store"
	"driftwatch/watch"
)

// weekBegins is the Monday on which the week of the demo begins.
var weekBegins = time.Date(2026, 3, 2, 0, 0, 0, 0, time.UTC)

const (
	weekHours = 7*24 - 3  // to Sunday 21:00, when the week's digest has gone out
	judgedAt  = 4*24 + 12 // hours: when the demo's analyst judges what was flagged so far

	silencedAt    = 2*24 + 11  // hours: when the analyst has heard enough of
	silencedStory = "kz-envoy" // for a day

	weekAnalyst = "dana" // who judges and silences
)

// fastClock is a clock that stands where it is set, until it is let go.
type fastClock struct {
	at    atomic.Int64              // seconds since 1970
	since atomic.Pointer[time.Time] // when it was let go
}

func (c *fastClock) set(t time.Time) { c.at.Store(t.Unix()) }

// run lets the clock go on by itself.
func (c *fastClock) run() {
	now := time.Now()
	c.since.Store(&now)
}

func (c *fastClock) now() time.Time {
	t := time.Unix(c.at.Load(), 0).UTC()
	if since := c.since.Load(); since != nil {
		t = t.Add(time.Since(*since))
	}
	return t
}

// weekDoc is what `demo --week --json` prints.
type weekDoc struct {
	Config   string       `json:"config"`
	Database string       `json:"database"`
	Arrivals []arrival    `json:"arrivals"` // in order
	Unread   []unread     `json:"unread"`
	Stories  []weekResult `json:"stories"`
	Drift    []driftDoc   `json:"drift"`
	Faults   []string     `json:"faults"` // what an analyst should not have got, or didn't get
}

// arrival is one thing that arrived at a sink.
type arrival struct {
	At       time.Time `json:"at"`
	Sink     string    `json:"sink"`
	Kind     string    `json:"kind"` // one of the kinds below
	Story    string    `json:"story,omitempty"`
	Articles []string  `json:"articles"` // that it names, the first first
	Title    string    `json:"title"`
	Says     string    `json:"says,omitempty"` // what is new, of a reply in a thread
}

// Kinds of arrivals.
const (
	kindMessage = "message" // of a story, the first or a further one
	kindUpdate  = "update"  // of a message that is there: a new version
	kindEdit    = "edit"    // the message itself is changed
	kindReply   = "reply"   // in its thread
	kindDigest  = "digest"
	kindNote    = "note"
)

// unread is an outlet that couldn't be read for a while.
type unread struct {
	Source  string    `json:"source"`
	From    time.Time `json:"from"`
	Until   time.Time `json:"until"` // zero: to the end of the week
	Problem string    `json:"problem"`
}

// weekResult is what became of one story of the newsroom's list.
type weekResult struct {
	Story    string         `json:"story"`
	Gets     string         `json:"gets"`
	Messages map[string]int `json:"messages"` // by sink
	Updates  map[string]int `json:"updates"`
}

// weekDemo is one showing of the week.
type weekDemo struct {
	*app
	clock  *fastClock
	room   *newsroom.Newsroom
	sinks  *sink.Sinks
	watch  *watch.Watch
	engine *rules.Engine
	list   map[string]newsroom.Article // the newsroom's articles, by address
	silent bool
	day    string      // that was named last
	shown  int         // messages taken up so far
	posts  []sink.Post // of the Slack channel, as they stood when they were last looked at
	doc    weekDoc
}

// demoWeek fast-forwards a week of news, and checks what an analyst would have
// got of it against the newsroom's own list. With a desk it opens that afterwards,
// in which the clock goes on from the end of the week.
func (a *app) demoWeek(ctx context.Context, dir string, asJSON, desk bool) error {
	clock := &fastClock{}
	clock.set(weekBegins)
	fast := *a
	fast.now = clock.now
	s, err := setStage(ctx, dir, newsroom.Options{Now: clock.now, Week: true}, desk)
	if err != nil {
		return err
	}
	defer s.close()
	c := s.config
	d := &weekDemo{app: &fast, clock: clock, room: s.room, sinks: s.sinks, silent: asJSON, list: map[string]newsroom.Article{}}
	d.doc = weekDoc{Config: s.file, Database: c.Store.Path, Arrivals: []arrival{}, Unread: []unread{}, Faults: []string{}}
	for _, article := range s.room.WeekArticles() {
		d.list[strings.TrimSuffix(article.URL, "/")] = article // as the program normalises it
	}
	if err := d.play(ctx, c); err != nil {
		return err
	}
	failed := d.close()
	if !desk {
		return failed
	}
	set := fast.settings(c.Store.Path)
	set.Reread = func() (*configs.Config, error) { return configs.Load(s.file, os.LookupEnv) }
	w, err := watch.Open(ctx, c, set)
	if err != nil {
		return err
	}
	defer w.Close()
	clock.run()
	return cmp.Or(fast.demoDesk(ctx, w, s), failed)
}

// play goes through the week, an hour a cycle.
func (d *weekDemo) play(ctx context.Context, c *configs.Config) (err error) {
	if d.watch, err = watch.Open(ctx, c, d.settings(c.Store.Path)); err != nil {
		return err
	}
	defer d.watch.Close()
	if d.engine, err = loadEngine(c); err != nil {
		return err
	}
	d.head("A week of news: %d outlets on loopback, %d articles, a cycle each hour. What an analyst gets:", len(d.room.Sources()), len(d.list))
	p := d.progress("fast-forwarding", d.silent)
	for hour := range weekHours {
		d.clock.set(weekBegins.Add(time.Duration(hour)*time.Hour + 55*time.Minute))
		switch hour {
		case judgedAt:
			err = d.judge(ctx)
		case silencedAt:
			err = d.silence(ctx)
		}
		if err != nil {
			return err
		}
		s, err := d.watch.Cycle(ctx, watch.Order{})
		if err == nil {
			err = ctx.Err()
		}
		if err != nil {
			return err
		}
		p.step(hour+1, weekHours)
		d.unreadable(s)
		d.arrived()
	}
	p.end()
	if err := d.wrongJoins(ctx); err != nil {
		return err
	}
	rows, err := watch.Drift(ctx, d.watch.Store, d.engine, watch.DriftOrder{Now: d.clock.now()})
	if err != nil {
		return err
	}
	d.doc.Drift = driftDocs(rows)
	return d.drawn(filepath.Dir(d.doc.Config), rows)
}

// judge is the demo's analyst: what was flagged so far is relevant where the
// newsroom's list says the same of the article, and irrelevant otherwise.
func (d *weekDemo) judge(ctx context.Context) error {
	hits, err := d.watch.Store.Hits(ctx, store.HitFilter{Unjudged: true})
	if err != nil {
		return err
	}
	right := 0
	for _, h := range hits {
		v := news.Verdict{Hit: h.Hit.ID, Says: news.Irrelevant, By: weekAnalyst, Given: d.clock.now()}
		if d.expects(h) {
			v.Says = news.Relevant
			right++
		}
		if err := d.watch.Store.Judge(ctx, v); err != nil {
			return err
		}
	}
	d.event(fmt.Sprintf("the analyst judges %d hits: %d relevant", len(hits), right), "")
	return nil
}

// silence has the demo's analyst silence a story.
func (d *weekDemo) silence(ctx context.Context) error {
	hits, err := d.watch.Store.Hits(ctx, store.HitFilter{})
	if err != nil {
		return err
	}
	for _, h := range hits {
		if d.list[strings.TrimSuffix(h.Article.URL, "/")].Story != silencedStory {
			continue
		}
		now := d.clock.now()
		_, err := d.watch.Store.AddSilence(ctx, news.Silence{
			Stories: []int64{h.Hit.Story}, Reason: "seen", By: weekAnalyst, Begins: now, Ends: now.Add(24 * time.Hour),
		})
		d.event("the analyst silences a story for 24 hours: "+h.Article.Title, silencedStory)
		return err
	}
	return fmt.Errorf("the demo's story %s was not flagged", silencedStory)
}

// expects reports whether a hit says what the newsroom's list says of its
// article.
func (d *weekDemo) expects(h store.HitRow) bool {
	return slices.ContainsFunc(d.list[strings.TrimSuffix(h.Article.URL, "/")].Labels, func(l newsroom.Label) bool {
		return l.Direction == h.Hit.Direction && slices.Equal(l.Countries, h.Hit.Countries)
	})
}

// wrongJoins finds stories of the store in which articles of several of the
// newsroom's stories stand, or an outlet's digest beside another article: such a
// join hides a story.
func (d *weekDemo) wrongJoins(ctx context.Context) error {
	hits, err := d.watch.Store.Hits(ctx, store.HitFilter{Order: store.Oldest})
	if err != nil {
		return err
	}
	first := map[int64]newsroom.Article{}
	told := map[string]bool{}
	for _, h := range hits {
		a := d.list[strings.TrimSuffix(h.Article.URL, "/")]
		b, known := first[h.Hit.Story]
		if !known {
			first[h.Hit.Story] = a
		}
		if known && a.ID != b.ID && (a.Story != b.Story || a.Story == "") && !told[a.ID] {
			told[a.ID] = true
			d.fault("%s is in one story with %s", a.ID, b.ID)
		}
	}
	return nil
}

// unreadable notes since when an outlet can't be read, and since when it can
// again.
func (d *weekDemo) unreadable(s watch.Summary) {
	for _, f := range s.Failures {
		if !slices.ContainsFunc(d.doc.Unread, func(u unread) bool { return u.Source == f.Source && u.Until.IsZero() }) {
			d.doc.Unread = append(d.doc.Unread, unread{Source: f.Source, From: d.clock.now(), Problem: f.Problem})
			d.event("not to be read: "+f.Source, f.Problem)
		}
	}
	states, err := d.watch.Store.SourceStates(context.Background())
	if err != nil {
		return // the next cycle says what is wrong with the store
	}
	for i, u := range d.doc.Unread {
		if u.Until.IsZero() && states[u.Source].Failures == 0 {
			d.doc.Unread[i].Until = d.clock.now()
			d.event("read again: "+u.Source, "")
		}
	}
}

// arrived takes up what came in since it was last asked.
func (d *weekDemo) arrived() {
	all := d.sinks.Messages()
	fresh := all[d.shown:]
	d.shown = len(all)
	first := len(d.doc.Arrivals)
	for _, m := range fresh {
		if m.Sink != sink.SlackSink {
			d.doc.Arrivals = append(d.doc.Arrivals, d.arrival(m))
		}
	}
	d.posted()
	d.show(d.doc.Arrivals[first:])
}

// posted takes up what is new in the Slack channel: messages, replies and edits.
func (d *weekDemo) posted() {
	now := d.sinks.Slack.API.Posts()
	for i, p := range now {
		a := d.arrival(sink.Message{Sink: sink.SlackSink, At: d.clock.now(), Body: p.Body})
		known := i < len(d.posts)
		switch {
		case known && p.Edits == d.posts[i].Edits:
			continue
		case known:
			a.Kind = kindEdit
		case p.Thread != "":
			a.Kind = kindReply
			a.Title, a.Story = d.opened(p.Thread, now)
			a.Says = p.Text
		}
		d.doc.Arrivals = append(d.doc.Arrivals, a)
	}
	d.posts = now
}

// opened is the title and the story of the message that a thread began with.
func (d *weekDemo) opened(ts string, posts []sink.Post) (title, story string) {
	for _, p := range posts {
		if p.TS == ts {
			first := d.arrival(sink.Message{Sink: sink.SlackSink, Body: p.Body})
			return first.Title, first.Story
		}
	}
	return "", ""
}

// arrival says what a message is, and which of the newsroom's articles it names.
func (d *weekDemo) arrival(m sink.Message) arrival {
	a := arrival{At: m.At.UTC(), Sink: m.Sink, Kind: kindMessage, Articles: []string{}}
	text := string(m.Body)
	switch m.Sink {
	case sink.WebhookSink:
		a.Kind = hookKind(m.Body)
	case sink.MailSink:
		a.Kind, text = headed(m.Subject), mail.Read(m.Body)
	case sink.SlackSink:
		text = slack.Blocks(m.Body)
		m.Subject, _, _ = strings.Cut(text, "\n")
		a.Kind = headed(m.Subject)
	}
	for _, article := range d.named(text) {
		a.Articles = append(a.Articles, article.ID)
		if a.Title == "" {
			a.Title, a.Story = article.Title, article.Story
		}
	}
	if a.Title == "" || a.Kind == kindDigest || a.Kind == kindNote {
		a.Title, a.Story = m.Subject, ""
	}
	return a
}

// named are the newsroom's articles whose addresses stand in a text, in the order
// in which they do.
func (d *weekDemo) named(text string) []newsroom.Article {
	type place struct {
		at      int
		article newsroom.Article
	}
	var found []place
	for url, article := range d.list {
		if at := strings.Index(text, url); at >= 0 {
			found = append(found, place{at, article})
		}
	}
	slices.SortFunc(found, func(a, b place) int { return a.at - b.at })
	out := make([]newsroom.Article, len(found))
	for i, f := range found {
		out[i] = f.article
	}
	return out
}

// hookKind is the kind of a webhook, by its type and version.
func hookKind(body []byte) string {
	var doc struct {
		Type string `json:"type"`
		Data struct {
			Version int `json:"version"`
		} `json:"data"`
	}
	if json.Unmarshal(body, &doc) != nil {
		return kindMessage
	}
	switch {
	case strings.HasPrefix(doc.Type, "digest"):
		return kindDigest
	case strings.HasPrefix(doc.Type, "note"):
		return kindNote
	case doc.Data.Version > 1:
		return kindUpdate
	}
	return kindMessage
}

// headed is the kind of a mail or a Slack message, by its subject or first line.
// A mail that answers another is a message of its own to who reads it.
func headed(subject string) string {
	if strings.Contains(subject, " digest: ") {
		return kindDigest
	}
	return kindMessage
}

// event prints a line at its time, below the day's name.
func (d *weekDemo) event(what, more string) {
	if d.silent {
		return
	}
	now := d.clock.now()
	if day := now.Format("Monday 2 January"); day != d.day {
		d.day = day
		fmt.Fprintf(d.stdout, "\n%s\n", d.style.strong(day))
	}
	d.fold(d.stdout, fmt.Sprintf("%s  %s", now.Format("15:04"), guard.Line(what)), "       ")
	if more != "" {
		d.fold(d.stdout, "       "+d.style.faint(guard.Line(more)), "       ")
	}
}

// show prints arrivals, those of one title together.
func (d *weekDemo) show(all []arrival) {
	type line struct {
		arrival
		ways []string
	}
	var lines []line
	for _, a := range all {
		i := slices.IndexFunc(lines, func(l line) bool { return l.Title == a.Title && (l.Kind == kindDigest) == (a.Kind == kindDigest) })
		if i < 0 {
			i = len(lines)
			lines = append(lines, line{arrival: a})
		}
		way := a.Sink
		if a.Kind != kindMessage {
			way += " " + a.Kind
		}
		lines[i].ways = append(lines[i].ways, way)
		lines[i].Says = cmp.Or(a.Says, lines[i].Says)
	}
	for _, l := range lines {
		slices.Sort(l.ways)
		what := strings.Join(slices.Compact(l.ways), ", ")
		if l.Title != "" {
			what += ": " + l.Title
		}
		d.event(what, l.more())
	}
}

// more is what is said of an arrival below it: what a reply says, or the story.
func (a arrival) more() string {
	switch {
	case a.Says != "":
		first, _, _ := strings.Cut(a.Says, "\n")
		return first
	case a.Kind == kindDigest || a.Kind == kindNote:
		return ""
	case a.Story == "":
		return "an outlet's own digest, of no one story"
	}
	return a.Story
}

// head says what comes next.
func (d *weekDemo) head(format string, args ...any) {
	if !d.silent {
		d.fold(d.stdout, d.style.strong(fmt.Sprintf(format, args...)), "")
	}
}

// drawn leaves the week's drift in the demo's folder as pictures, and prints it.
func (d *weekDemo) drawn(dir string, rows []drift.Row) error {
	svg, png := filepath.Join(dir, "drift.svg"), filepath.Join(dir, "drift.png")
	if err := d.showDrift(rows, driftFlags{svg: svg, png: png}, nil); err != nil {
		return err
	}
	if !d.silent {
		fmt.Fprintln(d.stdout)
		d.head("The drift of the week:")
		d.printDrift(rows, false)
		fmt.Fprintf(d.stdout, "Drawn: %s\n       %s\n", svg, png)
	}
	return nil
}

// close checks what arrived against the newsroom's list, and says what it found.
func (d *weekDemo) close() error {
	d.check()
	if d.silent {
		if err := printJSON(d.stdout, d.doc); err != nil {
			return err
		}
	} else {
		d.printCheck()
	}
	if len(d.doc.Faults) > 0 {
		return &exitError{code: exitFailed}
	}
	return nil
}

// check counts the messages of each story and route.
func (d *weekDemo) check() {
	for _, s := range d.room.WeekStories() {
		r := weekResult{Story: s.ID, Gets: s.Gets, Messages: map[string]int{}, Updates: map[string]int{}}
		for _, a := range d.doc.Arrivals {
			switch {
			case a.Story != s.ID:
			case a.Kind == kindMessage:
				r.Messages[a.Sink]++
			case a.Kind != kindDigest && a.Kind != kindNote:
				r.Updates[a.Sink]++
			}
		}
		d.doc.Stories = append(d.doc.Stories, r)
		for _, route := range d.room.WeekRoutes() {
			n, most := r.Messages[route.Sink], 1+len(s.Changes)
			switch takes := route.Takes(s); {
			case takes && n == 0:
				d.fault("%s: nothing arrived by %s", s.ID, route.Sink)
			case takes && n > most:
				d.fault("%s: %d messages by %s, at most %d", s.ID, n, route.Sink, most)
			case !takes && n > 0:
				d.fault("%s: %d messages by %s, which should have none", s.ID, n, route.Sink)
			}
		}
	}
	for _, a := range d.doc.Arrivals {
		if a.Kind != kindMessage || len(a.Articles) == 0 {
			continue
		}
		for _, article := range d.list {
			if article.ID == a.Articles[0] && len(article.Labels) == 0 && article.Relation != newsroom.RelationDigest {
				d.fault("%s: %s tells of it, which is no story", article.ID, a.Sink)
			}
		}
	}
}

func (d *weekDemo) fault(format string, args ...any) {
	d.doc.Faults = append(d.doc.Faults, fmt.Sprintf(format, args...))
}

func (d *weekDemo) printCheck() {
	told, messages := 0, map[string]int{}
	for _, s := range d.room.WeekStories() {
		if s.Told {
			told++
		}
	}
	for _, a := range d.doc.Arrivals {
		messages[a.Sink]++
	}
	fmt.Fprintln(d.stdout)
	d.head("Against the newsroom's own list:")
	d.fold(d.stdout, fmt.Sprintf("%d articles tell %d stories, %d of them to be alerted; arrived: %s.", len(d.list), len(d.room.WeekStories()), told, counts(messages, "nothing")), "")
	if len(d.doc.Faults) == 0 {
		fmt.Fprintln(d.stdout, "Each story arrived once on each of its routes, and nothing else did.")
	}
	for _, f := range d.doc.Faults {
		d.fold(d.stdout, "  "+f, "    ")
	}
	d.head("Look around:")
	fmt.Fprintf(d.stdout, "  driftwatch --config %s hits list\n  driftwatch --config %[1]s drift --since 2026-03-02\n", d.doc.Config)
}
