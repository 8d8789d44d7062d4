package watch

import (
	"bytes"
	"errors"
	"log/slog"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"testing/fstest"
	"time"

	"driftwatch/news"
	"driftwatch/rules"
	"driftwatch/store/sqlite"
	"driftwatch/text/names"
)

// Where the program itself fails at an article, the poll goes on: the article is
// asked for again, and the log says where it failed.
func TestFaultsOfTheProgramEndNoPoll(t *testing.T) {
	st, err := sqlite.Open(t.Context(), filepath.Join(t.TempDir(), "watch.db"), sqlite.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer st.Close()
	engine, err := rules.Load(fstest.MapFS{})
	if err != nil {
		t.Fatal(err)
	}
	var log bytes.Buffer
	w := &Watch{
		Store: st, Now: func() time.Time { return noon }, Log: slog.New(slog.NewTextHandler(&log, nil)),
		Rules: &Rulebook{engine: engine},
	}
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
