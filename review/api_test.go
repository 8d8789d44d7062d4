package review_test

import (
	"bufio"
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"driftwatch/news"
	"driftwatch/review"
	"driftwatch/store"
)

// token makes a token of a user.
func (r *room) token(user string, scope news.Scope, lasts time.Duration) string {
	r.Helper()
	u, err := r.store.UserNamed(r.Context(), user)
	if err != nil {
		r.Fatal(err)
	}
	token, hash := review.NewToken()
	if _, err := r.store.AddToken(r.Context(), news.Token{User: u.ID, Name: "test", Scope: scope, Hash: hash, Created: r.clock.now(), Expires: r.clock.now().Add(lasts)}); err != nil {
		r.Fatal(err)
	}
	return token
}

// call asks the API.
func (r *room) call(method, path, token, body string, head ...string) (int, string, http.Header) {
	r.Helper()
	req, err := http.NewRequestWithContext(r.Context(), method, r.server.URL+path, strings.NewReader(body))
	if err != nil {
		r.Fatal(err)
	}
	if token != "" {
		req.Header.Set("Authorization", "Bearer "+token)
	}
	if body != "" {
		req.Header.Set("Content-Type", "application/json")
	}
	for i := 0; i < len(head); i += 2 {
		req.Header.Set(head[i], head[i+1])
	}
	b := r.visitor()
	res, err := b.client.Do(req)
	if err != nil {
		r.Fatal(err)
	}
	defer res.Body.Close()
	var out strings.Builder
	if _, err := bufio.NewReader(res.Body).WriteTo(&out); err != nil {
		r.Fatal(err)
	}
	return res.StatusCode, out.String(), res.Header
}

// apiLeast says who may ask for what. An address that isn't here fails the test.
var apiLeast = map[news.Scope][]string{
	news.ScopeRead: {"GET /api/v1/stories", "GET /api/v1/stories/{id}", "GET /api/v1/stories/{id}/articles/{article}", "GET /api/v1/hits", "GET /api/v1/sources", "GET /api/v1/drift", "GET /api/v1/deliveries",
		"GET /api/v1/search", "GET /api/v1/silences", "GET /api/v1/signals", "GET /api/v1/signals/{id}", "GET /api/v1/rules/history", "GET /api/v1/rules/files/{id...}", "GET /api/v1/audit", "GET /api/v1/deliveries/{id}",
		"GET /api/v1/sources/opml", "GET /api/v1/views", "GET /api/v1/tokens", "GET /api/v1/users", "/api/"},
	news.ScopeJudge: {"POST /api/v1/verdicts", "DELETE /api/v1/verdicts/{id}", "POST /api/v1/stories/{id}/notes", "POST /api/v1/stories/{id}/misses", "POST /api/v1/stories/{id}/split",
		"POST /api/v1/stories/{id}/merge", "POST /api/v1/silences", "DELETE /api/v1/silences/{id}", "POST /api/v1/views", "DELETE /api/v1/views/{id}"},
	news.ScopeManage: {"POST /api/v1/deliveries", "POST /api/v1/sources", "POST /api/v1/sources/look", "POST /api/v1/sources/{id}/{do}", "PUT /api/v1/rules/files/{id...}", "POST /api/v1/rules/check",
		"POST /api/v1/rules/tests", "GET /api/v1/rules/tests/{id}", "POST /api/v1/sources/opml", "POST /api/v1/tokens", "DELETE /api/v1/tokens/{id}", "POST /api/v1/users", "POST /api/v1/users/{id}"},
}

// Who may ask for what is held against the router: each scope, of each role, at each
// address, with each method.
func TestEachTokenAtEachAddress(t *testing.T) {
	r := open(t)
	story, _ := r.story(1)
	r.owed(story)
	if _, err := r.store.IndexArticles(t.Context(), 10); err != nil {
		t.Fatal(err)
	}
	least := map[string]news.Scope{}
	for scope, patterns := range apiLeast {
		for _, p := range patterns {
			least[p] = scope
		}
	}
	var routes []review.Route
	for _, route := range r.desk.Routes() {
		if !strings.Contains(route.Pattern, "/api/") {
			continue
		}
		if want, known := least[route.Pattern]; !known || route.Scope != want {
			t.Errorf("%s wants the scope %q, want %q", route.Pattern, route.Scope, want)
		}
		routes = append(routes, route)
	}
	answers := map[string]int{"/api/v1/rules/tests/1": 404} // nobody has tried anything
	for _, role := range news.Roles {
		for _, scope := range news.Scopes {
			token := r.token(string(role), scope, time.Hour)
			for _, route := range routes {
				method, path := concrete(route.Pattern)
				if path == "" {
					method, path = "GET", "/api/v1/nothing"
				}
				path = strings.TrimSuffix(path+"?q=banned", map[bool]string{true: "", false: "?q=banned"}[path == "/api/v1/search"])
				body := map[bool]string{true: "", false: "{}"}[method == "GET"]
				status, said, _ := r.call(method, path, token, body)
				may := scope.May(route.Scope) && role.May(route.Scope.Role()) && (route.Least == "" || role.May(route.Least))
				switch {
				case !may && status != http.StatusForbidden:
					t.Errorf("%s, %s: %s %s: %d, want 403", role, scope, method, path, status)
				case may && (status == http.StatusForbidden || status == http.StatusUnauthorized || status >= 500):
					t.Errorf("%s, %s: %s %s: %d %s, and may", role, scope, method, path, status, said)
				case may && method == "GET" && path != "/api/v1/nothing" && status != cmp.Or(answers[path], http.StatusOK):
					t.Errorf("%s, %s: %s %s: %d %s", role, scope, method, path, status, said)
				case !json.Valid([]byte(said)):
					t.Errorf("%s %s: %s", method, path, said)
				}
			}
			for _, page := range []string{"/inbox", "/users", "/audit", "/rules/edit"} {
				if status, _, _ := r.call("GET", page, token, ""); status != http.StatusSeeOther {
					t.Errorf("a token opens the page %s: %d", page, status)
				}
			}
		}
	}
	for _, route := range routes {
		_, path := concrete(route.Pattern)
		for _, method := range []string{"GET", "POST", "PUT", "PATCH", "DELETE"} {
			if status, _, _ := r.call(method, cmp.Or(path, "/api/"), "", "{}"); status != http.StatusUnauthorized && status != http.StatusTooManyRequests {
				t.Errorf("nobody: %s %s: %d", method, path, status)
			}
		}
	}
}

