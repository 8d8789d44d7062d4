package review_test

import (
	"fmt"
	"io/fs"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"driftwatch/news"
	"driftwatch/review"
)

func TestAVerdictOnAStoryIsOneOnEachHit(t *testing.T) {
	r := open(t)
	story, hit := r.story(1)
	b := r.as("analyst")
	if status, _, _ := b.post("/inbox/judge", "one", "relevant:1:0", "back", "/inbox"); status != http.StatusSeeOther {
		t.Fatal(status)
	}
	d, err := r.store.Hit(t.Context(), hit)
	if err != nil || d.Verdict == nil || d.Verdict.Says != news.Relevant || d.Verdict.By != "analyst" {
		t.Fatalf("the verdict is %+v (%v)", d.Verdict, err)
	}
	if _, body, _ := b.get("/inbox"); !strings.Contains(body, "Nothing waits for you") {
		t.Error("the story still waits")
	}
	if status, _, _ := r.as("admin").post("/inbox/undo", "act", "1"); status != http.StatusConflict {
		t.Errorf("somebody else takes the verdict back: %d", status)
	}
	if status, _, _ := b.post("/inbox/undo", "act", "1"); status != http.StatusSeeOther {
		t.Errorf("undo: %d", status)
	}
	if d, _ = r.store.Hit(t.Context(), hit); d.Verdict != nil {
		t.Errorf("the verdict stands: %+v", d.Verdict)
	}
	if status, _, _ := b.post("/hits/1/judge", "says", "unsure", "back", "/stories/1"); status != http.StatusSeeOther {
		t.Errorf("one hit: %d", status)
	}
	log, err := r.store.Audit(t.Context(), news.AuditFilter{By: "analyst"})
	var did []string
	for _, e := range log {
		did = append(did, e.Did)
	}
	if err != nil || strings.Join(did, " ") != "judge undo judge login" {
		t.Errorf("the log says %v (%v)", did, err)
	}
	_ = story
}

func TestNeitherAnalystOverwritesTheOtherSilently(t *testing.T) {
	r := open(t)
	r.story(1)
	first, second := r.as("analyst"), r.as("author")
	second.head.Set("HX-Request", "true")
	first.post("/inbox/judge", "one", "irrelevant:1:0")
	status, body, _ := second.post("/inbox/judge", "one", "relevant:1:0")
	if status != http.StatusOK || !strings.Contains(body, "Both are kept") || !strings.Contains(body, "analyst: irrelevant") {
		t.Errorf("%d, nothing says that the other judged otherwise:\n%s", status, body)
	}
	if _, body, _ := first.get("/inbox?state=differ"); !strings.Contains(body, `id="s1"`) {
		t.Error("the story isn't among those that differ")
	}
	// Who has seen the other's verdict isn't told again.
	if _, body, _ := second.post("/inbox/judge", "one", "relevant:1:1"); strings.Contains(body, "Both are kept") {
		t.Error("a verdict that was seen is told as new")
	}
}

