package watch_test

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"runtime/metrics"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/andybalholm/brotli"

	"driftwatch/crawler/fetch"
	"driftwatch/guard"
	"driftwatch/news"
	"driftwatch/watch"
)

// hostileHeap is how much a cycle's heap may grow, in bytes, whatever its sources
// send all at once: with 16 requests under way, and answers of 10 MB at most.
const hostileHeap = 512 << 20

// TestHostileOutlets: outlets that send what no outlet should, all in one cycle. Each
// is a failure of its own or read as far as it can be; the others are read while those
// that hang still do, and memory stays within hostileHeap.
func TestHostileOutlets(t *testing.T) {
	f := open(t)
	f.watch.Sources = nil
	patient, err := fetch.New(fetch.Config{Policy: guard.Policy{Allow: []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")}}})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(patient.Close)
	f.watch.Fetch = patient
	var released atomic.Int32 // good outlets that were asked
	const good = 5
	asked := make(chan struct{})
	for n := range good {
		at := outletAt(t, n, func(w http.ResponseWriter, r *http.Request) {
			if r.URL.Path == "/list" && released.Add(1) == good {
				close(asked)
			}
			fmt.Fprintf(w, `<rss version="2.0"><channel><title>T</title><item><title>A bridge was opened in district %d</title><link>http://%s/%d</link></item></channel></rss>`, n, r.Host, n)
		})
		f.watch.Sources = append(f.watch.Sources, hostileSource(fmt.Sprintf("good-%d", n), news.KindFeed, at))
	}
	list := hostileOutlets(t, asked)
	for i, o := range list {
		at := outletAt(t, good+i, o.serve)
		f.watch.Sources = append([]news.Source{hostileSource(o.id, o.kind, at)}, f.watch.Sources...) // they come first
	}

	peak := heapPeak()
	s := f.cycle(watch.Order{})
	if grown := peak(); grown > hostileHeap {
		t.Errorf("the heap grew by %d MB, more than %d", grown>>20, hostileHeap>>20)
	} else {
		t.Logf("the heap grew by %d MB", grown>>20)
	}
	if s.Articles.New < good {
		t.Errorf("%d articles, want those of the %d good outlets: %+v", s.Articles.New, good, s.Failures)
	}
	for _, o := range list {
		i := slices.IndexFunc(s.Failures, func(x watch.Failure) bool { return x.Source == o.id })
		switch {
		case (i >= 0) == o.read:
			t.Errorf("%s: a failure %v, want %v", o.id, i >= 0, !o.read)
		case i >= 0 && strings.Contains(s.Failures[i].Problem, "no whole answer came"):
			t.Errorf("%s hung on though the others were asked: %s", o.id, s.Failures[i].Problem)
		}
	}
}

// hostileOutlet is one that does what no outlet should.
type hostileOutlet struct {
	id    string
	kind  news.Kind
	serve http.HandlerFunc
	read  bool // its list is a list all the same
}

// hostileOutlets are those. Those that hang do so until the others were asked, or
// the request is given up.
func hostileOutlets(t *testing.T, asked <-chan struct{}) []hostileOutlet {
	const whole = 9 << 20 // just below what is read of an answer
	fill := func(s string) string { return strings.Repeat(s, whole/len(s)) }
	send := func(head, unit, tail string) http.HandlerFunc {
		body := head + fill(unit) + tail
		return func(w http.ResponseWriter, r *http.Request) { io.WriteString(w, body) }
	}
	redirect := func(to string) http.HandlerFunc {
		return func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, to, http.StatusFound) }
	}
	raw := func(talk func(c net.Conn)) http.HandlerFunc {
		return func(w http.ResponseWriter, r *http.Request) {
			c, _, err := http.NewResponseController(w).Hijack()
			if err != nil {
				t.Error(err)
				return
			}
			defer c.Close()
			talk(c)
		}
	}
	packedAs := func(encoding string, body []byte) http.HandlerFunc {
		return func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Content-Encoding", encoding)
			w.Write(body)
		}
	}
	zeros := strings.Repeat("\x00", 64<<20)
	const rss, item = `<rss version="2.0"><channel><title>T</title>`, `<item><title>Rain in the valley</title><link>/1</link></item></channel></rss>`
	withPage := func(robots, page http.HandlerFunc) http.HandlerFunc {
		return func(w http.ResponseWriter, r *http.Request) {
			switch r.URL.Path {
			case "/list":
				io.WriteString(w, rss+item)
			case "/robots.txt":
				robots(w, r)
			default:
				page(w, r)
			}
		}
	}
	feed := news.KindFeed
	return []hostileOutlet{
		{"hangs", feed, func(w http.ResponseWriter, r *http.Request) {
			select {
			case <-asked:
			case <-r.Context().Done():
			}
		}, false},
		{"drips", feed, func(w http.ResponseWriter, r *http.Request) { dripUntil(w, r, asked) }, false},
		{"endless", feed, send(rss, "<item>", fill("<item>")), false},
		{"announces", feed, raw(func(c net.Conn) { io.WriteString(c, "HTTP/1.1 200 OK\r\nContent-Length: 99999999999\r\n\r\n"+rss) }), false},
		{"breaks-off", feed, raw(func(c net.Conn) { io.WriteString(c, "HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n"+rss) }), false},
		{"floods-header", feed, raw(func(c net.Conn) {
			io.WriteString(c, "HTTP/1.1 200 OK\r\n")
			for line := "X-Flood: " + strings.Repeat("x", 8<<10) + "\r\n"; ; {
				if _, err := io.WriteString(c, line); err != nil {
					return
				}
			}
		}), false},
		{"gzip-bomb", feed, packedAs("gzip", gzipBytes(zeros)), false},
		{"brotli-bomb", feed, packedAs("br", brotliBytes(zeros)), false},
		{"loop", feed, redirect("/list"), false},
		{"metadata", feed, redirect("http://169.254.169.254/latest/meta-data/"), false},
		{"mapped", feed, redirect("http://[::ffff:10.0.0.1]/"), false},
		{"nat64", feed, redirect("http://[64:ff9b::a00:1]/"), false},
		{"nowhere", feed, redirect("http://0.0.0.0/"), false},
		{"link-local", feed, redirect("http://[fe80::1]/"), false},
		{"deep-feed", feed, send(rss, "<a>", ""), false},
		{"deep-items", feed, send(rss, "<item><title>", ""), true},
		{"laughs", feed, send(`<!DOCTYPE r [<!ENTITY a "ha"><!ENTITY b "`+strings.Repeat("&a;", 1000)+`"><!ENTITY c "`, "&b;", `">]><rss><channel><title>&c;</title></channel></rss>`), true},
		{"open-quotes", feed, send(rss, `<a b="c' d='e" `, ""), false},
		{"deep-page", news.KindSite, send("<html>", "<div>", ""), false},
		{"misnested-page", news.KindSite, send("<html>", "<b><div></b>", ""), false},
		{"deep-channel", news.KindTelegram, send(`<div class="tgme_channel_info">`, "<span>", ""), false},
		{"deep-sitemap", news.KindSitemap, send("<urlset>", "<url>", ""), false},
		{"sitemap-of-itself", news.KindSitemap, func(w http.ResponseWriter, r *http.Request) {
			io.WriteString(w, "<sitemapindex><sitemap><loc>/list</loc></sitemap></sitemapindex>")
		}, false},
		{"endless-article", feed, withPage(http.NotFound, send("<p>", "words ", fill("words "))), true},
		{"deep-article", feed, withPage(http.NotFound, send("<article>", "<div><b>a", "")), true},
		{"article-bomb", feed, withPage(http.NotFound, packedAs("br", brotliBytes(zeros))), true},
		{"endless-robots", feed, withPage(send("User-agent: *\n", "Disallow: /*a*b*c*d\n", ""), send("<p>", "words ", "")), true},
	}
}

