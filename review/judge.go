package review

import (
	"fmt"
	"math"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"driftwatch/news"
)

// judgeMost is how many stories can be judged at once.
const judgeMost = 500

// silencePath is where a story is silenced.
func (v *visit) silencePath(story int64) string { return fmt.Sprintf("/silences?story=%d", story) }

// rowAnswer is a line that a script puts in place, with what is said of it.
type rowAnswer struct {
	Row   storyRow
	Toast toast
	inboxCounts
}

// judgeRows takes a verdict on one story, from a button of its line that carries
// "relevant:12:345": what is said, the story, and the latest verdict that the
// page showed; or on all stories that are selected.
func (v *visit) judgeRows() error {
	if err := v.r.ParseForm(); err != nil {
		return err
	}
	form := v.r.PostForm
	says, stories, seen := form.Get("says"), []int64{}, int64(0)
	if one := strings.Split(form.Get("one"), ":"); len(one) == 3 {
		id, err := strconv.ParseInt(one[1], 10, 64)
		if err != nil {
			return problem(http.StatusUnprocessableEntity, "There is no such page.")
		}
		seen, _ = strconv.ParseInt(one[2], 10, 64)
		says, stories = one[0], []int64{id}
	} else {
		for _, pick := range form["pick"] {
			id, err := strconv.ParseInt(pick, 10, 64)
			if err == nil && !slices.Contains(stories, id) {
				stories = append(stories, id)
			}
		}
	}
	back := local(form.Get("back"), "/inbox")
	verdict := news.Judgement(says)
	switch {
	case !slices.Contains([]news.Judgement{news.Relevant, news.Irrelevant, news.Unsure}, verdict):
		return problem(http.StatusUnprocessableEntity, "A verdict is relevant, not relevant or unsure.")
	case len(stories) == 0:
		return problem(http.StatusUnprocessableEntity, "Select stories first.")
	case len(stories) > judgeMost:
		return problem(http.StatusUnprocessableEntity, "Up to 500 stories can be judged at once.")
	}
	act, err := v.Stories.JudgeStories(v.r.Context(), stories, news.Verdict{Says: verdict, By: v.user.Name, Note: strings.TrimSpace(form.Get("note")), Given: v.now})
	if err != nil {
		return err
	}
	if err := v.did("judge", storyList(stories), string(verdict)); err != nil {
		return err
	}
	v.feed.kick()
	if len(stories) > 1 {
		n, err := v.differing(stories)
		if err != nil {
			return err
		}
		back = withAct(back, act)
		if n > 0 {
			back += "&differ=" + strconv.Itoa(n)
		}
		return v.to(back)
	}
	if !v.partial() {
		return v.to(withAct(back, act))
	}
	return v.answerRow(stories[0], seen, toast{Says: v.t("Marked " + string(verdict)), Act: act, Back: back})
}

// differing counts those stories that the visitor and others say different things of.
func (v *visit) differing(stories []int64) (n int, err error) {
	rows, err := v.rows(stories)
	for _, r := range rows {
		if r.Differ && r.Mine {
			n++
		}
	}
	return n, err
}

// storyList names stories in the audit log.
func storyList(stories []int64) string {
	if len(stories) == 1 {
		return fmt.Sprintf("story %d", stories[0])
	}
	var ids []string
	for _, id := range stories {
		ids = append(ids, strconv.FormatInt(id, 10))
	}
	return "stories " + strings.Join(ids, ", ")
}

// withAct adds to a page's address what can be undone there.
func withAct(path string, act int64) string {
	path, _, _ = strings.Cut(path, "#")
	sep := "?"
	if strings.Contains(path, "?") {
		sep = "&"
	}
	return path + sep + "act=" + strconv.FormatInt(act, 10)
}

// answerRow answers with the line of a story. What others said of it after the
// latest verdict that the page had shown, and that the visitor says otherwise, is
// told: both verdicts are kept.
func (v *visit) answerRow(story, seen int64, t toast) error {
	files, err := v.Stories.StoryFiles(v.r.Context(), []int64{story})
	if err != nil {
		return err
	}
	if len(files) == 0 || len(files[0].Hits) == 0 {
		return problem(http.StatusNotFound, "There is no such page.")
	}
	row := v.row(files[0])
	row.Now, row.OOB = true, t.Act == 0 // a verdict is the answer to the line's own button, which puts it in place
	for _, h := range files[0].Hits {
		for _, s := range h.Verdicts {
			if s.By != v.user.Name && s.ID > seen && row.Mine && string(s.Says) != row.MySays {
				row.Conflict = &saidLine{Says: s.Says, By: s.By, Note: s.Note, When: v.moment(s.Given)}
			}
		}
	}
	box, err := v.Stories.Inbox(v.r.Context(), news.InboxFilter{})
	if err != nil {
		return err
	}
	counts, err := v.inboxCounts(box)
	if err != nil {
		return err
	}
	return v.part("inbox", "answer", rowAnswer{row, t, counts})
}

