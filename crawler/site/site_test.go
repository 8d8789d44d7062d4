package site_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"slices"
	"strings"
	"testing"
	"time"

	"go.uber.org/goleak"
	"golang.org/x/text/encoding/charmap"

	"driftwatch/crawler/fetch"
	"driftwatch/crawler/site"
	"driftwatch/guard"
	"driftwatch/news"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func ExampleDiscover() {
	outlet := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		fmt.Fprint(w, `<!doctype html><nav><a href="/politics">Politics</a></nav>
			<div><a href="/news/4711-bridge"><h3>The bridge at Almaly opens a year late</h3></a>
			<time datetime="2026-11-02T09:30:00+05:00">2 November</time></div>`)
	}))
	defer outlet.Close()
	client, err := fetch.New(fetch.Config{Policy: loopback})
	if err != nil {
		fmt.Println(err)
		return
	}
	defer client.Close()

	list, err := site.Discover(context.Background(), client, news.Source{ID: "almaly", URL: outlet.URL}, news.SourceState{})
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, item := range list.Items {
		fmt.Println(strings.TrimPrefix(item.Link, outlet.URL), item.Title, item.Published)
	}
	// Output:
	// /news/4711-bridge The bridge at Almaly opens a year late 2026-11-02 04:30:00 +0000 UTC
}

const page = `<!doctype html><html><head><title>Вести Алмалы</title></head><body>
<header><a href="/">Вести Алмалы</a><a href="/2026/10/01/how-we-work-and-who-pays-us">Как мы работаем и кто за нас платит</a></header>
<nav class="menu"><a href="/politics/">Политика</a><a href="/economy/">Экономика</a></nav>
<main>
 <article class="card"><a href="/news/101/"><img src="/i/101.jpg"></a>
  <h2><a href="/news/101/?utm_source=main">В Алмалы открыли мост через реку</a></h2>
  <time datetime="2026-11-02T10:00:00+05:00">2 ноября</time><a href="/author/asel">Асель</a></article>
 <article class="card"><a href="https://www.OUTLET/news/102#comments"><h3>Хлебозавод в Алмалы   закрывается
  на ремонт</h3><p>Он работает с 1962 года.</p><time datetime="2026-11-01">вчера</time></a><a href="/news/102#more">Читать</a></article>
 <div><a href="/2026/10/31/school-of-drums-opens-in-almaly">Школа барабанщиков</a></div>
 <div><a href="/news/103/photo.jpg">Фотография дня: мост через реку</a> <a href="/tag/most-cherez-reku-2026">Мост через реку</a></div>
 <div><a href="https://elsewhere.example/news/104">Новости партнёров: хлебозавод закрыт</a>
  <a href="mailto:desk@almaly.example">Написать нам письмо в редакцию</a>
  <a href="javascript:void(0)">Показать ещё новости за сегодня</a><a href="#top">Наверх страницы и в начало</a></div>
</main>
<footer><a href="/2020/01/01/rules-of-our-site-for-readers">Правила нашего сайта для читателей</a></footer>
</body></html>`

