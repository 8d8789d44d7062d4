package review

import (
	"cmp"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"driftwatch/news"
)

// Signal is what the rules say of a signal, for the one who judges its hits.
type Signal struct {
	When           string   // the query that must match
	Unless         string   // the query that would have ended the match; empty: none
	FalsePositives []string // what it is known to take wrongly
}

// SignalName is a signal in a list to choose from.
type SignalName struct {
	ID, Title string
	Theme     news.Theme
}

// storyView is what the page of a story shows.
type storyView struct {
	Row       storyRow
	Story     news.StoryFile
	First     Moment
	Outlets   int
	Proofs    []proof
	Articles  []articleLine
	Plot      plot
	Edits     []edit
	Remarks   []remarkLine
	Named     []namedLine
	Told      []toldLine
	Themes    []choice
	Countries []string
	Toast     toast
	Missed    bool
	Reshaped  *reshaped // how it was just merged or split; nil: it wasn't
	Splits    bool      // articles can be split off
	Signals   []SignalName
	Now       int64 // the moment of the page, for what changes later
	listed
}

// reshaped is a merge or a split that was just made, and the form that undoes it.
type reshaped struct {
	Says     string
	Path     string  // where the form is to be sent
	Other    int64   // the story to merge; 0: none
	Articles []int64 // those to split off
}

// namedLine is somebody or something named in a story's evidence.
type namedLine struct {
	ID   string `json:"id"`
	Name string `json:"name"` // the id where nobody knows what it is called
}

// listed is where a story stands in the list that it was opened from.
type listed struct {
	Back   string // the address of the list
	Here   string // of the story's page, with its place in the list
	Before string // of the story before it in the list; empty: there is none
	After  string
	N      int // its number in the list; 0: it isn't there
	Total  int
}

// proof is a hit with all that speaks for it.
type proof struct {
	Hit       news.FiledHit
	Title     string
	Lang      string
	Outlet    string
	Before    string // of the paragraph
	Evidence  []piece
	After     string
	More      [][]piece // further places
	Legs      []legLine
	Acts      []news.Act
	Signal    Signal
	Said      []saidLine
	MySays    string
	Seen      int64
	Judges    bool
	Story     int64
	Score     string
	Withdrawn bool
}

// legLine is what one leg of a hit rests on.
type legLine struct {
	Leg   string
	Words []string
}

// articleLine is an article of the story.
type articleLine struct {
	news.Article
	Outlet string
	Seen   Moment
	When   Moment
	First  bool
	Flag   bool // it has hits
}

// edit is what a revision of an article changed.
type edit struct {
	Article    int64
	Outlet     string
	Lang       string
	From, To   int
	When       Moment
	Title      []change // nil: unchanged
	Paragraphs []paragraph
	Same       int      // unchanged paragraphs
	Others     []choice // comparisons that can be had, as addresses
}

type remarkLine struct {
	news.Remark
	When Moment
	Mine bool
}

type toldLine struct {
	news.Delivery
	Mark string
	When Moment
}

// plot is the timeline: a lane a language, a dot an article.
type plot struct {
	Height int
	Lanes  []lane
	Ticks  []tick
}

type lane struct {
	Lang string
	Y    int
	Text int
	Dots []dot
}

type dot struct {
	X, Y  int
	Title string
	First bool
}

type tick struct {
	X     int
	Label string
	End   bool
}

func (v *visit) storyPage() error {
	id, err := v.id()
	if err != nil {
		return err
	}
	s, err := v.Stories.Story(v.r.Context(), id)
	if err != nil {
		return err
	}
	if s.ID != id { // it was merged
		return v.to(fmt.Sprintf("/stories/%d", s.ID))
	}
	_, now, err := v.Stories.StoryChanges(v.r.Context(), -1)
	if err != nil {
		return err
	}
	view, err := v.storyView(id)
	if err != nil {
		return err
	}
	view.Now = now
	if view.listed, err = v.inList(id); err != nil {
		return err
	}
	if v.Options.Signals != nil {
		view.Signals = v.Options.Signals()
	}
	if act, err := strconv.ParseInt(v.r.URL.Query().Get("act"), 10, 64); err == nil && act > 0 {
		view.Toast = toast{Says: v.t("Judged."), Act: act, Back: view.Here}
	}
	if v.r.URL.Query().Has("undone") {
		view.Toast = toast{Says: v.t("Taken back")}
	}
	if t, err := v.silencedToast(view.Here); err != nil {
		return err
	} else if t.Says != "" {
		view.Toast = t
	}
	view.Missed = v.r.URL.Query().Has("missed")
	if view.Row.Judges {
		view.Reshaped = v.reshaped(id)
	}
	return v.render(http.StatusOK, "story", view)
}