// apiTwins are the addresses of the API for what the desk does; none for what is left
// to people.
var apiTwins = map[string]string{
	"POST /login": "", "POST /link/{token}": "", "POST /logout": "", "POST /settings": "", "POST /settings/password": "",
	"POST /settings/tokens": "POST /api/v1/tokens", "POST /settings/tokens/{id}/revoke": "DELETE /api/v1/tokens/{id}", "POST /users": "POST /api/v1/users", "POST /users/{id}": "POST /api/v1/users/{id}",
	"POST /inbox/views": "POST /api/v1/views", "POST /inbox/views/{id}/remove": "DELETE /api/v1/views/{id}", "POST /sources/opml": "POST /api/v1/sources/opml",
	"POST /inbox/judge": "POST /api/v1/verdicts", "POST /hits/{id}/judge": "POST /api/v1/verdicts", "POST /inbox/undo": "DELETE /api/v1/verdicts/{id}",
	"POST /stories/{id}/notes": "POST /api/v1/stories/{id}/notes", "POST /stories/{id}/miss": "POST /api/v1/stories/{id}/misses",
	"POST /stories/{id}/split": "POST /api/v1/stories/{id}/split", "POST /stories/{id}/merge": "POST /api/v1/stories/{id}/merge",
	"POST /silences": "POST /api/v1/silences", "POST /silences/{id}/end": "DELETE /api/v1/silences/{id}", "POST /deliveries": "POST /api/v1/deliveries",
	"POST /sources/look": "POST /api/v1/sources/look", "POST /sources/add": "POST /api/v1/sources", "POST /sources/{id}/poll": "POST /api/v1/sources/{id}/{do}",
	"POST /sources/{id}/pause": "POST /api/v1/sources/{id}/{do}", "POST /rules/edit": "PUT /api/v1/rules/files/{id...}",
}

func TestWhatTheDeskDoesHasAnAddressOfTheAPI(t *testing.T) {
	there := map[string]bool{}
	routes := open(t).desk.Routes()
	for _, route := range routes {
		there[route.Pattern] = true
	}
	for _, route := range routes {
		twin, known := apiTwins[route.Pattern]
		switch {
		case !strings.HasPrefix(route.Pattern, "POST /") || strings.HasPrefix(route.Pattern, "POST /api/"):
		case !known:
			t.Errorf("%s is in no list of this test", route.Pattern)
		case twin != "" && !there[twin]:
			t.Errorf("%s: there is no %s", route.Pattern, twin)
		}
	}
}

