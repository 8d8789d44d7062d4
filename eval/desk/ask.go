package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"net/url"
	"os"
	"slices"
	"strings"
	"time"

	"driftwatch/news"
	"driftwatch/review"
	"driftwatch/store/sqlite"
)

// page is an address of the desk, or one of several of a kind.
type page struct {
	name   string
	search bool                      // it is measured against the limit for searches
	starts bool                      // only its first bytes are waited for: it is as long as it is
	at     func(r *rand.Rand) string // an address
}

// client asks the desk as a signed-in user.
type client struct {
	base   string
	cookie string
	token  string
	http   *http.Client
	reads  bool // the last answer says that what it counts is being read, and asks again
}

// measuredPage is what a page took.
type measuredPage struct {
	page
	ms    []float64
	bytes []int
}

// signIn signs the user of the bench in, and makes a token.
func signIn(ctx context.Context, base, token string) (*client, error) {
	c := &client{base: base, token: token, http: &http.Client{
		Transport:     &http.Transport{DisableCompression: true, MaxIdleConnsPerHost: 4},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}}
	form := url.Values{"name": {"bench"}, "password": {password}}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, base+"/login", strings.NewReader(form.Encode()))
	if err != nil {
		return nil, err
	}
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	res, err := c.http.Do(req)
	if err != nil {
		return nil, fmt.Errorf("sign in: %w", err)
	}
	defer res.Body.Close()
	for _, cookie := range res.Cookies() {
		c.cookie = cookie.Name + "=" + cookie.Value
	}
	if res.StatusCode != http.StatusSeeOther || c.cookie == "" {
		return nil, fmt.Errorf("sign in: %s", res.Status)
	}
	return c, nil
}

// get asks for an address, and says how long the answer took and how many bytes
// of body went over the wire.
func (c *client) get(ctx context.Context, path string, starts bool) (ms float64, n int, err error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, c.base+path, nil)
	if err != nil {
		return 0, 0, err
	}
	if strings.HasPrefix(path, "/api/") {
		req.Header.Set("Authorization", "Bearer "+c.token)
	} else {
		req.Header.Set("Cookie", c.cookie)
	}
	req.Header.Set("Accept-Encoding", "gzip")
	begun := time.Now()
	res, err := c.http.Do(req)
	if err != nil {
		return 0, 0, err
	}
	defer res.Body.Close()
	c.reads = res.Header.Get("Refresh") != ""
	if starts {
		n, err = io.ReadAtLeast(res.Body, make([]byte, 512), 1)
	} else {
		var size int64
		size, err = io.Copy(io.Discard, res.Body)
		n = int(size)
	}
	took := float64(time.Since(begun).Microseconds()) / 1000
	if err != nil {
		return 0, 0, fmt.Errorf("%s: %w", path, err)
	}
	if res.StatusCode == http.StatusTooManyRequests {
		time.Sleep(time.Second)
		return c.get(ctx, path, starts)
	}
	if res.StatusCode != http.StatusOK {
		return 0, 0, fmt.Errorf("%s: %s", path, res.Status)
	}
	return took, n, nil
}

// shown asks for a page until it shows what it counts; answer is what the first answer
// took, and took what all did, in ms.
func (c *client) shown(ctx context.Context, path string) (answer, took float64, err error) {
	begun := time.Now()
	for c.reads = true; c.reads; {
		ms, _, err := c.get(ctx, path, false)
		if err != nil {
			return 0, 0, err
		}
		if answer == 0 {
			answer = ms
		}
	}
	return answer, float64(time.Since(begun).Microseconds()) / 1000, nil
}

// json asks the API.
func (c *client) json(ctx context.Context, path string, out any) error {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, c.base+path, nil)
	if err != nil {
		return err
	}
	req.Header.Set("Authorization", "Bearer "+c.token)
	res, err := c.http.Do(req)
	if err != nil {
		return err
	}
	defer res.Body.Close()
	return json.NewDecoder(res.Body).Decode(out)
}

