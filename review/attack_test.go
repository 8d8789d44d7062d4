package review_test

import (
	"net/http"
	"net/netip"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"golang.org/x/net/html"

	"driftwatch/news"
	"driftwatch/review"
)

// leastRoles says who may ask for what. An address that isn't here fails the test:
// somebody has to think about it.
var leastRoles = map[news.Role][]string{
	"": {"GET /{$}", "GET /static/{name}", "GET /login", "POST /login", "GET /link/{token}", "POST /link/{token}"},
	news.RoleReader: {"POST /logout", "GET /settings", "POST /settings", "POST /settings/password", "GET /inbox", "GET /inbox/export", "GET /inbox/events",
		"GET /inbox/rows/{id}", "GET /briefing", "GET /rules", "GET /rules/signals/{id}", "GET /rules/files/{id...}", "GET /rules/history", "GET /deliveries", "GET /deliveries/export",
		"GET /deliveries/{id}", "GET /silences", "POST /settings/tokens", "POST /settings/tokens/{id}/revoke",
		"GET /search", "GET /drift", "GET /drift.svg", "GET /drift.png", "GET /drift.csv", "GET /drift.jsonl", "GET /sources", "GET /sources.opml", "GET /search/export", "GET /sources/export", "GET /rules/export", "GET /silences/export",
		"GET /inbox/keys", "POST /inbox/views", "POST /inbox/views/{id}/remove", "GET /stories/{id}", "GET /stories/{id}/said", "GET /stories/{id}/articles/{article}", "GET /stories/{id}/articles/{article}/copies/{n}", "GET /about"},
	news.RoleAnalyst: {"POST /inbox/judge", "POST /inbox/undo", "POST /hits/{id}/judge", "POST /stories/{id}/notes", "POST /stories/{id}/miss",
		"POST /stories/{id}/split", "POST /stories/{id}/merge", "POST /silences", "POST /silences/{id}/end"},
	news.RoleAuthor: {"GET /rules/edit", "POST /rules/edit", "GET /rules/tests/{id}", "POST /deliveries",
		"POST /sources/opml", "POST /sources/look", "POST /sources/add", "POST /sources/{id}/poll", "POST /sources/{id}/pause"},
	news.RoleAdmin: {"GET /audit", "GET /audit/export", "GET /users/export", "GET /users", "POST /users", "POST /users/{id}"},
}

// concrete is an address of a pattern.
func concrete(pattern string) (method, path string) {
	method, path, _ = strings.Cut(pattern, " ")
	return method, strings.NewReplacer("{$}", "", "{name}", "desk.css", "{token}", "none", "{article}", "1", "{n}", "1", "{id}", "1", "{id...}", "1/x.yaml").Replace(path)
}

func TestEachRoleAtEachAddress(t *testing.T) {
	r := open(t)
	r.story(1)
	for _, route := range r.desk.Routes() {
		if strings.Contains(route.Pattern, "/api/") {
			if route.Scope == "" {
				t.Errorf("%s asks for no scope", route.Pattern)
			}
			continue // those have a test of their own
		}
		least, known := news.Role(""), false
		for role, patterns := range leastRoles {
			if slices.Contains(patterns, route.Pattern) {
				least, known = role, true
			}
		}
		if !known {
			t.Errorf("%s is in no list of this test", route.Pattern)
			continue
		}
		if route.Least != least {
			t.Errorf("%s wants the role %q, want %q", route.Pattern, route.Least, least)
		}
	}
	names := []string{"nobody"}
	for _, role := range news.Roles {
		names = append(names, string(role))
	}
	for _, name := range names {
		b := r.as(name)
		for role, patterns := range leastRoles {
			for _, pattern := range patterns {
				if pattern == "POST /logout" || pattern == "POST /login" || pattern == "POST /settings/password" {
					continue // these end or begin sessions: they have tests of their own
				}
				method, path := concrete(pattern)
				status, _, head := b.do(method, path, nil)
				switch {
				case role == "":
					if status == http.StatusForbidden {
						t.Errorf("%s, %s: %d", name, pattern, status)
					}
				case name == "nobody":
					if status != http.StatusSeeOther || !strings.HasPrefix(head.Get("Location"), "/login") {
						t.Errorf("nobody, %s: %d %s, want the login", pattern, status, head.Get("Location"))
					}
				case !news.Role(name).May(role):
					if status != http.StatusForbidden {
						t.Errorf("%s, %s: %d, want 403", name, pattern, status)
					}
				case status == http.StatusForbidden || status >= 500 || strings.HasPrefix(head.Get("Location"), "/login"):
					t.Errorf("%s, %s: %d %s, and may", name, pattern, status, head.Get("Location"))
				}
			}
		}
	}
}