// dripUntil sends a byte now and then.
func dripUntil(w http.ResponseWriter, r *http.Request, done <-chan struct{}) {
	tick := time.NewTicker(5 * time.Millisecond)
	defer tick.Stop()
	for {
		select {
		case <-done:
			return
		case <-r.Context().Done():
			return
		case <-tick.C:
			io.WriteString(w, "<")
			http.NewResponseController(w).Flush()
		}
	}
}

func hostileSource(id string, kind news.Kind, base string) news.Source {
	s := news.Source{
		ID: id, Name: id, Country: "KG", Languages: []string{"en"}, Kind: kind, URL: base + "/list", Homepage: base + "/",
		Enabled: true, Fulltext: news.FulltextAlways,
	}
	if strings.HasPrefix(id, "good") {
		s.Fulltext = news.FulltextNever
	}
	return s
}

// outletAt serves on the n-th address of 127.66.0.0/16, so that each is a host of its
// own.
func outletAt(t *testing.T, n int, h http.HandlerFunc) string {
	t.Helper()
	l, err := net.Listen("tcp", fmt.Sprintf("127.66.%d.%d:0", n/200, 1+n%200))
	if err != nil {
		t.Fatal(err)
	}
	s := &httptest.Server{Listener: l, Config: &http.Server{Handler: h, ErrorLog: log.New(io.Discard, "", 0)}}
	s.Start()
	t.Cleanup(func() {
		s.CloseClientConnections()
		s.Close()
	})
	return s.URL
}

// heapPeak watches the heap; what it returns ends that and gives by how much it grew
// at most.
func heapPeak() func() int64 {
	now := func() int64 {
		s := []metrics.Sample{{Name: "/memory/classes/heap/objects:bytes"}}
		metrics.Read(s)
		return int64(s[0].Value.Uint64())
	}
	before, most := now(), int64(0)
	done := make(chan struct{})
	var wg sync.WaitGroup
	wg.Go(func() {
		tick := time.NewTicker(2 * time.Millisecond)
		defer tick.Stop()
		for {
			select {
			case <-done:
				return
			case <-tick.C:
				most = max(most, now())
			}
		}
	})
	return func() int64 {
		close(done)
		wg.Wait()
		return most - before
	}
}

func gzipBytes(s string) []byte {
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	io.WriteString(z, s)
	z.Close()
	return b.Bytes()
}

func brotliBytes(s string) []byte {
	var b bytes.Buffer
	z := brotli.NewWriterLevel(&b, 1)
	io.WriteString(z, s)
	z.Close()
	return b.Bytes()
}
