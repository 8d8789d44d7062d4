package review_test

import (
	"context"
	"fmt"
	"html"
	"net/http"
	"regexp"
	"strings"
	"testing"
	"time"

	"driftwatch/news"
	"driftwatch/review"
)

var besides = regexp.MustCompile(`<a rel="(prev|next)" href="([^"]+)"`)

// beside gives the addresses of the stories before and behind the one on a page.
func beside(body string) map[string]string {
	out := map[string]string{}
	for _, m := range besides.FindAllStringSubmatch(body, -1) {
		out[m[1]] = html.UnescapeString(m[2])
	}
	return out
}

// Who and what is named in the evidence is shown by name, in the reader's language.
func TestNamesInAStory(t *testing.T) {
	r := open(t, func(o *review.Options) {
		o.Called = func(_ context.Context, ids []string, lang string) (map[string]string, error) {
			return map[string]string{"csto": map[string]string{"en": "CSTO", "ru": "ОДКБ"}[lang]}, nil
		}
	})
	r.story(1, func(_ *news.Article, h *news.Hit) { h.Entities = []string{"csto", "NK-9", "csto"} })
	b := r.as("reader")
	for lang, name := range map[string]string{"en": "CSTO", "ru": "ОДКБ"} {
		b.post("/settings", "lang", lang)
		_, body, _ := b.get("/stories/1")
		if strings.Count(body, `<span title="csto">`+name+`</span>`) != 1 || !strings.Contains(body, `>NK-9</span>`) {
			t.Errorf("%s: the names aren't shown", lang)
		}
	}
	if _, body, _ := r.call("GET", "/api/v1/stories/1", r.token("reader", news.ScopeRead, time.Hour), ""); !strings.Contains(body, `"named":[{"id":"csto","name":"CSTO"},{"id":"NK-9","name":"NK-9"}]`) {
		t.Errorf("the API: %s", body)
	}
}

// From a story one goes to the next one of the list that it was opened from, also
// when it has left the list by its verdict.
func TestFromStoryToStory(t *testing.T) {
	r := open(t)
	for i := range 5 {
		r.story(i+1, func(a *news.Article, _ *news.Hit) {
			if i == 2 {
				a.Lang = "ru"
			}
		})
		r.clock.pass(time.Minute)
	}
	b := r.as("analyst")
	b.head.Set("Referer", r.server.URL+"/inbox?sort=oldest&lang=en")
	_, body, _ := b.get("/stories/2")
	next := beside(body)["next"]
	if !strings.HasPrefix(next, "/stories/4?") || !strings.HasPrefix(beside(body)["prev"], "/stories/1?") || !strings.Contains(body, "2 of 4") {
		t.Fatalf("beside 2: %v", beside(body))
	}
	if !strings.Contains(body, `class="back" href="/inbox?lang=en&amp;sort=oldest"`) {
		t.Error("the way back isn't the list")
	}
	b.head.Del("Referer")
	here := regexp.MustCompile(`action="/inbox/judge"[^>]*><input type="hidden" name="back" value="([^"]+)"`).FindStringSubmatch(body)
	_, _, head := b.post("/inbox/judge", "one", "relevant:2:0", "back", html.UnescapeString(here[1]))
	_, body, _ = b.get(head.Get("Location"))
	if beside(body)["next"] == "" || !strings.HasPrefix(beside(body)["next"], "/stories/4?") || !strings.HasPrefix(beside(body)["prev"], "/stories/1?") {
		t.Errorf("beside 2, judged: %v", beside(body))
	}
	judged := body
	_, body, _ = b.get(next)
	if got := beside(body); !strings.HasPrefix(got["next"], "/stories/5?") || !strings.HasPrefix(got["prev"], "/stories/1?") {
		t.Errorf("beside 4: %v", got)
	}
	act := regexp.MustCompile(`name="act" value="(\d+)"><input type="hidden" name="back" value="([^"]+)"`).FindStringSubmatch(judged)
	b.head.Set("HX-Request", "true")
	_, _, head = b.post("/inbox/undo", "act", act[1], "back", html.UnescapeString(act[2]))
	b.head.Del("HX-Request")
	_, body, _ = b.get(head.Get("HX-Redirect"))
	if !strings.Contains(body, "Taken back") || strings.Contains(body, `aria-pressed="true"`) || !strings.HasPrefix(beside(body)["next"], "/stories/4?") {
		t.Errorf("after undo: %s", head.Get("HX-Redirect"))
	}
	for _, odd := range []string{"/stories/4?list=%ZZ&at=-5", "/stories/4?list=//evil.example&at=99999999", "/stories/4?at=x"} {
		if status, body, _ := b.get(odd); status != http.StatusOK || strings.Contains(body, `href="//evil`) || strings.Contains(body, `href="/inbox?//`) {
			t.Errorf("%s: %d", odd, status)
		}
	}
}

