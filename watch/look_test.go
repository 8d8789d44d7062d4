package watch_test

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"driftwatch/alert"
	"driftwatch/news"
	"driftwatch/store"
	"driftwatch/store/archive"
	"driftwatch/watch"
)

// paper is a made-up outlet with one article, whose page a test rewrites.
type paper struct {
	mu     sync.Mutex
	title  string
	text   []string // paragraphs
	status int      // of the page; 0: 200
	front  bool     // the page redirects to the front page
	etag   string
	asked  int // requests for the page
	whole  bool
}

func (o *paper) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	o.mu.Lock()
	defer o.mu.Unlock()
	switch r.URL.Path {
	case "/feed":
		content := ""
		if o.whole {
			content = "<content:encoded><![CDATA[" + paragraphs(o.text) + "]]></content:encoded>"
		}
		fmt.Fprintf(w, `<?xml version="1.0"?><rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/"><channel><title>Outlet</title>
			<item><title>%s</title><link>http://%s/news/1</link><guid>1</guid>%s</item></channel></rss>`, titles[0], r.Host, content)
	case "/news/1":
		o.page(w, r)
	case "/":
		io.WriteString(w, "<html><body><h1>Outlet</h1></body></html>")
	default:
		http.NotFound(w, r)
	}
}

func (o *paper) page(w http.ResponseWriter, r *http.Request) {
	o.asked++
	switch {
	case o.front:
		http.Redirect(w, r, "/", http.StatusFound)
		return
	case o.status != 0:
		http.Error(w, "not here", o.status)
		return
	case o.etag != "" && r.Header.Get("If-None-Match") == o.etag:
		w.WriteHeader(http.StatusNotModified)
		return
	}
	if o.etag != "" {
		w.Header().Set("ETag", o.etag)
	}
	fmt.Fprintf(w, `<html lang="en"><head><title>%s</title><meta property="og:type" content="article"></head><body><article><h1>%[1]s</h1>%[2]s</article></body></html>`,
		o.title, paragraphs(o.text))
}

func paragraphs(text []string) string { return "<p>" + strings.Join(text, "</p><p>") + "</p>" }

var titles = []string{
	"Kyrgyzstan cancels CSTO exercise in Naryn two days before its start",
	"Exercise in Naryn is put off",
}

// story is what the outlet's article says; the first sentence is what is flagged.
var story = []string{
	"Kyrgyzstan has cancelled the CSTO exercise that was to begin on Thursday on its territory, the defence ministry said.",
	"Some nine hundred soldiers had been expected at a range in Naryn region. Tents that were put up last week are being taken down again.",
	"Lawmakers asked the ministry to explain itself at a closed hearing. The hearing has no date yet.",
}

var (
	readRules sync.Once
	rulebook  *watch.Rulebook
)

// room is a watch over one outlet.
type room struct {
	t      *testing.T
	clock  *clock
	outlet *paper
	watch  *watch.Watch
	folder string
}

func openOutlet(t *testing.T, o *paper) *room {
	t.Helper()
	o.title, o.text = titles[0], story
	r := openServed(t, o, `kind: feed, url: "%s/feed"`)
	r.outlet = o
	return r
}

