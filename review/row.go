package review

import (
	"slices"
	"strings"

	"driftwatch/news"
)

// storyRow is a story as a line of the inbox.
type storyRow struct {
	ID        int64
	Level     int
	Countries []string
	Direction news.Direction
	Acts      []news.Act // which way each country moves, where they don't move alike
	Theme     news.Theme
	Status    news.Status
	Evidence  []piece
	EvLang    string
	Title     string
	TitleLang string
	Outlet    string
	More      int // further outlets
	Langs     []string
	Articles  int
	When      Moment
	Why       string // the signal
	WhyText   string // why there is the signal
	Hits      int    // further ones
	Said      []saidLine
	Judged    bool // the visitor judged it, or nothing of it waits
	Mine      bool // the visitor judged it
	Differ    bool
	Seen      int64 // the id of the latest verdict that the page shows
	Judges    bool  // the visitor may judge
	Silence   string
	Now       bool
	Conflict  *saidLine // what somebody else said meanwhile
	OOB       bool      // a script puts it where it belongs, whatever asked for it
	MySays    string
	Quiet     string
}

// saidLine is what one judge last said of a story.
type saidLine struct {
	Says news.Judgement
	Mark string // yes, no or unsure
	By   string
	Mine bool
	Note string
	When Moment
	Some bool // not of all of its hits
}

// piece is a run of text, marked as one of the legs of a hit or not.
type piece struct {
	Text string
	Leg  string // theme, country, tie, turn; empty: not marked
}

// marked cuts text, which begins at a byte of its field, at the words of a hit.
func marked(text string, start int, words []news.Span) []piece {
	words = slices.Clone(words)
	slices.SortFunc(words, func(a, b news.Span) int {
		if a.Start != b.Start {
			return a.Start - b.Start
		}
		return b.End - a.End
	})
	var out []piece
	at := 0
	for _, w := range words {
		from, to := max(w.Start-start, at), min(w.End-start, len(text))
		if from >= to {
			continue
		}
		if from > at {
			out = append(out, piece{Text: text[at:from]})
		}
		leg := w.Leg
		if leg == "" {
			leg = "theme"
		}
		out = append(out, piece{text[from:to], leg})
		at = to
	}
	if at < len(text) {
		out = append(out, piece{Text: text[at:]})
	}
	return out
}

// rows makes the lines of stories.
func (v *visit) rows(stories []int64) ([]storyRow, error) {
	if len(stories) == 0 {
		return nil, nil
	}
	files, err := v.Stories.StoryFiles(v.r.Context(), stories)
	if err != nil {
		return nil, err
	}
	var out []storyRow
	for _, f := range files {
		if len(f.Hits) > 0 {
			out = append(out, v.row(f))
		}
	}
	return out, nil
}

// row makes the line of a story that has hits.
func (v *visit) row(f news.StoryFile) storyRow {
	best := f.Hits[0]
	r := storyRow{ID: f.Story.ID, Level: best.Level, Direction: news.DirectionOf(f.Hits), Theme: best.Theme, Status: best.Status,
		Articles: len(f.Articles), Why: best.Title, WhyText: best.Why, Hits: len(f.Hits) - 1, Judges: v.user.Role.May(news.RoleAnalyst), Quiet: best.Quiet}
	if r.Why == "" {
		r.Why = best.Signal
	}
	if acts := news.Acts(f.Hits); slices.ContainsFunc(acts, func(a news.Act) bool { return a.Direction != acts[0].Direction }) {
		r.Acts = acts
	}
	for _, h := range f.Hits {
		for _, c := range h.Countries {
			if !slices.Contains(r.Countries, c) && (!h.Background || h.ID == best.ID) {
				r.Countries = append(r.Countries, c)
			}
		}
		if r.When.Machine == "" || h.Found.After(best.Found) {
			best.Found = h.Found
		}
	}
	r.When = v.moment(best.Found)
	for _, a := range f.Articles {
		if !slices.Contains(r.Langs, a.Lang) && a.Lang != "" {
			r.Langs = append(r.Langs, a.Lang)
		}
		if a.ID == best.Article {
			r.Title, r.TitleLang, r.EvLang, r.Outlet = a.Title, a.Lang, a.Lang, v.outlet(a.Source)
		}
	}
	r.More = max(0, len(f.Story.Sources)-1)
	if len(best.Evidence) > 0 {
		e := shownEvidence(best.Evidence)
		r.Evidence = marked(e.Sentence, e.SentenceStart, e.Words)
	}
	if strings.TrimSpace(r.Title) == "" {
		r.Title = f.Story.Title
	}
	if v.has("GET /silences") {
		r.Silence = v.silencePath(r.ID)
	}
	v.say(&r, f.Hits)
	return r
}

// shownEvidence is the place that a line shows: one in the text where there is
// one, since the title stands below it anyway.
func shownEvidence(all []news.Evidence) news.Evidence {
	for _, e := range all {
		if e.Field == news.FieldText {
			return e
		}
	}
	return all[0]
}

// say puts what was said of a story's hits into its line: of each judge the last
// word.
func (v *visit) say(r *storyRow, hits []news.FiledHit) {
	type word struct {
		line saidLine
		id   int64
		hits int
		says map[news.Judgement]bool
	}
	by := map[string]*word{}
	var order []string
	counted, open := 0, false
	for _, h := range hits {
		if h.Background && len(h.Verdicts) == 0 {
			continue
		}
		counted++
		open = open || len(h.Verdicts) == 0
		last := map[string]news.Said{}
		for _, s := range h.Verdicts {
			last[s.By] = s
			r.Seen = max(r.Seen, s.ID)
		}
		var first news.Judgement
		for name, s := range last {
			if first != "" && s.Says != first {
				r.Differ = true
			}
			first = s.Says
			w := by[name]
			if w == nil {
				w = &word{says: map[news.Judgement]bool{}}
				by[name] = w
				order = append(order, name)
			}
			w.hits++
			w.says[s.Says] = true
			if s.ID > w.id {
				w.id = s.ID
				w.line = saidLine{Says: s.Says, Mark: verdictMark(s.Says), By: name, Mine: name == v.user.Name, Note: s.Note, When: v.moment(s.Given)}
			}
		}
	}
	slices.SortFunc(order, func(a, b string) int { return int(by[a].id - by[b].id) })
	for _, name := range order {
		w := by[name]
		w.line.Some = w.hits < counted || len(w.says) > 1
		r.Said = append(r.Said, w.line)
		if w.line.Mine {
			r.Mine, r.MySays = true, string(w.line.Says)
		}
	}
	r.Judged = r.Mine || counted > 0 && !open
}

func verdictMark(j news.Judgement) string {
	switch j {
	case news.Relevant:
		return "yes"
	case news.Irrelevant:
		return "no"
	}
	return "unsure"
}

// has reports whether the desk has an address.
func (v *visit) has(pattern string) bool {
	return slices.ContainsFunc(v.routes, func(r route) bool { return r.pattern == pattern && v.user.Role.May(r.least) })
}
