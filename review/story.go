package review

import (
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
	Named     []string
	Told      []toldLine
	Themes    []choice
	Countries []string
	Toast     toast
	Missed    bool
	Splits    bool // articles can be split off
	Back      string
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
	view, err := v.storyView(id)
	if err != nil {
		return err
	}
	if act, err := strconv.ParseInt(v.r.URL.Query().Get("act"), 10, 64); err == nil && act > 0 {
		view.Toast = toast{Says: v.t("Judged."), Act: act, Back: fmt.Sprintf("/stories/%d", id)}
	}
	view.Missed = v.r.URL.Query().Has("missed")
	return v.render(http.StatusOK, "story", view)
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
	view := &storyView{Story: f, First: v.moment(f.Story.FirstSeen), Outlets: len(f.Story.Sources), Countries: news.Countries, Back: "/inbox"}
	if len(f.Hits) > 0 {
		view.Row = v.row(f)
	} else {
		view.Row = storyRow{ID: id, Title: f.Story.Title, Judges: v.user.Role.May(news.RoleAnalyst)}
	}
	if ref, err := url.Parse(v.r.Referer()); err == nil && ref.Path == "/inbox" && v.known(ref.Host) {
		view.Back = local(ref.RequestURI(), "/inbox")
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
		for _, e := range h.Entities {
			if !slices.Contains(view.Named, e) {
				view.Named = append(view.Named, e)
			}
		}
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
		} else {
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
	text := note(v.r.PostFormValue("text"))
	if text == "" {
		return v.to(fmt.Sprintf("/stories/%d", id))
	}
	if err := v.Stories.AddRemark(v.r.Context(), news.Remark{Story: id, By: v.user.Name, Text: text, Given: v.now}); err != nil {
		return err
	}
	if err := v.did("note", fmt.Sprintf("story %d", id), ""); err != nil {
		return err
	}
	return v.to(fmt.Sprintf("/stories/%d#notes", id))
}

// addMiss records that a story should have been flagged as something that it
// wasn't.
func (v *visit) addMiss() error {
	id, err := v.id()
	if err != nil {
		return err
	}
	theme, country := v.r.PostFormValue("theme"), v.r.PostFormValue("country")
	if theme == "" || len(theme) > 64 || country != "" && !slices.Contains(news.Countries, country) {
		return problem(http.StatusUnprocessableEntity, "Say as what it should have been flagged.")
	}
	files, err := v.Stories.StoryFiles(v.r.Context(), []int64{id})
	if err != nil {
		return err
	}
	if len(files) == 0 {
		return problem(http.StatusNotFound, "There is no such page.")
	}
	_, err = v.Stories.AddMiss(v.r.Context(), news.Miss{URL: files[0].Articles[0].URL, Theme: news.Theme(theme), Country: country,
		By: v.user.Name, Note: note(v.r.PostFormValue("note")), Given: v.now})
	if err != nil {
		return err
	}
	if err := v.did("miss", fmt.Sprintf("story %d", id), strings.TrimSpace(theme+" "+country)); err != nil {
		return err
	}
	return v.to(fmt.Sprintf("/stories/%d?missed", id))
}

// merge makes another story a part of this one.
func (v *visit) merge() error {
	id, err := v.id()
	if err != nil {
		return err
	}
	other, err := strconv.ParseInt(strings.TrimPrefix(strings.TrimSpace(v.r.PostFormValue("other")), "#"), 10, 64)
	if err != nil || other <= 0 || other == id {
		return problem(http.StatusUnprocessableEntity, "Give the number of another story.")
	}
	if err := v.Shape.Merge(v.r.Context(), id, other, v.user.Name, note(v.r.PostFormValue("why"))); err != nil {
		return err
	}
	if err := v.did("merge", fmt.Sprintf("story %d", id), fmt.Sprintf("story %d is a part of it", other)); err != nil {
		return err
	}
	return v.to(fmt.Sprintf("/stories/%d", id))
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
	var articles []int64
	for _, s := range v.r.PostForm["article"] {
		if n, err := strconv.ParseInt(s, 10, 64); err == nil {
			articles = append(articles, n)
		}
	}
	if len(articles) == 0 {
		return problem(http.StatusUnprocessableEntity, "Select the articles that tell another story.")
	}
	files, err := v.Stories.StoryFiles(v.r.Context(), []int64{id})
	if err != nil {
		return err
	}
	if len(files) == 1 && len(articles) >= len(files[0].Articles) {
		return problem(http.StatusUnprocessableEntity, "These are all articles of the story: nothing would be left of it.")
	}
	made, err := v.Shape.Split(v.r.Context(), id, articles, v.user.Name, note(v.r.PostFormValue("why")))
	if err != nil {
		return err
	}
	if err := v.did("split", fmt.Sprintf("story %d", id), fmt.Sprintf("%d articles are story %d now", len(articles), made)); err != nil {
		return err
	}
	return v.to(fmt.Sprintf("/stories/%d", made))
}