// openServed is a watch over the source that is served by a handler; source is
// its kind and address.
func openServed(t *testing.T, served http.Handler, source string) *room {
	t.Helper()
	r := &room{t: t, clock: &clock{at: time.Now().UTC().Truncate(time.Second)}}
	server := httptest.NewServer(served)
	t.Cleanup(server.Close)
	dir := t.TempDir()
	database := filepath.Join(dir, "driftwatch.db")
	r.folder = filepath.Join(dir, "archive")
	c := config(t, fmt.Sprintf(`network: {contact: desk@example.org, allow: [127.0.0.0/8], host_interval: 1ms}
alerts: {first_poll: alert}
sources:
  - {id: outlet, name: Outlet, country: KG, languages: [en], interval: 1m, %s}
`, fmt.Sprintf(source, server.URL)))
	w, err := watch.Open(context.Background(), c, watch.Settings{
		Version: "test", Database: database, Now: r.clock.now, Stdout: io.Discard, Location: time.UTC, Log: slog.New(slog.DiscardHandler),
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { w.Close() })
	w.Channels = map[string]alert.Channel{}
	readRules.Do(func() { rulebook = watch.NewRulebook(c) })
	w.Rules = rulebook // once for all tests: reading them takes a while
	r.watch = w
	return r
}

// after lets time pass and does a cycle.
func (r *room) after(d time.Duration) watch.Summary {
	r.t.Helper()
	r.clock.pass(d)
	s, err := r.watch.Cycle(r.t.Context(), watch.Order{})
	if err != nil {
		r.t.Fatal(err)
	}
	return s
}

func (r *room) change(f func(o *paper)) {
	r.outlet.mu.Lock()
	defer r.outlet.mu.Unlock()
	f(r.outlet)
}

// article is the one that was flagged.
func (r *room) article() news.Article {
	r.t.Helper()
	rows, err := r.watch.Store.Hits(r.t.Context(), store.HitFilter{Withdrawn: true})
	if err != nil || len(rows) == 0 {
		r.t.Fatalf("%d hits, error %v", len(rows), err)
	}
	return rows[0].Article
}

func (r *room) changes() []store.PageChange {
	r.t.Helper()
	c, err := r.watch.Store.PageChanges(r.t.Context(), r.article().ID)
	if err != nil {
		r.t.Fatal(err)
	}
	return c
}

func (r *room) pages() []news.KeptPage {
	r.t.Helper()
	p, err := r.watch.Store.Pages(r.t.Context(), r.article().ID)
	if err != nil {
		r.t.Fatal(err)
	}
	return p
}

// postal is a made-up channel with one post, by the text that it has; empty
// once it was deleted.
type postal struct{ text atomic.Value }

func (c *postal) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	text := c.text.Load().(string)
	post := fmt.Sprintf(`<div class="tgme_widget_message" data-post="valley/7"><div class="tgme_widget_message_text">%s</div>
		<a class="tgme_widget_message_date"><time datetime="2026-11-02T05:00:00+00:00"></time></a></div>`, text)
	switch {
	case r.URL.Path == "/s/valley":
		io.WriteString(w, `<div class="tgme_widget_message" data-post="valley/9"><div class="tgme_widget_message_text">Good morning.</div></div>`)
		if text == story[0] { // an edit goes by unseen once the post isn't among the latest
			io.WriteString(w, post)
		}
	case r.URL.Path == "/valley/7" && r.URL.RawQuery == "embed=1" && text == "":
		io.WriteString(w, `<div class="tgme_widget_message_error">Post not found</div>`)
	case r.URL.Path == "/valley/7" && r.URL.RawQuery == "embed=1":
		io.WriteString(w, post)
	default:
		http.NotFound(w, r)
	}
}

// TestChannelPostIsLookedAtAgain: a post's own page is kept, and tells of edits and
// that the post was deleted.
func TestChannelPostIsLookedAtAgain(t *testing.T) {
	var c postal
	c.text.Store(story[0])
	r := openServed(t, &c, `kind: telegram, url: "%s/s/valley"`)
	if s := r.after(time.Minute); s.Evidence.Kept != 1 {
		t.Fatalf("evidence %+v", s.Evidence)
	}
	kept, err := archive.Read(r.folder, r.pages()[0])
	if err != nil || !strings.Contains(string(kept.Body), "has cancelled the CSTO exercise") {
		t.Fatalf("kept %v, %v", kept, err)
	}
	if s := r.after(time.Hour); s.Evidence.Looked != 1 || len(r.changes()) != 0 {
		t.Fatalf("unchanged: %+v, %+v", s.Evidence, r.changes())
	}
	c.text.Store("Kyrgyzstan has put off the CSTO exercise that was to begin on Thursday, the defence ministry said.")
	r.after(6 * time.Hour)
	c.text.Store("")
	r.after(24 * time.Hour)
	var got []string
	for _, change := range r.changes() {
		got = append(got, string(change.Kind)+" "+change.To)
	}
	if len(got) != 3 || !slices.ContainsFunc(got, func(s string) bool { return strings.HasPrefix(s, string(news.ChangeEdited)+" Kyrgyzstan has put off") }) ||
		!slices.Contains(got, string(news.ChangeTakenDown)+" Post not found") {
		t.Errorf("changes %q", got)
	}
}

func TestFlaggedPageIsKeptAndLookedAtAgain(t *testing.T) {
	r := openOutlet(t, &paper{})
	s := r.after(time.Minute)
	if s.Evidence.Kept != 1 || s.Evidence.Lost > 0 {
		t.Fatalf("evidence %+v", s.Evidence)
	}
	kept, err := archive.Read(r.folder, r.pages()[0])
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(string(kept.Body), "has cancelled the CSTO exercise") || kept.Status != 200 {
		t.Errorf("kept %d %s", kept.Status, kept.Body)
	}
	asked := 1
	for _, c := range []struct {
		wait time.Duration
		look bool
	}{
		{30 * time.Minute, false}, {31 * time.Minute, true}, {time.Hour, false}, {4 * time.Hour, true}, {19 * time.Hour, true},
		{24 * time.Hour, false}, {6 * 24 * time.Hour, true}, {24 * 24 * time.Hour, true}, {300 * 24 * time.Hour, false},
	} {
		s := r.after(c.wait)
		if c.look {
			asked++
		}
		if (s.Evidence.Looked == 1) != c.look || r.outlet.asked != asked {
			t.Errorf("after %v more: looked %d times, %d requests, want %d", c.wait, s.Evidence.Looked, r.outlet.asked, asked)
		}
	}
	if c := r.changes(); len(c) > 0 {
		t.Errorf("nothing has changed, and yet: %+v", c)
	}
	pages := r.pages()
	if len(pages) != asked || pages[0].Type != "revisit" || pages[0].Same == nil {
		t.Fatalf("pages %+v", pages)
	}
	again, err := archive.Read(r.folder, pages[0])
	if err != nil || string(again.Body) != string(kept.Body) {
		t.Errorf("the revisit reads %v, error %v", again, err)
	}
}

