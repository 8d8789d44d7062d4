package review_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	downloads "github.com/chromedp/cdproto/browser"
	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/cdproto/target"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"driftwatch/news"
)

// screen is a page in a real browser. What its console says fails the test.
type screen struct {
	*room
	ctx context.Context
	jar cdp.BrowserContextID // of its cookies
	mu  sync.Mutex
	out []string // what the console said, and addresses asked for that aren't the desk's
}

// chromium is the one browser of all tests; each has cookies of its own in it.
var chromium struct {
	sync.Once
	ctx  context.Context
	err  error
	stop []func()
}

func TestMain(m *testing.M) {
	code := m.Run()
	for _, stop := range slices.Backward(chromium.stop) {
		stop()
	}
	os.Exit(code)
}

// patience is how long the browser may take to start, and a page to become what it is
// to be: on a machine that is busy with other tests both take a while.
const patience = 3 * time.Minute

// launch starts the browser.
func launch() (context.Context, error) {
	chromium.Do(func() {
		path, err := exec.LookPath("chromium")
		if err != nil {
			chromium.err = errors.New("there is no chromium to look at the pages with; make browser installs it")
			return
		}
		o := append(chromedp.DefaultExecAllocatorOptions[:], chromedp.ExecPath(path), chromedp.NoSandbox, chromedp.WSURLReadTimeout(patience),
			chromedp.Flag("accept-lang", "en"), chromedp.WindowSize(1440, 1000))
		allocated, stop := chromedp.NewExecAllocator(context.Background(), o...)
		ctx, end := chromedp.NewContext(allocated, chromedp.WithErrorf(func(string, ...any) {})) // it knows not all events of this Chromium
		chromium.stop = []func(){stop, end}
		chromium.ctx, chromium.err = ctx, chromedp.Run(ctx)
	})
	return chromium.ctx, chromium.err
}

// browse opens a window that nobody has signed in to yet. Without a browser the
// test fails: what only a browser shows would go unseen.
func (r *room) browse() *screen {
	r.Helper()
	shared, err := launch()
	if err != nil {
		r.Fatal(err)
	}
	do := cdp.WithExecutor(shared, chromedp.FromContext(shared).Browser)
	jar, err := target.CreateBrowserContext().Do(do)
	if err != nil {
		r.Fatal(err)
	}
	window, err := target.CreateTarget("about:blank").WithBrowserContextID(jar).WithNewWindow(true).Do(do)
	if err != nil {
		r.Fatal(err)
	}
	ctx, end := chromedp.NewContext(shared, chromedp.WithTargetID(window))
	r.Cleanup(func() {
		end()
		if err := target.DisposeBrowserContext(jar).Do(do); err != nil {
			r.Error(err)
		}
	})
	s := &screen{room: r, ctx: ctx, jar: jar}
	s.listen()
	return s
}

func (s *screen) listen() {
	chromedp.ListenTarget(s.ctx, func(event any) {
		s.mu.Lock()
		defer s.mu.Unlock()
		switch e := event.(type) {
		case *runtime.EventExceptionThrown:
			s.out = append(s.out, "exception: "+e.ExceptionDetails.Text+" "+e.ExceptionDetails.Exception.Description)
		case *log.EventEntryAdded:
			if e.Entry.Level == log.LevelError {
				s.out = append(s.out, "console: "+e.Entry.Text+" "+e.Entry.URL)
			}
		case *network.EventRequestWillBeSent:
			if !strings.HasPrefix(e.Request.URL, s.server.URL) && !strings.HasPrefix(e.Request.URL, "data:") { // the browser's own pictures of fields
				s.out = append(s.out, "another server: "+e.Request.URL)
			}
		}
	})
	// The window lives as long as the context of the first call.
	if err := chromedp.Run(s.ctx, log.Enable(), network.Enable(), emulation.SetDeviceMetricsOverride(1440, 1000, 1, false)); err != nil {
		s.Fatal(err)
	}
}

func (s *screen) run(actions ...chromedp.Action) {
	s.Helper()
	ctx, cancel := context.WithTimeout(s.ctx, patience)
	defer cancel()
	if err := chromedp.Run(ctx, actions...); err != nil {
		s.Fatal(err)
	}
}

// expect forgets that the console told of answers with a status, which are to be.
func (s *screen) expect(status string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.out = slices.DeleteFunc(s.out, func(said string) bool { return strings.Contains(said, "status of "+status) })
}

