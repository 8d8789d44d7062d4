package review

import (
	"net/http"
	"slices"
	"strconv"

	"driftwatch/news"
)

// briefingMost is how many stories a briefing has.
const briefingMost = 100

// briefingView is what the sheet to be printed shows.
type briefingView struct {
	Made    Moment
	Stories []briefed
	By      string
}

// briefed is a story of a briefing.
type briefed struct {
	Row      storyRow
	Proofs   []briefedHit
	Articles []briefedArticle
	Remarks  []remarkLine
}

type briefedHit struct {
	Signal, Why string
	Level       int
	Direction   news.Direction
	Countries   []string
	Lang        string
	Outlet      string
	Evidence    [][]piece
}

type briefedArticle struct {
	Outlet, Title, Lang, Link string
	When                      Moment
}

// briefing shows selected stories with their sources and evidence, to be
// printed.
func (v *visit) briefing() error {
	var ids []int64
	for _, p := range v.r.URL.Query()["pick"] {
		id, err := strconv.ParseInt(p, 10, 64)
		if err == nil && id > 0 && !slices.Contains(ids, id) {
			ids = append(ids, id)
		}
	}
	switch {
	case len(ids) == 0:
		return problem(http.StatusUnprocessableEntity, "Select stories first.")
	case len(ids) > briefingMost:
		return problem(http.StatusUnprocessableEntity, "A briefing has up to 100 stories.")
	}
	files, err := v.Stories.StoryFiles(v.r.Context(), ids)
	if err != nil {
		return err
	}
	view := briefingView{Made: v.moment(v.now), By: v.user.Name}
	for _, f := range files {
		if len(f.Hits) == 0 {
			continue
		}
		b, err := v.brief(f)
		if err != nil {
			return err
		}
		view.Stories = append(view.Stories, b)
	}
	return v.render(http.StatusOK, "briefing", view)
}

func (v *visit) brief(f news.StoryFile) (briefed, error) {
	b := briefed{Row: v.row(f)}
	by := map[int64]news.Article{}
	for _, a := range f.Articles {
		by[a.ID] = a
		b.Articles = append(b.Articles, briefedArticle{v.outlet(a.Source), a.Title, a.Lang, a.Link, v.moment(a.When())})
	}
	seen := map[string]bool{}
	for _, h := range f.Hits {
		key := h.Signal + string(h.Direction)
		if h.Background && len(b.Proofs) > 0 || seen[key] {
			continue // copies of one report rest on the same words
		}
		seen[key] = true
		a := by[h.Article]
		p := briefedHit{Signal: h.Title, Why: h.Why, Level: h.Level, Direction: h.Direction, Countries: h.Countries, Lang: a.Lang, Outlet: v.outlet(a.Source)}
		if p.Signal == "" {
			p.Signal = h.Signal
		}
		for _, e := range h.Evidence {
			p.Evidence = append(p.Evidence, marked(e.Sentence, e.SentenceStart, e.Words))
		}
		b.Proofs = append(b.Proofs, p)
	}
	remarks, err := v.Stories.Remarks(v.r.Context(), f.Story.ID)
	for _, r := range remarks {
		b.Remarks = append(b.Remarks, remarkLine{r, v.moment(r.Given), r.By == v.user.Name})
	}
	return b, err
}
