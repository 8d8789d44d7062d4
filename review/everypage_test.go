package review_test

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"

	"driftwatch/news"
	"driftwatch/review"
	"driftwatch/store"
)

// axePath is axe-core, which looks for what keeps people from using a page. It is
// fetched from npm by make browser; it isn't kept here, as it is 640 KB of others'
// code under the MPL.
const axePath = "testdata/axe.min.js"

// leaf is one page as it is looked at.
type leaf struct {
	name, path string
	prepare    string // an expression that brings the page into a state
}

// TestEveryPage looks at all pages, full and empty: at 1920 px in English in light
// colours, and at 360 px in Russian in dark ones. Nothing sticks out at either width,
// axe finds nothing serious, no English is left over, and the console stays silent.
// With DESK_SCREENS the pages are kept as pictures in that folder.
func TestEveryPage(t *testing.T) {
	axe, err := os.ReadFile(axePath)
	if errors.Is(err, fs.ErrNotExist) {
		t.Fatalf("%s isn't there; make browser fetches it", axePath)
	}
	if err != nil {
		t.Fatal(err)
	}
	full := fullDesk(t)
	leaves := []leaf{{"inbox", "/inbox", ""}, {"inbox-all", "/inbox?state=all", `document.querySelector("details.facet").open = true`},
		{"inbox-keys", "/inbox", `document.querySelector("#keys").showModal()`}, {"inbox-silence", "/inbox", `document.querySelector("#silence").showModal()`}, {"keys", "/inbox/keys", ""}, {"inbox-nothing", "/inbox?country=TM&q=zzz", ""},
		{"story", "/stories/1", `document.querySelector("details.asked").open = true`}, {"story-edited", "/stories/2", ""}, {"article", "/stories/1/articles/1?copy=1", `document.querySelectorAll("details").forEach(d => { d.open = true })`},
		{"search", "/search?q=banned", `document.querySelector("details.gap-t").open = true`}, {"search-none", "/search?q=zzz", ""}, {"search-start", "/search", ""},
		{"drift", "/drift?span=13&country=KZ&week=2026-W11", ""}, {"sources", "/sources", ""}, {"rules", "/rules", ""}, {"signal", "/rules/signals/s2", ""},
		{"rulefile", "/rules/files/1/x.yaml", ""}, {"editor", "/rules/edit?file=1/x.yaml", ""}, {"editor-new", "/rules/edit", ""}, {"try", full.tried(), ""}, {"history", "/rules/history", `document.querySelector("details").open = true`},
		{"deliveries", "/deliveries", ""}, {"delivery", "/deliveries/1", ""}, {"silences", "/silences?all", ""}, {"audit", "/audit", ""}, {"users", "/users", ""},
		{"settings", "/settings", ""}, {"about", "/about", ""}, {"briefing", "/briefing?pick=1&pick=2", ""}, {"briefing-none", "/briefing", ""}, {"notthere", "/nothing", ""}}
	full.look(axe, "admin", leaves)
	bare := open(t, func(o *review.Options) {
		o.Drift, o.Sources, o.Rules = still{}, bare{}, blank{&book{}}
		o.Pulse = func(context.Context) (review.Pulse, error) { return review.Pulse{}, nil }
	})
	bare.look(axe, "admin", []leaf{{"empty-inbox", "/inbox", ""}, {"empty-unsure", "/inbox?state=unsure", ""}, {"empty-drift", "/drift", ""}, {"empty-sources", "/sources", ""},
		{"empty-rules", "/rules", ""}, {"empty-history", "/rules/history", ""}, {"empty-deliveries", "/deliveries", ""}, {"empty-silences", "/silences", ""}})
	bare.look(axe, "reader", []leaf{{"forbidden", "/users", ""}, {"reader-inbox", "/inbox", ""}, {"reader-sources", "/sources", ""}})
	bare.look(axe, "", []leaf{{"login", "/login", ""}, {"first-user", bare.desk.Link(""), ""}, {"signs-in", bare.desk.Link("admin"), ""}, {"used-link", "/link/x", ""}})
}