// What another analyst says of a story is there for an open page to be put in.
func TestWhatOthersSayOfAnOpenStory(t *testing.T) {
	r := open(t)
	r.story(1)
	first, second := r.as("analyst"), r.as("author")
	_, body, _ := first.get("/stories/1")
	if !strings.Contains(body, `id="said"`) || !strings.Contains(body, "data-since=") {
		t.Error("the page doesn't listen")
	}
	first.post("/inbox/judge", "one", "relevant:1:0")
	second.post("/hits/1/judge", "says", "irrelevant")
	_, body, _ = first.get("/stories/1/said")
	if !strings.Contains(body, "author") || !strings.Contains(body, "Verdicts on this story differ.") || strings.Contains(body, "<html") {
		t.Errorf("the part says: %s", body)
	}
	_, _, head := second.post("/inbox/judge", "says", "irrelevant", "pick", "1", "pick", "1", "back", "/inbox")
	if strings.Contains(head.Get("Location"), "differ") {
		t.Errorf("one story: %s", head.Get("Location"))
	}
	r.story(2)
	_, _, head = second.post("/inbox/judge", "says", "irrelevant", "pick", "1", "pick", "2", "back", "/inbox?state=all")
	if !strings.HasSuffix(head.Get("Location"), "&differ=1") {
		t.Errorf("several: %s", head.Get("Location"))
	}
	if _, body, _ = second.get(head.Get("Location")); !strings.Contains(body, "says something else") {
		t.Error("nobody is told that another says otherwise")
	}
}

func TestAMissIsInTheRecordOfItsSignal(t *testing.T) {
	r := open(t)
	r.story(1)
	b := r.as("analyst")
	if status, _, _ := b.post("/stories/1/miss", "theme", "csto", "signal", "s2", "country", "KZ", "note", nasty); status != http.StatusSeeOther {
		t.Fatal(status)
	}
	misses, err := r.store.Misses(t.Context())
	if err != nil || len(misses) != 1 || misses[0].Signal != "s2" || misses[0].Theme != "sanctions" || misses[0].URL != "https://outlet.example/1" {
		t.Errorf("misses: %+v (%v)", misses, err)
	}
	for _, form := range [][]string{{"signal", "none"}, {"country", "KZ"}, {"theme", "csto", "country", "XX"}} {
		if status, _, _ := b.post("/stories/1/miss", form...); status < 400 || status >= 500 {
			t.Errorf("%v: %d", form, status)
		}
	}
}

func TestAnAdminEndsSessions(t *testing.T) {
	r := open(t)
	other, admin := r.as("analyst"), r.as("admin")
	u, err := r.store.UserNamed(t.Context(), "analyst")
	if err != nil {
		t.Fatal(err)
	}
	at := fmt.Sprintf("/users/%d", u.ID)
	if status, _, _ := admin.post(at, "sessions", "end"); status != http.StatusSeeOther {
		t.Fatal(status)
	}
	if status, _, _ := other.get("/inbox"); status != http.StatusSeeOther {
		t.Errorf("the session goes on: %d", status)
	}
	if status, _, _ := admin.post(at, "password", "short"); status != http.StatusUnprocessableEntity {
		t.Errorf("a short password: %d", status)
	}
	if status, _, _ := admin.post(at, "password", "another long one"); status != http.StatusSeeOther {
		t.Errorf("a new password: %d", status)
	}
	if status, _, _ := r.visitor().post("/login", "name", "analyst", "password", "another long one"); status != http.StatusSeeOther {
		t.Errorf("signing in with it: %d", status)
	}
	log, err := r.store.Audit(t.Context(), news.AuditFilter{By: "admin"})
	if err != nil || len(log) < 2 || log[0].Did != "user.passwd" || log[1].Did != "user.sessions" {
		t.Errorf("the log: %+v (%v)", log, err)
	}
}

