package review_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/netip"
	"net/url"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"driftwatch/news"
	"driftwatch/review"
	"driftwatch/store"
	"driftwatch/store/sqlite"
)

// clock is a clock that a test moves. It begins at the real time, by which cookies
// end.
type clock struct {
	mu sync.Mutex
	at time.Time
}

func (c *clock) now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.at
}

func (c *clock) pass(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.at = c.at.Add(d)
}

// room is a desk with a store, a server and a user of each role, called as the
// role.
type room struct {
	*testing.T
	store  store.Store
	desk   *review.Desk
	server *httptest.Server
	clock  *clock
}

const password = "correct horse battery"

var hash = sync.OnceValues(func() (string, error) { return review.HashPassword(password) })

// open is a desk with a user of each role, named like it.
func open(t *testing.T, change ...func(*review.Options)) *room {
	t.Helper()
	r := empty(t, change...)
	encoded, err := hash()
	if err != nil {
		t.Fatal(err)
	}
	for _, role := range news.Roles {
		_, err := r.store.AddUser(t.Context(), news.User{Name: string(role), Role: role, Password: encoded, Keys: true, Created: r.clock.now()}, false)
		if err != nil {
			t.Fatal(err)
		}
	}
	return r
}

// empty is a desk that nobody has used yet.
func empty(t *testing.T, change ...func(*review.Options)) *room {
	t.Helper()
	st, err := sqlite.Open(t.Context(), filepath.Join(t.TempDir(), "desk.db"), sqlite.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { st.Close() })
	c := &clock{at: time.Now().UTC().Truncate(time.Millisecond)}
	o := review.Options{
		People: st, Stories: st, Shape: reshape{st}, Outlets: func() map[string]string { return map[string]string{"outlet-0": "Ковыль Медиа"} },
		Told: func(context.Context, int64) ([]news.Delivery, error) { return nil, nil },
		Signal: func(string) review.Signal {
			return review.Signal{When: "@ban AND @export", Unless: "@weather", FalsePositives: []string{"bans on films"}}
		},
		Health: func(context.Context) (review.Health, error) {
			return review.Health{Cycle: c.now().Add(-time.Minute), Ended: c.now(), Polled: 3, Failed: 1, Problems: []string{nasty}, Pending: 2, Database: 3 << 20, Free: 20 << 30}, nil
		},
		Signals:   func() []review.SignalName { return []review.SignalName{{ID: "s2", Title: nasty, Theme: "sanctions"}} },
		Missing:   func(err error) bool { return errors.Is(err, store.ErrNotFound) },
		Exists:    func(err error) bool { return errors.Is(err, store.ErrExists) },
		LastAdmin: func(err error) bool { return errors.Is(err, store.ErrLastAdmin) },
		Pulse: func(context.Context) (review.Pulse, error) {
			return review.Pulse{Sources: 41, Read: 38, Failing: 3, Last: c.now().Add(-4 * time.Minute)}, nil
		},
		Rules: &book{text: "signals: []\n", writes: true, base: "v0"}, Outbox: box{st}, Data: data{st},
		Accepted: func(err error) bool { return errors.Is(err, store.ErrSent) },
		Version:  "test", Now: c.now, Zone: time.UTC, Log: slog.New(slog.NewTextHandler(io.Discard, nil)),
	}
	furnish(&o)
	for _, f := range change {
		f(&o)
	}
	d, err := review.New(o)
	if err != nil {
		t.Fatal(err)
	}
	s := httptest.NewServer(d)
	t.Cleanup(s.Close)
	return &room{t, st, d, s, c}
}

// reshape merges and splits stories in a store.
type reshape struct{ store.Store }

func (s reshape) Merge(ctx context.Context, into, other int64, by, why string) error {
	return s.Update(ctx, func(tx store.Tx) error {
		return tx.MergeStories(into, other, news.StoryAct{By: by, Why: why, At: time.Now().UTC()})
	})
}

func (s reshape) Split(ctx context.Context, story int64, articles []int64, by, why string) (made int64, err error) {
	err = s.Update(ctx, func(tx store.Tx) error {
		made, err = tx.SplitStory(story, articles, news.StoryAct{By: by, Why: why, At: time.Now().UTC()})
		return err
	})
	return made, err
}

