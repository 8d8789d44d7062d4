package review_test

import (
	"encoding/csv"
	"encoding/json"
	"net/http"
	"strings"
	"testing"

	"driftwatch/news"
)

// formulas are texts that a spreadsheet would work out.
var formulas = []string{"=HYPERLINK(1)", "+1", "-1+2", "@SUM(1)", "\t=1", "\r=1", "＝1+1", `x;=cmd|' /C calc'!A0`, "y;\"+1", "\"=1\""}

// Each list of the desk can be taken away, as text that no spreadsheet works out and
// as JSON, with the filter that is in force.
func TestExports(t *testing.T) {
	r := open(t)
	for i, bad := range formulas {
		r.story(i+1, func(a *news.Article, h *news.Hit) {
			a.Title, h.Title = bad, bad
			h.Evidence[0].Sentence = bad + h.Evidence[0].Sentence
		})
	}
	if _, err := r.store.IndexArticles(t.Context(), 50); err != nil {
		t.Fatal(err)
	}
	b := r.as("admin")
	for i, bad := range formulas {
		b.post("/silences", "stories", "1", "for", "24h", "reason", bad+" because")
		b.post("/inbox/judge", "one", "relevant:"+string(rune('1'+i%9))+":0", "note", bad)
	}
	lists := map[string]string{ // and what its first column is
		"GET /inbox/export": "story", "GET /search/export": "id", "GET /sources/export": "id", "GET /rules/export": "id", "GET /deliveries/export": "id",
		"GET /silences/export": "id", "GET /audit/export": "id", "GET /users/export": "id",
	}
	for _, route := range r.desk.Routes() {
		path, isList := strings.CutPrefix(route.Pattern, "GET ")
		if !strings.HasSuffix(path, "/export") || !isList {
			continue
		}
		first, known := lists[route.Pattern]
		if !known {
			t.Errorf("%s is in no list of this test", route.Pattern)
		}
		delete(lists, route.Pattern)
		filter := map[string]string{"/inbox/export": "&state=all", "/search/export": "&q=banned", "/silences/export": "&all"}[path]
		_, body, head := b.get(path + "?format=csv" + filter)
		if !strings.HasPrefix(head.Get("Content-Disposition"), "attachment") || head.Get("X-Content-Type-Options") != "nosniff" {
			t.Errorf("%s: %v", path, head)
		}
		body, marked := strings.CutPrefix(body, "\ufeff")
		if !marked {
			t.Errorf("%s: Excel wouldn't take it for UTF-8", path)
		}
		rows, err := csv.NewReader(strings.NewReader(body)).ReadAll()
		if err != nil || len(rows) == 0 || rows[0][0] != first {
			t.Errorf("%s: %v\n%.300s", path, err, body)
			continue
		}
		if path != "/sources/export" && path != "/deliveries/export" && len(rows) < 3 {
			t.Errorf("%s has %d rows", path, len(rows))
		}
		for _, comma := range []rune{',', ';', '\t'} { // as spreadsheets of other countries read it
			in := csv.NewReader(strings.NewReader(body))
			in.Comma, in.LazyQuotes, in.FieldsPerRecord = comma, true, -1
			rows, err := in.ReadAll()
			if err != nil {
				t.Errorf("%s: %v", path, err)
			}
			for _, row := range rows {
				for _, cell := range row {
					if cell = strings.TrimLeft(cell, " \"\r\n"); cell != "" && strings.ContainsRune("=+-@\t＝", []rune(cell)[0]) {
						t.Errorf("%s: the cell %q", path, cell)
					}
				}
			}
		}
		_, body, _ = b.get(path + "?format=jsonl" + filter)
		for _, line := range strings.Split(strings.TrimSpace(body), "\n") {
			if line != "" && !json.Valid([]byte(line)) {
				t.Errorf("%s: the line %q", path, line)
			}
		}
	}
	for pattern := range lists {
		t.Errorf("there is no %s", pattern)
	}
}

func TestExportsGoByTheFilter(t *testing.T) {
	r := open(t)
	r.story(1, func(a *news.Article, _ *news.Hit) { a.Lang = "ru" })
	r.story(2)
	if _, err := r.store.IndexArticles(t.Context(), 50); err != nil {
		t.Fatal(err)
	}
	b := r.as("reader")
	for path, want := range map[string]int{
		"/inbox/export?format=jsonl&lang=ru":                     1,
		"/inbox/export?format=jsonl":                             2,
		"/search/export?format=jsonl&q=banned":                   2,
		"/search/export?format=jsonl&q=banned&language=ru":       1,
		"/search/export?format=jsonl&q=%40ban&in=rules&skip=500": 2,
		"/sources/export?format=jsonl&state=failing":             1,
		"/sources/export?format=jsonl&state=paused":              0,
		"/sources/export?format=jsonl&q=nothing":                 0,
	} {
		if _, body, _ := b.get(path); strings.Count(body, "\n") != want {
			t.Errorf("%s: %d lines, want %d", path, strings.Count(body, "\n"), want)
		}
	}
	for path, want := range map[string]int{"/search/export": http.StatusUnprocessableEntity, "/search/export?q=%40bam&in=rules": http.StatusUnprocessableEntity} {
		if status, _, _ := b.get(path); status != want {
			t.Errorf("%s: %d, want %d", path, status, want)
		}
	}
}

// A search that is kept as a draft opens in the editor, with what is still to be
// said marked.
func TestASearchBecomesADraft(t *testing.T) {
	r := open(t)
	r.story(1)
	if _, err := r.store.IndexArticles(t.Context(), 50); err != nil {
		t.Fatal(err)
	}
	_, body, _ := r.as("author").get("/search?q=banned&language=en")
	if !strings.Contains(body, `href="/rules/edit?draft&amp;language=en&amp;q=banned"`) {
		t.Error("the search page has no link to the editor")
	}
	if _, body, _ = r.as("analyst").get("/search?q=banned"); strings.Contains(body, "/rules/edit") {
		t.Error("an analyst is led to the editor")
	}
	status, body, _ := r.as("author").get("/rules/edit?draft&q=banned+broken&language=en")
	if status != http.StatusOK || !strings.Contains(body, `value="draft-1.yaml"`) || !strings.Contains(body, "languages: [&#39;en&#39;]") {
		t.Errorf("%d: the editor has no draft", status)
	}
	if !strings.Contains(body, `<b id="l9">✕ 9</b>`) || !strings.Contains(body, `<a href="#l9" data-line="9"`) || strings.Index(body, `id="faults"`) > strings.Index(body, "<textarea") {
		t.Error("the fault isn't shown at its line")
	}
}