func TestAboutSaysHowItIs(t *testing.T) {
	r := open(t)
	status, body, _ := r.as("reader").get("/about")
	for _, want := range []string{"something needs a look", "3 sources polled, 1 source failed", "3 MB", "20 GB free", "&lt;script&gt;", "licences.txt", "0BSD"} {
		if !strings.Contains(body, want) {
			t.Errorf("%d: nothing of %q", status, want)
		}
	}
}

// A merge and a split say what became of the story, and can be undone by one button.
func TestMergesAndSplitsAreUndone(t *testing.T) {
	r := open(t)
	one, _ := r.story(1)
	two, _ := r.story(2)
	b := r.as("analyst")
	articles := func(story int64) int {
		files, err := r.store.StoryFiles(t.Context(), []int64{story})
		if err != nil || len(files) != 1 {
			t.Fatalf("story %d: %d files (%v)", story, len(files), err)
		}
		return len(files[0].Articles)
	}
	if status, page, _ := b.post(fmt.Sprintf("/stories/%d/merge", one), "other", "999"); status != http.StatusNotFound || !strings.Contains(page, "There is no such story.") {
		t.Errorf("a story that isn't there: %d\n%s", status, page)
	}
	_, _, head := b.post(fmt.Sprintf("/stories/%d/merge", one), "other", fmt.Sprint(two))
	_, page, _ := b.get(head.Get("Location"))
	if n := articles(one); n != 2 || !strings.Contains(page, fmt.Sprintf("Story %d is a part of this one now.", two)) {
		t.Fatalf("merged: %d articles\n%s", n, page)
	}
	// A page that shows the other one is told what became of it.
	if status, row, _ := b.get(fmt.Sprintf("/inbox/rows/%d", two)); status != http.StatusOK || !strings.Contains(row, fmt.Sprintf(`<a class="open" href="/stories/%d">`, one)) || strings.Contains(row, "<button") {
		t.Errorf("the other one's line: %d %s", status, row)
	}
	if status, said, _ := b.get(fmt.Sprintf("/stories/%d/said", two)); status != http.StatusOK || !strings.Contains(said, fmt.Sprintf(`data-story="%d"`, one)) {
		t.Errorf("what is said of the other one: %d %s", status, said)
	}
	action := fmt.Sprintf("/stories/%d/split", one)
	_, _, head = b.do(http.MethodPost, action, hidden(t, page, action))
	_, page, _ = b.get(head.Get("Location"))
	if n := articles(one); n != 1 || !strings.Contains(page, fmt.Sprintf("it was a part of story %d", one)) {
		t.Fatalf("split off again: %d articles\n%s", n, page)
	}
	action = fmt.Sprintf("/stories/%d/merge", one)
	if status, _, _ := b.do(http.MethodPost, action, hidden(t, page, action)); status != http.StatusSeeOther || articles(one) != 2 {
		t.Errorf("merged again: %d, %d articles", status, articles(one))
	}
	if _, page, _ = r.as("reader").get(head.Get("Location")); strings.Contains(page, "/merge") {
		t.Error("a reader can undo it")
	}
}

// A time that stands in a sentence says that it is past.
func TestTheArticlesTimesArePast(t *testing.T) {
	r := open(t)
	r.story(1)
	b := r.as("reader")
	r.clock.pass(3 * time.Hour)
	if _, page, _ := b.get("/stories/1/articles/1"); !strings.Contains(page, ">3 h ago</time>") || strings.Contains(page, ">3 h</time>") {
		t.Error("the page says “first seen 3 h”")
	}
}