// quiet fails the test for what the console said.
func (s *screen) quiet() {
	s.Helper()
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, said := range s.out {
		s.Error(said)
	}
	s.out = nil
}

// until waits until an expression of the page is true.
func (s *screen) until(expression string) {
	s.Helper()
	var ok bool
	ctx, cancel := context.WithTimeout(s.ctx, patience)
	defer cancel()
	for {
		// What is looked for may not be there yet, while the page is read.
		err := chromedp.Run(ctx, chromedp.Poll("(() => { try { return !!("+expression+") } catch { return false } })()", &ok, chromedp.WithPollingInterval(20*time.Millisecond)))
		if err == nil {
			return
		}
		if ctx.Err() != nil || !strings.Contains(err.Error(), "navigated") && !strings.Contains(err.Error(), "context") {
			s.Fatalf("never true: %s (%v)", expression, err)
		}
	}
}

func (s *screen) open(path string) {
	s.Helper()
	s.run(chromedp.Navigate(s.server.URL + path))
}

func (s *screen) key(keys string) {
	s.Helper()
	s.run(chromedp.KeyEvent(keys))
}

func (s *screen) signIn(name string) {
	s.Helper()
	s.open(s.desk.Link(name))
	s.press("button.primary")
	s.until(`location.pathname == "/inbox" && document.readyState == "complete"`) // the keys are listened for from then on
}

// evaluate gives what an expression of the page is.
func evaluate[T any](s *screen, expression string) (v T) {
	s.Helper()
	s.run(chromedp.Evaluate(expression, &v, func(p *runtime.EvaluateParams) *runtime.EvaluateParams { return p.WithAwaitPromise(true) }))
	return v
}

// press clicks what a selector finds first.
func (s *screen) press(selector string) {
	s.Helper()
	s.run(chromedp.Click(selector, chromedp.ByQuery))
}

// loaded waits for a page that a click leads to.
func (s *screen) loaded(path string) {
	s.Helper()
	s.until(fmt.Sprintf(`location.pathname + location.search == %q && document.readyState == "complete"`, path))
}

// TestTriageByKeyboard judges a hundred stories, faster than the desk answers.
func TestTriageByKeyboard(t *testing.T) {
	r := open(t)
	const stories, page = 100, 50
	for n := range stories {
		r.story(n)
	}
	s := r.browse()
	s.signIn("analyst")
	for from := 0; from < stories; from += page {
		s.until(fmt.Sprintf(`document.readyState == "complete" && document.querySelectorAll("article.story:not(.done)").length == %d`, page))
		s.key(strings.Repeat("rnuunr", page)[:page])
		s.until(fmt.Sprintf(`document.querySelector("#waits").textContent.startsWith("%d ")`, stories-from-page))
		s.until(`!document.querySelector("#more").hidden`)
		for i, says := range []string{"relevant", "irrelevant", "unsure", "unsure"} {
			if row := evaluate[string](s, fmt.Sprintf(`document.querySelectorAll("article.story")[%d].textContent`, i)); !strings.Contains(row, says+" · you") {
				t.Errorf("story %d isn't %s:\n%s", i, says, row)
			}
		}
		if from+page < stories {
			s.key("j") // the next page
		}
	}
	s.key("z")
	s.until(`document.querySelector("#waits").textContent.startsWith("1 ")`)
	s.until(`!document.querySelectorAll("article.story")[49].textContent.includes("· you") && document.querySelector("#more").hidden`)
	s.key("ruz") // changes its mind, and then back again
	s.until(`document.querySelectorAll("article.story")[49].textContent.includes("relevant · you")`)
	s.key("k")
	s.until(`document.querySelectorAll("article.story")[48].classList.contains("now")`)
	s.key("x")
	s.until(`document.querySelectorAll(".pick input:checked").length == 1`)
	s.key("?")
	s.until(`document.querySelector("#keys").open`)
	s.key(kb.Escape)
	s.until(`!document.querySelector("#keys").open`)
	s.key("o")
	s.until(`location.pathname.startsWith("/stories/") && document.readyState == "complete"`)
	s.key("o")
	s.until(`location.pathname == "/inbox" && document.readyState == "complete"`)
	s.press(`button[formaction="/logout"]`)
	s.loaded("/login")
	s.quiet()
	box, err := r.store.Inbox(t.Context(), news.InboxFilter{})
	if err != nil || box.Total != 0 || box.States[news.WaitingUnsure] != 32 {
		t.Errorf("%d stories wait and %d are unsure, want 0 and 32 (%v)", box.Total, box.States[news.WaitingUnsure], err)
	}
}