// still is a drift of which nothing is known yet.
type still struct{ weeks }

func (still) Weeks(context.Context, int, news.Theme) ([]review.DriftWeek, error) { return nil, nil }

// bare is a catalogue with nothing in it.
type bare struct{ catalogue }

func (bare) Health(context.Context) ([]review.SourceHealth, error) { return nil, nil }

// blank is a rulebook that nothing can be read from.
type blank struct{ *book }

func (blank) Signals(context.Context, time.Time) (review.RuleList, error) {
	return review.RuleList{}, nil
}

func (blank) Versions(context.Context, int) ([]review.RuleVersion, error) { return nil, nil }

// fullDesk has something of everything: long words, many countries, verdicts that
// differ, an article that was changed, a note, a silence, deliveries, a token.
func fullDesk(t *testing.T) *room {
	r := open(t)
	for n := range 5 {
		story, _ := r.story(n, func(a *news.Article, h *news.Hit) {
			switch n {
			case 0:
				a.Lang, a.Title = "ru", "Электрооборудование\u00adпереосвидетельствования"+strings.Repeat("высокопревосходительствующего", 3)
			case 1:
				h.Countries = news.Countries
				h.Acts = []news.Act{{Country: "KZ", Direction: news.Apart}, {Country: "UZ", Direction: news.Closer}}
			}
		})
		r.owed(story)
	}
	err := r.store.Update(t.Context(), func(tx store.Tx) error {
		_, err := tx.PutRevision(news.Article{ID: 2, Source: "outlet-0", URL: "https://outlet.example/1", Link: "https://outlet.example/1", Title: "Story 1 of the ban, corrected", Lang: "en",
			Seen: r.clock.now(), From: "page", Text: "It was long in coming. The government of Kazakhstan banned the export of roller bearings to Russia. It begins on Friday."}, store.Print{}, r.clock.now())
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := r.store.IndexArticles(t.Context(), 10); err != nil {
		t.Fatal(err)
	}
	analyst, author := r.as("analyst"), r.as("author")
	analyst.post("/inbox/judge", "one", "relevant:3:0")
	author.post("/inbox/judge", "one", "irrelevant:3:0")
	analyst.post("/stories/1/notes", "text", "See the decree of "+strings.Repeat("№", 200))
	analyst.post("/silences", "stories", "1", "for", "24h", "reason", "being looked at by the desk")
	r.as("admin").post("/settings/tokens", "name", "dashboard", "scope", "read", "days", "90")
	return r
}

// tried is the page of a try of the rules, which only who made it sees.
func (r *room) tried() string {
	_, _, head := r.as("admin").post("/rules/edit", "file", "1/x.yaml", "base", "v0", "text", "signals: []\n", "do", "test")
	return head.Get("Location")
}

// look looks at pages as somebody, in both of the two ways.
func (r *room) look(axe []byte, name string, leaves []leaf) {
	r.Helper()
	s := r.browse()
	s.run(chromedp.ActionFunc(func(ctx context.Context) error {
		_, err := page.AddScriptToEvaluateOnNewDocument(string(axe)).Do(ctx)
		return err
	}))
	if name != "" {
		s.signIn(name)
	}
	for _, way := range []struct {
		lang, look string
		width      int64
	}{{"en", "light", 1920}, {"ru", "dark", 360}} {
		s.run(emulation.SetLocaleOverride().WithLocale(way.lang), emulation.SetUserAgentOverride("Chromium").WithAcceptLanguage(way.lang),
			emulation.SetEmulatedMedia().WithFeatures([]*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: way.look}}),
			emulation.SetDeviceMetricsOverride(way.width, 1000, 1, false))
		for _, l := range leaves {
			s.inspect(l, way.lang, way.width)
		}
	}
}