// An address answers the methods that it is there for, and does nothing for others,
// whoever asks.
func TestOtherMethodsDoNothing(t *testing.T) {
	r := open(t)
	r.story(1)
	known := map[string][]string{}
	for _, route := range r.desk.Routes() {
		method, path := concrete(route.Pattern)
		if strings.HasPrefix(path, "/api/") || method == "/api/" {
			continue // those have a test of their own
		}
		known[path] = append(known[path], method)
		if method == http.MethodGet {
			known[path] = append(known[path], http.MethodHead)
		}
	}
	for _, b := range []*browser{r.as("admin"), r.visitor()} {
		before, err := r.store.Audit(t.Context(), news.AuditFilter{})
		if err != nil {
			t.Fatal(err)
		}
		for path, methods := range known {
			for _, method := range []string{"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "PROPFIND"} {
				if slices.Contains(methods, method) {
					continue
				}
				status, _, head := b.do(method, path, url.Values{"says": {"relevant"}, "name": {"mallory"}})
				toLogin := status == http.StatusSeeOther && head.Get("Location") == "/login" // POST /users/export is one to /users/{id}
				if status != http.StatusMethodNotAllowed && status != http.StatusNotFound && !toLogin {
					t.Errorf("%s %s: %d", method, path, status)
				}
			}
		}
		if after, err := r.store.Audit(t.Context(), news.AuditFilter{}); err != nil || len(after) != len(before) {
			t.Errorf("something was done: %+v (%v)", after[:len(after)-len(before)], err)
		}
	}
}

func TestOtherSitesCantPost(t *testing.T) {
	r := open(t)
	story, _ := r.story(1)
	b := r.as("admin")
	for _, head := range []http.Header{
		{"Sec-Fetch-Site": {"cross-site"}},
		{"Sec-Fetch-Site": {"same-site"}},
		{"Origin": {"https://evil.example"}},
		{"Origin": {"null"}},
	} {
		for _, route := range r.desk.Routes() {
			method, path := concrete(route.Pattern)
			if method != http.MethodPost {
				continue
			}
			b.head = head
			form := url.Values{"pick": {"1"}, "says": {"relevant"}, "name": {"mallory"}, "password": {password}, "role": {"admin"}}
			if status, _, _ := b.do(method, path, form); status != http.StatusForbidden {
				t.Errorf("%v: %s: %d, want 403", head, path, status)
			}
		}
	}
	files, err := r.store.StoryFiles(t.Context(), []int64{story})
	if err != nil || len(files[0].Hits[0].Verdicts) > 0 {
		t.Errorf("a verdict was given: %v %v", files, err)
	}
	if _, err := r.store.UserNamed(t.Context(), "mallory"); err == nil {
		t.Error("a user was added")
	}
}

func TestASessionCantBePlanted(t *testing.T) {
	r := open(t)
	b := r.visitor()
	u, _ := url.Parse(r.server.URL)
	b.client.Jar.SetCookies(u, []*http.Cookie{{Name: "driftwatch", Value: "planted-by-somebody", Path: "/"}})
	b.post("/login", "name", "analyst", "password", password)
	if got := b.cookie(); got == "" || got == "planted-by-somebody" {
		t.Errorf("the cookie is %q after the login", got)
	}
	before := b.cookie()
	b.post("/login", "name", "admin", "password", password)
	if b.cookie() == before {
		t.Error("a second login kept the token")
	}
	b.post("/logout")
	thief := r.visitor()
	thief.client.Jar.SetCookies(u, []*http.Cookie{{Name: "driftwatch", Value: before, Path: "/"}})
	if status, _, _ := thief.get("/inbox"); status != http.StatusSeeOther {
		t.Errorf("an older token still works: %d", status)
	}
}

