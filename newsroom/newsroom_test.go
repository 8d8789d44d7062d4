package newsroom_test

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/httptrace"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/mmcdole/gofeed"
	"go.uber.org/goleak"
	"golang.org/x/net/html"
	"golang.org/x/net/html/charset"

	"driftwatch/configs"
	"driftwatch/news"
	"driftwatch/newsroom"
	"driftwatch/newsroom/sink"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func Example() {
	room, err := newsroom.Start(context.Background(), newsroom.Options{})
	if err != nil {
		fmt.Println(err)
		return
	}
	defer room.Close()

	before := len(room.Articles())
	room.NextEdition()
	for _, a := range room.Articles() {
		if a.Edition == 2 {
			fmt.Println(a.Title)
			fmt.Println(a.Labels[0].Theme, a.Labels[0].Countries, a.Labels[0].Direction)
		}
	}
	fmt.Println(len(room.Articles())-before, "new")
	// Output:
	// Kazakhstan freezes its participation in the CSTO and recalls its representative
	// csto [KZ] apart
	// 1 new
}

var base = time.Date(2026, time.November, 24, 9, 30, 0, 0, time.UTC)

func start(t *testing.T, o newsroom.Options) *newsroom.Newsroom {
	t.Helper()
	if o.Now == nil {
		o.Now = func() time.Time { return base }
	}
	room, err := newsroom.Start(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		http.DefaultClient.CloseIdleConnections()
		if err := room.Close(); err != nil {
			t.Error(err)
		}
	})
	return room
}

// get asks for a page, without following redirects.
func get(t *testing.T, url string, header ...string) (*http.Response, []byte) {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, url, nil)
	if err != nil {
		t.Fatal(err)
	}
	for i := 0; i+1 < len(header); i += 2 {
		req.Header.Set(header[i], header[i+1])
	}
	res, err := http.DefaultTransport.RoundTrip(req)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	return res, body
}

func TestFeeds(t *testing.T) {
	room := start(t, newsroom.Options{})
	formats := map[string]string{
		"tulpar": "rss 2.0", "saimaluu": "atom 1.0", "silk-lantern": "json https://jsonfeed.org/version/1.1",
		"altyn-dala": "rss 2.0", "yasnaya-gora": "rss 2.0", "chinar": "rss 2.0",
		"murgab": "rss 1.0", "steppe-telegraph": "rss 2.0", "zhuldyz": "rss 2.0",
		"shumkar": "atom 1.0", "lola": "json https://jsonfeed.org/version/1.1", "navruz": "rss 2.0", "garagum": "atom 1.0",
	}
	for _, s := range room.Sources() {
		if s.Kind == news.KindSite {
			continue
		}
		t.Run(s.ID, func(t *testing.T) {
			_, body := get(t, listing(t, s.URL))
			f, err := gofeed.NewParser().ParseString(readable(t, s.ID, body))
			if err != nil {
				t.Fatal(err)
			}
			if got := f.FeedType + " " + f.FeedVersion; got != formats[s.ID] {
				t.Errorf("a feed in %s, want %s", got, formats[s.ID])
			}
			var want []string
			for _, a := range printed(room, s.ID) {
				want = append(want, a.Title)
			}
			var got []string
			for _, item := range f.Items {
				got = append(got, strings.Join(strings.Fields(item.Title), " "))
			}
			slices.Sort(want)
			slices.Sort(got)
			if s.ID == "steppe-telegraph" {
				if len(got) != len(want)+1 {
					t.Errorf("%d items, want one twice of %d", len(got), len(want))
				}
				got = slices.Compact(got)
			}
			if !slices.Equal(got, want) {
				t.Errorf("titles\n%q\nwant\n%q", got, want)
			}
		})
	}
}

// listing is where a feed's address leads.
func listing(t *testing.T, address string) string {
	t.Helper()
	res, _ := get(t, address)
	if res.StatusCode != http.StatusMovedPermanently {
		return address
	}
	to, err := res.Location()
	if err != nil {
		t.Fatal(err)
	}
	return to.String()
}