// wider is what is wider than the window, or sticks out of its cell or card.
const wider = `(() => {
	const width = document.documentElement.clientWidth
	const out = [...document.querySelectorAll(".card > *, td, th, td *, th *")].filter(e => e.checkVisibility() && !e.closest("pre, .scroll, .pop, .sr, svg *, thead")
		&& e.getBoundingClientRect().right > e.closest(".card, td, th").getBoundingClientRect().right + 1)
	if (out.length) return "out of its place: " + out.slice(0, 5).map(e => e.tagName + "." + e.getAttribute("class") + " " + e.textContent.slice(0, 30)).join(", ")
	if (document.documentElement.scrollWidth <= width) return ""
	return document.documentElement.scrollWidth + " px: " + [...document.querySelectorAll("body *")]
		.filter(e => e.getBoundingClientRect().right > width + 1 && !e.closest(".scroll, .views, .filters, .edit, .nav nav, pre"))
		.slice(0, 5).map(e => e.tagName + "." + e.getAttribute("class")).join(", ")
})()`

// faulted is what axe finds that is serious or critical.
const faulted = `axe.run(document, {resultTypes: ["violations"], preload: false}).then(r => r.violations.filter(v => v.impact == "serious" || v.impact == "critical")
	.map(v => v.id + ": " + v.nodes.slice(0, 3).map(n => n.html.slice(0, 200) + " " + n.failureSummary).join("; ")))`

// foreign are words in Latin letters that stand in the interface's own text: what
// outlets and people wrote carries its language, or is one of the names of the tests.
const foreign = `(() => {
	const known = new Set(%q.split(" ")), out = new Set()
	const look = text => { for (const w of text.match(/[A-Za-z][a-z]{2,}/g) || []) if (!known.has(w)) out.add(w + " in “" + text.trim().slice(0, 80) + "”") }
	const apart = "[lang]:not(html), code, kbd, pre, textarea, script, template, .parts"
	for (const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT); walk.nextNode();) if (!walk.currentNode.parentElement.closest(apart)) look(walk.currentNode.data)
	for (const e of document.body.querySelectorAll("*")) if (!e.closest(apart)) for (const a of ["aria-label", "title", "placeholder"]) look(e.getAttribute(a) || "")
	return [...out]
})()`

// ownNames are words that are written alike in each language of the interface, and
// names of the tests: users, sources, signals, titles.
const ownNames = "Driftwatch Lines admin analyst author reader " + // users
	"Story the ban corrected " + // titles
	"alert img onerror script src desk all dashboard See decree being looked zzz " +
	"https outlet example one htmx test text plain docs drift add true yaml robots txt Asia Almaty driftwatch serve user"

// inspect looks at one page.
func (s *screen) inspect(l leaf, lang string, width int64) {
	s.Helper()
	s.open(l.path)
	if l.prepare != "" {
		s.run(chromedp.Evaluate(l.prepare, nil))
	}
	where := fmt.Sprintf("%s, %s, %d px", l.name, lang, width)
	if got := evaluate[string](s, `document.documentElement.lang`); got != lang {
		s.Errorf("%s: the page is in %q", where, got)
	}
	for _, other := range []int64{1920 + 360 - width, width} {
		s.run(emulation.SetDeviceMetricsOverride(other, 1000, 1, false))
		if wide := evaluate[string](s, wider); wide != "" {
			s.Errorf("%s, at %d: %s", where, other, wide)
		}
	}
	for _, fault := range evaluate[[]string](s, faulted) {
		s.Errorf("%s: %s", where, fault)
	}
	if lang == "ru" {
		for _, word := range evaluate[[]string](s, fmt.Sprintf(foreign, ownNames)) {
			s.Errorf("%s: %s", where, word)
		}
	}
	if dir := os.Getenv("DESK_SCREENS"); dir != "" {
		var picture []byte
		s.run(chromedp.FullScreenshot(&picture, 100))
		if err := os.WriteFile(filepath.Join(dir, fmt.Sprintf("%s-%d.png", l.name, width)), picture, 0o644); err != nil {
			s.Fatal(err)
		}
	}
	if slices.Contains([]string{"notthere", "forbidden", "used-link", "briefing-none"}, l.name) {
		s.expect("4") // the page is to say so
	}
	s.quiet()
}