func TestDiscover(t *testing.T) {
	tests := []struct {
		name  string
		links news.LinkRules
		want  []string // path, title and date
	}{
		{"by their looks", news.LinkRules{}, []string{
			"/news/101/ В Алмалы открыли мост через реку 2026-11-02T05:00:00Z",
			"/news/102 Хлебозавод в Алмалы закрывается на ремонт 2026-11-01T00:00:00Z",
			"/2026/10/31/school-of-drums-opens-in-almaly Школа барабанщиков 0001-01-01T00:00:00Z",
		}},
		{"by rule", news.LinkRules{Allow: []string{`/news/\d+`, `elsewhere`}, Deny: []string{`\.jpg$`, `/102`}}, []string{
			"/news/101/ В Алмалы открыли мост через реку 2026-11-02T05:00:00Z",
			"https://elsewhere.example/news/104 Новости партнёров: хлебозавод закрыт 0001-01-01T00:00:00Z",
		}},
		{"but not these", news.LinkRules{Deny: []string{`/news/`}}, []string{
			"/2026/10/31/school-of-drums-opens-in-almaly Школа барабанщиков 0001-01-01T00:00:00Z",
		}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			url := serve(t, func(w http.ResponseWriter, r *http.Request) {
				io.WriteString(w, strings.ReplaceAll(page, "https://www.OUTLET", "http://"+r.Host))
			})
			list, err := site.Discover(t.Context(), client(t), news.Source{ID: "almaly", URL: url + "/", Links: tt.links}, news.SourceState{})
			if err != nil {
				t.Fatal(err)
			}
			var got []string
			for _, i := range list.Items {
				got = append(got, fmt.Sprint(strings.TrimPrefix(i.Link, url), " ", i.Title, " ", i.Published.Format(time.RFC3339)))
				if i.Source != "almaly" {
					t.Errorf("%s is an item of %q", i.Link, i.Source)
				}
			}
			if !slices.Equal(got, tt.want) {
				t.Errorf("found\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(tt.want, "\n"))
			}
		})
	}
}

func TestCharsets(t *testing.T) {
	const title = "Хлебозавод в Алмалы закрывается"
	cp1251, err := charmap.Windows1251.NewEncoder().String(`<p><a href="/news/12345">` + title + `</a></p>`)
	if err != nil {
		t.Fatal(err)
	}
	const utf8 = `<p><a href="/news/12345">` + title + `</a></p>`
	for _, tt := range []struct{ name, contentType, body string }{
		{"declared in the header", "text/html; charset=windows-1251", cp1251},
		{"declared in the page", "text/html", `<meta charset="windows-1251">` + cp1251},
		{"declared wrongly", "text/html; charset=utf-8", cp1251},
		{"UTF-8 declared as another", "text/html; charset=windows-1251", utf8},
		{"XHTML", "application/xhtml+xml", utf8},
	} {
		t.Run(tt.name, func(t *testing.T) {
			url := serve(t, func(w http.ResponseWriter, r *http.Request) {
				w.Header().Set("Content-Type", tt.contentType)
				io.WriteString(w, tt.body)
			})
			list, err := site.Discover(t.Context(), client(t), news.Source{URL: url}, news.SourceState{})
			if err != nil || len(list.Items) != 1 || list.Items[0].Title != title {
				t.Errorf("found %+v, %v", list, err)
			}
		})
	}
}

func TestConditional(t *testing.T) {
	url := serve(t, func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("ETag", `"1"`)
		w.Header().Set("Cache-Control", "max-age=60")
		if r.Header.Get("If-None-Match") == `"1"` {
			w.WriteHeader(http.StatusNotModified)
			return
		}
		io.WriteString(w, page)
	})
	c, s := client(t), news.Source{URL: url}
	first, err := site.Discover(t.Context(), c, s, news.SourceState{})
	if err != nil || first.ETag != `"1"` || first.MaxAge != time.Minute || first.Format != site.Format || first.NotModified {
		t.Fatalf("first %+v, %v", first, err)
	}
	second, err := site.Discover(t.Context(), c, s, news.SourceState{URL: url, ETag: first.ETag})
	if err != nil || !second.NotModified || len(second.Items) != 0 {
		t.Errorf("second %+v, %v", second, err)
	}
	moved, err := site.Discover(t.Context(), c, s, news.SourceState{URL: url + "/old", ETag: first.ETag})
	if err != nil || moved.NotModified {
		t.Errorf("with what was learned elsewhere %+v, %v", moved, err)
	}
}