// What the desk can do, a program can do, and it is in the audit log.
func TestTheAPIDoesWhatTheDeskDoes(t *testing.T) {
	r := open(t)
	r.story(1)
	r.story(2)
	token := r.token("admin", news.ScopeManage, time.Hour)
	for _, c := range []struct {
		method, path, body string
		want               int
		says               string
	}{
		{"POST", "/api/v1/verdicts", `{"story":1,"says":"relevant"}`, 201, `{"act":1}`},
		{"DELETE", "/api/v1/verdicts/1", "", 200, `{"stories":[1]}`},
		{"DELETE", "/api/v1/verdicts/1", "", 409, "nothing to undo"},
		{"POST", "/api/v1/stories/1/notes", `{"text":"call them"}`, 201, `{"story":1}`},
		{"POST", "/api/v1/stories/1/notes", `{"text":" "}`, 422, "text"},
		{"POST", "/api/v1/stories/1/misses", `{"signal":"s2","country":"KZ"}`, 201, `{"miss":1}`},
		{"POST", "/api/v1/stories/1/misses", `{"signal":"none"}`, 404, "error"},
		{"POST", "/api/v1/stories/1/misses", `{"country":"KZ"}`, 422, "error"},
		{"POST", "/api/v1/stories/1/split", `{"articles":[1]}`, 422, "nothing would be left"},
		{"POST", "/api/v1/stories/1/merge", `{"story":1}`, 422, "another story"},
		{"POST", "/api/v1/stories/1/merge", `{"story":2,"why":"one event"}`, 201, `{"story":1}`},
		{"POST", "/api/v1/stories/1/split", `{"articles":[2]}`, 201, `{"story":3}`},
		{"POST", "/api/v1/silences", `{"stories":[1],"reason":"enough","ends":"` + r.clock.now().Add(time.Hour).Format(time.RFC3339) + `"}`, 201, `{"silence":1}`},
		{"POST", "/api/v1/silences", `{"stories":[1],"reason":"enough"}`, 422, "an end"},
		{"GET", "/api/v1/silences", "", 200, `"reason":"enough"`},
		{"DELETE", "/api/v1/silences/1", "", 200, `{"silence":1}`},
		{"DELETE", "/api/v1/silences/1", "", 409, "ended already"},
		{"POST", "/api/v1/sources/one/pause", "", 200, `"paused":true`},
		{"POST", "/api/v1/sources/one/resume", "", 200, `"paused":false`},
		{"POST", "/api/v1/sources/one/poll", "", 200, "3 new articles"},
		{"POST", "/api/v1/sources/one/burn", "", 404, "error"},
		{"POST", "/api/v1/sources/look", `{"url":"http://10.0.0.8/"}`, 422, "isn't public"},
		{"POST", "/api/v1/sources", `{"listing":"https://one.example/feed","country":"ZZ"}`, 422, "error"},
		{"POST", "/api/v1/rules/check", `{"file":"1/x.yaml","text":"a: broken"}`, 200, `"line":1`},
		{"PUT", "/api/v1/rules/files/1/x.yaml", `{"text":"a: broken","base":"v0"}`, 422, `"fine":false`},
		{"PUT", "/api/v1/rules/files/1/x.yaml", `{"text":"a: b","base":"old"}`, 409, "changed"},
		{"PUT", "/api/v1/rules/files/1/x.yaml", `{"text":"a: b","base":"v0"}`, 200, `"version":"abc"`},
		{"POST", "/api/v1/rules/check", `{"file":"1/x.yaml","text":"a: b"}`, 200, `"patch":"--- a/x.yaml`},
		{"POST", "/api/v1/rules/tests", `{"file":"1/x.yaml","text":"a: broken"}`, 422, `"fine":false`},
		{"POST", "/api/v1/deliveries", `{"do":"burn","ids":[1]}`, 422, "retry or cancel"},
		{"GET", "/api/v1/deliveries/99", "", 404, "error"},
		{"GET", "/api/v1/sources/opml", "", 200, "opml"},
		{"POST", "/api/v1/sources/opml", `{"opml":"<opml/>"}`, 200, `"added":7`},
		{"POST", "/api/v1/views", `{"name":"Kazakhs","query":"country=KZ&level=5"}`, 201, `{"view":1}`},
		{"POST", "/api/v1/views", `{"name":"Kazakhs","query":"country=KZ&level=4"}`, 201, `{"view":1}`},
		{"POST", "/api/v1/views", `{"name":"","query":""}`, 422, "name"},
		{"POST", "/api/v1/views", `{"name":"x","query":"land=KZ"}`, 400, "land"},
		{"GET", "/api/v1/views", "", 200, `{"id":1,"name":"Kazakhs","query":"country=KZ\u0026level=4"}`},
		{"DELETE", "/api/v1/views/1", "", 200, `{"view":1}`},
		{"DELETE", "/api/v1/views/1", "", 404, "error"},
		{"POST", "/api/v1/users", `{"name":"Timur","role":"analyst","password":"` + password + `"}`, 201, `{"id":5,"name":"timur","role":"analyst","disabled":false,`},
		{"POST", "/api/v1/users", `{"name":"timur","role":"analyst","password":"` + password + `"}`, 409, "of that name"},
		{"POST", "/api/v1/users", `{"name":"dana","role":"analyst","password":"short"}`, 422, "10 to 200"},
		{"POST", "/api/v1/users", `{"name":"dana","role":"boss","password":"` + password + `"}`, 422, "no such role"},
		{"POST", "/api/v1/users/5", `{"role":"author","disabled":true,"end_sessions":true}`, 200, `"role":"author","disabled":true`},
		{"POST", "/api/v1/users/5", `{}`, 422, "what is to change"},
		{"POST", "/api/v1/users/99", `{"disabled":true}`, 404, "error"},
		{"POST", "/api/v1/users/4", `{"role":"reader"}`, 409, "last admin"},
		{"GET", "/api/v1/users", "", 200, `"name":"timur"`},
		{"GET", "/api/v1/audit?did=user.disable", "", 200, `"note":"by token 1"`},
		{"GET", "/api/v1/audit?did=silence.end", "", 200, `"on":"silence 1"`},
	} {
		status, body, _ := r.call(c.method, c.path, token, c.body)
		if status != c.want || !strings.Contains(body, c.says) {
			t.Errorf("%s %s %s: %d %s, want %d with %s", c.method, c.path, c.body, status, body, c.want, c.says)
		}
		r.clock.pass(time.Second)
	}
	if u, err := r.store.UserNamed(t.Context(), "timur"); err != nil || u.Role != news.RoleAuthor || !u.Disabled {
		t.Errorf("the user: %+v (%v)", u, err)
	}
	misses, err := r.store.Misses(t.Context())
	if err != nil || len(misses) != 1 || misses[0].Signal != "s2" || misses[0].Theme != news.ThemeSanctions || misses[0].By != "admin" {
		t.Errorf("misses: %+v (%v)", misses, err)
	}
}