// story files a made-up story with one hit, as change says.
func (r *room) story(n int, change ...func(*news.Article, *news.Hit)) (story, hit int64) {
	r.Helper()
	a := news.Article{
		Source: "outlet-0", URL: fmt.Sprintf("https://outlet.example/%d", n), Link: fmt.Sprintf("https://outlet.example/%d", n),
		Title: fmt.Sprintf("Story %d of the ban", n), Lang: "en", Seen: r.clock.now(), From: "page",
		Text: "It was long in coming. The government of Kazakhstan banned the export of bearings to Russia. It begins on Monday.",
	}
	sentence := "The government of Kazakhstan banned the export of bearings to Russia."
	at := strings.Index(a.Text, sentence)
	word := func(w, leg string) news.Span {
		i := strings.Index(a.Text, w)
		return news.Span{Start: i, End: i + len(w), Leg: leg}
	}
	h := news.Hit{
		Theme: news.ThemeSanctions, Signal: "s2", Title: "Export control", Why: "What is kept from Russia shows.", Level: 1 + n%5,
		Direction: news.Apart, Countries: []string{"KZ"}, Score: 0.8, Found: r.clock.now(), Status: news.StatusDecided,
		Acts: []news.Act{{Country: "KZ", Direction: news.Apart}}, Parts: []news.Part{{Name: "signal", Value: 0.45}, {Name: "lead", Value: 0.2}, {Name: "country", Value: 0.15}},
		Evidence: []news.Evidence{{Field: news.FieldText, Start: at, End: at + len(sentence), Quote: sentence, Sentence: sentence, SentenceStart: at,
			Words: []news.Span{word("Kazakhstan", "country"), word("banned the export", "theme"), word("to Russia", "tie")}}},
	}
	for _, f := range change {
		f(&a, &h)
	}
	err := r.store.Update(r.Context(), func(tx store.Tx) error {
		filed, err := tx.NewStory(a, store.Print{})
		if err != nil {
			return err
		}
		put, err := tx.PutHits(filed.ID, 1, []news.Hit{h})
		if err == nil {
			story, hit = filed.Story, put[0].ID
		}
		return err
	})
	if err != nil {
		r.Fatal(err)
	}
	return story, hit
}

// browser is a visitor with a cookie jar, who follows no redirects.
type browser struct {
	*room
	client *http.Client
	head   http.Header // of each request
}

func (r *room) visitor() *browser {
	jar, err := cookiejar.New(nil)
	if err != nil {
		r.Fatal(err)
	}
	return &browser{r, &http.Client{Jar: jar, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}, http.Header{}}
}

// as is a visitor who is signed in; nobody isn't.
func (r *room) as(name string) *browser {
	r.Helper()
	b := r.visitor()
	if name == "nobody" {
		return b
	}
	if status, _, _ := b.post(r.desk.Link(name)); status != http.StatusSeeOther { // no password, whose hash takes a second under the race detector
		r.Fatalf("%s can't sign in: %d", name, status)
	}
	return b
}

func (b *browser) do(method, path string, form url.Values) (status int, body string, head http.Header) {
	b.Helper()
	req, err := http.NewRequestWithContext(b.Context(), method, b.server.URL+path, strings.NewReader(form.Encode()))
	if err != nil {
		b.Fatal(err)
	}
	if method == http.MethodPost {
		req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	for k, v := range b.head {
		req.Header[k] = v
	}
	res, err := b.client.Do(req)
	if err != nil {
		b.Fatal(err)
	}
	defer res.Body.Close()
	if strings.HasPrefix(res.Header.Get("Content-Type"), "text/event-stream") {
		return res.StatusCode, "", res.Header // it doesn't end by itself
	}
	data, err := io.ReadAll(res.Body)
	if err != nil {
		b.Fatal(err)
	}
	return res.StatusCode, string(data), res.Header
}

func (b *browser) get(path string) (int, string, http.Header) {
	b.Helper()
	return b.do(http.MethodGet, path, nil)
}

func (b *browser) post(path string, pairs ...string) (int, string, http.Header) {
	b.Helper()
	form := url.Values{}
	for i := 0; i < len(pairs); i += 2 {
		form.Add(pairs[i], pairs[i+1])
	}
	return b.do(http.MethodPost, path, form)
}

// cookie is the value of the session's cookie.
func (b *browser) cookie() string {
	u, _ := url.Parse(b.server.URL)
	for _, c := range b.client.Jar.Cookies(u) {
		return c.Value
	}
	return ""
}

var loopback = []netip.Prefix{netip.MustParsePrefix("127.0.0.1/32")}
