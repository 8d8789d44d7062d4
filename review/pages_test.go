package review_test

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"mime/multipart"
	"net/http"
	"regexp"
	"strings"
	"testing"
	"time"

	"driftwatch/news"
	"driftwatch/review"
	"driftwatch/store"
)

// shelf is a library that knows one query of the rules' language.
type shelf struct{ store.Store }

func (s shelf) Ask(ctx context.Context, query string, f news.SearchFilter) (review.Answer, error) {
	if query != "@ban" {
		return review.Answer{Faults: []string{"there is no concept of that name"}}, nil
	}
	f.Words = "banned"
	found, err := s.Search(ctx, f)
	return review.Answer{Search: found, Looked: found.Total}, err
}

// weeks is a drift of one country and two weeks.
type weeks struct{}

func (weeks) Weeks(context.Context, int, news.Theme) ([]review.DriftWeek, error) {
	sum := review.DriftSum{Weight: 3.5, Low: 1, High: 7, Events: []review.DriftEvent{{Story: 1, Theme: news.ThemeSanctions, Signal: "s2", Severity: 3, Status: news.StatusDecided, Weight: 3.5, Outlets: []string{"outlet-0"}}}}
	return []review.DriftWeek{{Country: "KZ", Week: "2026-W10"},
		{Country: "KZ", Week: "2026-W11", Apart: sum, Poor: true, Notes: []string{"apart rests on 2 stories", "closer rests on Lines: 3.5 without it", "1 denied story counts for nothing", "only 61 % of the sources were read"}, Themes: []review.DriftTheme{{Theme: news.ThemeSanctions, Apart: 3.5}}}}, nil
}

func (weeks) WriteDrift(_ context.Context, w io.Writer, format string, _ int, _ news.Theme) error {
	_, err := io.WriteString(w, "as "+format)
	return err
}

// catalogue has a source with a name that means harm, and some of which more is known.
type catalogue struct{ paused *bool }

func (c catalogue) Health(context.Context) ([]review.SourceHealth, error) {
	h := review.SourceHealth{Source: news.Source{ID: "one", Name: `<script>alert(1)</script>`, Kind: news.KindFeed, URL: "https://one.example/feed", Country: "KZ", Enabled: true},
		State: news.SourceState{Failures: 2, Problem: `status 503 "><img src=x>`}, Days: []int{1, 5, 3, 0, 0}}
	if *c.paused {
		h.Paused = &news.PausedSource{Source: "one", By: "author", Since: time.Now()}
	}
	seen, busy := 2.54, 31.4
	return []review.SourceHealth{h,
		{Source: news.Source{ID: "outlet-2", Name: "outlet 2", Kind: news.KindFeed, URL: "https://outlet.example/2", Country: "KZ", Enabled: true, PerDay: 100}, Seen: &busy},
		{Source: news.Source{ID: "outlet-3", Name: "outlet 3", Kind: news.KindFeed, URL: "https://outlet.example/3", Country: "KZ", Enabled: true}, Seen: &seen},
		{Source: news.Source{ID: "outlet-4", Name: "outlet 4", Kind: news.KindFeed, URL: "https://outlet.example/4", Country: "INT", Enabled: true, PerDay: 7}},
	}, nil
}
func (c catalogue) Poll(context.Context, string) (string, error) { return "3 new articles", nil }
func (c catalogue) Pause(_ context.Context, _, _ string, paused bool) error {
	*c.paused = paused
	return nil
}
func (c catalogue) Look(_ context.Context, address string) ([]review.FoundListing, error) {
	if strings.Contains(address, "10.0.0.8") {
		return nil, &review.Refused{Why: "10.0.0.8 isn't public"}
	}
	return []review.FoundListing{{URL: address, Kind: "feed", Title: "<b>One</b>", Items: 20, Latest: []string{nasty}, Sample: &review.SamplePage{Title: nasty, Text: nasty, Long: 2000}}}, nil
}
func (c catalogue) Add(_ context.Context, listing, _, _ string) (string, string, error) {
	return "", "- id: x", nil
}
func (c catalogue) WriteOPML(w io.Writer) error {
	_, err := io.WriteString(w, "<opml/>")
	return err
}
func (c catalogue) ReadOPML(_ context.Context, list []byte) (int, int, string, error) {
	switch string(list) {
	case "none":
		return 0, 0, "", nil
	case "other":
		return 0, 0, "", &review.Refused{Why: "this is no list of feeds (OPML) but an HTML page"}
	}
	return len(list), 1, "", nil
}

// furnish gives a desk the pages of this file.
func furnish(o *review.Options) {
	st := o.Stories.(store.Store)
	o.Library, o.Drift, o.Sources, o.Archive = shelf{st}, weeks{}, catalogue{new(bool)}, attic{}
}