func TestUnchangedPageIsNotSentAgain(t *testing.T) {
	r := openOutlet(t, &paper{etag: `"a"`})
	r.after(time.Minute)
	if s := r.after(time.Hour); s.Evidence.Looked != 1 || s.Evidence.Kept != 0 {
		t.Errorf("evidence %+v", s.Evidence)
	}
	if c := r.changes(); len(c) > 0 {
		t.Errorf("changes %+v", c)
	}
}

func TestWhatChangesOnAPageIsFiled(t *testing.T) {
	rewritten := append([]string{"Kyrgyzstan has moved the CSTO exercise that was to begin on Thursday to spring, the defence ministry said."}, story[1:]...)
	for _, c := range []struct {
		name   string
		change func(o *paper)
		want   []news.PageChange
	}{
		{"nothing", func(*paper) {}, nil},
		{"what isn't evidence", func(o *paper) {
			o.text = append(append([]string{}, story...), "The range lies two hours from the town.")
		}, nil},
		{"the evidence is rewritten", func(o *paper) { o.text = rewritten }, []news.PageChange{{Kind: news.ChangeEdited, From: story[0], To: rewritten[0]}}},
		{"the evidence is cut", func(o *paper) { o.text = story[1:] }, []news.PageChange{{Kind: news.ChangeEdited, From: story[0]}}},
		{"the title", func(o *paper) { o.title = titles[1] }, []news.PageChange{{Kind: news.ChangeTitle, From: titles[0], To: titles[1]}}},
		{"404", func(o *paper) { o.status = 404 }, []news.PageChange{{Kind: news.ChangeTakenDown, From: titles[0], To: "status 404"}}},
		{"410", func(o *paper) { o.status = 410 }, []news.PageChange{{Kind: news.ChangeTakenDown, From: titles[0], To: "status 410"}}},
		{"451", func(o *paper) { o.status = 451 }, []news.PageChange{{Kind: news.ChangeTakenDown, From: titles[0], To: "status 451"}}},
		{"the front page", func(o *paper) { o.front = true }, []news.PageChange{{Kind: news.ChangeTakenDown, From: titles[0], To: "redirected to the front page"}}},
		{"no text", func(o *paper) { o.text = []string{""} }, []news.PageChange{{Kind: news.ChangeTakenDown, From: titles[0]}}},
		{"another text", func(o *paper) {
			o.title = "Melons are cheap this year"
			o.text = []string{
				"Melons are cheaper than they were a year ago, sellers at the bazaar say. A good one costs less than a loaf of bread does in the capital.",
				"Growers blame the rain, which came late. They hope for a better price in the north, where the season begins in three weeks.",
			}
		}, []news.PageChange{{Kind: news.ChangeTakenDown, From: titles[0], To: "another text stands at its address"}}},
		{"out of order", func(o *paper) { o.status = 503 }, nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			r := openOutlet(t, &paper{})
			r.after(time.Minute)
			r.change(c.change)
			r.after(61 * time.Minute)
			got := r.changes()
			if len(got) != len(c.want) {
				t.Fatalf("changes %+v, want %+v", got, c.want)
			}
			for i, w := range c.want {
				g := got[i]
				if g.Kind != w.Kind || g.From != w.From || w.To != "" && g.To != w.To || w.Kind == news.ChangeEdited && (g.To != w.To || g.Of == "") {
					t.Errorf("change %+v, want %+v", g.PageChange, w)
				}
				if g.Before.Text != strings.Join(story, "\n\n") || g.Before.Title != titles[0] || g.Before.Seen.IsZero() || !g.Found.After(g.Before.Seen) {
					t.Errorf("before: %+v", g.Before)
				}
				if gone := g.Kind == news.ChangeTakenDown; !gone && g.After.Text == "" {
					t.Errorf("after: %+v", g.After)
				}
			}
		})
	}
}