func TestTwoAnalystsAtOnce(t *testing.T) {
	r := open(t)
	r.story(1)
	first := r.browse()
	second := r.browse()
	first.signIn("analyst")
	second.signIn("author")
	first.key("n")
	first.until(`document.querySelector("#s1").textContent.includes("irrelevant · you")`)
	second.until(`document.querySelector("#s1").textContent.includes("irrelevant · analyst")`) // by itself
	second.key("r")
	second.until(`document.querySelector("#s1").textContent.includes("differ")`)
	first.until(`document.querySelector("#s1").textContent.includes("relevant · author")`)
	first.key("z")
	second.until(`!document.querySelector("#s1").textContent.includes("differ") && !document.querySelector("#s1 .note")`) // nothing is told that no longer holds
	r.story(2)
	first.until(`!document.querySelector("#fresh").hidden && document.querySelector("#fresh").textContent.includes("1 new story")`)
	second.open("/inbox")
	second.until(`document.readyState == "complete" && document.querySelector("#s2 .act")`)
	r.as("author").post("/stories/1/merge", "other", "2")
	second.until(`document.querySelector("#s2").textContent.includes("part of another one now") && !document.querySelector("#s2 .act")`)
	first.quiet()
	second.quiet()
}

// TestFirstUser makes the first user by the one-time link, who lets another in.
func TestFirstUser(t *testing.T) {
	r := empty(t)
	s := r.browse()
	link := r.desk.Link("")
	s.open(link)
	s.run(chromedp.SendKeys("#name", "dana"), chromedp.SendKeys("#password", password+kb.Enter))
	s.loaded("/inbox")
	s.open("/users")
	s.run(chromedp.SendKeys("#name", "timur"), chromedp.SendKeys("#password", password+kb.Enter))
	s.until(`document.querySelector("table").textContent.includes("timur")`)
	s.press(`button[formaction="/logout"]`)
	s.loaded("/login")
	s.run(chromedp.SendKeys("#name", "timur"), chromedp.SendKeys("#password", "another one"+kb.Enter))
	s.until(`document.querySelector(".say.bad") && document.querySelector("#name").value == "timur"`)
	s.run(chromedp.SendKeys("#password", password+kb.Enter))
	s.loaded("/inbox")
	s.press(`button[name="look"]`)
	s.until(`document.documentElement.dataset.theme == "dark"`)
	s.press(`button[name="lang"]`)
	s.until(`document.documentElement.lang == "ru"`)
	s.expect("401") // the password that was wrong
	s.quiet()
	s.open(link)
	s.until(`document.body.textContent.includes("15 мин")`)
}

// TestFiltersAndViews narrows the inbox, keeps that as a view, and takes it out as a file.
func TestFiltersAndViews(t *testing.T) {
	r := open(t)
	for n := range 10 {
		r.story(n, func(a *news.Article, h *news.Hit) {
			if n < 3 {
				h.Countries, h.Theme, a.Title = []string{"KG"}, news.ThemeCSTO, fmt.Sprintf("=%d drills skipped", n)
			}
		})
	}
	s := r.browse()
	s.signIn("analyst")
	s.press(`.seg input[value="KG"]`) // applies by itself
	s.until(`location.search.includes("country=KG") && document.readyState == "complete"`)
	s.until(`document.querySelectorAll("article.story").length == 3`)
	s.press(`details.facet:has(input[name="level"]) summary`)
	s.press(`.pop input[value="5"]`)
	s.press(`details.facet[open] button[type="submit"]`)
	s.until(`document.querySelector(".empty h2") && document.querySelector(".empty h2").textContent.includes("KG, level 5")`)
	s.press(`.empty a.btn`) // without one of the two
	s.until(`document.querySelectorAll("article.story").length > 0`)
	s.open("/inbox?country=KG")
	s.press(`details.save summary`)
	s.run(chromedp.SendKeys("#view-name", "Кыргызстан"+kb.Enter))
	s.until(`[...document.querySelectorAll(".views a")].some(a => a.textContent.includes("Кыргызстан 3") && a.ariaCurrent == "page")`)
	dir := t.TempDir()
	saved := make(chan struct{}, 1)
	chromedp.ListenTarget(s.ctx, func(event any) {
		if e, ok := event.(*downloads.EventDownloadProgress); ok && e.State == downloads.DownloadProgressStateCompleted {
			select {
			case saved <- struct{}{}:
			default: // it was said before
			}
		}
	})
	s.run(downloads.SetDownloadBehavior(downloads.SetDownloadBehaviorBehaviorAllow).WithDownloadPath(dir).WithEventsEnabled(true).WithBrowserContextID(s.jar))
	s.press(`a[href*="format=csv"]`)
	select {
	case <-saved:
	case <-time.After(patience):
		t.Fatal("no file was saved")
	}
	files, err := filepath.Glob(filepath.Join(dir, "*"))
	if err != nil || len(files) != 1 {
		t.Fatal(files, err)
	}
	if csv, err := os.ReadFile(files[0]); err != nil || strings.Count(string(csv), "'=") != 3 {
		t.Errorf("the file (%v):\n%s", err, csv)
	}
	s.quiet()
}