// reshaped reads from the address how a story was just merged or split.
func (v *visit) reshaped(id int64) *reshaped {
	q := v.r.URL.Query()
	if other, err := strconv.ParseInt(q.Get("merged"), 10, 64); err == nil && other > 0 {
		return &reshaped{Says: v.t("Story %d is a part of this one now.", other), Path: fmt.Sprintf("/stories/%d/split", id), Articles: numbers(q["article"])}
	}
	if from, err := strconv.ParseInt(q.Get("split"), 10, 64); err == nil && from > 0 {
		return &reshaped{Says: v.t("This is a story of its own now; it was a part of story %d.", from), Path: fmt.Sprintf("/stories/%d/merge", from), Other: id}
	}
	return nil
}

// numbers are those of some texts that are numbers.
func numbers(texts []string) (out []int64) {
	for _, s := range texts {
		if n, err := strconv.ParseInt(s, 10, 64); err == nil {
			out = append(out, n)
		}
	}
	return out
}

// listWindow is how far around its last known place a story is looked for in its list.
const listWindow = 25

// inList finds a story's neighbours in the list of the inbox that it was opened from:
// the one that the address names, else the page that led here. A story that has left
// the list, as it does once it is judged, has those neighbours between which it stood.
func (v *visit) inList(id int64) (listed, error) {
	q := v.r.URL.Query()
	query, at := q.Get("list"), -1
	if n, err := strconv.Atoi(q.Get("at")); err == nil && n >= 0 {
		at = n
	}
	if ref, err := url.Parse(v.r.Referer()); !q.Has("list") && err == nil && ref.Path == "/inbox" && v.known(ref.Host) {
		query = ref.RawQuery
	}
	values, err := url.ParseQuery(query)
	if err != nil {
		values = url.Values{}
	}
	f := inboxFilter(values)
	l := listed{Back: inboxPath(f, f.Skip), Here: fmt.Sprintf("/stories/%d", id)}
	query = cmp.Or(inboxQuery(f, f.Skip), "state=waiting")
	if at >= 0 {
		f.Skip, f.Limit = max(0, at-listWindow), 2*listWindow+1
	} else {
		f.Skip, f.Limit = max(0, f.Skip-1), inboxShown+2
	}
	if part := v.partRead(v.InboxRead); part < 1 {
		return l, nil
	}
	box, err := v.Stories.Inbox(v.r.Context(), f)
	if err != nil {
		return l, err
	}
	before, after, here := at-1, at, at
	if i := slices.Index(box.Stories, id); i >= 0 {
		here = f.Skip + i
		before, after, l.N, l.Total = here-1, here+1, here+1, box.Total
	}
	if here < 0 {
		return l, nil
	}
	path := func(at int, story int64) string {
		return fmt.Sprintf("/stories/%d?%s", story, url.Values{"list": {query}, "at": {strconv.Itoa(at)}}.Encode())
	}
	l.Here = path(here, id)
	if i := before - f.Skip; i >= 0 && i < len(box.Stories) {
		l.Before = path(before, box.Stories[i])
	}
	if i := after - f.Skip; i >= 0 && i < len(box.Stories) {
		l.After = path(after, box.Stories[i])
	}
	return l, nil
}

// storySaid is what was said of a story, anew, after somebody else said something, or of
// the one that it was made a part of.
func (v *visit) storySaid() error {
	id, err := v.id()
	if err != nil {
		return err
	}
	s, err := v.Stories.Story(v.r.Context(), id)
	if err != nil {
		return err
	}
	view, err := v.storyView(s.ID)
	if err != nil {
		return err
	}
	return v.part("story", "said", view)
}