func TestFiltersCountWhatTheyLetThrough(t *testing.T) {
	r := open(t)
	for n := range 10 {
		r.story(n, func(a *news.Article, h *news.Hit) {
			if n%2 == 1 {
				h.Countries, h.Direction, h.Acts = []string{"KG"}, news.Closer, []news.Act{{Country: "KG", Direction: news.Closer}}
				h.Theme, a.Lang = news.ThemeCSTO, "ru"
			}
		})
	}
	if _, err := r.store.IndexArticles(t.Context(), 50); err != nil {
		t.Fatal(err)
	}
	b := r.as("reader")
	for query, want := range map[string]string{
		"":                            "1–10 of 10",
		"?country=KG":                 "1–5 of 5",
		"?country=KG&country=KZ":      "1–10 of 10",
		"?country=KG&theme=csto":      "1–5 of 5",
		"?level=5":                    "1–2 of 2",
		"?lang=ru&direction=closer":   "1–5 of 5",
		"?q=STORY+3":                  "1–1 of 1",
		"?q=stories":                  "1–10 of 10",
		"?outlet=outlet-0&sort=level": "1–10 of 10",
	} {
		if _, body, _ := b.get("/inbox" + query); !strings.Contains(body, want) {
			t.Errorf("%q doesn't show %q", query, want)
		}
	}
	_, body, _ := b.get("/inbox?country=KG&theme=sanctions")
	for _, want := range []string{"No story matches Sanctions, KG", "Without “Sanctions” there are 5.", "Drop KG"} {
		if !strings.Contains(body, want) {
			t.Errorf("the empty page lacks %q", want)
		}
	}
	if status, _, head := b.post("/inbox/views", "name", "KG, CSTO", "query", "country=KG&theme=csto"); status != http.StatusSeeOther || head.Get("Location") != "/inbox?country=KG&theme=csto" {
		t.Errorf("a view isn't saved: %d %s", status, head.Get("Location"))
	}
	if _, body, _ := b.get("/inbox"); !strings.Contains(body, `KG, CSTO <span class="num">5</span>`) {
		t.Error("the view isn't shown with its count")
	}
	if _, body, _ := r.as("admin").get("/inbox"); strings.Contains(body, "KG, CSTO") {
		t.Error("somebody else sees the view")
	}
}

// What the rules say in English is marked so on a Russian page, and the other way round:
// a screen reader is to read it as what it is.
func TestTheRulesWordsCarryTheirLanguage(t *testing.T) {
	for _, c := range []struct{ lang, text, want string }{
		{"ru", "A bank stops Mir cards", "en"}, {"en", "A bank stops Mir cards", ""},
		{"en", "Банк отключил карты «Мир»", "ru"}, {"ru", "Банк отключил карты Mir", ""}, {"ru", "12 — 13", ""}, {"en", "", ""},
	} {
		if got := review.Tongue(c.lang, c.text); got != c.want {
			t.Errorf("%q on a page in %s: %q, want %q", c.text, c.lang, got, c.want)
		}
	}
	r := open(t)
	r.story(1)
	b := r.as("analyst")
	b.head.Set("Accept-Language", "ru")
	for path, want := range map[string][]string{
		"/inbox":           {`title="What is kept from Russia shows." lang="en">Export control<`},
		"/stories/1":       {`<span lang="en">Export control</span>`, `<span lang="en">What is kept from Russia shows.</span>`},
		"/briefing?pick=1": {`<span lang="en">Export control</span>`, `<span lang="en">What is kept from Russia shows.</span>`},
	} {
		_, page, _ := b.get(path)
		for _, w := range want {
			if !strings.Contains(page, w) {
				t.Errorf("%s: nothing of %s", path, w)
			}
		}
	}
	b.head.Set("Accept-Language", "en")
	if _, page, _ := b.get("/stories/1"); strings.Contains(page, `<span lang="en">Export control`) {
		t.Error("an English page marks English")
	}
}

// What other rooms say in English is introduced in the reader's language, where the
// catalogue has no words for it.
func TestEnglishOfOtherRoomsIsIntroduced(t *testing.T) {
	r := open(t)
	story, _ := r.story(1)
	failed := r.owed(story)
	if err := r.store.Fail(t.Context(), failed, "421 come back later"); err != nil {
		t.Fatal(err)
	}
	b := r.as("author")
	b.head.Set("Accept-Language", "ru")
	const said = `сообщение по-английски: <span lang="en">421 come back later</span>`
	for path, want := range map[string]string{"/deliveries": said, fmt.Sprintf("/deliveries/%d", failed): said, "/sources": `сообщение по-английски: <span lang="en">status 503 &#34;`} {
		if _, page, _ := b.get(path); !strings.Contains(page, want) {
			t.Errorf("%s: nothing of %s", path, want)
		}
	}
	if _, page, _ := b.post("/sources/look", "url", "http://10.0.0.8/"); !strings.Contains(page, `сообщение по-английски: <span lang="en">10.0.0.8 isn&#39;t public</span>`) {
		t.Error("the refusal of an address has no introduction")
	}
	b.post("/deliveries", "pick", fmt.Sprint(failed), "do", "cancel")
	if _, page, _ := b.get("/deliveries"); !strings.Contains(page, "отменено: author") {
		t.Error("who cancelled a delivery isn't said in Russian")
	}
	b.head.Set("Accept-Language", "en")
	if _, page, _ := b.get("/sources"); strings.Contains(page, "in English:") {
		t.Error("an English page introduces English")
	}
}