func TestSearchPage(t *testing.T) {
	r := open(t)
	r.story(1, func(a *news.Article, _ *news.Hit) { a.Title = `<img src=x onerror=alert(1)> banned` })
	if _, err := r.store.IndexArticles(t.Context(), 10); err != nil {
		t.Fatal(err)
	}
	b := r.as("reader")
	for path, want := range map[string][]string{
		"/search":                               {"What are you looking for?"},
		"/search?q=banned+export":               {"<mark>banned</mark>", "<mark>export</mark>", "&lt;img src=x", "1–1 of 1", "as the draft"},
		"/search?q=banned&language=ru":          {"Nothing matches."},
		"/search?q=%40ban&in=rules":             {"<mark>banned</mark>"},
		"/search?q=%40bam&in=rules":             {"there is no concept of that name"},
		"/search?q=%22%3E%3Cscript%3E&skip=-1":  {"&#34;&gt;&lt;script&gt;"},
		"/search?q=it%27s+banned&country=KZ":    {"it&#39;&#39;s"},
		"/search?theme=sanctions&month=2000-01": {"Nothing matches."},
	} {
		status, body, _ := b.get(path)
		if status != http.StatusOK {
			t.Errorf("%s: status %d", path, status)
		}
		for _, w := range want {
			if !strings.Contains(strings.ToLower(body), strings.ToLower(w)) {
				t.Errorf("%s: nothing of %q", path, w)
			}
		}
		if strings.Contains(body, "<img") || strings.Contains(body, "<script>") {
			t.Errorf("%s: what was found is not shown as text", path)
		}
	}
}

func TestDriftPage(t *testing.T) {
	r := open(t)
	r.story(1)
	b := r.as("reader")
	status, body, _ := b.get("/drift?span=13&country=KZ&week=2026-W11")
	if status != http.StatusOK {
		t.Fatalf("status %d", status)
	}
	for _, want := range []string{`href="/stories/1"`, "banned the export", "Few sources were read", "1–7", "Ковыль Медиа", `href="/drift.csv?span=13"`} {
		if !strings.Contains(body, want) {
			t.Errorf("nothing of %q", want)
		}
	}
	if strings.Contains(body, "style=") {
		t.Error("a style attribute, which the policy forbids")
	}
	// The keyboard doesn't reach the chart's links: each of its weeks is in the table, the latest first.
	_, table, _ := strings.Cut(body, `id="figures"`)
	latest, before := strings.Index(table, "week=2026-W11#week"), strings.Index(table, "week=2026-W10#week")
	if latest < 0 || before < latest || strings.Count(body, "week=2026-W10#week") != 2 {
		t.Errorf("the weeks of the table: %d, %d", latest, before)
	}
	for format, kind := range map[string]string{"svg": "image/svg+xml", "png": "image/png", "csv": "text/csv; charset=utf-8"} {
		_, body, head := b.get("/drift." + format)
		if format == "csv" {
			body = strings.TrimPrefix(body, "\ufeff")
		}
		if body != "as "+format || head.Get("Content-Type") != kind || !strings.HasPrefix(head.Get("Content-Disposition"), "attachment") {
			t.Errorf("%s: %q %v", format, body, head)
		}
	}
	_, body, head := b.get("/drift.jsonl?theme=csto")
	if saved := head.Get("Content-Disposition"); saved != `attachment; filename="drift-csto.jsonl"` {
		t.Errorf("the file of a theme: %s", saved)
	}
	var week review.ToldWeek
	if err := json.Unmarshal([]byte(body), &week); err != nil || week.Week != "2031-W35" || head.Get("Content-Type") != "application/x-ndjson" || !strings.HasPrefix(head.Get("Content-Disposition"), "attachment") {
		t.Errorf("JSON Lines: %q %v", body, head)
	}
}