// A token that a token makes can do no more than that, and ends no later.
func TestTokensMakeTokens(t *testing.T) {
	r := open(t)
	token := r.token("admin", news.ScopeManage, 48*time.Hour)
	for body, want := range map[string]int{
		`{"name":"x","scope":"manage","days":3}`: 422, `{"name":"x","scope":"boss","days":1}`: 422, `{"name":"","scope":"read","days":1}`: 422, `{"name":"x","scope":"read","days":0}`: 422,
	} {
		if status, said, _ := r.call("POST", "/api/v1/tokens", token, body); status != want {
			t.Errorf("%s: %d %s", body, status, said)
		}
	}
	status, said, _ := r.call("POST", "/api/v1/tokens", token, `{"name":"board","scope":"read","days":1}`)
	var made struct {
		ID    int64  `json:"id"`
		Token string `json:"token"`
		Works bool   `json:"works"`
	}
	if err := json.Unmarshal([]byte(said), &made); err != nil || status != 201 || !made.Works {
		t.Fatalf("%d %s", status, said)
	}
	if status, _, _ := r.call("GET", "/api/v1/stories", made.Token, ""); status != 200 {
		t.Errorf("the new token: %d", status)
	}
	if status, _, _ := r.call("POST", "/api/v1/tokens", made.Token, `{"name":"y","scope":"read","days":1}`); status != 403 {
		t.Errorf("a reading token makes another: %d", status)
	}
	_, said, _ = r.call("GET", "/api/v1/tokens", token, "")
	if !strings.Contains(said, `"name":"board","scope":"read"`) || strings.Contains(said, "dwt_") || strings.Contains(said, "hash") {
		t.Errorf("the list: %s", said)
	}
	if status, _, _ := r.call("DELETE", fmt.Sprintf("/api/v1/tokens/%d", made.ID), r.token("author", news.ScopeManage, time.Hour), ""); status != 404 {
		t.Errorf("somebody else revokes it: %d", status)
	}
	if status, _, _ := r.call("DELETE", fmt.Sprintf("/api/v1/tokens/%d", made.ID), token, ""); status != 200 {
		t.Errorf("revoking it: %d", status)
	}
	if status, _, _ := r.call("GET", "/api/v1/stories", made.Token, ""); status != 401 {
		t.Errorf("a revoked token works: %d", status)
	}
}

// A try of changed rules runs beside the requests that ask how far it is.
func TestTheAPITriesRules(t *testing.T) {
	r := open(t)
	token := r.token("author", news.ScopeManage, time.Hour)
	status, said, _ := r.call("POST", "/api/v1/rules/tests", token, `{"file":"1/x.yaml","text":"signals: []"}`)
	var begun struct{ Test string }
	if err := json.Unmarshal([]byte(said), &begun); err != nil || status != 202 || begun.Test == "" {
		t.Fatalf("%d %s", status, said)
	}
	var got struct {
		Done                          bool
		Days, Articles, Before, After int
		Lost, Gained                  int
		LostHits                      []struct {
			Hit struct {
				Signal   string
				Verdicts []struct{ Says string }
			}
		} `json:"lost_hits"`
	}
	for n := 0; n < 1000 && !got.Done; n++ {
		if status, said, _ = r.call("GET", "/api/v1/rules/tests/"+begun.Test, token, ""); status != 200 {
			t.Fatalf("%d %s", status, said)
		}
		if err := json.Unmarshal([]byte(said), &got); err != nil {
			t.Fatal(err)
		}
		r.clock.pass(time.Second)
	}
	if !got.Done || got.Days != 30 || got.Articles != 812 || got.Before != 23 || got.After != 19 || got.Lost != 5 || got.Gained != 1 || len(got.LostHits) != 1 || got.LostHits[0].Hit.Verdicts[0].Says != "irrelevant" {
		t.Errorf("%s", said)
	}
	if status, _, _ := r.call("GET", "/api/v1/rules/tests/"+begun.Test, r.token("admin", news.ScopeManage, time.Hour), ""); status != 404 {
		t.Errorf("somebody else's try: %d", status)
	}
	if status, body, _ := r.as("author").get("/rules/tests/" + begun.Test); status != 200 || !strings.Contains(body, "23 → 19") ||
		!strings.Contains(body, ">after</span>") || !strings.Contains(body, "still found by <code>s9</code>") {
		t.Errorf("its page: %d", status)
	}
}

func TestTokensThatDontWork(t *testing.T) {
	r := open(t)
	good := r.token("admin", news.ScopeJudge, time.Hour)
	short := r.token("admin", news.ScopeRead, time.Minute)
	revoked := r.token("admin", news.ScopeRead, time.Hour)
	if err := r.store.RevokeToken(t.Context(), 0, 3, r.clock.now()); err != nil {
		t.Fatal(err)
	}
	off := r.token("reader", news.ScopeRead, time.Hour)
	u, _ := r.store.UserNamed(t.Context(), "reader")
	if _, err := r.store.ChangeUser(t.Context(), u.ID, func(u *news.User) error { u.Disabled = true; return nil }); err != nil {
		t.Fatal(err)
	}
	r.clock.pass(2 * time.Minute)
	for name, token := range map[string]string{"none": "", "ended": short, "revoked": revoked, "of a disabled user": off, "made up": "dwt_" + strings.Repeat("A", 43), "cut": good[:20]} {
		if status, body, head := r.call("GET", "/api/v1/stories", token, ""); status != http.StatusUnauthorized || head.Get("WWW-Authenticate") == "" || strings.Contains(body, "stories") {
			t.Errorf("%s: %d %s", name, status, body)
		}
	}
	b := r.as("admin") // a session isn't a token
	if status, _, _ := b.get("/api/v1/stories"); status != http.StatusUnauthorized {
		t.Errorf("a session opens the API: %d", status)
	}
	kept, err := r.store.Tokens(t.Context(), 0)
	if err != nil {
		t.Fatal(err)
	}
	for _, k := range kept {
		if len(k.Hash) != 64 || strings.Contains(k.Hash, good[4:]) {
			t.Errorf("the store keeps %q", k.Hash)
		}
	}
}

