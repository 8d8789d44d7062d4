package review

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"time"
	"unicode/utf8"

	"driftwatch/configs"
	"driftwatch/news"
)

// ruleSaved is how the audit log names a saved file of rules.
const ruleSaved = "rule.save"

// ruleMost is how long a file may be that the editor takes, in bytes.
const ruleMost = 512 << 10

// editView is what the editor shows.
type editView struct {
	File    RuleFile
	Text    string
	Rows    int
	New     bool // the file's name is asked for
	Name    string
	Checked *Checked
	Lines   []editLine
	Writes  bool
	Folder  string
	Saved   bool
	Says    string
	Test    *testView // nil: none was asked for
	Fine    bool      // it compiles and its tests pass
	Changed int       // lines
}

// editLine is a line's number beside the text.
type editLine struct {
	N     int
	Wrong bool
}

// testView is how far reading the stored articles again is, and what it found.
type testView struct {
	Path     string
	Days     int
	Articles int
	Waits    bool
	Problem  string
	Backtest
	Lost, Gained []testHit
}

// testHit is a hit that comes or goes, as a line.
type testHit struct {
	ID, Signal string
	Story      int64
	Level      int
	Lang       string
	Evidence   []piece
	Title      string
	Says       news.Judgement // what was said of it; empty: nothing
	Mark       string
	Stays      bool     // the signal finds the article all the same, in another way
	Others     []string // further signals that find it
}

// ruleText is a text of the editor's form, as files have it: browsers send lines
// that end in CR LF.
func ruleText(s string) string {
	s = strings.ReplaceAll(s, "\r\n", "\n")
	if s != "" && !strings.HasSuffix(s, "\n") {
		s += "\n"
	}
	return s
}

func (v *visit) editPage() error {
	q := v.r.URL.Query()
	view := editView{Saved: q.Has("saved")}
	var err error
	switch {
	case q.Has("signal"):
		view.File, err = v.Rules.Draft(v.r.Context(), q.Get("signal"))
	case q.Has("file"):
		view.File, err = v.Rules.File(v.r.Context(), q.Get("file"))
	case q.Has("draft"):
		return v.editDraft(searchFilter(q), q.Get("in") == "rules")
	default:
		view.New = true
		view.File.Text = newRule
	}
	if err != nil {
		return err
	}
	if !view.New && !view.File.Own {
		return problem(http.StatusUnprocessableEntity, "This file is built in. Change one of its signals: a file of yours then takes the signal's place.")
	}
	view.Text = view.File.Text
	return v.showEditor(http.StatusOK, view)
}

// draftsMost is how many names are tried for a draft's file.
const draftsMost = 50

// editDraft opens the editor with a search as the draft of a signal, checked: what is
// still to be said is marked in its lines.
func (v *visit) editDraft(f news.SearchFilter, rules bool) error {
	found, _, err := v.search(f, rules)
	if err != nil {
		return err
	}
	view := editView{New: true, Text: draftSignal(f, rules, draftLanguages(f, found.Counts))}
	for i := 1; i <= draftsMost && view.File.ID == ""; i++ {
		view.Name = fmt.Sprintf("draft-%d.yaml", i)
		file, err := v.Rules.NewFile(v.r.Context(), view.Name)
		if err != nil {
			return err
		}
		if file.Base == "" {
			view.File = file
		}
	}
	if view.File.ID != "" {
		checked, err := v.Rules.Check(v.r.Context(), view.File.ID, view.Text)
		if err != nil {
			return err
		}
		view.Checked = &checked
	}
	return v.showEditor(http.StatusOK, view)
}

// showEditor shows the editor; what is not yet known of the file is found out.
func (v *visit) showEditor(status int, view editView) error {
	list, err := v.Rules.Signals(v.r.Context(), v.now.Add(-rulesSince))
	if err != nil {
		return err
	}
	view.Writes, view.Folder = list.Writes, list.Folder
	view.Rows = strings.Count(view.Text, "\n") + 1
	for i := range view.Rows {
		view.Lines = append(view.Lines, editLine{N: i + 1})
	}
	if c := view.Checked; c != nil {
		for _, f := range c.Faults {
			if f.Line > 0 && f.Line <= view.Rows {
				view.Lines[f.Line-1].Wrong = true
			}
		}
		for _, f := range c.Findings {
			if f.Error && f.Line > 0 && f.Line <= view.Rows {
				view.Lines[f.Line-1].Wrong = true
			}
		}
		view.Fine = c.Fine()
	}
	return v.render(status, "ruleedit", view)
}