// Readers and analysts see how the sources are; only authors and admins may do
// something about them, and what they did is in the audit log.
func TestSourcesPage(t *testing.T) {
	r := open(t)
	acts := []struct {
		path  string
		pairs []string
		says  string
	}{
		{"/sources/one/poll", nil, "3 new articles"},
		{"/sources/one/pause", []string{"paused", "1"}, "paused by author"},
		{"/sources/look", []string{"url", "one.example/feed"}, "&lt;b&gt;One&lt;/b&gt;"},
		{"/sources/look", []string{"url", "http://10.0.0.8/"}, "isn&#39;t public"},
		{"/sources/add", []string{"listing", "https://one.example/feed", "country", "KZ"}, "- id: x"},
	}
	for _, role := range []string{"", "reader", "analyst", "author", "admin"} {
		b := r.visitor()
		if role != "" {
			b = r.as(role)
			_, body, _ := b.get("/sources")
			if may := strings.Contains(body, `action="/sources/one/poll"`); may != (role == "author" || role == "admin") {
				t.Errorf("%s: buttons %t", role, may)
			}
			for _, want := range []string{"2.5 a day seen", "31 a day seen, 100 expected", "7 a day expected"} {
				if !strings.Contains(body, ">"+want+"<") {
					t.Errorf("%s: nothing of %q", role, want)
				}
			}
			if strings.Contains(body, "<script>alert") || strings.Contains(body, "<img") {
				t.Errorf("%s: a source's name is not shown as text", role)
			}
		}
		for _, a := range acts {
			status, body, _ := b.post(a.path, a.pairs...)
			allowed := role == "author" || role == "admin"
			if role == "" && strings.Contains(body, a.says) || role != "" && !allowed && status != http.StatusForbidden {
				t.Errorf("%q on %s: status %d", role, a.path, status)
			}
			if allowed && role == "author" && !strings.Contains(body, a.says) && !strings.HasSuffix(a.path, "pause") {
				t.Errorf("%q on %s: nothing of %q", role, a.path, a.says)
			}
		}
	}
	entries, err := r.store.Audit(t.Context(), news.AuditFilter{By: "author", Limit: 20})
	if err != nil {
		t.Fatal(err)
	}
	var did []string
	for _, e := range entries {
		if strings.HasPrefix(e.Did, "source.") {
			did = append(did, e.Did)
		}
	}
	if got := strings.Join(did, " "); got != "source.look source.look source.pause source.poll" {
		t.Errorf("audit: %s", got)
	}
}

// A list of feeds is taken up to the bound of what is read of a request.
func TestOPMLIn(t *testing.T) {
	r := open(t)
	b := r.as("author")
	for list, want := range map[string]struct {
		status int
		says   string
	}{
		strings.Repeat("x", 100):   {http.StatusOK, "100 added, 1 known already."},
		"none":                     {http.StatusOK, "There is no feed in this file."},
		"other":                    {http.StatusUnprocessableEntity, "this is no list of feeds (OPML) but an HTML page"},
		strings.Repeat("x", 2<<20): {http.StatusRequestEntityTooLarge, "more than the desk takes"},
	} {
		var body strings.Builder
		form := multipart.NewWriter(&body)
		file, err := form.CreateFormFile("file", "../../x.opml")
		if err != nil {
			t.Fatal(err)
		}
		io.WriteString(file, list)
		form.Close()
		req, err := http.NewRequest("POST", r.server.URL+"/sources/opml", strings.NewReader(body.String()))
		if err != nil {
			t.Fatal(err)
		}
		req.Header.Set("Content-Type", form.FormDataContentType())
		res, err := b.client.Do(req)
		if err != nil {
			t.Fatal(err)
		}
		page, err := io.ReadAll(res.Body)
		res.Body.Close()
		if err != nil || res.StatusCode != want.status || !strings.Contains(string(page), want.says) {
			t.Errorf("%.10q, %d bytes: status %d, want %d and %q (%v)", list, len(list), res.StatusCode, want.status, want.says, err)
		}
	}
}

// Addresses hold what is asked for and nothing else, also where no script keeps a
// form's empty fields out of them.
func TestAddressesAreTidy(t *testing.T) {
	r := open(t)
	r.story(1)
	b := r.as("admin")
	for given, want := range map[string]string{
		"/inbox?q=&country=KZ&sort=":                       "/inbox?country=KZ",
		"/inbox?q=&sort=":                                  "/inbox",
		"/inbox?theme=csto&theme=dual-use&country=&clear=": "/inbox?theme=csto&theme=dual-use",
		"/inbox?theme=csto&country=KZ&lang=ru&clear=theme": "/inbox?country=KZ&lang=ru",
		"/search?q=a%3Db&language=":                        "/search?q=a%3Db",
		"/drift?span=&theme=":                              "/drift",
		"/sources?q=&state=":                               "/sources",
		"/deliveries?state=sent&channel=&route=":           "/deliveries?state=sent",
		"/silences?all&story=":                             "/silences?all",
		"/audit?by=&did=judge":                             "/audit?did=judge",
	} {
		if status, _, head := b.get(given); status != http.StatusSeeOther || head.Get("Location") != want {
			t.Errorf("%s: %d %q, want %q", given, status, head.Get("Location"), want)
		}
		if status, _, _ := b.get(want); status != http.StatusOK {
			t.Errorf("%s: %d", want, status)
		}
	}
	if status, _, head := r.visitor().get("/inbox?q=&country=KZ"); status != http.StatusSeeOther || !strings.HasPrefix(head.Get("Location"), "/login") {
		t.Errorf("somebody who isn't signed in: %d %q", status, head.Get("Location"))
	}
	empty := regexp.MustCompile(`(?:href|action)="[^"]*(?:=&|=|\?)(?:&amp;[^"]*)?"`)
	for _, page := range []string{"/inbox", "/inbox?state=all", "/inbox?country=TM", "/search", "/search?q=banned", "/search?theme=csto", "/drift", "/drift?theme=csto", "/sources", "/sources?q=x", "/rules", "/rules?sort=hits",
		"/deliveries", "/deliveries?state=sent", "/silences", "/silences?all", "/audit", "/users", "/stories/1"} {
		status, body, _ := b.get(page)
		for _, link := range empty.FindAllString(body, -1) {
			t.Errorf("%s: %s", page, link)
		}
		if status != http.StatusOK {
			t.Errorf("%s: %d", page, status)
		}
	}
}

