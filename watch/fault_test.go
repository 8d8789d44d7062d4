package watch

import (
	"bytes"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strings"
	"sync"
	"testing"
	"testing/fstest"
	"time"

	"driftwatch/crawler/fetch"
	"driftwatch/guard"
	"driftwatch/news"
	"driftwatch/rules"
	"driftwatch/store"
	"driftwatch/text/names"
)

// Where the program itself fails at an article, the poll goes on: the article is
// asked for again, and the log says where it failed.
func TestFaultsOfTheProgramEndNoPoll(t *testing.T) {
	w := openFiler(t).Watch
	engine, err := rules.Load(fstest.MapFS{})
	if err != nil {
		t.Fatal(err)
	}
	var log bytes.Buffer
	w.Log, w.Rules = slog.New(slog.NewTextHandler(&log, nil)), &Rulebook{engine: engine}
	w.Names.now.Store(new(names.Gazetteer))
	w.Names.checked = true
	fresh := finders.New
	finders = sync.Pool{New: func() any { return (*names.Finder)(nil) }} // which fails at any text
	t.Cleanup(func() { finders = sync.Pool{New: fresh} })
	tl := newTally(noon)
	d := w.startDesk(t.Context(), tl, Order{}, func() {})
	p := &poll{w: w, desk: d, tally: tl, source: news.Source{ID: "s", Fulltext: news.FulltextNever}}
	items := []news.Item{
		{Title: "One", Link: "https://s.example/1", Content: "It is told."},
		{Title: "Two", Link: "https://s.example/2", Content: "It is told, too."},
	}
	rest, whole, err := p.file(t.Context(), t.Context(), items)
	if err != nil || whole || len(rest) > 0 {
		t.Errorf("%d are to be filed, whole %v, %v; want none, to be tried again", len(rest), whole, err)
	}
	if err := d.close(); err != nil {
		t.Error(err)
	}
	if tl.s.Articles.Failed != 2 {
		t.Errorf("%d articles failed, want 2", tl.s.Articles.Failed)
	}
	for _, want := range []string{"level=ERROR", "source=s", "https://s.example/2", "watch.(*poll).judge"} {
		if !strings.Contains(log.String(), want) {
			t.Errorf("the log has no %s:\n%s", want, &log)
		}
	}
}

func TestSoundMakesAnErrorOfAPanic(t *testing.T) {
	p := &poll{w: &Watch{Log: slog.New(slog.DiscardHandler)}}
	var f *FaultError
	if err := p.sound("https://s.example/", func() error { panic("out of range") }); !errors.As(err, &f) || f.URL != "https://s.example/" || !strings.Contains(err.Error(), "out of range") {
		t.Errorf("%v, want the fault and where", err)
	}
	told := errors.New("no feed")
	if err := p.sound("https://s.example/", func() error { return told }); err != told {
		t.Errorf("%v, want %v", err, told)
	}
}

// unmade is a client that fails the program at whatever it is asked.
var unmade *fetch.Client

// Whatever way a source is read, and a page, a fault of the program is an error of that
// one: with its own state, its address told once, and no word that a page was taken down.
func TestFaultsOfTheClientEndNoPoll(t *testing.T) {
	w := &Watch{Fetch: unmade, Now: func() time.Time { return noon }, Log: slog.New(slog.DiscardHandler)}
	for _, kind := range []news.Kind{news.KindFeed, news.KindJSON, news.KindSite, news.KindSitemap, news.KindTelegram} {
		p := &poll{w: w, source: news.Source{ID: "s", Kind: kind, URL: "https://t.me/s/outlet"}}
		_, err := p.list(t.Context())
		if !errors.As(err, new(*FaultError)) || statusOf(p.source, err) != StateFault || strings.Count(err.Error(), p.source.URL) != 1 {
			t.Errorf("%s: %v", kind, err)
		}
	}
	b := &backfill{poll: poll{w: w, source: news.Source{ID: "s", Kind: news.KindFeed, URL: "https://s.example/feed"}}}
	if _, _, err := b.read(t.Context(), way{name: "pages of the feed", next: b.feedPage}, ""); !errors.As(err, new(*FaultError)) {
		t.Errorf("the past: %v", err)
	}
	p := &poll{w: w, tally: newTally(noon), source: news.Source{ID: "s"}}
	var d draft
	if err := p.readPage(t.Context(), entry{item: news.Item{Link: "https://s.example/1"}}, &d, new(news.Article)); err != nil || d.owed || p.tally.s.Articles.Failed != 1 {
		t.Errorf("a page: %v, owed %v, %+v", err, d.owed, p.tally.s.Articles)
	}
}

// That the program fails at a page which is looked at again says nothing of the page.
func TestFaultsOfTheProgramTakeNothingDown(t *testing.T) {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		io.WriteString(w, "<html><title>Water</title><article><p>The council spoke of water.</p></article></html>")
	}))
	defer server.Close()
	client, err := fetch.New(fetch.Config{Policy: guard.Policy{Allow: []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")}}})
	if err != nil {
		t.Fatal(err)
	}
	defer client.Close()
	asked := 0
	w := &Watch{Fetch: client, Log: slog.New(slog.DiscardHandler), Now: func() time.Time {
		if asked++; asked == 2 { // by what reads the page
			panic("out of range")
		}
		return noon
	}}
	p := &poll{w: w, source: news.Source{ID: "s", URL: server.URL}}
	s, page, err := p.sighting(t.Context(), news.Article{URL: server.URL + "/news/1"}, store.Look{})
	if s != nil || page != nil || !errors.As(err, new(*FaultError)) {
		t.Errorf("%+v, %v; want the fault alone", s, err)
	}
}