func TestCookiesAreGuarded(t *testing.T) {
	for _, secure := range []bool{false, true} {
		r := open(t, func(o *review.Options) { o.Secure = secure })
		_, _, head := r.visitor().post("/login", "name", "reader", "password", password)
		c, err := http.ParseSetCookie(head.Get("Set-Cookie"))
		if err != nil {
			t.Fatal(err)
		}
		if !c.HttpOnly || c.SameSite != http.SameSiteLaxMode || c.Secure != secure {
			t.Errorf("secure %t: the cookie is %v", secure, c)
		}
	}
}

func TestAChangeOfAccessEndsSessions(t *testing.T) {
	r := open(t)
	user, err := r.store.UserNamed(t.Context(), "analyst")
	if err != nil {
		t.Fatal(err)
	}
	for name, change := range map[string]func(*news.User) error{
		"a role":     func(u *news.User) error { u.Role = news.RoleReader; return nil },
		"a password": func(u *news.User) error { u.Password += "="; return nil },
		"access":     func(u *news.User) error { u.Disabled = true; return nil },
	} {
		encoded, _ := hash()
		if _, err := r.store.ChangeUser(t.Context(), user.ID, func(u *news.User) error {
			u.Role, u.Password, u.Disabled = news.RoleAnalyst, encoded, false
			return nil
		}); err != nil {
			t.Fatal(err)
		}
		b := r.as("analyst")
		if _, err := r.store.ChangeUser(t.Context(), user.ID, change); err != nil {
			t.Fatal(err)
		}
		if status, _, _ := b.get("/inbox"); status != http.StatusSeeOther {
			t.Errorf("after a change of %s the session goes on: %d", name, status)
		}
	}
	encoded, _ := hash()
	if _, err := r.store.ChangeUser(t.Context(), user.ID, func(u *news.User) error { u.Password, u.Disabled = encoded, true; return nil }); err != nil {
		t.Fatal(err)
	}
	if status, _, _ := r.visitor().post("/login", "name", "analyst", "password", password); status != http.StatusUnauthorized {
		t.Errorf("a disabled user signs in: %d", status)
	}
}

func TestNobodyLearnsWhoIsAUser(t *testing.T) {
	r := open(t)
	status, known, _ := r.visitor().post("/login", "name", "analyst", "password", "wrong")
	status2, unknown, _ := r.visitor().post("/login", "name", "stranger", "password", "wrong")
	unknown = strings.ReplaceAll(unknown, "stranger", "analyst")
	if status != http.StatusUnauthorized || status2 != status || known != unknown {
		t.Errorf("%d and %d; the pages are the same: %t", status, status2, known == unknown)
	}
}

// How long a login takes tells nothing either: each one compares with one hash, and
// all hashes cost the same.
func TestNobodyLearnsWhoIsAUserFromTheClock(t *testing.T) {
	r := open(t)
	for name, change := range map[string]func(*news.User) error{
		"reader":  func(u *news.User) error { u.Disabled = true; return nil },
		"analyst": func(u *news.User) error { u.Password = ""; return nil }, // signed in by a proxy
	} {
		u, err := r.store.UserNamed(t.Context(), name)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := r.store.ChangeUser(t.Context(), u.ID, change); err != nil {
			t.Fatal(err)
		}
	}
	var hashes []string
	r.desk.Compared(func(encoded string) { hashes = append(hashes, encoded) })
	costs := map[string]bool{}
	for _, name := range []string{"admin", "reader", "analyst", "stranger", "", strings.Repeat("x", 500)} {
		hashes = nil
		status, _, _ := r.visitor().post("/login", "name", name, "password", "wrong")
		if status != http.StatusUnauthorized || len(hashes) != 1 {
			t.Fatalf("%.20q: %d, compared with %d hashes", name, status, len(hashes))
		}
		parts := strings.Split(hashes[0], "$")
		costs[strings.Join(parts[:4], "$")] = true
		r.clock.pass(time.Hour)
	}
	if len(costs) != 1 {
		t.Errorf("the hashes cost differently: %v", costs)
	}
}