func TestOtherSitesCantAskTheAPI(t *testing.T) {
	r := open(t)
	r.story(1)
	token := r.token("admin", news.ScopeJudge, time.Hour)
	for _, head := range [][]string{{"Origin", "https://evil.example"}, {"Origin", "null"}, {"Sec-Fetch-Site", "cross-site"}, {"Sec-Fetch-Site", "same-site"}} {
		for _, path := range []string{"/api/v1/stories", "/api/v1/hits", "/api/v1/sources"} {
			status, _, got := r.call("GET", path, token, "", head...)
			if status != http.StatusForbidden || got.Get("Access-Control-Allow-Origin") != "" {
				t.Errorf("%v: %s: %d", head, path, status)
			}
		}
		if status, _, _ := r.call("POST", "/api/v1/verdicts", token, `{"story":1,"says":"relevant"}`, head...); status != http.StatusForbidden {
			t.Errorf("%v: a verdict: %d", head, status)
		}
	}
	if status, _, _ := r.call("OPTIONS", "/api/v1/stories", "", "", "Origin", "https://evil.example", "Access-Control-Request-Method", "GET"); status < 400 {
		t.Errorf("a preflight is answered: %d", status)
	}
}

func TestTheAPIKeepsAPace(t *testing.T) {
	r := open(t)
	token, other := r.token("reader", news.ScopeRead, time.Hour), r.token("analyst", news.ScopeRead, time.Hour)
	turned := func(token string, n int) (refused int) {
		for range n {
			if status, _, head := r.call("GET", "/api/v1/sources", token, ""); status == http.StatusTooManyRequests {
				refused++
				if head.Get("Retry-After") == "" {
					t.Fatal("no Retry-After")
				}
			}
		}
		return refused
	}
	if n := turned(token, 70); n != 10 {
		t.Errorf("%d of 70 calls were turned away, want 10", n)
	}
	if n := turned(other, 5); n != 0 {
		t.Error("one token holds up another")
	}
	r.clock.pass(2 * time.Second)
	if n := turned(token, 12); n != 2 {
		t.Errorf("%d of 12 calls after 2 s were turned away, want 2", n)
	}
	if n := turned("", 70); n != 10 {
		t.Errorf("%d of 70 calls without a token were turned away, want 10", n)
	}
}

func TestTheAPIsBodies(t *testing.T) {
	r := open(t)
	story, hit := r.story(1)
	token := r.token("analyst", news.ScopeJudge, time.Hour)
	for body, want := range map[string]int{
		fmt.Sprintf(`{"story":%d,"says":"relevant","note":"=1+1"}`, story): 201,
		fmt.Sprintf(`{"hit":%d,"says":"unsure"}`, hit):                     201,
		`{"story":99,"says":"relevant"}`:                                   404,
		`{"hit":99,"says":"relevant"}`:                                     404,
		`{"story":1,"hit":1,"says":"relevant"}`:                            422,
		`{"says":"relevant"}`:                                              422,
		`{"story":1,"says":"great"}`:                                       422,
		`{"story":1,"says":"relevant","by":"admin"}`:                       400,
		`{"story":1,"says":"relevant"} {}`:                                 400,
		`{"story":"1","says":"relevant"}`:                                  400,
		`[`:                                                                400,
		`{"story":1,"says":"relevant","note":"` + strings.Repeat("a", 6000) + `"}`:    422,
		`{"story":1,"says":"relevant","note":"` + strings.Repeat("a", 100<<10) + `"}`: 413,
		`{"story":1,"says":"relevant","note":"` + strings.Repeat("a", 200<<10) + `"}`: 413,
	} {
		if status, said, _ := r.call("POST", "/api/v1/verdicts", token, body); status != want {
			t.Errorf("%.60s: %d %s, want %d", body, status, said, want)
		}
	}
	if status, _, _ := r.call("POST", "/api/v1/verdicts", token, "story=1&says=relevant", "Content-Type", "application/x-www-form-urlencoded"); status != 415 {
		t.Errorf("a form: %d", status)
	}
	for _, path := range []string{"/api/v1/stories?limit=501", "/api/v1/stories?limit=-1", "/api/v1/stories?nothing=1", "/api/v1/hits?since=yesterday", "/api/v1/hits?country=US", "/api/v1/deliveries?state=lost"} {
		if status, body, _ := r.call("GET", path, token, ""); status != 400 || !strings.Contains(body, `"error"`) {
			t.Errorf("%s: %d %s", path, status, body)
		}
	}
	entries, err := r.store.Audit(t.Context(), news.AuditFilter{Did: "judge"})
	if err != nil || len(entries) != 2 || entries[0].By != "analyst" || !strings.Contains(entries[0].Note, "token") {
		t.Errorf("the audit log: %v %v", entries, err)
	}
}