func TestFaults(t *testing.T) {
	deep := strings.Repeat("<div>", 100_000)
	tests := []struct {
		name, contentType, body, says string
	}{
		{"no articles", "text/html", `<a href="/politics">Politics</a><a href="/about">About</a>`, "has 2 links, none of which looks like an article: give the source links.allow"},
		{"no links", "text/html", `<div id="app"></div><script src="/app.js"></script>`, "has no links at all"},
		{"nothing", "text/html", "", "has no links at all"},
		{"a feed", "application/rss+xml", "<rss/>", "isn't HTML but of type application/rss+xml"},
		{"an endpoint", "application/json", "{}", "an endpoint wants kind: json"},
		{"a picture", "image/png", "\x89PNG", "isn't HTML but of type image/png"},
		{"too deep", "text/html", deep, "can't be read as HTML"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			url := serve(t, func(w http.ResponseWriter, r *http.Request) {
				w.Header().Set("Content-Type", tt.contentType)
				io.WriteString(w, tt.body)
			})
			list, err := site.Discover(t.Context(), client(t), news.Source{URL: url}, news.SourceState{})
			if err == nil || !strings.Contains(err.Error(), tt.says) {
				t.Errorf("found %+v, %v; want %q", list, err, tt.says)
			}
		})
	}
}

func TestFetchFaults(t *testing.T) {
	url := serve(t, func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/robots.txt":
			io.WriteString(w, "User-agent: driftwatch\nDisallow: /private")
		case "/inner":
			http.Redirect(w, r, "http://10.0.0.1/", http.StatusFound)
		default:
			w.WriteHeader(http.StatusGone)
		}
	})
	for path, want := range map[string]fetch.Kind{"/private": fetch.KindRobots, "/gone": fetch.KindStatus, "/inner": fetch.KindRefused} {
		_, err := site.Discover(t.Context(), client(t), news.Source{URL: url + path}, news.SourceState{})
		var e *fetch.Error
		if !errors.As(err, &e) || e.Kind != want || !strings.HasPrefix(err.Error(), "fetch "+url+path) {
			t.Errorf("%s: %v, want kind %s", path, err, want)
		}
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := site.Discover(ctx, client(t), news.Source{URL: url}, news.SourceState{}); !errors.Is(err, context.Canceled) {
		t.Errorf("canceled: %v", err)
	}
	bad := news.Source{URL: url, Links: news.LinkRules{Deny: []string{"("}}}
	if _, err := site.Discover(t.Context(), client(t), bad, news.SourceState{}); err == nil || !strings.Contains(err.Error(), "links.deny") {
		t.Errorf("a rule that can't be compiled: %v", err)
	}
}

// A page all of whose links stand in something that is called a menu.
func TestAllMenu(t *testing.T) {
	url := serve(t, func(w http.ResponseWriter, r *http.Request) {
		io.WriteString(w, `<!doctype html><div class="menu-wrapper"><a href="/news/4711">Мост через реку открыт</a></div>`)
	})
	list, err := site.Discover(t.Context(), client(t), news.Source{URL: url}, news.SourceState{})
	if err != nil || len(list.Items) != 1 {
		t.Errorf("found %+v, %v", list, err)
	}
}

// A page of very many links gives a bounded list in bounded time.
func TestManyLinks(t *testing.T) {
	url := serve(t, func(w http.ResponseWriter, r *http.Request) {
		io.WriteString(w, "<!doctype html>")
		for i := range 20_000 {
			fmt.Fprintf(w, `<div><a href="/news/%d">Новость номер %d о мосте через реку</a></div>`, i+1000, i)
		}
	})
	list, err := site.Discover(t.Context(), client(t), news.Source{URL: url}, news.SourceState{})
	if err != nil || len(list.Items) != site.MaxItems {
		t.Errorf("found %+v, %v", list, err)
	}
}

var loopback = guard.Policy{Allow: []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")}}

func client(t *testing.T) *fetch.Client {
	t.Helper()
	c, err := fetch.New(fetch.Config{Policy: loopback})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(c.Close)
	return c
}

func serve(t *testing.T, h http.HandlerFunc) string {
	t.Helper()
	s := httptest.NewServer(h)
	t.Cleanup(s.Close)
	return s.URL
}