func (v *visit) storyView(id int64) (*storyView, error) {
	ctx := v.r.Context()
	files, err := v.Stories.StoryFiles(ctx, []int64{id})
	if err != nil {
		return nil, err
	}
	if len(files) == 0 {
		return nil, problem(http.StatusNotFound, "There is no such page.")
	}
	f := files[0]
	view := &storyView{Story: f, First: v.moment(f.Story.FirstSeen), Outlets: len(f.Story.Sources), Countries: news.Countries}
	if len(f.Hits) > 0 {
		view.Row = v.row(f)
	} else {
		view.Row = storyRow{ID: id, Title: f.Story.Title, Judges: v.user.Role.May(news.RoleAnalyst)}
	}
	for _, theme := range []news.Theme{news.ThemeSanctions, news.ThemeCSTO, news.ThemeDecolonization, news.ThemeDualUse, news.ThemeContext} {
		view.Themes = append(view.Themes, choice{Value: string(theme), Name: themeName(v.lang, theme)})
	}
	if err := v.fillArticles(view); err != nil {
		return nil, err
	}
	remarks, err := v.Stories.Remarks(ctx, id)
	if err != nil {
		return nil, err
	}
	for _, m := range remarks {
		view.Remarks = append(view.Remarks, remarkLine{m, v.moment(m.Given), m.By == v.user.Name})
	}
	if v.Options.Told != nil {
		told, err := v.Options.Told(ctx, id)
		if err != nil {
			return nil, err
		}
		for _, d := range told {
			view.Told = append(view.Told, v.toldLine(d))
		}
	}
	return view, nil
}

func (v *visit) toldLine(d news.Delivery) toldLine {
	line := toldLine{d, "slow", v.moment(d.Created)}
	switch d.State {
	case news.DeliverySent:
		line.Mark, line.When = "ok", v.moment(d.Sent)
	case news.DeliveryFailed:
		line.Mark = "fail"
	}
	return line
}

// fillArticles puts the articles, the hits with their texts, the edits and the
// names into the view.
func (v *visit) fillArticles(view *storyView) error {
	revisions := map[int64][]news.Revision{}
	flagged := map[int64]bool{}
	var err error
	if view.Named, err = v.namedIn(view.Story.Hits); err != nil {
		return err
	}
	byID := map[int64]news.Article{}
	for _, a := range view.Story.Articles {
		byID[a.ID] = a
	}
	read := func(article int64) ([]news.Revision, error) {
		if all, ok := revisions[article]; ok {
			return all, nil
		}
		all, err := v.Stories.Revisions(v.r.Context(), article)
		revisions[article] = all
		return all, err
	}
	for _, h := range view.Story.Hits {
		flagged[h.Article] = true
		all, err := read(h.Article)
		if err != nil {
			return err
		}
		view.Proofs = append(view.Proofs, v.proof(h, byID[h.Article], all))
	}
	for i, a := range view.Story.Articles {
		view.Articles = append(view.Articles, articleLine{a, v.outlet(a.Source), v.moment(a.Seen), v.moment(a.When()), i == 0, flagged[a.ID]})
		if a.Revision > 1 && len(view.Edits) < 5 {
			all, err := read(a.ID)
			if err != nil {
				return err
			}
			view.Edits = append(view.Edits, v.edit(a, all))
		}
	}
	view.Plot = v.plot(view.Story.Articles)
	view.Splits = len(view.Articles) > 1 && view.Row.Judges
	return nil
}

// namedIn is who and what is named in the evidence of hits, in the order of these.
func (v *visit) namedIn(hits []news.FiledHit) ([]namedLine, error) {
	var ids []string
	for _, h := range hits {
		for _, id := range h.Entities {
			if !slices.Contains(ids, id) {
				ids = append(ids, id)
			}
		}
	}
	var names map[string]string
	if v.Called != nil && len(ids) > 0 {
		var err error
		if names, err = v.Called(v.r.Context(), ids, v.lang); err != nil {
			return nil, err
		}
	}
	out := []namedLine{}
	for _, id := range ids {
		out = append(out, namedLine{id, cmp.Or(names[id], id)})
	}
	return out, nil
}