func TestEverythingIsInRussianToo(t *testing.T) {
	b := open(t).visitor()
	b.head.Set("Accept-Language", "ru-KZ, kk;q=0.8")
	if _, body, _ := b.get("/login"); !strings.Contains(body, `<html lang="ru"`) || !strings.Contains(body, "Пароль") {
		t.Error("the login isn't in Russian")
	}
	inTemplate := regexp.MustCompile(`\b(?:t|n|n2) "((?:[^"\\]|\\.)*)"`)
	inCode := regexp.MustCompile(`(?:v\.t\(|problem\([\w.]+, |says = |phrased\(\x60[^\x60]*\x60, |(?m:^)\s*(?:noSuchRole|passwordLength) += )"((?:[^"\\]|\\.)*)"`)
	keys := []string{"Marked relevant", "Marked irrelevant", "Marked unsure", "reader", "analyst", "author", "admin"}
	for _, says := range review.AuditWords() {
		keys = append(keys, says)
	}
	asked := 0
	err := fs.WalkDir(os.DirFS("."), ".", func(path string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() || strings.HasSuffix(path, "_test.go") {
			return err
		}
		re := inCode
		if strings.HasSuffix(path, ".html") {
			re = inTemplate
		} else if !strings.HasSuffix(path, ".go") {
			return nil
		}
		data, err := os.ReadFile(path)
		for _, m := range re.FindAllStringSubmatch(string(data), -1) {
			asked++
			if m[1] == "Marked " || m[1] == "" { // with each judgement, below
				continue
			}
			if _, ok := review.Russian()[m[1]]; !ok {
				t.Errorf("%s: %q isn't in the Russian catalogue", path, m[1])
			}
		}
		return err
	})
	if err != nil || asked < 100 {
		t.Fatalf("%d sentences found (%v)", asked, err)
	}
	for _, key := range keys {
		if _, ok := review.Russian()[key]; !ok {
			t.Errorf("%q isn't in the Russian catalogue", key)
		}
	}
}

// What can stand in the audit log is known to its page, which says it in the reader's
// language; what people wrote is left as it is.
func TestTheAuditLogSpeaksTheReadersLanguage(t *testing.T) {
	words := review.AuditWords()
	did := regexp.MustCompile(`(?:\bdid\(|word :?= |userAct\{|a\.changeUser\(cmd, args\[0\], |a\.audit\(cmd, st, |Did: )"([\w.]+)"`)
	files, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	found := 0
	for _, file := range append(files, "../cmd/driftwatch/user.go", "../cmd/driftwatch/usertoken.go") {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range did.FindAllStringSubmatch(string(text), -1) {
			if m[1] == "retried" || m[1] == "cancelled" { // what the page of the deliveries says
				continue
			}
			found++
			if words[m[1]] == "" && !strings.HasSuffix(file, "_test.go") && !strings.HasSuffix(m[1], ".") {
				t.Errorf("%s writes %q, which the page doesn't know", file, m[1])
			}
		}
	}
	if found < 20 {
		t.Errorf("only %d words were found", found)
	}

	r := open(t)
	r.story(1)
	b := r.as("admin")
	b.post("/settings", "lang", "ru")
	for _, e := range []news.Audited{
		{Did: "judge", On: "story 1", Note: "relevant, by token 3"}, {Did: "user.role", On: "user dana", Note: "analyst"}, {Did: "token.add", On: "token 4 of dana", Note: "read, my board"},
		{Did: "split", On: "story 1", Note: "2 articles are story 5 now"}, {Did: "split", On: "story 1", Note: "1 article is story 6 now"}, {Did: "split", On: "story 1", Note: "1 articles are story 7 now"}, {Did: "silence.add", On: "silence 7", Note: "relevant, <b>"}, {Did: "source.poll", On: "one", Note: "3 new articles, by token 2"},
		{Did: "user.enable", On: "user dana", Note: "by token 9"}, {Did: "later.word", On: "a thing", Note: "a note"},
	} {
		e.At, e.By = r.clock.now(), "dana"
		if err := r.store.AddAudit(t.Context(), e); err != nil {
			t.Fatal(err)
		}
	}
	_, body, _ := b.get("/audit")
	for _, want := range []string{`<td role="cell">решение</td><td role="cell"><a href="/stories/1">история 1</a></td><td role="cell">по теме, ключом 3</td>`, `смена роли</td><td role="cell">пользователь dana</td><td role="cell">аналитик</td>`,
		`>ключ 4, владелец dana</td><td role="cell">читать, my board</td>`, `2 статьи стали историей 5`, `1 статья стала историей 6`, `1 статья стала историей 7`, `>relevant, &lt;b&gt;</td>`, `>3 новые статьи, ключом 2</td>`, `>ключом 9</td>`,
		`>later.word</td><td role="cell">a thing</td><td role="cell">a note</td>`} {
		if !strings.Contains(body, want) {
			t.Errorf("nothing of %s", want)
		}
	}
	if _, body, _ := b.get("/audit?did=split"); !strings.Contains(body, `<option value="split" selected>разделение истории</option>`) || strings.Contains(body, "смена роли</td>") {
		t.Error("the filter")
	}
	b.post("/settings", "lang", "en")
	if _, body, _ := b.get("/audit"); !strings.Contains(body, "1 article is story 7 now") || strings.Contains(body, "1 articles") {
		t.Error("one article isn't one in English")
	}
}