// TestSearchInFourLanguages finds a word's other forms, whatever the script.
func TestSearchInFourLanguages(t *testing.T) {
	r := open(t)
	for lang, text := range map[string]string{
		"ru": "Банки опасаются вторичных санкций и проверяют платежи.",
		"kk": "Банктер екінші реттік санкциялардан қауіптеніп отыр.",
		"uz": "Banklar ikkilamchi sanksiyalardan xavotirda.",
		"en": "Banks fear secondary sanctions and check payments.",
	} {
		r.story(len(lang)+len(text), func(a *news.Article, h *news.Hit) {
			a.Lang, a.Title, a.Text = lang, "— "+lang, text
			h.Evidence = nil
		})
	}
	if _, err := r.store.IndexArticles(t.Context(), 10); err != nil {
		t.Fatal(err)
	}
	s := r.browse()
	s.signIn("reader")
	for _, c := range []struct{ words, marked string }{
		{"санкция", "санкций санкциялардан sanksiyalardan"}, {"санкцияларды", "санкций санкциялардан sanksiyalardan"},
		{"sanksiya", "санкций санкциялардан sanksiyalardan"}, {"sanction", "sanctions"},
	} {
		s.open("/search")
		s.run(chromedp.SendKeys(`input[name="q"]`, c.words+kb.Enter))
		s.until(`location.search != "" && document.readyState == "complete"`)
		found := evaluate[[]string](s, `[...document.querySelectorAll(".ev mark")].map(m => m.textContent)`)
		for _, want := range strings.Fields(c.marked) {
			if !slices.Contains(found, want) {
				t.Errorf("%s finds %q, not %s", c.words, found, want)
			}
		}
	}
	s.quiet()
}

// TestRulesInABrowser breaks a rule, mends it, sees what it would have changed, and saves it.
func TestRulesInABrowser(t *testing.T) {
	r := open(t)
	s := r.browse()
	s.signIn("author")
	s.open("/rules/edit?file=1/x.yaml")
	s.run(chromedp.SendKeys("textarea", "# broken"))
	s.press(`button[value="check"]`)
	s.until(`document.querySelector(".fault") && document.querySelector(".fault").textContent.includes("column 3")`)
	s.run(chromedp.SetValue("textarea", "signals: []\n# whole\n"))
	s.press(`button[value="test"]`)
	s.until(`document.querySelector(".sumline") && document.querySelector(".sumline").textContent.includes("23 → 19")`)
	s.press(`button[value="save"]`)
	s.until(`document.querySelector(".say[role=status]") && document.querySelector("textarea").value.includes("whole")`)
	s.expect("422") // the text that was wrong
	s.quiet()
}

// TestSourcesInABrowser looks at an address, adds what is found there, and pauses a source.
func TestSourcesInABrowser(t *testing.T) {
	r := open(t)
	s := r.browse()
	s.signIn("author")
	s.open("/sources")
	s.run(chromedp.SendKeys("#url", "http://10.0.0.8/"+kb.Enter))
	s.until(`document.querySelector("#look .say.bad") && document.querySelector("#url").value == "http://10.0.0.8/"`)
	s.run(chromedp.SetValue("#url", "https://one.example/feed"))
	s.press("#add .primary")
	s.until(`document.querySelector("#look form")`)
	s.until(`document.querySelector("#look ul ul li").offsetWidth > document.querySelector("#look").offsetWidth / 2`) // titles have room
	s.press(`#look form .primary`)
	s.until(`document.body.textContent.includes("- id: x")`)
	s.press(`button[name="paused"][value="1"]`)
	s.until(`document.querySelector("table").textContent.includes("paused by author")`)
	s.press(`form[action="/sources/one/poll"] button`)
	s.until(`document.body.textContent.includes("3 new articles")`)
	s.expect("422")
	s.quiet()
}