// readable undoes what an outlet does wrong: its control characters, and an
// encoding that it doesn't declare or declares wrongly.
func readable(t *testing.T, id string, body []byte) string {
	t.Helper()
	encodings := map[string]string{
		"altyn-dala": "windows-1251", "chinar": "windows-1251", "murgab": "windows-1251", "yasnaya-gora": "koi8-r",
	}
	name := encodings[id]
	if name == "" {
		if !utf8.Valid(body) {
			t.Error("not in UTF-8")
		}
	} else {
		r, err := charset.NewReaderLabel(name, bytes.NewReader(body))
		if err != nil {
			t.Fatal(err)
		}
		if utf8.Valid(body) {
			t.Errorf("in UTF-8, want %s", name)
		}
		if body, err = io.ReadAll(r); err != nil {
			t.Fatal(err)
		}
		body = bytes.Replace(body, []byte(`encoding="`+name+`"`), []byte(`encoding="utf-8"`), 1)
	}
	return strings.Map(func(r rune) rune {
		if r < ' ' && r != '\n' {
			return -1
		}
		return r
	}, string(body))
}

// printed are an outlet's articles.
func printed(room *newsroom.Newsroom, source string) []newsroom.Article {
	return slices.DeleteFunc(room.Articles(), func(a newsroom.Article) bool { return a.Source != source })
}

func TestOddities(t *testing.T) {
	room := start(t, newsroom.Options{})
	for _, tt := range []struct {
		source, name string
		has          string // in the feed's bytes
		hasNot       string
	}{
		{"altyn-dala", "declared windows-1251", `encoding="windows-1251"`, ""},
		{"chinar", "declared wrongly", `encoding="utf-8"`, "Ташкент"},
		{"murgab", "not declared", "<rdf:RDF", "<?xml"},
		{"murgab", "relative links", "<link>/n/", ""},
		{"shumkar", "relative links", `href="/kabar/`, ""},
		{"yasnaya-gora", "characters that koi8-r lacks", "&#171;", "«"},
		{"yasnaya-gora", "whole text", "content:encoded>", ""},
		{"zhuldyz", "no dates and ids", "<item>", "pubDate"},
		{"zhuldyz", "no dates and ids", "<item>", "guid"},
		{"steppe-telegraph", "control characters", "\x0b", ""},
		{"steppe-telegraph", "tracking", "?utm_source=rss&amp;", ""},
		{"navruz", "control characters", "\x02", "<?xml"},
	} {
		t.Run(tt.source+" "+tt.name, func(t *testing.T) {
			_, body := get(t, listing(t, address(room, tt.source)))
			if !bytes.Contains(body, []byte(tt.has)) {
				t.Errorf("no %q in the feed", tt.has)
			}
			if tt.hasNot != "" && bytes.Contains(body, []byte(tt.hasNot)) {
				t.Errorf("%q is in the feed", tt.hasNot)
			}
		})
	}
}

// address is where an outlet's listing is.
func address(room *newsroom.Newsroom, source string) string {
	for _, s := range room.Sources() {
		if s.ID == source {
			return s.URL
		}
	}
	return ""
}

func TestPages(t *testing.T) {
	room := start(t, newsroom.Options{})
	marks := map[string]string{
		"tulpar": `"@type": "NewsArticle"`, "altyn-dala": `itemprop="articleBody"`,
		"pamir-courier": "<br><br>", "steppe-telegraph": "<article>",
	}
	for _, a := range room.Articles() {
		res, body := get(t, a.URL)
		if res.StatusCode != http.StatusOK {
			t.Errorf("%s: status %s", a.URL, res.Status)
			continue
		}
		if mark := marks[a.Source]; !bytes.Contains(body, []byte(mark)) {
			t.Errorf("%s of %s: no %s", a.ID, a.Source, mark)
		}
		r, err := charset.NewReader(bytes.NewReader(body), res.Header.Get("Content-Type"))
		if err != nil {
			t.Fatal(err)
		}
		text := visible(t, r)
		for _, p := range append(strings.Split(a.Text, "\n\n"), a.Title) {
			if !strings.Contains(text, p) {
				t.Errorf("%s of %s: its page lacks %q", a.ID, a.Source, p)
			}
		}
	}
}

// visible is the text of an HTML page.
func visible(t *testing.T, r io.Reader) string {
	t.Helper()
	doc, err := html.Parse(r)
	if err != nil {
		t.Fatal(err)
	}
	var b strings.Builder
	for n := range doc.Descendants() {
		if n.Type == html.TextNode {
			b.WriteString(n.Data)
			b.WriteByte('\n')
		}
	}
	return b.String()
}