func TestTokensInTheSettings(t *testing.T) {
	r := open(t)
	b := r.as("analyst")
	status, body, _ := b.post("/settings/tokens", "name", "board "+nasty, "scope", "judge", "days", "30")
	at := strings.Index(body, "dwt_")
	if status != 200 || at < 0 || strings.Contains(body, nasty) {
		t.Fatalf("no token is shown: %d", status)
	}
	token := body[at : at+47]
	if status, _, _ := r.call("GET", "/api/v1/stories", token, ""); status != 200 {
		t.Errorf("the new token: %d", status)
	}
	if _, body, _ := b.get("/settings"); strings.Contains(body, "dwt_") || !strings.Contains(body, "board") {
		t.Error("the token is shown again, or not listed")
	}
	for _, form := range [][]string{{"name", "", "scope", "read", "days", "3"}, {"name", "x", "scope", "admin", "days", "3"}, {"name", "x", "scope", "read", "days", "9000"}} {
		if status, _, _ := b.post("/settings/tokens", form...); status != 422 {
			t.Errorf("%v: %d", form, status)
		}
	}
	if status, _, _ := r.as("reader").post("/settings/tokens", "name", "x", "scope", "judge", "days", "3"); status != 422 {
		t.Errorf("a reader's token may judge: %d", status)
	}
	if status, _, _ := r.as("admin").post("/settings/tokens/1/revoke"); status != 404 {
		t.Errorf("somebody else's token was revoked from the settings: %d", status)
	}
	b.post("/settings/tokens/1/revoke")
	if status, _, _ := r.call("GET", "/api/v1/stories", token, ""); status != 401 {
		t.Errorf("a revoked token works: %d", status)
	}
}

func TestTheEditor(t *testing.T) {
	rules := &book{text: "signals: []\n", writes: true, base: "v0"}
	r := open(t, func(o *review.Options) { o.Rules = rules })
	b := r.as("author")
	edit := func(do, text, base string) (int, string, http.Header) {
		return b.post("/rules/edit", "file", "1/x.yaml", "base", base, "text", text, "do", do)
	}
	status, body, _ := edit("save", "signals:\r\n  - broken </textarea>"+nasty, "v0")
	if status != 422 || !strings.Contains(body, "Line 2, column 5") || strings.Contains(body, nasty) || !strings.Contains(body, "&lt;/textarea&gt;") || rules.saved > 0 {
		t.Errorf("a fault: %d, saved %d", status, rules.saved)
	}
	if status, _, _ := edit("save", "new", "v-1"); status != 409 || rules.saved > 0 {
		t.Errorf("a file that somebody else changed: %d", status)
	}
	status, _, head := edit("save", "signals:\r\n  - id: x", "v0")
	if status != 303 || rules.text != "signals:\n  - id: x\n" {
		t.Errorf("saving: %d, %q", status, rules.text)
	}
	if status, body, _ := b.get(head.Get("Location")); status != 200 || !strings.Contains(body, "Saved.") {
		t.Errorf("after saving: %d", status)
	}
	entries, _ := r.store.Audit(t.Context(), news.AuditFilter{Did: "rule.save"})
	if len(entries) != 1 || entries[0].By != "author" {
		t.Errorf("the audit log: %v", entries)
	}
	if _, body, _ := b.get("/rules/history"); !strings.Contains(body, "author") || strings.Contains(body, nasty) {
		t.Error("the history doesn't name the author, or isn't text")
	}
	if status, body, head := edit("patch", "y", "v1"); status != 200 || !strings.Contains(head.Get("Content-Disposition"), "rules.patch") || !strings.HasPrefix(body, "---") {
		t.Errorf("a patch: %d %s", status, body)
	}
	_, _, head = edit("test", "y", "v1")
	path := head.Get("Location")
	for range 500 {
		status, body, head = b.get(path)
		if head.Get("Refresh") == "" {
			break
		}
	}
	if status != 200 || !strings.Contains(body, "23 → 19") || strings.Contains(body, nasty) {
		t.Errorf("a try: %d", status)
	}
	if status, _, _ := r.as("admin").get(path); status != 404 {
		t.Errorf("somebody else's try: %d", status)
	}
	rules.writes = false
	if status, _, _ := edit("save", "z", rules.base); status != 403 || rules.text == "z\n" {
		t.Errorf("saving where it isn't allowed: %d", status)
	}
	if status, _, _ := edit("check", strings.Repeat("a", 600<<10), "v1"); status != 413 {
		t.Errorf("a long text: %d", status)
	}
}

func TestRuleFileNamesStayInside(t *testing.T) {
	r := open(t)
	b := r.as("author")
	for _, name := range []string{"../x.yaml", "/etc/passwd", "a/../../x.yaml", "x.yml", `..\x.yaml`, ""} {
		if status, _, _ := b.post("/rules/edit", "name", name, "text", "a: 1", "do", "save"); status != 422 {
			t.Errorf("the name %q: %d", name, status)
		}
		if status, _, _ := b.post("/rules/edit", "file", "1/"+name, "text", "a: 1", "do", "save"); status < 400 {
			t.Errorf("the file %q: %d", name, status)
		}
		if status, _, _ := b.get("/rules/files/1/" + url.PathEscape(name)); status == 200 {
			t.Errorf("the file %q is shown", name)
		}
	}
}

func TestRulesAreText(t *testing.T) {
	r := open(t, func(o *review.Options) { o.Rules = &book{text: "# " + nasty + "\n"} })
	for _, lang := range review.Languages {
		b := r.as("author")
		b.post("/settings", "lang", lang)
		for _, path := range []string{"/rules", "/rules?sort=hits", "/rules?sort=precision", "/rules/signals/s2", "/rules/files/1/x.yaml", "/rules/edit?file=1/x.yaml", "/rules/edit", "/rules/history"} {
			status, body, _ := b.get(path)
			if status != 200 || strings.Contains(body, nasty) || strings.Contains(body, "%!") {
				t.Errorf("%s, %s: %d", lang, path, status)
			}
		}
	}
}

