package watch_test

import (
	"bytes"
	"compress/gzip"
	"context"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"driftwatch/alert"
	"driftwatch/configs"
	"driftwatch/store"
	"driftwatch/watch"
)

// What the outlets of BenchmarkDisk publish in its two days.
const (
	pressOutlets = 20
	pressPerDay  = 25
	pressFlagged = 40 // one article of so many is to be flagged
)

// BenchmarkDisk says what articles cost in disk. Made-up outlets publish some of
// the usual size, the watch reads them as any others and looks at the flagged ones
// again, unchanged; what the database and the archive have grown by is told for
// each article. The usual size is the mean of 785 pages of the press: 4.3 KB of
// text in a page of 130 KB. Packed those were 26 KB; the made-up ones are 21.
func BenchmarkDisk(b *testing.B) {
	for _, pages := range []string{configs.PagesFlagged, configs.PagesAll} {
		b.Run("pages="+pages, func(b *testing.B) {
			for b.Loop() {
				p := &press{day: time.Now().UTC().AddDate(0, 0, -40).Truncate(24 * time.Hour)}
				p.fill(b, pages)
			}
		})
	}
}

// press is made-up outlets.
type press struct{ day, now time.Time }

// fill lets two days and a month of looks pass, and tells what was stored.
func (p *press) fill(b *testing.B, pages string) {
	server := httptest.NewServer(p)
	defer server.Close()
	dir := b.TempDir()
	w := p.watch(b, dir, server.URL, pages)
	defer w.Close()
	day := p.day
	for _, at := range []time.Duration{8, 10, 15, 24 + 8, 24 + 10, 24 + 15, 3 * 24, 9 * 24, 40 * 24} { // hours
		p.now = day.Add(at * time.Hour)
		if at == 24+8 {
			p.day = p.day.AddDate(0, 0, 1)
		}
		if _, err := w.Cycle(b.Context(), watch.Order{}); err != nil {
			b.Fatal(err)
		}
	}
	p.report(b, w, dir)
}

func (p *press) watch(b *testing.B, dir, base, pages string) *watch.Watch {
	var text strings.Builder
	fmt.Fprintf(&text, "store: {path: %q}\narchive: {pages: %s}\nnetwork: {contact: a@example.org, allow: [127.0.0.0/8], host_interval: 0s}\nsources:\n",
		filepath.Join(dir, "driftwatch.db"), pages)
	for n := range pressOutlets {
		fmt.Fprintf(&text, "  - {id: o%d, name: Outlet %d, country: KG, languages: [ru], kind: feed, url: %s/%d/feed}\n", n, n, base, n)
	}
	w, err := watch.Open(context.Background(), config(b, text.String()), watch.Settings{
		Version: "disk", Now: func() time.Time { return p.now }, Log: slog.New(slog.DiscardHandler), Location: time.UTC, Stdout: io.Discard,
	})
	if err != nil {
		b.Fatal(err)
	}
	w.Channels = map[string]alert.Channel{}
	return w
}

func (p *press) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	var outlet, day, item int
	if n, _ := fmt.Sscanf(r.URL.Path, "/%d/%d/%d", &outlet, &day, &item); n == 3 {
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		w.Header().Set("Content-Encoding", "gzip")
		z := gzip.NewWriter(w)
		defer z.Close()
		z.Write(pressPage(outlet, day, item))
		return
	}
	if n, _ := fmt.Sscanf(r.URL.Path, "/%d/feed", &outlet); n != 1 || !strings.HasSuffix(r.URL.Path, "/feed") {
		http.NotFound(w, r)
		return
	}
	fmt.Fprint(w, `<?xml version="1.0"?><rss version="2.0"><channel><title>Outlet</title>`)
	for item := range pressPerDay {
		day := p.day.YearDay()
		fmt.Fprintf(w, `<item><title>%s</title><link>http://%s/%d/%d/%d</link><pubDate>%s</pubDate></item>`,
			pressTitle(outlet, day, item), r.Host, outlet, day, item, p.day.Add(7*time.Hour).Format(time.RFC1123Z))
	}
	fmt.Fprint(w, `</channel></rss>`)
}

// pressWords are some that say nothing.
var pressWords = strings.Fields(`город область район дорога школа больница завод рынок театр музей стадион поезд автобус мост
	река озеро гора поле сад урожай хлопок зерно яблоко хлеб вода ветер снег дождь солнце утро вечер неделя месяц год
	весна осень зима лето житель врач учитель водитель фермер строитель студент ученик депутат министр сообщили
	рассказали отметили открыли построили завершили начали провели обсудили подписали получили выросли снизились`)