func TestSectionPage(t *testing.T) {
	room := start(t, newsroom.Options{})
	_, body := get(t, address(room, "pamir-courier"))
	for _, a := range printed(room, "pamir-courier") {
		if !bytes.Contains(body, []byte(`href="`+a.URL+`"`)) {
			t.Errorf("no link to %s", a.URL)
		}
	}
	res, _ := get(t, strings.TrimSuffix(address(room, "pamir-courier"), "/news/")+"/topic/odkb")
	if res.StatusCode != http.StatusOK {
		t.Errorf("the menu leads to %s", res.Status)
	}
}

func TestValidators(t *testing.T) {
	room := start(t, newsroom.Options{})
	for _, tt := range []struct{ source, given, sent string }{
		{"tulpar", "ETag", "If-None-Match"},
		{"saimaluu", "Last-Modified", "If-Modified-Since"},
		{"yasnaya-gora", "ETag", "If-None-Match"},
		{"yasnaya-gora", "Last-Modified", "If-Modified-Since"},
	} {
		t.Run(tt.source+" "+tt.given, func(t *testing.T) {
			first, _ := get(t, address(room, tt.source))
			validator := first.Header.Get(tt.given)
			if validator == "" {
				t.Fatalf("no %s", tt.given)
			}
			again, body := get(t, address(room, tt.source), tt.sent, validator)
			if again.StatusCode != http.StatusNotModified || len(body) != 0 {
				t.Errorf("asked again: %s and %d bytes, want 304 and none", again.Status, len(body))
			}
			visits := room.Visits(tt.source)
			if last := visits[len(visits)-1]; !last.Conditional || last.Status != http.StatusNotModified {
				t.Errorf("the last visit is noted as %+v", last)
			}
		})
	}
	for source, packing := range map[string]string{"tulpar": "gzip", "silk-lantern": "br"} {
		res, _ := get(t, address(room, source), "Accept-Encoding", "gzip, deflate, br")
		if got := res.Header.Get("Content-Encoding"); got != packing {
			t.Errorf("Content-Encoding %q, want %s", got, packing)
		}
		res, _ = get(t, address(room, source), "Accept-Encoding", "identity")
		if got := res.Header.Get("Content-Encoding"); got != "" {
			t.Errorf("Content-Encoding %q, which wasn't asked for", got)
		}
	}
}

func TestHurried(t *testing.T) {
	room := start(t, newsroom.Options{})
	began := time.Now()
	for range 3 {
		get(t, address(room, "tulpar"))
	}
	got := room.Hurried(began, time.Minute)
	if len(got) != 1 || !strings.Contains(got[0], "tulpar was asked 2 times in ") {
		t.Errorf("hurried: %q, want the one that was asked", got)
	}
	if got := room.Hurried(began, time.Nanosecond); len(got) > 0 {
		t.Errorf("hurried at a pace that was kept: %q", got)
	}
	if got := room.Hurried(time.Now(), time.Minute); len(got) > 0 {
		t.Errorf("hurried since it was asked last: %q", got)
	}
}

func TestNextEdition(t *testing.T) {
	room := start(t, newsroom.Options{})
	before := room.Articles()
	first, _ := get(t, address(room, "saimaluu"))
	untouched, _ := get(t, address(room, "shumkar"))
	room.NextEdition()
	room.NextEdition()
	after := room.Articles()

	var added, changed []string
	for _, a := range after {
		i := slices.IndexFunc(before, func(b newsroom.Article) bool { return b.URL == a.URL })
		switch {
		case i < 0:
			added = append(added, a.ID)
			if age := base.Sub(a.Published); age < 0 || age > time.Hour || !a.Told() {
				t.Errorf("the new article is %v old, told: %v", age, a.Told())
			}
		case a.Text != before[i].Text:
			changed = append(changed, a.ID)
			if !a.Changed || !a.Modified.After(a.Published) {
				t.Errorf("the changed article says %v, modified %v", a.Changed, a.Modified)
			}
		}
	}
	if !slices.Equal(added, []string{"kz-freezes-csto"}) || !slices.Equal(changed, []string{"kg-cancels-drill"}) {
		t.Errorf("added %q, changed %q", added, changed)
	}
	same, _ := get(t, address(room, "shumkar"), "If-Modified-Since", untouched.Header.Get("Last-Modified"))
	if same.StatusCode != http.StatusNotModified {
		t.Errorf("a feed without anything new: %s, want 304", same.Status)
	}
	again, body := get(t, address(room, "saimaluu"), "If-Modified-Since", first.Header.Get("Last-Modified"))
	if again.StatusCode != http.StatusOK || !bytes.Contains(body, []byte("bringing his sheep back")) {
		t.Errorf("the feed of the changed article: %s", again.Status)
	}
}