// editRule checks, tries, saves or packs up what is in the editor; whatever
// happens, the text stays.
func (v *visit) editRule() error {
	if err := v.r.ParseForm(); err != nil {
		return err
	}
	form := v.r.PostForm
	view := editView{Text: ruleText(form.Get("text")), New: form.Has("name"), Name: strings.TrimSpace(form.Get("name"))}
	if len(view.Text) > ruleMost || !utf8.ValidString(view.Text) {
		return problem(http.StatusRequestEntityTooLarge, "That is more than the desk takes at once.")
	}
	var err error
	if view.New {
		view.File, err = v.Rules.NewFile(v.r.Context(), view.Name)
		if err == nil && view.File.Base != "" {
			err = ErrStale
		}
	} else if view.File, err = v.ruleFile(form.Get("file")); err == nil {
		view.File.Base = form.Get("base")
	}
	switch {
	case errors.Is(err, ErrFileName):
		view.Says = v.t("A file's name has 1 to 60 of a-z, 0-9, dot, dash and underscore, begins with a letter or digit, and ends in .yaml.")
		return v.showEditor(http.StatusUnprocessableEntity, view)
	case errors.Is(err, ErrStale):
		view.Says = v.t("There is a file of that name.")
		return v.showEditor(http.StatusConflict, view)
	case err != nil:
		return err
	}
	checked, err := v.Rules.Check(v.r.Context(), view.File.ID, view.Text)
	if err != nil {
		return err
	}
	view.Checked = &checked
	switch do := form.Get("do"); {
	case do == "patch":
		return v.sendPatch(view)
	case do == "save" && checked.Fine():
		return v.saveRule(view)
	case do == "save" || do == "test" && len(checked.Faults) > 0:
		return v.showEditor(http.StatusUnprocessableEntity, view)
	case do == "test":
		job, err := v.tests.begin(v.Desk, v.user.ID, view)
		if err != nil {
			return err
		}
		return v.to("/rules/tests/" + job)
	}
	return v.showEditor(http.StatusOK, view)
}

// ruleFile is a file that may be edited: one of the operator's, or the one that
// takes the place of a built-in signal.
func (v *visit) ruleFile(id string) (RuleFile, error) {
	f, err := v.Rules.File(v.r.Context(), id)
	if errors.Is(err, ErrNoRule) {
		_, name, _ := strings.Cut(id, "/")
		if f, err = v.Rules.NewFile(v.r.Context(), strings.TrimPrefix(name, "themes/")); err == nil && f.ID != id {
			err = ErrNoRule
		}
	}
	if err == nil && !f.Own {
		err = ErrNoRule
	}
	return f, err
}

func (v *visit) sendPatch(view editView) error {
	patch, err := v.Rules.Patch(v.r.Context(), view.File.ID, view.Text)
	if err != nil {
		return err
	}
	v.w.Header().Set("Content-Type", "text/x-diff; charset=utf-8")
	v.w.Header().Set("Content-Disposition", `attachment; filename="rules.patch"`)
	_, err = v.w.Write([]byte(patch))
	return err
}

func (v *visit) saveRule(view editView) error {
	version, err := v.Rules.Save(v.r.Context(), view.File.ID, view.Text, view.File.Base)
	var faults configs.Errors
	switch {
	case errors.As(err, &faults):
		view.Checked.Faults = faults
		return v.showEditor(http.StatusUnprocessableEntity, view)
	case errors.Is(err, ErrNoWriting):
		return problem(http.StatusForbidden, "The desk may not write rules here. Download the patch, and give it to the operator.")
	case errors.Is(err, ErrStale):
		view.Says = v.t("Somebody has changed the file since you opened it. Nothing was saved; your text is below. Open the file anew in another window and put both together.")
		return v.showEditor(http.StatusConflict, view)
	case err != nil:
		return err
	}
	if err := v.did(ruleSaved, "rules "+view.File.Path, "version "+version); err != nil {
		return err
	}
	return v.to("/rules/edit?saved&file=" + url.QueryEscape(view.File.ID))
}

// ruleTests are the tries of changed rules on stored articles, which take longer
// than a request may. One runs at a time.
type ruleTests struct {
	mu   sync.Mutex
	run  chan struct{}
	jobs []*ruleTest // the oldest first
}

type ruleTest struct {
	id    string
	user  int64
	view  editView
	begun time.Time
	stop  context.CancelFunc

	mu       sync.Mutex
	articles int
	done     bool
	result   Backtest
	err      error
}

// ruleTestsMost is how many tries are remembered; an older one is ended.
const (
	ruleTestsMost = 16
	ruleTestLasts = 10 * time.Minute
)