// proof shows a hit in the text that it was found in.
func (v *visit) proof(h news.FiledHit, a news.Article, all []news.Revision) proof {
	p := proof{Hit: h, Title: h.Title, Lang: a.Lang, Outlet: v.outlet(a.Source), Judges: v.user.Role.May(news.RoleAnalyst),
		Story: h.Story, Acts: h.Acts, Score: strconv.FormatFloat(h.Score, 'f', 2, 64)}
	if p.Title == "" {
		p.Title = h.Signal
	}
	if v.Options.Signal != nil {
		p.Signal = v.Options.Signal(h.Signal)
	}
	words := map[string][]string{}
	for i, e := range h.Evidence {
		pieces := marked(e.Sentence, e.SentenceStart, e.Words)
		if i == 0 {
			p.Evidence = pieces
			p.Before, p.After = around(e, h.Revision, all)
		} else if !toldWithin(h.Evidence, i) {
			p.More = append(p.More, pieces)
		}
		for _, w := range pieces {
			if w.Leg != "" && !slices.Contains(words[w.Leg], w.Text) {
				words[w.Leg] = append(words[w.Leg], w.Text)
			}
		}
	}
	for _, leg := range []string{"theme", "country", "tie", "turn"} {
		if len(words[leg]) > 0 {
			p.Legs = append(p.Legs, legLine{leg, words[leg]})
		}
	}
	one := storyRow{}
	v.say(&one, []news.FiledHit{h})
	p.Said, p.MySays, p.Seen = one.Said, one.MySays, one.Seen
	return p
}

// toldWithin reports whether the text of a hit's evidence stands in that of another one
// that is shown too.
func toldWithin(all []news.Evidence, i int) bool {
	e := all[i]
	return slices.ContainsFunc(all, func(o news.Evidence) bool {
		return o.Field == e.Field && len(o.Sentence) > len(e.Sentence) && o.SentenceStart <= e.SentenceStart && e.SentenceStart+len(e.Sentence) <= o.SentenceStart+len(o.Sentence)
	})
}

// neighbour is how much of a paragraph is shown before and behind a sentence, in
// bytes.
const neighbour = 240

// around is what stands in the text before and behind the sentence of a hit, in
// the same paragraph.
func around(e news.Evidence, revision int, all []news.Revision) (before, after string) {
	if e.Field != news.FieldText {
		return "", ""
	}
	for _, r := range all {
		end := e.SentenceStart + len(e.Sentence)
		if r.Revision != revision || end > len(r.Text) || r.Text[e.SentenceStart:end] != e.Sentence {
			continue
		}
		before, after = r.Text[:e.SentenceStart], r.Text[end:]
		before = before[strings.LastIndexByte(before, '\n')+1:]
		after, _, _ = strings.Cut(after, "\n")
		if len(before) > neighbour {
			before = "…" + wholeRunes(before[len(before)-neighbour:])
		}
		if len(after) > neighbour {
			after = cutRunes(after, neighbour) + "…"
		}
	}
	return before, after
}

// wholeRunes drops the rest of a character that text begins in.
func wholeRunes(text string) string {
	for text != "" && !utf8.RuneStart(text[0]) {
		text = text[1:]
	}
	return text
}

// cutRunes keeps at most n bytes of a text, whole characters.
func cutRunes(text string, n int) string {
	for n > 0 && !utf8.RuneStart(text[n]) {
		n--
	}
	return text[:n]
}

// edit compares two revisions of an article: those that the address names, else
// the last two.
func (v *visit) edit(a news.Article, all []news.Revision) edit {
	to := len(all) - 1
	from := to - 1
	if q := v.r.URL.Query(); q.Get("article") == strconv.FormatInt(a.ID, 10) {
		if n, err := strconv.Atoi(q.Get("from")); err == nil && n >= 1 && n < len(all) {
			from = n - 1
		}
	}
	if from < 0 {
		return edit{Article: a.ID}
	}
	e := edit{Article: a.ID, Outlet: v.outlet(a.Source), Lang: a.Lang, From: all[from].Revision, To: all[to].Revision, When: v.moment(all[to].Seen)}
	if all[from].Title != all[to].Title {
		for _, p := range compare(all[from].Title, all[to].Title) {
			e.Title = append(e.Title, p.Changes...)
		}
	}
	for _, p := range compare(all[from].Text, all[to].Text) {
		if p.Same {
			e.Same++
		} else {
			e.Paragraphs = append(e.Paragraphs, p)
		}
	}
	for i := range to {
		e.Others = append(e.Others, choice{Value: fmt.Sprintf("/stories/%d?article=%d&from=%d#edits", a.Story, a.ID, i+1),
			Name: fmt.Sprintf("%d → %d", i+1, to+1), On: i == from})
	}
	return e
}