// pressSays is what the rules flag.
const pressSays = "Киргизия отменила учения ОДКБ, которые должны были начаться в четверг на её территории, сообщило министерство обороны."

func pressRandom(outlet, day, item int) *rand.Rand {
	return rand.New(rand.NewPCG(uint64(outlet)<<20|uint64(day), uint64(item)))
}

// sentence is made-up words, some of which are names that stand nowhere else.
func sentence(r *rand.Rand, n int) string {
	var b strings.Builder
	for i := range n {
		if i > 0 {
			b.WriteByte(' ')
		}
		w := pressWords[r.IntN(len(pressWords))]
		if r.IntN(5) == 0 {
			w = strings.ToUpper(w[:2]) + pressWords[r.IntN(len(pressWords))][:4] + pressWords[r.IntN(len(pressWords))]
		}
		b.WriteString(w)
	}
	return b.String()
}

func pressTitle(outlet, day, item int) string { return sentence(pressRandom(outlet, day, item), 8) }

// pressPage is an article of 4.3 KB of text in a page of 130 KB.
func pressPage(outlet, day, item int) []byte {
	r := pressRandom(outlet, day, item)
	var b bytes.Buffer
	fmt.Fprintf(&b, `<html lang="ru"><head><title>%s</title><meta property="og:type" content="article">`, sentence(r, 8))
	for b.Len() < 60<<10 { // scripts and styles
		fmt.Fprintf(&b, `<script src="/static/%x.js" data-n="%x"></script><link rel="stylesheet" href="/assets/theme/default/%x.css" media="all">`, r.Uint32(), r.Uint64(), r.Uint32())
		b.WriteString("<script>" + strings.Repeat("/* window.dataLayer = window.dataLayer || []; */", 6) + "</script>")
	}
	b.WriteString("</head><body><nav>")
	for i := range 60 {
		fmt.Fprintf(&b, `<a class="menu__item menu__item--level-1" href="/razdel/%d">Раздел %d</a>`, i, i)
	}
	b.WriteString("</nav><article>")
	for i, text := 0, 0; text < 4300; i++ {
		p := sentence(r, 14) + ". " + sentence(r, 16) + "."
		if i == 0 && (outlet*pressPerDay+item)%pressFlagged == 0 {
			p = pressSays + " " + p
		}
		text += len(p)
		fmt.Fprintf(&b, "<p>%s</p>", p)
	}
	b.WriteString("</article><footer>")
	for b.Len() < 130<<10 {
		fmt.Fprintf(&b, `<div class="card card--small" data-id="%x" data-track="%x%x%x%x%x%x%x%x%x%x%x%x"><a href="/foto/%x">.</a><img loading="lazy" src="/img/%x.jpg" alt=""></div>`,
			r.Uint32(), r.Uint64(), r.Uint64(), r.Uint64(), r.Uint64(), r.Uint64(), r.Uint64(), r.Uint64(), r.Uint64(), r.Uint64(), r.Uint64(),
			r.Uint64(), r.Uint64(), r.Uint64(), r.Uint64())
		b.WriteString(strings.Repeat(`<span class="icon icon--share icon--small"></span>`, 4))
	}
	b.WriteString("</footer></body></html>")
	return b.Bytes()
}

// report tells what was stored, in KB.
func (p *press) report(b *testing.B, w *watch.Watch, dir string) {
	c, err := w.Store.Counts(b.Context())
	if err != nil {
		b.Fatal(err)
	}
	rows, err := w.Store.Hits(b.Context(), store.HitFilter{})
	if err != nil {
		b.Fatal(err)
	}
	hit := map[int64]bool{}
	for _, r := range rows {
		hit[r.Article.ID] = true
	}
	var archived int64
	err = filepath.WalkDir(filepath.Join(dir, "archive"), func(_ string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() {
			return err
		}
		info, err := e.Info()
		if err == nil {
			archived += info.Size()
		}
		return err
	})
	if err != nil {
		b.Fatal(err)
	}
	n := float64(c.Articles)
	b.ReportMetric(n, "articles")
	b.ReportMetric(float64(len(hit)), "flagged")
	b.ReportMetric(float64(c.Bytes)/n/1e3, "KB-database/article")
	b.ReportMetric(float64(archived)/n/1e3, "KB-archive/article")
	b.ReportMetric(float64(archived)/float64(max(1, len(hit)))/1e3, "KB-archive/flagged")
}