func TestEditWithdrawsWhatIsNoLongerSaid(t *testing.T) {
	r := openOutlet(t, &paper{})
	r.after(time.Minute)
	r.change(func(o *paper) { o.title, o.text = titles[1], story[1:] })
	r.after(time.Hour)
	if a := r.article(); a.Revision != 2 || a.Title != titles[1] {
		t.Errorf("article %+v", a)
	}
	standing, err := r.watch.Store.Hits(t.Context(), store.HitFilter{})
	if err != nil || len(standing) > 0 {
		t.Errorf("standing hits %+v, error %v", standing, err)
	}
	if s := r.after(30 * time.Minute); s.Articles.Revised+s.Articles.New > 0 {
		t.Errorf("the feed, which is as it was, gave %+v", s.Articles)
	}
}

func TestTakedownIsToldOnceAndSoIsAReturn(t *testing.T) {
	r := openOutlet(t, &paper{})
	r.after(time.Minute)
	r.change(func(o *paper) { o.status = 404 })
	if s := r.after(time.Hour); s.Evidence.TakenDown != 1 || s.Evidence.Kept != 1 {
		t.Errorf("evidence %+v", s.Evidence)
	}
	if p := r.pages()[0]; p.Status != 404 {
		t.Errorf("the refusal wasn't kept: %+v", p)
	}
	if s := r.after(5 * time.Hour); s.Evidence.Looked != 1 || s.Evidence.Changed > 0 {
		t.Errorf("evidence %+v", s.Evidence)
	}
	r.change(func(o *paper) { o.status = 0 })
	r.after(18 * time.Hour)
	c := r.changes()
	if len(c) != 2 || c[1].Kind != news.ChangeRestored || c[1].From != "status 404" || c[1].To != titles[0] {
		t.Errorf("changes %+v", c)
	}
}

func TestLookThatFailsIsTriedAgainSoon(t *testing.T) {
	r := openOutlet(t, &paper{})
	r.after(time.Minute)
	r.change(func(o *paper) { o.status = 500 })
	r.after(time.Hour)
	asked := r.outlet.asked
	r.after(9 * time.Minute)
	if r.outlet.asked != asked {
		t.Error("it was tried again at once")
	}
	r.change(func(o *paper) { o.status = 404 })
	if s := r.after(2 * time.Minute); s.Evidence.TakenDown != 1 {
		t.Errorf("evidence %+v", s.Evidence)
	}
}

func TestPageOfAnArticleThatTheFeedHasWholeIsKept(t *testing.T) {
	o := &paper{whole: true}
	r := openOutlet(t, o)
	r.change(func(o *paper) {
		o.text = append(append([]string{}, story...), strings.Repeat("The range lies two hours from the town. ", 50))
	})
	s := r.after(time.Minute)
	if s.Evidence.Kept != 1 || o.asked != 1 || len(r.pages()) != 1 {
		t.Errorf("evidence %+v, asked %d times", s.Evidence, o.asked)
	}
}

func TestPagesNone(t *testing.T) {
	r := openOutlet(t, &paper{})
	r.watch.Evidence.Pages, r.watch.Evidence.Looks = "none", nil
	if s := r.after(time.Minute); s.Evidence != (watch.EvidenceCount{}) || len(r.pages()) > 0 {
		t.Errorf("evidence %+v", s.Evidence)
	}
	if s := r.after(time.Hour); s.Evidence.Looked > 0 {
		t.Errorf("evidence %+v", s.Evidence)
	}
}

func TestArticlesAreFiledThoughTheArchiveCannotBeWritten(t *testing.T) {
	r := openOutlet(t, &paper{})
	other, err := archive.OpenWriter(r.folder, archive.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer other.Close()
	s := r.after(time.Minute)
	if s.Articles.New != 1 || s.Evidence.Lost != 1 || !strings.Contains(strings.Join(s.Hand(), "\n"), "another program writes to the archive") {
		t.Errorf("articles %+v, evidence %+v, hand %q", s.Articles, s.Evidence, s.Hand())
	}
}

// TestArticleThatNewRulesFlagIsLookedAt has an article filed without a hit, as
// rules that don't know the signal yet would, and flags it again.
func TestArticleThatNewRulesFlagIsLookedAt(t *testing.T) {
	r := openOutlet(t, &paper{})
	r.after(time.Minute)
	a := r.article()
	err := r.watch.Store.Update(t.Context(), func(tx store.Tx) error {
		if _, err := tx.PutHits(a.ID, a.Revision, nil); err != nil { // withdrawn
			return err
		}
		other := a
		other.URL, other.Link, other.Text = a.URL+"?2", a.Link+"?2", strings.Join(story, "\n\n")
		_, err := tx.NewStory(other, store.Print{})
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	if did, err := r.watch.Reflag(t.Context(), time.Time{}, nil); err != nil || did.Gained == 0 {
		t.Fatalf("flagged again: %+v, error %v", did, err)
	}
	if s := r.after(time.Hour); s.Evidence.Looked != 2 || s.Evidence.Kept != 2 || s.Evidence.Changed > 0 {
		t.Errorf("evidence %+v", s.Evidence)
	}
}