func TestPlurals(t *testing.T) {
	for n, want := range map[int]string{0: "0 историй", 1: "1 история", 2: "2 истории", 4: "4 истории", 5: "5 историй", 11: "11 историй", 12: "12 историй", 14: "14 историй",
		21: "21 история", 22: "22 истории", 25: "25 историй", 101: "101 история", 111: "111 историй", 112: "112 историй", 1001: "1001 история"} {
		if got := review.Count("ru", "%d story|%d stories", n); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
	if one, more := review.Count("en", "%d story|%d stories", 1), review.Count("en", "%d story|%d stories", 21); one != "1 story" || more != "21 stories" {
		t.Errorf("%q, %q", one, more)
	}
	for key, own := range review.Russian() {
		if forms := strings.Count(own, "|") + 1; strings.Contains(key, "|") && forms != 3 {
			t.Errorf("%q has %d forms in Russian, not 3", key, forms)
		}
	}
}

func TestOwnFilesAreSentOnce(t *testing.T) {
	b := open(t).visitor()
	_, body, _ := b.get("/login")
	link := regexp.MustCompile(`/static/desk\.css\?v=\w+`).FindString(body)
	status, _, head := b.get(link)
	if status != http.StatusOK || !strings.Contains(head.Get("Cache-Control"), "immutable") {
		t.Errorf("%s: %d, %s", link, status, head.Get("Cache-Control"))
	}
	b.head.Set("If-None-Match", head.Get("ETag"))
	if status, body, _ := b.get(link); status != http.StatusNotModified || body != "" {
		t.Errorf("asked again: %d with %d bytes", status, len(body))
	}
	for _, path := range []string{"/static/..%2fdesk.go", "/static/nope.js", "/static/"} {
		if status, _, _ := b.get(path); status != http.StatusNotFound {
			t.Errorf("%s: %d", path, status)
		}
	}
}

// An inbox in which nothing ever was doesn't say that all is judged.
func TestANewInboxSaysWhatComesNext(t *testing.T) {
	r := open(t)
	b := r.as("reader")
	if _, page, _ := b.get("/inbox"); !strings.Contains(page, "Nothing was flagged yet") || strings.Contains(page, "has a verdict") {
		t.Error("an empty store isn't told apart from one that is all judged")
	}
	r.story(1)
	r.as("analyst").post("/inbox/judge", "one", "relevant:1:0")
	if _, page, _ := b.get("/inbox"); !strings.Contains(page, "Nothing waits for you") {
		t.Error("all that is judged isn't said to be")
	}
}