// plot draws when which article was seen.
func (v *visit) plot(articles []news.Article) plot {
	const left, right = 46, 630
	var p plot
	if len(articles) == 0 {
		return p
	}
	first, last := articles[0].Seen, articles[len(articles)-1].Seen
	span := max(last.Sub(first), time.Minute)
	lanes := map[string]int{}
	for i, a := range articles {
		n, ok := lanes[a.Lang]
		if !ok {
			n = len(p.Lanes)
			lanes[a.Lang] = n
			p.Lanes = append(p.Lanes, lane{Lang: a.Lang, Y: 18 + 22*n, Text: 22 + 22*n})
		}
		x := left + int(float64(right-left)*float64(a.Seen.Sub(first))/float64(span))
		p.Lanes[n].Dots = append(p.Lanes[n].Dots, dot{x, p.Lanes[n].Y, v.outlet(a.Source) + " " + v.moment(a.Seen).Clock, i == 0})
	}
	p.Height = 48 + 22*len(p.Lanes)
	layout := "15:04"
	if span > 20*time.Hour {
		layout = "02.01. 15:04"
	}
	p.Ticks = append(p.Ticks, tick{left, first.In(v.zone).Format(layout), false})
	if last.After(first) {
		p.Ticks = append(p.Ticks, tick{right, last.In(v.zone).Format(layout), true})
	}
	return p
}

// judgeHit takes a verdict on one hit.
func (v *visit) judgeHit() error {
	id, err := v.id()
	if err != nil {
		return err
	}
	says := news.Judgement(v.r.PostFormValue("says"))
	if !slices.Contains([]news.Judgement{news.Relevant, news.Irrelevant, news.Unsure}, says) {
		return problem(http.StatusUnprocessableEntity, "A verdict is relevant, not relevant or unsure.")
	}
	act, err := v.Stories.JudgeHit(v.r.Context(), news.Verdict{Hit: id, Says: says, By: v.user.Name, Note: note(v.r.PostFormValue("note")), Given: v.now})
	if err != nil {
		return err
	}
	if err := v.did("judge", fmt.Sprintf("hit %d", id), string(says)); err != nil {
		return err
	}
	v.feed.kick()
	return v.to(withAct(local(v.r.PostFormValue("back"), "/inbox"), act))
}

// noteLength is how long a note may be, in bytes.
const noteLength = 10000

// note is a note as it is kept.
func note(text string) string {
	text = strings.TrimSpace(strings.ToValidUTF8(text, "�"))
	if len(text) > noteLength {
		text = cutRunes(text, noteLength)
	}
	return text
}

// addRemark notes something on a story.
func (v *visit) addRemark() error {
	id, err := v.id()
	if err != nil {
		return err
	}
	if text := note(v.r.PostFormValue("text")); text != "" {
		if err := v.remark(id, text); err != nil {
			return err
		}
	}
	return v.to(local(v.r.PostFormValue("back"), fmt.Sprintf("/stories/%d", id)) + "#notes")
}

func (v *visit) remark(story int64, text string) error {
	if err := v.Stories.AddRemark(v.r.Context(), news.Remark{Story: story, By: v.user.Name, Text: text, Given: v.now}); err != nil {
		return err
	}
	return v.did("note", fmt.Sprintf("story %d", story), "")
}

// addMiss records that a story should have been flagged as something that it
// wasn't.
func (v *visit) addMiss() error {
	id, err := v.id()
	if err != nil {
		return err
	}
	m := news.Miss{Theme: news.Theme(v.r.PostFormValue("theme")), Signal: v.r.PostFormValue("signal"), Country: v.r.PostFormValue("country"), Note: note(v.r.PostFormValue("note"))}
	if _, err := v.miss(id, m); err != nil {
		return err
	}
	return v.to(fmt.Sprintf("/stories/%d?missed", id))
}