func TestFaults(t *testing.T) {
	room := start(t, newsroom.Options{Faults: newsroom.Faults})
	for _, tt := range []struct {
		fault  newsroom.Fault
		status int
		header string
		value  string
	}{
		{newsroom.Busy, http.StatusTooManyRequests, "Retry-After", "120"},
		{newsroom.Broken, http.StatusServiceUnavailable, "Content-Type", "text/plain; charset=utf-8"},
		{newsroom.Gone, http.StatusGone, "Content-Type", "text/plain; charset=utf-8"},
		{newsroom.Masked, http.StatusOK, "Content-Type", "text/html; charset=utf-8"},
		{newsroom.Empty, http.StatusOK, "Content-Type", "application/rss+xml"},
		{newsroom.Looping, http.StatusFound, "Location", "/rss.xml"},
		{newsroom.Inward, http.StatusFound, "Location", "http://169.254.169.254/latest/meta-data/"},
	} {
		t.Run(string(tt.fault), func(t *testing.T) {
			res, _ := get(t, address(room, "outlet-"+string(tt.fault)))
			if res.StatusCode != tt.status || res.Header.Get(tt.header) != tt.value {
				t.Errorf("%s, %s: %q; want %d, %q", res.Status, tt.header, res.Header.Get(tt.header), tt.status, tt.value)
			}
		})
	}
	t.Run("down", func(t *testing.T) {
		if res, err := http.Get(address(room, "outlet-down")); err == nil {
			res.Body.Close()
			t.Errorf("it answered %s", res.Status)
		}
	})
	t.Run("hang", func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		ctx = httptrace.WithClientTrace(ctx, &httptrace.ClientTrace{
			WroteRequest: func(httptrace.WroteRequestInfo) { cancel() },
		})
		req, err := http.NewRequestWithContext(ctx, http.MethodGet, address(room, "outlet-hang"), nil)
		if err != nil {
			t.Fatal(err)
		}
		if res, err := http.DefaultClient.Do(req); err == nil {
			res.Body.Close()
			t.Errorf("it answered %s", res.Status)
		}
	})
	t.Run("swollen", func(t *testing.T) {
		res, err := http.Get(address(room, "outlet-swollen"))
		if err != nil {
			t.Fatal(err)
		}
		defer res.Body.Close()
		const much = 64 << 20
		if n, err := io.CopyN(io.Discard, res.Body, much); n != much {
			t.Errorf("only %d bytes: %v", n, err)
		}
	})
}

func TestRobots(t *testing.T) {
	room := start(t, newsroom.Options{})
	home := strings.TrimSuffix(address(room, "steppe-telegraph"), "/rss.xml")
	_, body := get(t, home+"/robots.txt")
	if !bytes.Contains(body, []byte("Disallow: /closed/")) {
		t.Errorf("robots.txt is %q", body)
	}
	if !slices.ContainsFunc(printed(room, "steppe-telegraph"), func(a newsroom.Article) bool {
		return strings.HasPrefix(a.URL, home+"/closed/")
	}) {
		t.Error("no article is closed to robots")
	}
}