// owed makes a delivery of a story.
func (r *room) owed(story int64) (id int64) {
	r.Helper()
	err := r.store.Update(r.Context(), func(tx store.Tx) (err error) {
		id, _, err = tx.PutDelivery(news.Delivery{Route: "all", Channel: "desk", Story: story, Version: 1, Key: fmt.Sprint("k", story), NextAt: r.clock.now(), Created: r.clock.now()})
		return err
	})
	if err != nil {
		r.Fatal(err)
	}
	return id
}

func TestDeliveries(t *testing.T) {
	r := open(t)
	story, _ := r.story(1, func(a *news.Article, _ *news.Hit) { a.Title = nasty })
	one := r.owed(story)
	b := r.as("author")
	pick := fmt.Sprint(one)
	state := func() news.DeliveryState {
		rows, err := r.store.Deliveries(t.Context(), store.DeliveryFilter{IDs: []int64{one}})
		if err != nil || len(rows) != 1 {
			t.Fatal(rows, err)
		}
		return rows[0].State
	}
	for _, path := range []string{"/deliveries", "/deliveries?state=pending&channel=desk", "/deliveries/" + pick} {
		if status, body, _ := b.get(path); status != 200 || strings.Contains(body, nasty) || !strings.Contains(body, "&lt;script&gt;") {
			t.Errorf("%s: %d", path, status)
		}
	}
	if _, body, _ := b.get("/deliveries/" + pick); !strings.Contains(body, "A message &lt;script&gt;") || strings.Index(body, "A message") > strings.Index(body, "<summary>As it is sent") || !strings.Contains(body, "{&#34;text&#34;") {
		t.Error("the message isn't there to be read, with what is sent behind it")
	}
	if _, body, _ := b.get("/deliveries?state=failed"); strings.Contains(body, "/deliveries/"+pick+`"`) {
		t.Error("the filter lets a pending one pass")
	}
	if status, _, _ := r.as("analyst").post("/deliveries", "pick", pick, "do", "cancel"); status != 403 || state() != news.DeliveryPending {
		t.Errorf("an analyst cancels: %d", status)
	}
	if status, _, _ := b.post("/deliveries", "pick", pick, "do", "cancel"); status != 303 || state() != news.DeliveryCancelled {
		t.Errorf("cancel: %d, %s", status, state())
	}
	if _, body, _ := b.get("/deliveries?cancelled=1"); !strings.Contains(body, `<strong>1 delivery is cancelled.</strong> <a href="/deliveries?state=cancelled">`) {
		t.Error("it isn't said where a cancelled one is")
	}
	if status, _, _ := b.post("/deliveries", "pick", pick, "do", "retry"); status != 303 || state() != news.DeliveryPending {
		t.Errorf("retry: %d, %s", status, state())
	}
	if _, body, _ := b.get("/deliveries?retried=1"); !strings.Contains(body, `<strong>1 delivery is due now; the next cycle sends it.</strong> <a href="/deliveries?state=pending">`) {
		t.Error("it isn't said when it is sent, and where it can be kept back")
	}
	if err := r.store.Sent(t.Context(), one, "ok", nil, r.clock.now()); err != nil {
		t.Fatal(err)
	}
	if status, _, _ := b.post("/deliveries", "pick", pick, "do", "cancel"); status != 409 || state() != news.DeliverySent {
		t.Errorf("cancel what was sent: %d, %s", status, state())
	}
	if status, _, _ := b.post("/deliveries", "do", "retry"); status != 422 {
		t.Errorf("nothing selected: %d", status)
	}
	entries, _ := r.store.Audit(t.Context(), news.AuditFilter{By: "author"})
	if len(entries) != 3 || entries[0].Did != "delivery.retry" || entries[1].Did != "delivery.cancel" { // and the login
		t.Errorf("the audit log: %v", entries)
	}
}

// Who silences a story comes back to where it was, without scripts too, and nowhere else.
func TestSilenceLeadsBack(t *testing.T) {
	r := open(t)
	r.story(1)
	b := r.as("analyst")
	b.head.Set("Referer", r.server.URL+"/inbox?country=KZ")
	if _, body, _ := b.get("/silences?story=1"); !strings.Contains(body, `name="back" value="/inbox?country=KZ"`) {
		t.Error("the page doesn't know where the visitor came from")
	}
	for _, from := range []string{"https://elsewhere.example/inbox", r.server.URL + "/users", "//elsewhere.example/inbox"} {
		b.head.Set("Referer", from)
		if _, body, _ := b.get("/silences?story=1"); strings.Contains(body, `<form method="post" action="/silences" class="pad stack"><input type="hidden" name="back"`) {
			t.Errorf("it leads back to %s", from)
		}
	}
	b.head.Del("Referer")
	for back, want := range map[string]string{"/inbox?country=KZ": "/inbox?country=KZ&silenced=", "/stories/1": "/stories/1?silenced=", "//elsewhere.example/inbox": "/silences",
		"https://elsewhere.example/inbox": "/silences", "/users": "/silences", "": "/silences"} {
		status, _, head := b.post("/silences", "stories", "1", "for", "24h", "reason", "told already", "back", back)
		if got := head.Get("Location"); status != http.StatusSeeOther || !strings.HasPrefix(got, want) {
			t.Errorf("%q leads to %d %q, want %q", back, status, got, want)
		}
	}
	if _, body, _ := b.post("/silences", "stories", "1", "for", "24h", "back", "/inbox"); !strings.Contains(body, `name="back" value="/inbox"`) {
		t.Error("a refused form forgets where it came from")
	}
	silences, err := r.store.Silences(t.Context(), r.clock.now())
	if err != nil || len(silences) == 0 {
		t.Fatal(silences, err)
	}
	page := fmt.Sprintf("/inbox?silenced=%d", silences[0].ID)
	end := fmt.Sprintf("/silences/%d/end", silences[0].ID)
	if _, body, _ := b.get(page); !strings.Contains(body, "Silenced until") || !strings.Contains(body, `action="`+end+`"`) {
		t.Error("the inbox doesn't offer to undo it")
	}
	if _, body, _ := r.as("author").get(page); strings.Contains(body, "Silenced until") {
		t.Error("another is told that they did it")
	}
	if status, _, head := b.post(end, "story", "1", "back", "/inbox"); status != http.StatusSeeOther || head.Get("Location") != "/inbox" {
		t.Errorf("undone: %d %v", status, head)
	}
	if _, body, _ := b.get(page); strings.Contains(body, "Silenced until") {
		t.Error("a silence that has ended is offered to be undone")
	}
}