func TestAFloodOfLoginsIsTurnedAway(t *testing.T) {
	r := open(t)
	b := r.visitor()
	for i := range 5 {
		if status, _, _ := b.post("/login", "name", "analyst", "password", "wrong"); status != http.StatusUnauthorized {
			t.Fatalf("try %d: %d", i+1, status)
		}
	}
	status, _, head := b.post("/login", "name", "analyst", "password", password)
	if status != http.StatusTooManyRequests || head.Get("Retry-After") == "" {
		t.Errorf("the sixth try: %d, Retry-After %q", status, head.Get("Retry-After"))
	}
	for i := range 15 {
		b.post("/login", "name", "stranger"+string(rune('a'+i)), "password", "wrong")
	}
	if status, _, _ := b.post("/login", "name", "reader", "password", password); status != http.StatusTooManyRequests {
		t.Errorf("after 20 failures from one address another name: %d", status)
	}
	r.clock.pass(16 * time.Minute)
	if status, _, _ := b.post("/login", "name", "analyst", "password", password); status != http.StatusSeeOther {
		t.Errorf("after a quarter of an hour: %d", status)
	}
}

// hostile is text that would act where it is not shown as text.
const hostile = `"><script>alert(1)</script><img src=https://evil.example/x onerror=alert(1)>'` + "`{{.}}"

func TestHostileTextIsShownAsText(t *testing.T) {
	r := open(t, func(o *review.Options) {
		o.Outlets = func() map[string]string { return map[string]string{"outlet-0": hostile} }
	})
	story, _ := r.story(1, func(a *news.Article, h *news.Hit) {
		a.Title, a.Link, a.Lang = hostile, "javascript:alert(1)", `en" onload="alert(1)`
		h.Evidence[0].Sentence = hostile + h.Evidence[0].Sentence
		h.Title, h.Why = hostile, hostile
	})
	second, _ := r.story(2, func(a *news.Article, _ *news.Hit) { a.Link = "data:text/html,<script>alert(1)</script>" })
	b := r.as("admin")
	b.post("/inbox/judge", "one", "relevant:1:0", "note", hostile)
	b.post("/stories/1/notes", "text", hostile)
	b.post("/inbox/views", "name", hostile, "query", "theme="+url.QueryEscape(hostile))
	if story != 1 || second != 2 {
		t.Fatalf("the stories are %d and %d", story, second)
	}
	pages := []string{"/inbox", "/inbox?state=all", "/inbox?q=" + url.QueryEscape(hostile), "/inbox?state=all&theme=" + url.QueryEscape(hostile),
		"/stories/1", "/stories/2", "/stories/1/articles/1?copy=1", "/stories/1/articles/1?copy=2", "/stories/1/articles/1?version=9", "/audit?by=" + url.QueryEscape(hostile), "/users", "/settings", "/about", "/login?next=" + url.QueryEscape(hostile), "/nowhere/" + url.PathEscape(hostile), "/inbox/rows/1"}
	for _, route := range r.desk.Routes() { // and all others
		if method, path := concrete(route.Pattern); method == http.MethodGet && path != "/inbox/events" && !strings.HasPrefix(path, "/api/") {
			pages = append(pages, path)
		}
	}
	for _, page := range pages {
		_, body, head := b.get(page)
		if csp := head.Get("Content-Security-Policy"); !strings.Contains(csp, "default-src 'none'") || strings.Contains(csp, "unsafe") {
			t.Errorf("%s: the policy is %q", page, csp)
		}
		if !strings.HasPrefix(head.Get("Content-Type"), "text/html") {
			continue // no browser makes a page of it
		}
		doc, err := html.Parse(strings.NewReader(body))
		if err != nil {
			t.Fatal(err)
		}
		for n := range doc.Descendants() {
			harmless(t, page, n)
		}
	}
}