func TestLabels(t *testing.T) {
	room := start(t, newsroom.Options{Faults: newsroom.Faults})
	directions := map[news.Theme]map[news.Direction]bool{}
	positives := map[news.Theme]map[string]bool{} // ids
	languages := map[string]bool{}
	printings := map[string]int{}
	var nearMisses int
	for _, a := range room.Articles() {
		printings[a.ID]++
		if len(a.Labels) > 0 && a.NearMiss != "" {
			t.Errorf("%s is a positive and a near miss", a.ID)
		}
		if a.NearMiss != "" {
			nearMisses++
		}
		if a.Published.After(base) {
			t.Errorf("%s is from the future", a.ID)
		}
		if a.Old != (base.Sub(a.Published) > 48*time.Hour) {
			t.Errorf("%s is %v old", a.ID, base.Sub(a.Published))
		}
		if n := len(strings.Split(a.Text, ". ")) + strings.Count(a.Text, "\n\n"); n < 3 {
			t.Errorf("%s has %d sentences", a.ID, n)
		}
		for _, l := range a.Labels {
			if !slices.Contains([]news.Theme{news.ThemeSanctions, news.ThemeCSTO, news.ThemeDecolonization, news.ThemeDualUse}, l.Theme) ||
				!slices.Contains([]news.Direction{news.Apart, news.Closer, news.Mixed, news.Contested}, l.Direction) {
				t.Errorf("%s is labelled %+v", a.ID, l)
			}
			for _, c := range l.Countries {
				if !slices.Contains(news.Countries, c) {
					t.Errorf("%s is about %s", a.ID, c)
				}
			}
			languages[a.Lang] = true
			if !a.Claimed {
				continue
			}
			if positives[l.Theme] == nil {
				positives[l.Theme], directions[l.Theme] = map[string]bool{}, map[news.Direction]bool{}
			}
			positives[l.Theme][a.ID] = true
			directions[l.Theme][l.Direction] = true
		}
	}
	for theme, ids := range positives {
		if len(ids) < 8 || len(directions[theme]) != 4 {
			t.Errorf("%s: %d positives in English and Russian, directions %v", theme, len(ids), directions[theme])
		}
	}
	if len(positives) != 4 || len(languages) != 7 || nearMisses < 20 {
		t.Errorf("%d themes, positives in %d languages, %d near misses", len(positives), len(languages), nearMisses)
	}
	if n := printings["wire-rouble-payments"]; n != 3 {
		t.Errorf("the agency's story is printed %d times, want 3", n)
	}
}

func TestWriteConfig(t *testing.T) {
	room := start(t, newsroom.Options{Faults: newsroom.Faults})
	sinks, err := sink.Start(t.Context(), sink.Options{STARTTLS: true})
	if err != nil {
		t.Fatal(err)
	}
	defer sinks.Close()
	store := filepath.Join(t.TempDir(), "a b.db")

	alone := load(t, room, newsroom.Setup{Store: store})
	if alone.Store.Path != store || alone.Network.Timeout != 30*time.Second || alone.Alerts.FirstPoll != configs.FirstPollAlert {
		t.Errorf("store %q, timeout %v, first poll %s", alone.Store.Path, alone.Network.Timeout, alone.Alerts.FirstPoll)
	}
	for i, want := range room.Sources() {
		got := alone.Sources[i]
		if got.ID != want.ID || got.URL != want.URL || got.Kind != string(want.Kind) || !got.Enabled || !slices.Equal(got.Links.Allow, want.Links.Allow) {
			t.Errorf("source %+v, want %+v", got, want)
		}
	}
	if len(alone.Channels) != 1 || len(alone.Routes) != 1 {
		t.Errorf("%d channels and %d routes without sinks, want one of each", len(alone.Channels), len(alone.Routes))
	}

	told := load(t, room, newsroom.Setup{Store: store, Sinks: sinks, HostInterval: time.Second, Timeout: time.Minute, Concurrency: 3})
	if told.Network.HostInterval != time.Second || told.Network.Timeout != time.Minute || told.Network.Concurrency != 3 {
		t.Errorf("network %+v", told.Network)
	}
	if c := told.Channels["desk-mail"]; len(told.Channels) != 3 || c.TLS != configs.TLSStartTLS || c.Port != sinks.Mail.Port {
		t.Errorf("%d channels; the mail's TLS %q, port %d", len(told.Channels), c.TLS, c.Port)
	}
}

// load writes a configuration and reads it as the program does.
func load(t *testing.T, room *newsroom.Newsroom, s newsroom.Setup) *configs.Config {
	t.Helper()
	var b bytes.Buffer
	if err := room.WriteConfig(&b, s); err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(t.TempDir(), "driftwatch.yaml")
	if err := os.WriteFile(file, b.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
	c, err := configs.Load(file, func(string) (string, bool) { return "", false })
	if err != nil {
		t.Fatal(err)
	}
	if len(c.Warnings) != 0 {
		t.Errorf("warnings %q", c.Warnings)
	}
	return c
}