// pages are those that are asked for.
func (c *client) pages(ctx context.Context, tongues []tongue) ([]page, error) {
	var told struct {
		Total int `json:"total"` // stories
		Hits  []struct {
			Hit struct {
				Signal string `json:"signal"`
				Story  int64  `json:"story"`
			} `json:"hit"`
		} `json:"hits"`
		Deliveries []struct {
			ID int64 `json:"id"`
		} `json:"deliveries"`
	}
	for _, path := range []string{"/api/v1/stories?state=all&limit=1", "/api/v1/hits?limit=200", "/api/v1/deliveries?limit=200"} {
		if err := c.json(ctx, path, &told); err != nil {
			return nil, fmt.Errorf("%s: %w", path, err)
		}
	}
	if len(told.Hits) == 0 || len(told.Deliveries) == 0 {
		return nil, fmt.Errorf("nothing was flagged, or nothing sent")
	}
	story := func(r *rand.Rand) int64 { return told.Hits[r.IntN(len(told.Hits))].Hit.Story }
	word := func(from, to int) func(r *rand.Rand) string {
		return func(r *rand.Rand) string {
			t := tongues[r.IntN(len(tongues))]
			return t.words[min(from+r.IntN(to-from), len(t.words)-1)]
		}
	}
	common, usual, rare := word(0, 20), word(100, 1000), word(5000, 20000)
	fixed := func(path string) func(*rand.Rand) string { return func(*rand.Rand) string { return path } }
	search := func(of func(r *rand.Rand) string, more string) func(*rand.Rand) string {
		return func(r *rand.Rand) string { return "/search?q=" + url.QueryEscape(of(r)) + more }
	}
	some := func(format string, values ...string) func(*rand.Rand) string {
		return func(r *rand.Rand) string { return fmt.Sprintf(format, values[r.IntN(len(values))]) }
	}
	return []page{
		{name: "inbox", at: fixed("/inbox")},
		{name: "inbox, another page", at: func(r *rand.Rand) string {
			return fmt.Sprintf("/inbox?state=all&skip=%d", 50*(1+r.IntN(max(told.Total/50-1, 1))))
		}},
		{name: "inbox, filtered", at: some("/inbox?state=all&country=%s&theme=sanctions&lang=ru", news.Countries...)},
		{name: "inbox, by level", at: fixed("/inbox?state=all&sort=level")},
		{name: "inbox, searched", at: func(r *rand.Rand) string { return "/inbox?state=all&q=" + url.QueryEscape(usual(r)) }},
		{name: "inbox, a common word", at: func(r *rand.Rand) string { return "/inbox?state=all&q=" + url.QueryEscape(common(r)) }},
		{name: "story", at: func(r *rand.Rand) string { return fmt.Sprintf("/stories/%d", story(r)) }},
		{name: "search: nothing asked", at: fixed("/search")},
		{name: "search: a rare word", search: true, at: search(rare, "")},
		{name: "search: a usual word", search: true, at: search(usual, "")},
		{name: "search: a common word", search: true, at: search(common, "")},
		{name: "search: two words", search: true, at: search(func(r *rand.Rand) string {
			t := tongues[r.IntN(len(tongues))]
			return t.words[100+r.IntN(900)] + " " + t.words[20+r.IntN(200)]
		}, "")},
		{name: "search: a phrase", search: true, at: search(func(r *rand.Rand) string {
			t := tongues[r.IntN(len(tongues))]
			return `"` + t.words[r.IntN(30)] + " " + t.words[r.IntN(300)] + `"`
		}, "")},
		{name: "search: a beginning", search: true, at: search(func(r *rand.Rand) string { w := []rune(usual(r)); return string(w[:min(len(w), 4)]) + "*" }, "")},
		{name: "search: not a word", search: true, at: search(func(r *rand.Rand) string { return usual(r) + " -" + usual(r) }, "")},
		{name: "search: narrowed", search: true, at: search(usual, "&language=ru&country=KZ")},
		{name: "search: narrowed to a month", search: true, at: search(common, "&month="+time.Now().AddDate(0, -13, 0).Format("2006-01"))},
		{name: "search: a theme alone", search: true, at: fixed("/search?theme=csto")},
		{name: "search: another page", search: true, at: search(usual, "&skip=200")},
		{name: "search: a concept", search: true, at: some("/search?in=rules&q=%s", "%40csto", "%40sanctions", "%40evade", "%40drone")},
		{name: "search: a query", search: true, at: some("/search?in=rules&q=%s", "%40csto+NEAR%2F8+%40stop", "%40sanctions+AND+%40central_asia", "%22export%22+NEAR%2F5+%40to_russia")},
		{name: "drift", at: fixed("/drift")},
		{name: "drift, a year of a theme", at: fixed("/drift?weeks=52&theme=sanctions")},
		{name: "sources", at: fixed("/sources")},
		{name: "rules", at: fixed("/rules")},
		{name: "a rule", at: func(r *rand.Rand) string { return "/rules/signals/" + told.Hits[r.IntN(len(told.Hits))].Hit.Signal }},
		{name: "rules, history", at: fixed("/rules/history")},
		{name: "deliveries", at: fixed("/deliveries")},
		{name: "deliveries, failed", at: fixed("/deliveries?state=failed")},
		{name: "a delivery", at: func(r *rand.Rand) string {
			return fmt.Sprintf("/deliveries/%d", told.Deliveries[r.IntN(len(told.Deliveries))].ID)
		}},
		{name: "silences", at: fixed("/silences?all")},
		{name: "audit log", at: fixed("/audit")},
		{name: "audit log, filtered", at: fixed("/audit?by=dana&did=login")},
		{name: "users", at: fixed("/users")},
		{name: "settings", at: fixed("/settings")},
		{name: "about", at: fixed("/about")},
		{name: "briefing of five stories", at: func(r *rand.Rand) string {
			q := url.Values{}
			for range 5 {
				q.Add("pick", fmt.Sprint(story(r)))
			}
			return "/briefing?" + q.Encode()
		}},
		{name: "drift, a week of a country", at: func(*rand.Rand) string {
			y, w := time.Now().AddDate(0, 0, -70).UTC().ISOWeek()
			return fmt.Sprintf("/drift?country=KZ&week=%04d-W%02d", y, w)
		}},
		{name: "API: search", search: true, at: func(r *rand.Rand) string { return "/api/v1/search?limit=20&q=" + url.QueryEscape(usual(r)) }},
		{name: "API: signals", at: fixed("/api/v1/signals")},
		{name: "API: silences", at: fixed("/api/v1/silences")},
		{name: "export of the inbox", starts: true, at: fixed("/inbox/export?state=all&format=csv")},
		{name: "export of the audit log", starts: true, at: fixed("/audit/export?format=csv")},
		{name: "export of the deliveries", starts: true, at: fixed("/deliveries/export?format=csv")},
		{name: "API: stories", at: fixed("/api/v1/stories?limit=50")},
		{name: "API: a story", at: func(r *rand.Rand) string { return fmt.Sprintf("/api/v1/stories/%d", story(r)) }},
		{name: "API: hits", at: some("/api/v1/hits?limit=50&theme=sanctions&country=%s", news.Countries...)},
		{name: "API: hits without a verdict", at: fixed("/api/v1/hits?limit=50&unjudged=true")},
		{name: "API: sources", at: fixed("/api/v1/sources")},
		{name: "API: drift", at: fixed("/api/v1/drift")},
		{name: "API: deliveries", at: fixed("/api/v1/deliveries?limit=50")},
	}, nil
}