// begin starts a try and gives its name.
func (t *ruleTests) begin(d *Desk, user int64, view editView) (string, error) {
	life := d.Life
	if life == nil {
		life = context.Background()
	}
	ctx, stop := context.WithTimeout(life, ruleTestLasts)
	job := &ruleTest{id: rand.Text(), user: user, view: view, begun: d.Now(), stop: stop}
	t.mu.Lock()
	if t.run == nil {
		t.run = make(chan struct{}, 1)
	}
	for _, j := range t.jobs {
		if j.user == user {
			j.stop() // an author looks at one try at a time
		}
	}
	t.jobs = append(t.jobs, job)
	if len(t.jobs) > ruleTestsMost {
		t.jobs[0].stop()
		t.jobs = slices.Delete(t.jobs, 0, 1)
	}
	t.mu.Unlock()
	go func() {
		defer stop()
		select {
		case t.run <- struct{}{}:
			defer func() { <-t.run }()
		case <-ctx.Done():
			job.end(Backtest{}, ctx.Err())
			return
		}
		job.end(d.Rules.Backtest(ctx, view.File.ID, view.Text, job.begun.Add(-rulesSince), job.progress))
	}()
	return job.id, nil
}

func (j *ruleTest) progress(n int) {
	j.mu.Lock()
	defer j.mu.Unlock()
	j.articles = n
}

func (j *ruleTest) end(b Backtest, err error) {
	j.mu.Lock()
	defer j.mu.Unlock()
	j.done, j.result, j.err = true, b, err
}

// find gives a user's try.
func (t *ruleTests) find(id string, user int64) *ruleTest {
	t.mu.Lock()
	defer t.mu.Unlock()
	for _, j := range t.jobs {
		if j.id == id && j.user == user {
			return j
		}
	}
	return nil
}

// ruleTestPage shows what a try found, or how far it is, and then asks the
// browser to come again.
func (v *visit) ruleTestPage() error {
	job := v.tests.find(v.r.PathValue("id"), v.user.ID)
	if job == nil {
		return problem(http.StatusNotFound, "This try is no longer kept. Try the text again.")
	}
	test := v.testView(job)
	if test.Waits {
		v.w.Header().Set("Refresh", "2")
	}
	view := job.view
	view.Test = test
	return v.showEditor(http.StatusOK, view)
}

// testView is how far a try is, or what it found.
func (v *visit) testView(job *ruleTest) *testView {
	job.mu.Lock()
	test := &testView{Path: "/rules/tests/" + job.id, Days: int(rulesSince / (24 * time.Hour)), Articles: job.articles, Waits: !job.done, Backtest: job.result}
	err := job.err
	job.mu.Unlock()
	if err != nil {
		v.Log.Error("rules not tried on the stored articles", "problem", err)
		test.Problem = v.t("It did not come to an end; the log says why.")
	}
	if !test.Waits {
		test.Lost, test.Gained, test.Articles = v.testHits(test.Backtest.Lost), v.testHits(test.Backtest.Gained), test.Backtest.Articles
	}
	return test
}

func (v *visit) testHits(hits []BacktestHit) []testHit {
	var out []testHit
	for _, h := range hits {
		l := testHit{Signal: h.Hit.Signal, Story: h.Article.Story, Level: h.Hit.Level, Lang: h.Article.Lang, Title: h.Article.Title, Others: h.Others}
		if l.Stays = slices.Contains(l.Others, l.Signal); l.Stays {
			l.Others = slices.DeleteFunc(slices.Clone(l.Others), func(id string) bool { return id == l.Signal })
		}
		l.ID = fmt.Sprint(h.Article.ID)
		if len(h.Hit.Evidence) > 0 {
			e := shownEvidence(h.Hit.Evidence)
			l.Evidence = marked(e.Sentence, e.SentenceStart, e.Words)
		}
		if h.Verdict != nil {
			l.Says, l.Mark = h.Verdict.Says, verdictMark(h.Verdict.Says)
		}
		out = append(out, l)
	}
	return out
}

// newRule is what a new file begins with.
const newRule = `signals:
  - id: X1
    theme: sanctions
    title: What has happened, in a few words
    why: Why an analyst wants to hear of it
    falsepositives: [what looks like it and isn't]
    level: 3
    direction: closer
    when: "AFFIRMED(@open) NEAR/8 \"space station\""
    languages: [en]
    tests:
      match:
        - {lang: en, text: "Kazakhstan opened a space station with Russia.", countries: [KZ]}
      miss:
        - {lang: en, text: "Kazakhstan did not open a space station with Russia."}
`
