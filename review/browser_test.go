package review_test

import (
	"context"
	"fmt"
	"os/exec"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"driftwatch/news"
)

// screen is a page in a real browser. What its console says fails the test.
type screen struct {
	*room
	ctx context.Context
	mu  sync.Mutex
	out []string // addresses asked for that aren't the desk's
}

// browse opens a browser. Without one the test fails: what only a browser shows
// would go unseen.
func (r *room) browse() *screen {
	r.Helper()
	path, err := exec.LookPath("chromium")
	if err != nil {
		r.Fatal("there is no chromium to look at the pages with; on Debian: apt-get install chromium (make test does it)")
	}
	o := append(chromedp.DefaultExecAllocatorOptions[:], chromedp.ExecPath(path), chromedp.NoSandbox,
		chromedp.Flag("accept-lang", "en"), chromedp.WindowSize(1440, 1000))
	allocated, stop := chromedp.NewExecAllocator(r.Context(), o...)
	r.Cleanup(stop)
	ctx, end := chromedp.NewContext(allocated)
	r.Cleanup(end)
	s := &screen{room: r, ctx: ctx}
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
	// The browser lives as long as the context of the first call.
	if err := chromedp.Run(s.ctx, log.Enable(), network.Enable()); err != nil {
		s.Fatal(err)
	}
}

func (s *screen) run(actions ...chromedp.Action) {
	s.Helper()
	ctx, cancel := context.WithTimeout(s.ctx, time.Minute)
	defer cancel()
	if err := chromedp.Run(ctx, actions...); err != nil {
		s.Fatal(err)
	}
}

// quiet fails the test for what the console said.
func (s *screen) quiet() {
	s.Helper()
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, said := range s.out {
		s.Error(said)
	}
}

// until waits until an expression of the page is true.
func (s *screen) until(expression string) {
	s.Helper()
	var ok bool
	ctx, cancel := context.WithTimeout(s.ctx, time.Minute)
	defer cancel()
	for {
		err := chromedp.Run(ctx, chromedp.Poll(expression, &ok, chromedp.WithPollingInterval(20*time.Millisecond)))
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
	s.open("/login")
	s.run(chromedp.SendKeys("#name", name), chromedp.SendKeys("#password", password+kb.Enter))
	s.until(`location.pathname == "/inbox" && document.readyState == "complete"`) // the keys are listened for from then on
}

func TestTriageByKeyboard(t *testing.T) {
	r := open(t)
	const stories = 12
	for n := range stories {
		r.story(n)
	}
	s := r.browse()
	s.signIn("analyst")
	s.until(`document.querySelectorAll("article.story").length == 12`)
	for n := range stories {
		key, says := "r", "relevant"
		switch n % 3 {
		case 1:
			key, says = "n", "irrelevant"
		case 2:
			key, says = "u", "unsure"
		}
		s.key(key)
		s.until(fmt.Sprintf(`document.querySelectorAll("article.story")[%d].textContent.includes("%s · you")`, n, says))
		if n < stories-1 {
			s.until(fmt.Sprintf(`document.querySelectorAll("article.story")[%d].classList.contains("now")`, n+1))
		}
	}
	s.until(`document.querySelector("#waits").textContent.startsWith("0 ")`)
	s.key("z")
	s.until(`document.querySelector("#waits").textContent.startsWith("1 ")`)
	s.until(`!document.querySelectorAll("article.story")[11].textContent.includes("· you")`)
	s.key("k")
	s.until(`document.querySelectorAll("article.story")[10].classList.contains("now")`)
	s.key("x")
	s.until(`document.querySelectorAll(".pick input:checked").length == 1`)
	s.key("?")
	s.until(`document.querySelector("#keys").open`)
	s.key(kb.Escape)
	s.until(`!document.querySelector("#keys").open`)
	s.key("o")
	s.until(`location.pathname.startsWith("/stories/")`)
	s.until(`document.readyState == "complete"`)
	s.key("o")
	s.until(`location.pathname == "/inbox"`)
	s.run(chromedp.Click(`button[formaction="/logout"]`))
	s.until(`location.pathname == "/login"`)
	s.quiet()
	box, err := r.store.Inbox(t.Context(), news.InboxFilter{})
	if err != nil || box.Total != 1 || box.States[news.WaitingUnsure] != 3 {
		t.Errorf("%d stories wait and %d are unsure, want 1 and 3 (%v)", box.Total, box.States[news.WaitingUnsure], err)
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
	r.story(2)
	first.until(`!document.querySelector("#fresh").hidden && document.querySelector("#fresh").textContent.includes("1 new story")`)
	first.quiet()
	second.quiet()
}

func TestFirstUser(t *testing.T) {
	r := open(t)
	s := r.browse()
	s.open(r.desk.Link("admin"))
	s.run(chromedp.Click("button.primary"))
	s.until(`location.pathname == "/inbox"`)
	s.open("/users")
	s.run(chromedp.SendKeys("#name", "dana"), chromedp.SendKeys("#password", password), chromedp.Click("form[action='/users'] button.primary"))
	s.until(`document.querySelector("table").textContent.includes("dana")`)
	s.open("/inbox?country=KZ&level=3")
	s.until(`document.querySelector(".empty h2").textContent.includes("KZ")`)
	s.run(chromedp.Click(`button[name="look"]`))
	s.until(`document.documentElement.dataset.theme == "dark"`)
	s.run(chromedp.Click(`button[name="lang"]`))
	s.until(`document.documentElement.lang == "ru"`)
	s.quiet()
}