// ask asks for all pages in turns, once unmeasured and then rounds times.
func (p plan) ask(ctx context.Context, c *client, all []page) ([]measuredPage, error) {
	out := make([]measuredPage, len(all))
	r := rand.New(rand.NewPCG(1, 2))
	until := time.Now().Add(p.For)
	for round := 0; round < p.Rounds && (round < 3 || time.Now().Before(until)); round++ {
		for i, one := range all {
			path := one.at(r)
			ms, n, err := c.get(ctx, path, one.starts)
			if err != nil {
				return nil, err
			}
			if p.Log {
				fmt.Fprintf(os.Stderr, "%7.1f ms %6d bytes %s\n", ms, n, path)
			}
			out[i].page = one
			out[i].ms, out[i].bytes = append(out[i].ms, ms), append(out[i].bytes, n)
		}
	}
	return out, nil
}

// exported is what a whole list took.
type exported struct {
	name    string
	seconds float64
	bytes   int
}

// exports asks for the lists once more, to their ends.
func (p plan) exports(ctx context.Context, c *client, all []page) (out []exported, err error) {
	r := rand.New(rand.NewPCG(1, 2))
	for _, one := range all {
		if !one.starts {
			continue
		}
		ms, n, err := c.get(ctx, one.at(r), false)
		if err != nil {
			return nil, err
		}
		out = append(out, exported{one.name, ms / 1000, n})
	}
	return out, nil
}

// at is a quantile of values.
func at[T int | float64](values []T, part float64) T {
	all := slices.Sorted(slices.Values(values))
	return all[int(part*float64(len(all)-1)+0.5)]
}

// token makes a token for the bench in the database, while nothing serves it.
func token(ctx context.Context, file string) (string, error) {
	db, err := sqlite.Open(ctx, file, sqlite.Options{})
	if err != nil {
		return "", err
	}
	defer db.Close()
	u, err := db.UserNamed(ctx, "bench")
	if err != nil {
		return "", err
	}
	token, hash := review.NewToken()
	_, err = db.AddToken(ctx, news.Token{User: u.ID, Name: "bench", Scope: news.ScopeRead, Hash: hash, Created: time.Now(), Expires: time.Now().AddDate(0, 0, 1)})
	return token, err
}