func TestSilences(t *testing.T) {
	r := open(t)
	r.story(1)
	b := r.as("analyst")
	add := func(pairs ...string) (int, string) {
		status, body, _ := b.post("/silences", pairs...)
		return status, body
	}
	for _, bad := range [][]string{
		{"stories", "1", "for", "24h"},
		{"for", "24h", "reason", "all of it"},
		{"stories", "1", "reason", "no end"},
		{"stories", "1", "for", "24h", "until", "2020-01-01", "reason", "over"},
		{"stories", "1", "until", "soon", "reason", "no day"},
		{"stories", "99", "for", "24h", "reason", "no story"},
		{"stories", "x", "for", "24h", "reason", "no number"},
		{"signals", "zz", "for", "24h", "reason", "no signal"},
		{"sources", "zz", "for", "24h", "reason", "no source"},
		{"country", "US", "for", "24h", "reason", "no country"},
	} {
		if status, body := add(bad...); status != 422 || !strings.Contains(body, `role="alert"`) {
			t.Errorf("%v: %d", bad, status)
		}
	}
	if status, body := add("stories", "x", "for", "24h", "reason", "what I typed"); status != 422 || !strings.Contains(body, "what I typed") {
		t.Error("what was typed is lost")
	}
	if status, _ := add("country", "KZ", "theme", "csto", "for", "3d", "reason", nasty); status != 303 {
		t.Errorf("a silence: %d", status)
	}
	_, body, _ := b.get("/silences")
	if !strings.Contains(body, "&lt;script&gt;") || strings.Contains(body, nasty) {
		t.Error("the reason isn't there as text")
	}
	add("stories", "1", "for", "24h", "reason", "known")
	if _, body, _ := b.get("/silences"); !strings.Contains(body, `<a href="/stories/1">Story 1 of the ban</a>`) {
		t.Error("a silenced story isn't named")
	}
	if status, _, _ := b.post("/silences/2/end"); status != 303 {
		t.Errorf("ending the second: %d", status)
	}
	if status, _, _ := r.as("reader").post("/silences/1/end"); status != 403 {
		t.Errorf("a reader ends it: %d", status)
	}
	if status, _, _ := b.post("/silences/1/end"); status != 303 {
		t.Errorf("ending it: %d", status)
	}
	if status, _, _ := b.post("/silences/1/end"); status != 409 {
		t.Errorf("ending it twice: %d", status)
	}
	if all, err := r.store.Silences(t.Context(), time.Time{}); err != nil || len(all) != 2 || all[0].By != "analyst" || all[0].Active(r.clock.now()) {
		t.Errorf("the silences: %v %v", all, err)
	}
}

func TestManyStreams(t *testing.T) {
	r := open(t)
	r.story(1)
	b := r.as("reader")
	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	var wg sync.WaitGroup
	begun := make(chan error, 50)
	for range 50 {
		wg.Go(func() {
			req, err := http.NewRequestWithContext(ctx, "GET", r.server.URL+"/inbox/events", nil)
			if err != nil {
				begun <- err
				return
			}
			res, err := b.client.Do(req)
			if err != nil {
				begun <- err
				return
			}
			defer res.Body.Close()
			in := bufio.NewReader(res.Body)
			line, err := in.ReadString('\n')
			if err == nil && !strings.HasPrefix(line, "retry:") {
				err = fmt.Errorf("the stream begins with %q", line)
			}
			begun <- err
			for err == nil {
				_, err = in.ReadString('\n')
			}
		})
	}
	for range 50 {
		if err := <-begun; err != nil {
			t.Error(err)
		}
	}
	if status, _, _ := r.as("analyst").get("/inbox"); status != 200 {
		t.Errorf("a page beside 50 streams: %d", status)
	}
	stop()
	wg.Wait()
}

func TestBriefing(t *testing.T) {
	r := open(t)
	r.story(1)
	r.story(2)
	b := r.as("analyst")
	status, body, _ := b.get("/briefing?pick=1&pick=2&pick=99")
	if status != 200 || !strings.Contains(body, "banned the export") || !strings.Contains(body, "https://outlet.example/1") {
		t.Errorf("the briefing: %d", status)
	}
	if status, _, _ := b.get("/briefing"); status != 422 {
		t.Errorf("a briefing of nothing: %d", status)
	}
}