// undo takes back the verdicts of one act of the visitor's own.
func (v *visit) undo() error {
	act, err := strconv.ParseInt(v.r.PostFormValue("act"), 10, 64)
	if err != nil {
		return problem(http.StatusUnprocessableEntity, "There is nothing to undo.")
	}
	stories, err := v.takeBack(act)
	if err != nil {
		return err
	}
	back := local(v.r.PostFormValue("back"), "/inbox")
	ofStory := strings.HasPrefix(back, "/stories/") // its page has no line to put in place
	if !v.partial() || len(stories) != 1 || ofStory {
		if ofStory {
			back = also(back, "undone")
		}
		if v.partial() {
			v.w.Header().Set("HX-Redirect", back)
			return nil
		}
		return v.to(back)
	}
	return v.answerRow(stories[0], 1<<62, toast{Says: v.t("Taken back")})
}

// takeBack takes back the verdicts of one act of the visitor's own, and says of which
// stories they were.
func (v *visit) takeBack(act int64) ([]int64, error) {
	stories, err := v.Stories.TakeBack(v.r.Context(), act, v.user.Name, v.now)
	if v.Missing(err) {
		return nil, problem(http.StatusConflict, "There is nothing to undo.")
	}
	if err != nil {
		return nil, err
	}
	v.feed.kick()
	return stories, v.did("undo", storyList(stories), "")
}

// inboxRow is one line anew, after somebody else changed it.
func (v *visit) inboxRow() error {
	id, err := v.id()
	if err != nil {
		return err
	}
	rows, err := v.rows([]int64{id})
	if err != nil {
		return err
	}
	if len(rows) > 0 {
		return v.part("inbox", "row", rows[0])
	}
	s, err := v.Stories.Story(v.r.Context(), id)
	switch {
	case err != nil:
		return err
	case s.ID == id: // it has no hit any more
		return problem(http.StatusNotFound, "There is no such page.")
	}
	return v.part("inbox", "mergedrow", mergedRow{id, s.ID, s.Title})
}

// mergedRow is the line of a story that somebody made a part of another one.
type mergedRow struct {
	ID, Into int64
	Title    string // of the other one
}

// exported is a story in an export.
type exported struct {
	Story     int64    `json:"story"`
	Found     string   `json:"found"`
	Level     int      `json:"level"`
	Countries []string `json:"countries"`
	Theme     string   `json:"theme"`
	Direction string   `json:"direction"`
	Status    string   `json:"status"`
	Signal    string   `json:"signal"`
	Title     string   `json:"title"`
	Language  string   `json:"language"`
	Outlet    string   `json:"outlet"`
	Articles  int      `json:"articles"`
	Evidence  string   `json:"evidence"`
	Verdicts  []string `json:"verdicts"` // "relevant by dana"
}

// exportInbox gives the stories of a filter as CSV, or as JSON Lines: those that are
// in the list when it begins.
func (v *visit) exportInbox() error {
	f := inboxFilter(v.r.URL.Query())
	f.Skip, f.Limit = 0, math.MaxInt
	box, err := v.Stories.Inbox(v.r.Context(), f)
	if err != nil {
		return err
	}
	var t *table
	for first := true; first || len(box.Stories) > 0; first = false {
		part := box.Stories[:min(len(box.Stories), tablePart)]
		box.Stories = box.Stories[len(part):]
		rows, err := v.rows(part)
		if err != nil {
			return t.failed(err)
		}
		if t == nil {
			t = v.table("stories", "story", "found", "level", "countries", "theme", "direction", "status", "signal", "title", "language", "outlet", "articles", "evidence", "verdicts")
		}
		for _, r := range rows {
			e := v.exported(r)
			if err := t.row(e, strconv.FormatInt(e.Story, 10), e.Found, strconv.Itoa(e.Level), strings.Join(e.Countries, " "), e.Theme, e.Direction,
				e.Status, e.Signal, e.Title, e.Language, e.Outlet, strconv.Itoa(e.Articles), e.Evidence, strings.Join(e.Verdicts, "; ")); err != nil {
				return t.failed(err)
			}
		}
		if err := t.send(); err != nil {
			return t.failed(err)
		}
	}
	return t.failed(t.end())
}

func (v *visit) exported(r storyRow) exported {
	e := exported{Story: r.ID, Found: r.When.Machine, Level: r.Level, Countries: r.Countries, Theme: string(r.Theme), Direction: string(r.Direction),
		Status: string(r.Status), Signal: r.Why, Title: r.Title, Language: r.TitleLang, Outlet: r.Outlet, Articles: r.Articles, Verdicts: []string{}}
	if t, err := time.Parse(time.RFC3339, e.Found); err == nil {
		e.Found = t.UTC().Format(time.RFC3339)
	}
	var b strings.Builder
	for _, p := range r.Evidence {
		b.WriteString(p.Text)
	}
	e.Evidence = b.String()
	for _, s := range r.Said {
		e.Verdicts = append(e.Verdicts, string(s.Says)+" by "+s.By)
	}
	return e
}
