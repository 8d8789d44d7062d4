package review_test

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"golang.org/x/net/html"

	"driftwatch/news"
)

// hidden are the hidden fields of the form on a page that goes to an address.
func hidden(t *testing.T, page, action string) url.Values {
	t.Helper()
	doc, err := html.Parse(strings.NewReader(page))
	if err != nil {
		t.Fatal(err)
	}
	attr := func(n *html.Node, key string) string {
		for _, a := range n.Attr {
			if a.Key == key {
				return a.Val
			}
		}
		return ""
	}
	for n := range doc.Descendants() {
		if n.Data != "form" || attr(n, "action") != action {
			continue
		}
		fields := url.Values{}
		for in := range n.Descendants() {
			if in.Data == "input" && attr(in, "type") == "hidden" {
				fields.Add(attr(in, "name"), attr(in, "value"))
			}
		}
		if len(fields) > 0 {
			return fields
		}
	}
	t.Fatalf("there is no form to %s in\n%s", action, page)
	return nil
}

// What somebody typed while the session ended comes back behind the login, whole, and
// is sent only when that person says so.
func TestTypedTextOutlivesTheSession(t *testing.T) {
	r := open(t)
	story, _ := r.story(1)
	b := r.as("analyst")
	u, err := r.store.UserNamed(t.Context(), "analyst")
	if err != nil {
		t.Fatal(err)
	}
	if _, err = r.store.ChangeUser(t.Context(), u.ID, func(u *news.User) error { u.Epoch++; return nil }); err != nil {
		t.Fatal(err)
	}
	const text = "See the <b>decree</b>,\nparagraph 2"
	status, page, _ := b.post("/stories/1/notes", "text", text, "back", "/stories/1")
	if status != http.StatusUnauthorized || !strings.Contains(page, "Your session has ended") {
		t.Fatalf("%d, want the login that says why:\n%s", status, page)
	}
	login := hidden(t, page, "/login")
	login.Set("name", "analyst")
	login.Set("password", "something wrong")
	if status, page, _ = b.do(http.MethodPost, "/login", login); status != http.StatusUnauthorized {
		t.Fatalf("a wrong password: %d", status)
	}
	login = hidden(t, page, "/login")
	login.Set("name", "analyst")
	login.Set("password", password)
	status, page, _ = b.do(http.MethodPost, "/login", login)
	if status != http.StatusOK || !strings.Contains(page, "It was not sent yet") {
		t.Fatalf("after the login: %d\n%s", status, page)
	}
	notes := func() (out []string) {
		all, err := r.store.Remarks(t.Context(), story)
		if err != nil {
			t.Fatal(err)
		}
		for _, n := range all {
			out = append(out, n.Text)
		}
		return out
	}
	if got := notes(); len(got) > 0 {
		t.Errorf("it was sent by itself: %q", got)
	}
	if status, _, head := b.do(http.MethodPost, "/stories/1/notes", hidden(t, page, "/stories/1/notes")); status != http.StatusSeeOther {
		t.Errorf("sending it: %d %s", status, head.Get("Location"))
	}
	if got := notes(); !slices.Equal(got, []string{text}) {
		t.Errorf("the notes are %q", got)
	}
}

// A login passes on nothing to another server, and no password.
func TestKeptFormsStayHere(t *testing.T) {
	r := open(t)
	_, page, _ := r.visitor().post("/login", "name", "analyst", "password", password, "kept", "//evil.example/x", "kept.text", "typed")
	if strings.Contains(page, "evil.example") {
		t.Errorf("a form leads to another server:\n%s", page)
	}
	if status, page, _ := r.visitor().post("/users", "name", "x", "note", "n", "password", "secret-of-mine"); status != http.StatusSeeOther || strings.Contains(page, "secret-of-mine") {
		t.Errorf("a password is kept: %d\n%s", status, page)
	}
}

// A form that is refused leads back to its page, and shows what was typed.
func TestRefusedFormsShowWhatWasTyped(t *testing.T) {
	r := open(t)
	r.story(1)
	b := r.as("reader")
	b.head = http.Header{"Referer": {r.server.URL + "/stories/1?n=2"}}
	status, page, _ := b.post("/stories/1/notes", "text", "See the <b>decree</b>")
	if status != http.StatusForbidden || !strings.Contains(page, "See the &lt;b&gt;decree&lt;/b&gt;") || !strings.Contains(page, `href="/stories/1?n=2"`) {
		t.Errorf("%d:\n%s", status, page)
	}
	b.head = http.Header{"Referer": {"https://evil.example/stories/1"}}
	if _, page, _ = b.post("/stories/1/notes", "text", "x"); strings.Contains(page, "evil.example") {
		t.Errorf("the way back leads elsewhere:\n%s", page)
	}
}