// harmless fails the test for an element that could act, or could ask another
// server.
func harmless(t *testing.T, page string, n *html.Node) {
	t.Helper()
	if n.Type != html.ElementNode {
		return
	}
	if slices.Contains([]string{"img", "iframe", "object", "embed", "style", "base"}, n.Data) || n.Data == "script" && n.FirstChild != nil {
		t.Errorf("%s has a <%s>", page, n.Data)
	}
	blank, rel := false, ""
	for _, a := range n.Attr {
		switch {
		case strings.HasPrefix(a.Key, "on"), a.Key == "style", a.Key == "srcdoc", strings.HasPrefix(a.Key, "hx-on"):
			t.Errorf("%s: <%s %s=%q>", page, n.Data, a.Key, a.Val)
		case a.Key == "target":
			blank = true
		case a.Key == "rel":
			rel = a.Val
		case a.Key == "href" || a.Key == "src" || a.Key == "action" || a.Key == "formaction":
			u, err := url.Parse(a.Val)
			local := err == nil && u.Scheme == "" && u.Host == ""
			if n.Data == "a" && err == nil && (u.Scheme == "http" || u.Scheme == "https") {
				local = true
			}
			if !local {
				t.Errorf("%s: <%s %s=%q>", page, n.Data, a.Key, a.Val)
			}
		}
	}
	if blank && rel != "noopener noreferrer" {
		t.Errorf("%s: a link opens with rel=%q", page, rel)
	}
}

// The audit log is kept for good: no password of an address stands in it.
func TestTheAuditLogKeepsNoPassword(t *testing.T) {
	r := open(t)
	r.as("author").post("/sources/look", "url", "https://dana:secret-of-mine@outlet.example/feed")
	log, err := r.store.Audit(t.Context(), news.AuditFilter{By: "author"})
	if err != nil || len(log) == 0 || !strings.Contains(log[0].On, "outlet.example") || strings.Contains(log[0].On, "secret-of-mine") {
		t.Errorf("the log has %+v (%v)", log, err)
	}
}

func TestALoginLeadsNowhereElse(t *testing.T) {
	r := open(t)
	for _, next := range []string{"//evil.example", "https://evil.example", `/\evil.example`, "javascript:alert(1)", "/\t/evil.example", "evil"} {
		_, _, head := r.visitor().post("/login", "name", "reader", "password", password, "next", next)
		if to := head.Get("Location"); to != "/inbox" {
			t.Errorf("next=%q leads to %q", next, to)
		}
	}
}

func TestOnlyNamedProxiesNameUsers(t *testing.T) {
	for name, c := range map[string]struct {
		from []netip.Prefix
		want int
	}{
		"named":     {loopback, http.StatusOK},
		"not named": {[]netip.Prefix{netip.MustParsePrefix("192.0.2.0/24")}, http.StatusSeeOther},
		"none":      {nil, http.StatusSeeOther},
	} {
		r := open(t, func(o *review.Options) { o.Header, o.Proxies = "X-Forwarded-User", c.from })
		b := r.visitor()
		b.head.Set("X-Forwarded-User", "admin")
		if status, _, _ := b.get("/users"); status != c.want {
			t.Errorf("a proxy that is %s: %d, want %d", name, status, c.want)
		}
		b.head.Set("X-Forwarded-User", "stranger")
		if status, _, _ := b.get("/users"); status == http.StatusOK {
			t.Errorf("a proxy that is %s names a stranger: %d", name, status)
		}
		b.head["X-Forwarded-User"] = []string{"admin", "reader"}
		if status, _, _ := b.get("/users"); status == http.StatusOK {
			t.Errorf("a proxy that is %s passes on what a visitor sent beside its own: %d", name, status)
		}
	}
}

// Who is signed in by a proxy can't sign out here, and is told so; who has no password
// can't change it.
func TestAProxysUsersSignOutThere(t *testing.T) {
	r := open(t, func(o *review.Options) { o.Header, o.Proxies = "X-Forwarded-User", loopback })
	if _, err := r.store.AddUser(t.Context(), news.User{Name: "dana", Role: news.RoleAnalyst}, false); err != nil {
		t.Fatal(err)
	}
	b := r.visitor()
	b.head.Set("X-Forwarded-User", "dana")
	if status, page, _ := b.get("/settings"); status != http.StatusOK || strings.Contains(page, "/logout") || strings.Contains(page, `action="/settings/password"`) {
		t.Errorf("%d, with a way to sign out or a password to change:\n%s", status, page)
	}
	for _, path := range []string{"/logout", "/settings/password"} {
		if status, _, _ := b.post(path, "before", "", "password", password); status != http.StatusConflict {
			t.Errorf("%s: %d", path, status)
		}
	}
	if _, page, _ := r.as("admin").get("/settings"); !strings.Contains(page, "/logout") || !strings.Contains(page, `action="/settings/password"`) {
		t.Error("who has a session and a password can't end the one or change the other")
	}
}