// miss records a miss of a story, whose theme is the signal's where that is given.
func (v *visit) miss(story int64, m news.Miss) (id int64, err error) {
	if m.Signal != "" {
		s, err := v.Rules.Signal(v.r.Context(), m.Signal)
		if err != nil {
			return 0, err
		}
		m.Theme = s.Theme
	}
	if m.Theme == "" || len(m.Theme) > 64 || m.Country != "" && !slices.Contains(news.Countries, m.Country) {
		return 0, problem(http.StatusUnprocessableEntity, "Say as what it should have been flagged.")
	}
	files, err := v.Stories.StoryFiles(v.r.Context(), []int64{story})
	if err != nil {
		return 0, err
	}
	if len(files) == 0 {
		return 0, problem(http.StatusNotFound, "There is no such story.")
	}
	m.URL, m.By, m.Given = files[0].Articles[0].URL, v.user.Name, v.now
	if id, err = v.Stories.AddMiss(v.r.Context(), m); err != nil {
		return 0, err
	}
	return id, v.did("miss", fmt.Sprintf("story %d", story), strings.Join(strings.Fields(string(m.Theme)+" "+m.Signal+" "+m.Country), " "))
}

// merge makes another story a part of this one.
func (v *visit) merge() error {
	id, err := v.id()
	if err != nil {
		return err
	}
	other, _ := strconv.ParseInt(strings.TrimPrefix(strings.TrimSpace(v.r.PostFormValue("other")), "#"), 10, 64)
	files, err := v.Stories.StoryFiles(v.r.Context(), []int64{other})
	if err != nil {
		return err
	}
	if err := v.mergeOther(id, other, v.r.PostFormValue("why")); err != nil {
		return err
	}
	q := url.Values{"merged": {strconv.FormatInt(other, 10)}}
	if len(files) == 1 && len(files[0].Articles) <= undoMost {
		for _, a := range files[0].Articles {
			q.Add("article", strconv.FormatInt(a.ID, 10))
		}
	}
	return v.to(fmt.Sprintf("/stories/%d?%s", id, q.Encode()))
}

// undoMost is how many articles the address of a story names, so that a merge can be
// undone in one step.
const undoMost = 100

func (v *visit) mergeOther(story, other int64, why string) error {
	if other <= 0 || other == story {
		return problem(http.StatusUnprocessableEntity, "Give the number of another story.")
	}
	err := v.Shape.Merge(v.r.Context(), story, other, v.user.Name, note(why))
	if v.Missing(err) {
		return problem(http.StatusNotFound, "There is no such story.")
	}
	if err != nil {
		return err
	}
	v.feed.kick()
	return v.did("merge", fmt.Sprintf("story %d", story), fmt.Sprintf("story %d is a part of it", other))
}

// split makes a story of their own of some of the articles.
func (v *visit) split() error {
	id, err := v.id()
	if err != nil {
		return err
	}
	if err := v.r.ParseForm(); err != nil {
		return err
	}
	made, err := v.splitOff(id, numbers(v.r.PostForm["article"]), v.r.PostFormValue("why"))
	if err != nil {
		return err
	}
	return v.to(fmt.Sprintf("/stories/%d?split=%d", made, id))
}

func (v *visit) splitOff(story int64, articles []int64, why string) (made int64, err error) {
	if len(articles) == 0 {
		return 0, problem(http.StatusUnprocessableEntity, "Select the articles that tell another story.")
	}
	files, err := v.Stories.StoryFiles(v.r.Context(), []int64{story})
	if err != nil {
		return 0, err
	}
	if len(files) == 1 && len(articles) >= len(files[0].Articles) {
		return 0, problem(http.StatusUnprocessableEntity, "These are all articles of the story: nothing would be left of it.")
	}
	if made, err = v.Shape.Split(v.r.Context(), story, articles, v.user.Name, note(why)); err != nil {
		return 0, err
	}
	v.feed.kick()
	return made, v.did("split", fmt.Sprintf("story %d", story), fmt.Sprintf(plural("en", "%d article is story %d now|%d articles are story %d now", len(articles)), len(articles), made))
}