// The page of a signal says of each language that it claims whether verified terms bear
// it out, the list of all which ones they don't.
func TestSignalSaysWhichLanguagesAreVerified(t *testing.T) {
	v := open(t).as("reader")
	_, signal, _ := v.get("/rules/signals/s2")
	_, list, _ := v.get("/rules")
	for _, want := range []struct{ page, words string }{
		{signal, `<span>Russian</span><span class="hl ok">`}, {signal, `<span>Kazakh</span><span class="hl slow">`}, {list, `unverified: <span class="lang"><abbr title="Kazakh">kk</abbr>`},
	} {
		if !strings.Contains(want.page, want.words) {
			t.Errorf("nothing of %s", want.words)
		}
	}
}

// Each count above the list is right after a verdict that a script sends, without the
// page being read again.
func TestCountsFollowAVerdict(t *testing.T) {
	r := open(t)
	for n := range 3 {
		r.story(n)
	}
	v := r.as("analyst")
	v.head.Set("HX-Request", "true")
	_, answer, _ := v.post("/inbox/judge", "one", "relevant:1:0")
	v.head.Del("HX-Request")
	for _, want := range []string{`<span id="waits" hx-swap-oob="innerHTML">2 stories wait`, `<span id="mine" hx-swap-oob="innerHTML">you judged 1 today`,
		`<span id="n-waiting" hx-swap-oob="innerHTML">2<`, `<span id="n-judged" hx-swap-oob="innerHTML">1<`} {
		if !strings.Contains(answer, want) {
			t.Errorf("nothing of %s in %s", want, answer)
		}
	}
	if _, page, _ := v.get("/inbox"); !strings.Contains(page, `id="n-waiting">2<`) || !strings.Contains(page, `id="n-judged">1<`) {
		t.Error("the page has other counts")
	}
}

// Who hears a page instead of seeing it can tell its buttons apart: of whom or what each is
// stands in its name, or in that of the form or article around it.
func TestButtonsAreToldApart(t *testing.T) {
	r := open(t)
	story, _ := r.story(1)
	r.as("admin").post("/silences", "stories", fmt.Sprint(story), "for", "24h", "reason", "told already")
	button := regexp.MustCompile(`(?s)<button([^>]*)>(.*?)</button>`)
	label := regexp.MustCompile(`aria-label="([^"]*)"`)
	for _, path := range []string{"/users", "/sources", "/silences", "/settings"} {
		_, page, _ := r.as("admin").get(path)
		_, page, _ = strings.Cut(page, "<main")
		seen := map[string]bool{}
		for _, b := range button.FindAllStringSubmatch(page, -1) {
			name := b[2]
			if l := label.FindStringSubmatch(b[1]); l != nil {
				name = l[1]
			}
			if seen[name] {
				t.Errorf("%s has two buttons called %q", path, name)
			}
			seen[name] = true
		}
		if len(seen) == 0 {
			t.Errorf("%s has no buttons", path)
		}
	}
	_, page, _ := r.as("analyst").get(fmt.Sprintf("/stories/%d", story))
	for _, want := range []string{`<article class="proof" id="h1" aria-labelledby="n1 o1">`, `action="/hits/1/judge" aria-labelledby="a1 n1 o1"`, `<span id="o1" lang="en">`, `id="a1">This hit alone:`} {
		if !strings.Contains(page, want) {
			t.Errorf("the story: nothing of %s", want)
		}
	}
	if _, page, _ := r.as("reader").get("/rules"); !strings.Contains(page, `<span aria-hidden="true">✓</span><span class="sr">relevant</span> 33`) {
		t.Error("the counts of verdicts are signs without words")
	}
	if _, page, _ := r.as("admin").get("/sources"); strings.Contains(page, `title=""`) {
		t.Error("a short form has no long one")
	}
}