func TestOtherNamesAreTurnedAway(t *testing.T) {
	r := open(t, func(o *review.Options) { o.Hosts = []string{"localhost", "127.0.0.1"} })
	req, _ := http.NewRequestWithContext(t.Context(), http.MethodGet, r.server.URL+"/login", nil)
	for host, want := range map[string]int{"evil.example": http.StatusMisdirectedRequest, "evil.example:80": http.StatusMisdirectedRequest, "localhost:9106": http.StatusOK, "127.0.0.1": http.StatusOK} {
		req.Host = host
		res, err := http.DefaultClient.Do(req)
		if err != nil {
			t.Fatal(err)
		}
		res.Body.Close()
		if res.StatusCode != want {
			t.Errorf("%s: %d, want %d", host, res.StatusCode, want)
		}
	}
}

func TestALinkWorksOnceAndForAWhile(t *testing.T) {
	r := open(t)
	link := r.desk.Link("analyst")
	b := r.visitor()
	if status, _, _ := b.get(link); status != http.StatusOK {
		t.Fatalf("the link's page: %d", status)
	}
	if status, _, _ := b.post(link); status != http.StatusSeeOther {
		t.Fatalf("the link: %d", status)
	}
	if status, _, _ := r.visitor().post(link); status != http.StatusGone {
		t.Errorf("a second time: %d", status)
	}
	late := r.desk.Link("analyst")
	r.clock.pass(15 * time.Minute)
	if status, _, _ := r.visitor().post(late); status != http.StatusGone {
		t.Errorf("after 15 minutes: %d", status)
	}
	first := r.desk.Link("")
	if status, _, _ := r.visitor().post(first, "name", "mallory", "password", password); status != http.StatusGone {
		t.Errorf("a first user where there are others: %d", status)
	}
}

// No address takes a body that is too long, or keeps a part of it.
func TestBodiesAreBounded(t *testing.T) {
	r := open(t)
	r.story(1)
	b := r.as("admin")
	token := r.token("admin", news.ScopeManage, time.Hour)
	long := strings.Repeat("x", 1<<20+1)
	form := url.Values{"text": {long}, "name": {long}, "note": {long}, "reason": {long}, "back": {"/inbox"}}
	for _, route := range r.desk.Routes() {
		method, path := concrete(route.Pattern)
		if method != http.MethodPost && method != http.MethodPut || path == "/logout" {
			continue
		}
		var status int
		if route.Scope != "" {
			status, _, _ = r.call(method, path, token, `{"text":"`+long+`"}`)
		} else {
			status, _, _ = b.do(method, path, form)
		}
		if want := http.StatusRequestEntityTooLarge; status != want && status != http.StatusNotFound && status != http.StatusUnsupportedMediaType {
			t.Errorf("%s: %d", route.Pattern, status)
		}
	}
	notes, err := r.store.Remarks(t.Context(), 1)
	if err != nil || len(notes) > 0 {
		t.Errorf("a note was kept: %d, %v", len(notes), err)
	}
	if status, _, _ := b.post("/stories/1/notes", "text", long); status != http.StatusRequestEntityTooLarge && status != http.StatusSeeOther {
		t.Errorf("a note of 1 MB: %d", status)
	}
}

func TestPathsStayInside(t *testing.T) {
	r := open(t)
	b := r.as("admin")
	for _, path := range []string{"/static/..%2f..%2fdesk.go", "/static/%2e%2e/login", "/static/..", "/rules/files/1/..%2f..%2fetc%2fpasswd", "/rules/files/..%2f..%2f..%2fetc%2fpasswd",
		"/rules/edit?file=1%2F..%2F..%2Fetc%2Fpasswd", "/stories/1/articles/..%2f1", "/stories/1/articles/1/copies/..%2f..%2f1"} {
		status, body, _ := b.get(path)
		if status == http.StatusOK || strings.Contains(body, "root:") || strings.Contains(body, "package review") {
			t.Errorf("%s: %d", path, status)
		}
	}
}