// TestSilenceInPlace silences a story from its line and from its page, and takes that back,
// without leaving either.
func TestSilenceInPlace(t *testing.T) {
	r := open(t)
	r.story(1)
	r.story(2)
	active := func() int {
		all, err := r.store.Silences(t.Context(), r.clock.now())
		if err != nil {
			t.Fatal(err)
		}
		return len(all)
	}
	s := r.browse()
	s.signIn("analyst")
	// Without the character that follows: it is the key's own, and a real browser drops it.
	silence := func() {
		t.Helper()
		s.run(input.DispatchKeyEvent(input.KeyRawDown).WithKey("s"), input.DispatchKeyEvent(input.KeyUp).WithKey("s"))
	}
	s.key("j")
	silence()
	s.until(`document.querySelector("#silence").open && document.activeElement.id == "reason" && document.activeElement.value == ""`)
	title := evaluate[string](s, `document.querySelectorAll("article.story h2")[1].textContent`)
	if shown := evaluate[string](s, `document.querySelector("#silence [data-title]").textContent`); shown != title {
		t.Errorf("%q is to be silenced, not %q", shown, title)
	}
	s.key(" " + kb.Enter)
	s.until(`document.querySelector("#silence output").textContent.includes("needs a reason")`)
	s.expect("422")
	s.key("told already" + kb.Enter)
	s.until(`!document.querySelector("#silence").open && document.querySelector("#toast").textContent.includes("Silenced until")`)
	s.until(`location.pathname == "/inbox" && document.activeElement == document.querySelectorAll("article.story")[1] && document.activeElement.classList.contains("now")`)
	if n := active(); n != 1 {
		t.Errorf("%d silences are active, want 1", n)
	}
	s.key("z")
	s.until(`document.querySelector("#toast").textContent.includes("has ended")`)
	if n := active(); n != 0 {
		t.Errorf("%d silences are active, want none", n)
	}
	silence()
	s.until(`document.querySelector("#silence").open && document.activeElement.value == ""`)
	s.key(kb.Escape)
	s.until(`!document.querySelector("#silence").open`)
	s.key("o")
	s.until(`location.pathname.startsWith("/stories/") && document.readyState == "complete"`)
	silence()
	s.until(`document.activeElement.id == "reason"`)
	s.key("enough of it" + kb.Enter)
	s.until(`location.search.includes("silenced=") && document.readyState == "complete" && document.querySelector("#toast").textContent.includes("Silenced until")`)
	s.key("z")
	s.until(`!location.search.includes("silenced=") && location.pathname.startsWith("/stories/") && document.readyState == "complete"`)
	if n := active(); n != 0 {
		t.Errorf("%d silences are active after all, want none", n)
	}
	s.quiet()
}

// TestPaperAndPhone looks at what other widths and media might lose: ink on paper is dark
// whatever the look of the screen is, and what others said of a story stands on a phone too.
func TestPaperAndPhone(t *testing.T) {
	r := open(t)
	story, _ := r.story(1)
	r.as("author").post("/inbox/judge", "one", fmt.Sprintf("unsure:%d:0", story))
	s := r.browse()
	s.signIn("analyst")
	s.run(emulation.SetDeviceMetricsOverride(360, 800, 1, false))
	s.open("/inbox?state=unsure")
	s.until(`document.querySelector("article.story .vd").textContent.includes("author")`)
	if !evaluate[bool](s, `document.querySelector("article.story .vd").checkVisibility()`) {
		t.Error("a phone doesn't show what another analyst said")
	}
	dark := []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: "dark"}}
	for _, look := range []string{"", "dark"} {
		r.as("analyst").post("/settings", "look", look)
		for _, media := range []string{"", "print"} {
			s.run(emulation.SetEmulatedMedia().WithMedia(media).WithFeatures(dark))
			s.open(fmt.Sprintf("/briefing?pick=%d", story))
			ink := evaluate[string](s, `getComputedStyle(document.querySelector("article.brief h2")).color`)
			if onPaper := ink == "rgb(26, 27, 29)"; onPaper != (media == "print") {
				t.Errorf("the look %q, the media %q: ink is %s", look, media, ink)
			}
		}
	}
	s.quiet()
}
